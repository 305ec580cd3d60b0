"""Places of columns, labels, and what columns add to a text."""

from __future__ import annotations

import pytest

from pipeline.routing.places import Place, PlaceFinder, place_of_columns
from pipeline.text import Tokenizer, WordTable


def of_text(text: str) -> Place:
    table = WordTable()
    return PlaceFinder(table).find(Tokenizer(table)([text])).of(0)


def test_columns_with_and_without_prefix():
    place = place_of_columns("Jawa Barat", "Kota Bandung", "", "")
    assert (place.kabkota, place.code, place.label) == ("Bandung", "32.73", "Kota Bandung, Jawa Barat")
    place = place_of_columns("JAWA BARAT", "Kab. Bandung", "Kec. Soreang", "Desa Soreang")
    assert place.code == "32.04.37.2001"
    assert place.label == "Desa/Kel. Soreang, Kec. Soreang, Kab. Bandung, Jawa Barat"


def test_several_regions_are_shown_together():
    place = of_text("bandung macet")
    assert (place.code, place.candidates) == ("32", ("32.04", "32.73"))
    assert place.label == "Kab./Kota Bandung, Jawa Barat"
    assert place.possible == ("Kab. Bandung, Jawa Barat", "Kota Bandung, Jawa Barat")


def test_columns_without_prefix_mean_the_kabupaten():
    place = place_of_columns("Jawa Barat", "Bandung", "", "")
    assert (place.code, place.candidates) == ("32.04", ())
    assert place_of_columns("", "Bandung", "", "").code == "32.04"
    assert place_of_columns("Jawa Barat", "Bandung", "Soreang", "").code == "32.04.37"
    # A kecamatan that only the kota has decides; a kota that has no namesake needs no prefix.
    assert place_of_columns("Jawa Barat", "Bandung", "Andir", "").code == "32.73.05"
    assert place_of_columns("", "Surabaya", "", "").code == "35.78"


@pytest.mark.parametrize(
    ("kecamatan", "desa", "code"),
    [
        ("Bulak", "Bulak", "35.78.29.1004"),
        ("Wiyung", "Babatan", "35.78.20.1003"),
        # Kec. Tambaksari in Ciamis has a desa of the name, too: only the prefix tells.
        ("Tambaksari", "Kel. Tambaksari", "35.78.10.1001"),
        ("Tambaksari", "Desa Tambaksari", "32.07.16.2001"),
    ],
)
def test_a_pair_that_stands_once_needs_no_kabupaten(kecamatan: str, desa: str, code: str):
    assert place_of_columns("", "", kecamatan, desa).code == code


def test_a_pair_that_stands_twice_has_candidates():
    assert place_of_columns("", "", "Tambaksari", "Tambaksari").candidates == ("32.07.16.2001", "35.78.10.1001")


def test_namesakes_that_are_not_listed_are_considered_too():
    place = of_text("lampu di Kelurahan Bulak mati")
    assert place.total > len(place.candidates)
    assert "35.78.29.1004" not in place.candidates
    completed = place.completed_by(place_of_columns("", "", "Bulak", "Bulak"))
    assert (completed.kecamatan, completed.code, completed.note) == ("Bulak", "35.78.29.1004", "")


def test_long_names_of_provinces():
    assert place_of_columns("Daerah Khusus Ibukota Jakarta", "", "", "").provinsi == "DKI Jakarta"
    assert place_of_columns("DI Yogyakarta", "", "", "").code == "34"


def test_empty_and_unknown_columns():
    assert not place_of_columns("", "", "", "")
    assert not place_of_columns("x", "y", "z", "w")


def test_columns_decide_what_the_text_leaves_open():
    place = of_text("bandung macet").completed_by(place_of_columns("Jawa Barat", "Kota Bandung", "", ""))
    assert (place.kabkota, place.provinsi, place.code) == ("Bandung", "Jawa Barat", "32.73")


def test_columns_add_finer_levels():
    place = of_text("KTP di Kab. Bandung").completed_by(place_of_columns("Jawa Barat", "Bandung", "Soreang", ""))
    assert (place.kecamatan, place.code) == ("Soreang", "32.04.37")


def test_the_text_wins_and_the_note_says_so():
    place = of_text("KTP di Kab. Bandung").completed_by(place_of_columns("Jawa Barat", "Kota Bandung", "", ""))
    assert place.code == "32.04"
    assert place.note == "kolom wilayah menyebut Kota Bandung, Jawa Barat"


def test_a_coarser_column_still_tells_namesakes_apart():
    columns = place_of_columns("Jawa Barat", "Kab. Cianjur", "", "")
    assert all(code.startswith("32.03.") for code in of_text("kades Sukamaju").completed_by(columns).candidates)


def test_nothing_adds_nothing():
    empty, place = Place(), of_text("kec. Soreang")
    assert place.completed_by(empty) is place
    assert empty.completed_by(place) is place
