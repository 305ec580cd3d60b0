"""The workbook, read back: real numbers and dates, no formula, links, names that Excel takes, the same bytes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pipeline.errors import OptionError
from pipeline.reports.blocks import Column, Document, Table
from pipeline.reports.forms.sheet import sheet_names, to_xlsx
from tests.reports.forms.made import SPECIAL, document


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("xlsx") / "laporan.xlsx"
    to_xlsx(document(), found)
    return found


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def test_the_first_sheet_leads_to_the_others(book: Workbook):
    assert book.sheetnames[0] == "Isi"
    assert len(book.sheetnames) == 1 + 6
    linked = [cell.hyperlink.location for row in book["Isi"].iter_rows() for cell in row if cell.hyperlink]
    assert linked == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert ["Aduan", "1.234", "naik"] in [[cell.value for cell in row] for row in book["Isi"].iter_rows()]


def test_numbers_and_dates_are_real_ones(book: Workbook):
    rows = list(book["1 Lima angka"].iter_rows(min_row=5))
    first = [(cell.value, cell.number_format) for cell in rows[0]]
    assert first == [
        ("Selesai", "General"), (0.8688, "0.00%"), (3.2, '+0.0" poin";-0.0" poin";0.0" poin"'), (1234567, "#,##0"),
        (4.5, "#,##0.0"), (dt.datetime(2026, 11, 28), "dd/mm/yyyy"),
    ]  # fmt: skip
    assert [cell.value for cell in rows[1]] == ["Kosong", None, None, None, None, None]
    assert [cell.value for cell in rows[2]] == ["Sedikit", "terlalu sedikit", -12, 3, 0.04, "belum"]
    assert rows[2][2].number_format == "+#,##0;-#,##0;0"


def test_each_sheet_has_title_note_way_back_and_a_frozen_header(book: Workbook):
    sheet = book["1 Lima angka"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 4)] == ["Lima angka", "Catatan tabel.", "Ukuran"]
    assert sheet["A3"].hyperlink.location == "'Isi'!A1"
    assert sheet.freeze_panes == "B5"


def test_nothing_is_a_formula_and_long_texts_are_cut(book: Workbook):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert any(cell.value == SPECIAL for cell in cells)
    assert max(len(str(cell.value)) for cell in cells) == 32_767


def test_a_heat_table_is_coloured_but_for_its_total(book: Workbook):
    name = next(name for name in book.sheetnames if name.endswith("Unit dan bulan"))
    (found,) = book[name].conditional_formatting
    assert str(found.sqref).split()[0] == "B5:B44"
    assert "N5:N44" not in str(found.sqref)


def test_an_empty_table_says_so(book: Workbook):
    name = next(name for name in book.sheetnames if name.endswith("Kosong"))
    assert book[name]["A5"].value == "Tidak ada baris."


def test_names_are_short_and_unlike():
    tables = [
        Table(title, (Column("a"),), ())
        for title in ("", "A[b]:*?/\\'", "x" * 50, "X" * 50, "😀" * 40, "dua kata " * 9)
    ]
    names = sheet_names(tables)
    assert names[:2] == ["1", "2 A b"]
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)
    assert names[5].endswith(("dua", "kata"))


def test_the_same_document_gives_the_same_bytes(path: Path, tmp_path: Path):
    to_xlsx(document(), tmp_path / "lagi.xlsx")
    assert (tmp_path / "lagi.xlsx").read_bytes() == path.read_bytes()


def test_a_place_that_cannot_be_written_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(OptionError, match="no folder"):
        to_xlsx(document(), tmp_path / "tiada" / "a.xlsx")
    old = tmp_path / "a.xlsx"
    old.write_text("lama")
    monkeypatch.setattr("pipeline.reports.forms.sheet.sheet_names", lambda tables: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        to_xlsx(Document("a", "", ()), old)
    assert old.read_text() == "lama"
    assert [found.name for found in tmp_path.iterdir()] == ["a.xlsx"]
