from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.intake import open_sources, read_all
from pipeline.settings import ColumnNames

Put = Callable[[str, bytes | str], str]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_finds_delimiter_and_encoding(put: Put, read: Callable, delimiter: str, encoding: str) -> None:
    text = "id;isi;unit\n00123;Café rusak – mohon “segera”;PU\n3204012345678901;Jalan, gang | lorong;PU\n"
    lines = [line.split(";") for line in text.splitlines()]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(lines)
    found = read(put("a.csv", stream.getvalue().encode(encoding)))
    assert found.cells == lines[1:]
    assert found.ids == ["00123", "3204012345678901"]
    assert found.rows == [2, 3]


def test_one_column_keeps_its_commas_and_empty_cells(put: Put, read: Callable) -> None:
    found = read(put("a.csv", 'isi\nJalan rusak, mohon; segera\n""\n"dua\nbaris"\n'))
    assert found.texts == ["Jalan rusak, mohon; segera", "", "dua\nbaris"]
    assert found.rows == [2, 3, 4]


def test_wrong_byte_is_named_with_row_column_and_byte(put: Put, read: Callable) -> None:
    good = "1,Café\n2,naïve\n"
    found = read(put("a.csv", b"id,isi\n" + good.encode() + b"3,rus\xe9ak\n\n5,b\xffk\n" + b"6,ok\n"))
    assert found.ids == ["1", "2", "6"]
    assert found.rows == [2, 3, 7]
    assert [(r.row, r.reason) for r in found.rejects] == [
        (4, "kolom 'isi': byte 0xE9 bukan UTF-8 yang sah; simpan ulang sebagai UTF-8"),
        (6, "kolom 'isi': byte 0xFF bukan UTF-8 yang sah; simpan ulang sebagai UTF-8"),
    ]


def test_a_lone_ff_amid_ascii_is_a_wrong_byte(put: Put, read: Callable) -> None:
    found = read(put("a.csv", b"id,isi\n1,baik\n2,rusak \xff\n"))
    assert found.texts == ["baik"]
    assert [r.row for r in found.rejects] == [3]


def test_a_byte_that_cp1252_lacks_is_a_reject(put: Put, read: Callable) -> None:
    found = read(put("a.csv", b"id,isi\n1,caf\xe9 \x93ya\x94\n2,a\x81b\n3,\xe9t\xe9\n"))
    assert found.texts == ["café “ya”", "été"]
    assert [(r.row, "0x81" in r.reason) for r in found.rejects] == [(3, True)]


def test_wrong_byte_in_the_header_is_an_error(put: Put, read: Callable) -> None:
    with pytest.raises(InputError, match=r"row 1: byte 0xFF in the name of column 2"):
        read(put("a.csv", b"id,is\xff\n1,x\n"))


def test_too_many_cells_are_rejected_too_few_filled(put: Put, read: Callable) -> None:
    found = read(put("a.csv", "id,isi,unit\n1,a,b\n2,a,b,c\n3\n4,a,b,,\n"))
    assert found.cells == [["1", "a", "b"], ["3", "", ""], ["4", "a", "b"]]
    assert [(r.row, r.reason) for r in found.rejects] == [
        (3, "jumlah kolom 4, seharusnya 3; periksa pemisah dan tanda kutip")
    ]


def test_unclosed_quote_names_its_row_and_loses_no_other(put: Put, read: Callable) -> None:
    found = read(put("a.csv", 'id,isi\n1,a\n2,"b\n3,c\n4,"d"\n'))
    assert found.ids == ["1", "3", "4"]
    assert [(r.row, r.reason[:18]) for r in found.rejects] == [(3, 'tanda kutip (") di')]


def test_no_cell_in_a_reason(put: Put, read: Callable) -> None:
    found = read(put("a.csv", b'id,isi\n1,RAHASIA,x\n2,"RAHASIA\n3,RAHASIA\xff\n4,caf\xc3\xa9\n'))
    assert len(found.rejects) == 3
    assert not any("RAHASIA" in r.reason for r in found.rejects)


