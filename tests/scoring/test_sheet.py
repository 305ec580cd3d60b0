from __future__ import annotations

import datetime as dt
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import OptionError
from pipeline.intake import read_all
from pipeline.scoring import sheet as sheet_module
from pipeline.scoring.output import open_output
from pipeline.settings import ColumnNames

LONG = "Keluhan panjang sekali. " * 20


def write(path: Path, data: pd.DataFrame, dates: tuple[str, ...] = ()) -> int:
    with open_output(str(path), list(data.columns), date_columns=dates) as output:
        output.write(data)
    return output.cut_cells


def frame(**columns: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    path = tmp_path / "hasil.xlsx"
    data = frame(
        id=["00123", "124", "125"],
        tanggal=["5 Mei 2021", dt.datetime(2021, 5, 6, 10, 30), "kapan-kapan"],
        isi=[LONG, "=HYPERLINK(1)", "-x"],
        unit=["ditjen_dukcapil", "pemda", "pemda"],
        keyakinan=[0.874, 0.5, None],
        urgensi=["darurat", "sedang", "sedang"],
        tindakan=["teruskan", "tinjau", "lengkapi"],
    )
    write(path, data, ("tanggal",))
    return path


def test_values(scored: Path) -> None:
    sheet = openpyxl.load_workbook(scored)["Disposisi"]
    assert [cell.value for cell in sheet[1]] == [*("id", "tanggal", "isi", "unit", "keyakinan", "urgensi", "tindakan")]
    assert sheet["A2"].value == "00123"
    assert sheet["A2"].data_type == "s"
    assert (sheet["B2"].value, sheet["B2"].is_date, sheet["B2"].number_format) == (
        *(dt.datetime(2021, 5, 5), True, "dd/mm/yyyy"),
    )
    assert (sheet["B3"].value, sheet["B3"].number_format) == (
        dt.datetime(2021, 5, 6, 10, 30),
        "dd/mm/yyyy hh:mm",
    )
    assert sheet["B4"].value == "kapan-kapan"
    assert (sheet["E2"].value, sheet["E2"].number_format) == (0.874, "0%")
    assert sheet["E4"].value is None


def test_nothing_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, frame(isi=["=1+1", "+1", "-1", "@SUM(1)", "http://contoh.id", "{=1}", "123"]))
    sheet = openpyxl.load_workbook(path)["Disposisi"]
    assert [sheet.cell(row, 1).data_type for row in range(2, 9)] == ["s"] * 7
    # The quote prefix keeps a cell text also when somebody edits it.
    assert [bool(sheet.cell(row, 1).quotePrefix) for row in range(2, 9)] == [True] * 4 + [False] * 3
    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in content
    assert b"hyperlink" not in content


def test_looks(scored: Path) -> None:
    sheet = openpyxl.load_workbook(scored)["Disposisi"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G4"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["C"].width > 55
    assert sheet.column_dimensions["A"].width < 15
    assert sheet["C2"].alignment.wrap_text
    assert 60 < sheet.row_dimensions[2].height < 120  # a long text: several lines, not the whole screen
    assert sheet.row_dimensions[3].height < 25
    rules = {
        rule.formula[0]: rule.dxf.fill.bgColor.rgb for ranges in sheet.conditional_formatting for rule in ranges.rules
    }
    assert rules['"darurat"'] == "FFC00000"
    assert {f'"{value}"' for value in ("tinggi", "sedang", "rendah", "teruskan", "tinjau")} <= rules.keys()
    assert {str(ranges.sqref) for ranges in sheet.conditional_formatting} == {"F2:F4", "G2:G4"}


def test_summary(scored: Path) -> None:
    book = openpyxl.load_workbook(scored)
    assert book.sheetnames == ["Disposisi", "Ringkasan"]
    rows = [[cell for cell in row if cell is not None] for row in book["Ringkasan"].iter_rows(values_only=True)]
    assert ["Jumlah baris: 3"] in rows
    assert ["darurat", 1, 1 / 3] in [[*row[:2], row[2]] for row in rows if len(row) == 3]
    assert ["sedang", 2, 2 / 3] in rows
    assert next(row for row in rows if row[:1] == ["tinjau"])[1] == 1
    # unit, darurat, tinggi, sedang, rendah, Jumlah, Perlu ditinjau
    assert ["Pemerintah daerah", 0, 0, 2, 0, 2, 1] in rows
    assert ["Jumlah", 1, 0, 2, 0, 3, 1] in rows


def test_characters_that_xml_lacks_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, frame(isi=["a\x00b\x0bc\x1f\ufffed", "\ud83d potong", "a\r\nb\rc", "_x000D_ 😡"]))
    sheet = openpyxl.load_workbook(path)["Disposisi"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["abcd", " potong", "a\nb\nc"]
    assert read_all([str(path)], ColumnNames())[0].texts()[3] == "_x000D_ 😡"


def test_long_cells_are_cut_with_a_mark_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write(path, frame(isi=["x" * 32_767, "x" * 32_768, "😡" * 16_383, "😡" * 16_384])) == 2
    texts = read_all([str(path)], ColumnNames())[0].texts()
    assert texts[0] == "x" * 32_767
    assert texts[1].endswith("x … [dipotong]")
    assert len(texts[1]) == 32_767
    assert texts[2] == "😡" * 16_383
    assert texts[3].endswith("😡 … [dipotong]")
    assert len(texts[3].encode("utf-16-le")) // 2 <= 32_767


def test_numbers_that_excel_would_round_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    values = [3204123456780001, 12, 1.5, float("nan"), float("inf"), True, dt.date(1899, 1, 1), dt.time(3, 4)]
    write(path, frame(nilai=values))
    sheet = openpyxl.load_workbook(path)["Disposisi"]
    found = [sheet.cell(row, 1).value for row in range(2, 10)]
    assert found == ["3204123456780001", 12, 1.5, None, "inf", True, "1899-01-01", "03:04:00"]


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_module, "MAX_ROWS", 3)
    path = tmp_path / "a.xlsx"
    write(path, frame(id=list(range(7)), urgensi=["rendah"] * 7))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Disposisi", "Disposisi 2", "Disposisi 3", "Ringkasan"]
    assert [[row[0] for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames[:3]] == [
        ["id", 0, 1, 2],
        ["id", 3, 4, 5],
        ["id", 6],
    ]
    assert book["Disposisi 2"].freeze_panes == "A2"


def test_too_many_columns(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="too many for xlsx"):
        open_output(str(tmp_path / "a.xlsx"), [str(n) for n in range(16_385)])
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for chunks in (2, 12):
        tracemalloc.start()
        with open_output(str(tmp_path / "a.xlsx"), ["id", "isi"]) as output:
            for _ in range(chunks):
                output.write(frame(id=[str(n) for n in range(500)], isi=[f"{n} {LONG}" for n in range(500)]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.4 * peaks[0]


# Without the characters that xlsx cannot hold, and \r, which becomes \n.
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=30).filter(
    lambda text: "\ufffe" not in text and "\uffff" not in text
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(rows=st.lists(st.tuples(st.integers(1, 99), CELLS), min_size=1, max_size=6))
def test_any_text_comes_back(tmp_path: Path, rows: list[tuple[int, str]]) -> None:
    write(tmp_path / "t.xlsx", frame(id=[row[0] for row in rows], isi=[row[1] for row in rows]))
    (batch,) = read_all([str(tmp_path / "t.xlsx")], ColumnNames())
    assert list(batch.frame.itertuples(index=False, name=None)) == rows
