from __future__ import annotations

import datetime as dt
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pipeline.errors import InputError, MissingColumnError
from pipeline.intake import open_sources, read_all
from pipeline.settings import ColumnNames

HEADER = ["id", "isi", "tanggal"]


def save(path: Path, sheets: dict[str, list[list[object]]]) -> str:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return str(path)


def test_values_keep_their_types(tmp_path: Path, read: Callable) -> None:
    rows = [
        ["id", "isi", "angka", "tanggal", "jam", "benar"],
        ["00123", "teks", 12, dt.datetime(2021, 1, 5), dt.time(3, 4), True],
        [3204123456780001, "=1+1", 1.5, dt.datetime(2021, 1, 5, 10, 3), None, False],
    ]
    (batch,) = read(save(tmp_path / "a.xlsx", {"S": rows})).batches
    assert batch.frame.iloc[0].tolist() == rows[1]
    assert batch.frame.iloc[1].tolist() == [
        3204123456780001,
        "=1+1",
        1.5,
        dt.datetime(2021, 1, 5, 10, 3),
        "",
        False,
    ]
    assert batch.ids() == ["00123", "3204123456780001"]
    assert [str(d) for d in batch.dates()] == ["2021-01-05 00:00:00", "2021-01-05 10:03:00"]
    assert batch.rows.tolist() == [2, 3]


def test_empty_rows_and_columns_are_left_out(tmp_path: Path, read: Callable) -> None:
    rows = [
        [],
        [None, "id", "isi", None, None],
        [None, "1", "a"],
        [],
        [None, "2", "b"],
        [None, None, None],
        [],
    ]
    path = save(tmp_path / "a.xlsx", {"S": rows})
    book = openpyxl.load_workbook(path)
    book["S"].merge_cells("B20:D30")
    book["S"]["F40"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    found = read(path)
    assert found.cells == [["1", "a"], ["2", "b"]]
    assert found.rows == [3, 5]


def test_column_without_a_name_but_with_data_stays(tmp_path: Path, read: Callable) -> None:
    found = read(save(tmp_path / "a.xlsx", {"S": [["isi", None], ["a", "catatan"]]}))
    assert list(found.batches[0].frame.columns) == ["isi", "kolom_2"]


def test_one_column_keeps_empty_cells_between(tmp_path: Path, read: Callable) -> None:
    found = read(save(tmp_path / "a.xlsx", {"S": [["isi"], ["a"], [None], ["b"], [None]]}))
    assert found.texts == ["a", "", "b"]
    assert found.rows == [2, 3, 4]


def test_the_first_sheet_with_the_header_is_read(tmp_path: Path, read: Callable) -> None:
    guide = [["Petunjuk"], ["Isilah lembar berikut"]]
    assert read(save(tmp_path / "a.xlsx", {"P": guide, "D": [HEADER, ["1", "a", ""]]})).texts == ["a"]
    export = [["Judul"], [], ["Tracking ID", "Isi Laporan Awal"], ["7", "b"]]
    path = save(tmp_path / "b.xlsx", {"P": guide, "D": [HEADER, ["1", "a", ""]], "E": export})
    (batch,) = read(path).batches
    assert (batch.layout, batch.texts(), batch.rows.tolist()) == ("sp4n", ["b"], [4])


def test_information_rows_as_long_as_fifty(tmp_path: Path, read: Callable) -> None:
    export = [["Info", i] for i in range(49)] + [["Tracking ID", "Isi Laporan Awal"], ["7", "b"]]
    assert read(save(tmp_path / "a.xlsx", {"E": export})).rows == [51]


def test_shared_inline_and_escaped_texts(tmp_path: Path, read: Callable) -> None:
    texts = ["biasa", " spasi ", "baris\nbaru", "a\x00b\x0bc", "_x000D_ asli", "<b>&amp;", "😡", "=1+1"]
    for constant_memory in (True, False):
        path = tmp_path / f"{constant_memory}.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
        sheet = book.add_worksheet()
        for row, text in enumerate(["isi", *texts]):
            sheet.write_string(row, 0, text)
        book.close()
        assert read(str(path)).texts == texts


def test_rich_text_is_joined_and_pronunciation_left_out(tmp_path: Path, read: Callable) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "isi")
    sheet.write_rich_string(1, 0, "jalan ", book.add_format({"bold": True}), "rusak", " parah")
    book.close()
    change(path, "xl/sharedStrings.xml", "</si></sst>", '<rPh sb="0" eb="1"><t>BUNYI</t></rPh></si></sst>')
    assert read(str(path)).texts == ["jalan rusak parah"]