def test_nul_and_very_long_cells_stay(put: Put, read: Callable) -> None:
    long = "x" * 300_000
    found = read(put("a.csv", f"id,isi\n1,a\x00b\n2,{long}\n"))
    assert found.texts == ["a\x00b", long]


def test_repeated_and_empty_names_lose_nothing(put: Put, read: Callable) -> None:
    batches = read(put("a.csv", "isi,isi,,isi.2\na,b,c,d\n")).batches
    assert list(batches[0].frame.columns) == ["isi", "isi.3", "kolom_3", "isi.2"]
    assert batches[0].texts() == ["a"]


def test_export_saved_as_csv(put: Put, read: Callable) -> None:
    text = (
        'Judul Laporan;;"Laporan\nRingkas"\n;;\nPeriode;;2021\n\n'
        "Tracking ID;Tanggal Laporan Masuk;Waktu Laporan Masuk;Isi Laporan Awal;Isi Laporan Akhir;"
        "Instansi Terdisposisi\n"
        '00012;5 Mei 2021;10:11:12;"dua\nbaris";petugas;\n00013;1 Okt 2021;;satu;petugas;Dinas A\n'
    )
    (batch,) = read(put("ekspor.csv", text)).batches
    assert batch.layout == "sp4n"
    assert batch.texts() == ["dua\nbaris", "satu"]
    assert batch.rows.tolist() == [6, 7]
    assert batch.units() == [None, "Dinas A"]
    assert [str(d) for d in batch.dates()] == ["2021-05-05 10:11:12", "2021-10-01 00:00:00"]


def test_chunks_keep_order_and_late_rejects(put: Put) -> None:
    path = put("a.csv", "id,isi\n" + "".join(f"{i},t{i}\n" for i in range(10)) + "x,y,z\n")
    batches = list(open_sources([path], ColumnNames(), chunk_rows=5))
    assert [len(b) for b in batches] == [5, 5]
    assert [b.frame.index.tolist() for b in batches] == [[0, 1, 2, 3, 4]] * 2
    assert [r.row for r in batches[1].rejects] == [12]


def test_header_alone_gives_columns_and_no_batch(put: Put) -> None:
    source = open_sources([put("a.csv", "id,isi\n")], ColumnNames())
    assert source.output_columns == ["id", "isi"]
    assert list(source) == []


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CP1252 = st.text(st.sampled_from("abc \"',;|\t\n\r\\=é–“”€ÿ"), max_size=12)


def round_trip(put: Put, rows: list[list[str]], delimiter: str, encoding: str) -> list[list[str]]:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([["id", "isi", "unit"], *rows])
    batches = read_all([put("t.csv", stream.getvalue().encode(encoding))], ColumnNames())
    assert all(not batch.rejects for batch in batches)
    return [list(row) for batch in batches for row in batch.frame.itertuples(index=False)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_comes_back(put: Put, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    assert round_trip(put, rows, delimiter, encoding) == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(CP1252, min_size=3, max_size=3), max_size=6), delimiter=st.sampled_from(",;\t|"))
def test_any_cp1252_table_comes_back(put: Put, rows: list[list[str]], delimiter: str) -> None:
    rows = [["0", "é", "é"], *rows]  # one letter beyond ASCII tells it from UTF-8
    assert round_trip(put, rows, delimiter, "cp1252") == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    start=st.sampled_from([b"", b"id,isi\n", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"PAR1", b"{"]),
    content=st.binary(max_size=300),
    ending=st.sampled_from([".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".jsonl", ".dat"]),
)
def test_any_bytes_give_rows_or_an_input_error(put: Put, start: bytes, content: bytes, ending: str) -> None:
    path = put("apa" + ending, start + content)
    try:
        batches = read_all([path], ColumnNames(), need=())
    except InputError:
        return
    for batch in batches:
        assert len(batch.texts()) == len(batch.ids()) == len(batch.dates()) == len(batch.rows) == len(batch)
