"""Places of columns, labels, and what columns add to a text."""

from __future__ import annotations

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


def test_columns_without_prefix_are_ambiguous():
    place = place_of_columns("Jawa Barat", "Bandung", "", "")
    assert (place.code, place.candidates) == ("32", ("32.04", "32.73"))
    assert place.label == "Kab./Kota Bandung, Jawa Barat"
    assert place.possible == ("Kab. Bandung, Jawa Barat", "Kota Bandung, Jawa Barat")
    assert place_of_columns("Jawa Barat", "Bandung", "Soreang", "").code == "32.04.37"


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