def change(path: Path, part: str, old: str, new: str) -> None:
    """Replace text in one part of a workbook."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_formula_gives_its_saved_value_or_its_text(tmp_path: Path, read: Callable) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "isi")
    sheet.write_formula(1, 0, '=A1&"x"', None, "isix")
    sheet.write_formula(2, 0, "=TOLONG", None, 7)
    sheet.write_formula(3, 0, '=IF(1,"","x")', None, "HAPUS")
    sheet.write(4, 0, "akhir")
    book.close()
    change(path, "xl/worksheets/sheet1.xml", "<v>7</v>", "<v></v>")
    change(path, "xl/worksheets/sheet1.xml", "<v>HAPUS</v>", "<v></v>")
    assert read(str(path)).texts == ["isix", "=TOLONG", "", "akhir"]


def test_dates_from_1904(tmp_path: Path, read: Callable) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["isi", "tanggal"])
    sheet.write(1, 0, "a")
    sheet.write_datetime(1, 1, dt.datetime(2021, 1, 5), book.add_format({"num_format": "d mmm yyyy"}))
    book.close()
    assert str(read(str(path)).batches[0].dates()[0]) == "2021-01-05 00:00:00"


def test_prefixed_namespaces(tmp_path: Path, read: Callable) -> None:
    path = Path(save(tmp_path / "a.xlsx", {"S": [["isi"], ["halo"]]}))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for tag in ("worksheet", "sheetData", "row", "c", "v"):
        sheet = (
            sheet.replace(f"<{tag} ", f"<x:{tag} ")
            .replace(f"<{tag}>", f"<x:{tag}>")
            .replace(f"</{tag}>", f"</x:{tag}>")
        )
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("xmlns=", "xmlns:x=").encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    assert read(str(path)).texts == ["halo"]


def test_a_stray_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["1", "a", ""])
    book.active["XFD1048576"] = "x"
    book.save(path)
    tracemalloc.start()
    batches = list(open_sources([str(path)], ColumnNames()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert batches[0].rows.tolist() == [2, 1_048_576]
    assert list(batches[0].frame.columns) == [*HEADER, "kolom_4"]
    assert peak < 30_000_000


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 12_000):
        path = tmp_path / f"{count}.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row in range(1, count + 1):
            sheet.write_row(row, 0, [str(row), f"keluhan {row} " + "kata " * 40, "2022-01-01"])
        book.close()
        tracemalloc.start()
        assert sum(len(b) for b in open_sources([str(path)], ColumnNames(), chunk_rows=500)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_damaged_workbooks(tmp_path: Path, read: Callable) -> None:
    whole = Path(save(tmp_path / "a.xlsx", {"S": [HEADER, ["1", "a", ""]]})).read_bytes()
    for name, content in {
        "cut.xlsx": whole[: len(whole) // 2],
        "rubbish.xlsx": b"PK\x03\x04" + b"x" * 500,
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="not a readable xlsx workbook"):
            read(str(tmp_path / name))
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as book:
        book.writestr("a.csv", "isi\nx\n")
    with pytest.raises(InputError, match="not a readable xlsx workbook"):
        read(str(tmp_path / "zip.xlsx"))


def test_every_cut_and_every_changed_byte_ends_well(tmp_path: Path) -> None:
    whole = Path(save(tmp_path / "a.xlsx", {"S": [HEADER, ["1", "a", ""], ["2", "b", ""]]})).read_bytes()
    for place in range(0, len(whole), 37):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]):
            path = tmp_path / "b.xlsx"
            path.write_bytes(content)
            try:
                read_all([str(path)], ColumnNames(), need=())
            except InputError:
                continue


def test_entity_bomb_is_refused(tmp_path: Path, read: Callable) -> None:
    path = Path(save(tmp_path / "a.xlsx", {"S": [["isi"], ["halo"]]}))
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet'
    change(path, "xl/worksheets/sheet1.xml", "<worksheet", bomb)
    with pytest.raises(InputError, match="not a readable xlsx workbook"):
        read(str(path))


def test_no_header_and_no_text_column(tmp_path: Path, read: Callable) -> None:
    with pytest.raises(InputError, match="no header row found"):
        read(save(tmp_path / "a.xlsx", {"S": [[None]]}))
    with pytest.raises(MissingColumnError, match="--text"):
        read(save(tmp_path / "b.xlsx", {"S": [["a", "b"], [1, 2]]}))
