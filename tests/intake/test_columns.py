from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import MissingColumnError, OptionError
from pipeline.intake.columns import likely, resolve, unique_names
from pipeline.settings import ColumnNames


def columns(names: list[str], need: tuple[str, ...] = ("text",), **wanted: str) -> tuple[str | None, ...]:
    found = resolve(names, ColumnNames(**wanted), need, file="a.csv", layout="tabel")
    return found.text, found.id, found.date, found.unit, found.urgency


def test_finds_usual_names() -> None:
    assert columns(["id", "tanggal", "isi", "instansi", "topik"]) == (
        "isi",
        "id",
        "tanggal",
        "instansi",
        None,
    )
    assert columns(["No", "Isi_Laporan", "TGL", "Prioritas"]) == (
        "Isi_Laporan",
        "No",
        "TGL",
        None,
        "Prioritas",
    )
    assert columns(["laporan", "Isi  Aduan"])[0] == "Isi  Aduan"


def test_options_win() -> None:
    assert columns(["isi", "catatan"], text="catatan")[0] == "catatan"


def test_missing_role_lists_columns_and_names_the_option() -> None:
    with pytest.raises(MissingColumnError) as error:
        columns(["foo", "bar"])
    assert str(error.value) == (
        "a.csv: no column for the text found; the columns are: 'foo', 'bar'. "
        "Name it with --text COLUMN or under [columns] in disposisi.toml."
    )
    with pytest.raises(MissingColumnError, match="--unit"):
        columns(["isi"], need=("text", "unit"))


@pytest.mark.parametrize(
    ("wanted", "there", "guess"),
    [
        ("Isi", "isi", "isi"),
        ("isi_laporan", "Isi Laporan", "Isi Laporan"),
        ("instnsi", "instansi", "instansi"),
        (" teks ", "Teks", "Teks"),
        ("zzz", "isi", None),
    ],
)
def test_wrong_name_guesses_the_likely_one(wanted: str, there: str, guess: str | None) -> None:
    assert likely(wanted, ["nomor", there, "kota"]) == guess
    with pytest.raises(MissingColumnError) as error:
        columns(["nomor", there, "kota"], text=wanted)
    assert (f"Did you mean {guess!r}?" in str(error.value)) == (guess is not None)
    assert "'nomor'" in str(error.value)


def test_a_setting_that_is_not_needed_may_be_absent() -> None:
    assert columns(["isi"], unit="instansi")[3] is None


def test_text_is_not_a_label() -> None:
    with pytest.raises(OptionError, match="both as the text and as the unit"):
        columns(["isi", "x"], text="x", unit="x")


def test_data_without_a_header_is_not_shown() -> None:
    with pytest.raises(MissingColumnError) as error:
        columns(["Saya Budi melaporkan bahwa jalan di depan rumah saya rusak parah", "x"])
    assert "Budi" not in str(error.value)


def test_header_alone_in_a_text_file(put: Callable, read: Callable) -> None:
    with pytest.raises(MissingColumnError):
        read(put("a.txt", "Jalan rusak\nLampu mati\n"))


@given(st.lists(st.one_of(st.none(), st.sampled_from(["isi", "isi.2", "kolom_1", "", " isi "]), st.text(max_size=3))))
def test_names_are_distinct_and_none_is_lost(cells: list[str | None]) -> None:
    names = unique_names(cells)
    assert len(set(names)) == len(names) == len(cells)
    assert all(names)


def test_unknown_role_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="teks"):
        columns(["isi"], need=("teks",))
