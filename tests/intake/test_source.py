from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.errors import InputError, OptionError
from pipeline.intake import open_sources, read_all
from pipeline.settings import ColumnNames

Put = Callable[[str, bytes | str], str]
NONE = ColumnNames()


def test_several_files_give_the_union_of_columns(put: Put) -> None:
    first = put("a.csv", "id,isi\n1,a\n")
    second = put("b.jsonl", '{"teks": "b", "id": 2}\n')
    source = open_sources([first, second], NONE, chunk_rows=1)
    assert source.output_columns == ["id", "isi", "teks"]
    assert source.date_columns == []
    assert [(b.source, b.texts()) for b in source] == [(first, ["a"]), (second, ["b"])]
    assert [b.texts() for b in source] == [["a"], ["b"]]  # again from the start


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\xef\xbb\xbf", "no header row"),
        ("a.csv", b"\n \n", "no header row"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.csv", b"\x1f\x8b123", "packed with gzip"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as .xlsx"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        ("a.xls", b"\n<html><table>", "a web page"),
        ("a.docx", b"Isi\nx\n", "unknown ending"),
        ("a", b"Isi\nx\n", "unknown ending"),
    ],
)
def test_what_cannot_be_read_gives_one_clear_error(put: Put, name: str, content: bytes, message: str) -> None:
    path = put(name, content)
    with pytest.raises(InputError, match=message) as error:
        open_sources([path], NONE)
    assert path in str(error.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_sources([str(tmp_path / "tidak-ada.csv")], NONE)
    with pytest.raises(InputError, match="this is a folder"):
        open_sources([str(tmp_path)], NONE)


def test_no_path_and_standard_input_twice() -> None:
    with pytest.raises(OptionError, match="No input"):
        open_sources([], NONE)
    with pytest.raises(OptionError, match="once only"):
        open_sources(["-", "-"], NONE)


def test_the_content_wins_where_the_ending_lies(put: Put, read: Callable) -> None:
    workbook = (Path(__file__).parents[1] / "fixtures" / "sp4n_kecil.xlsx").read_bytes()
    assert len(read(put("a.csv", workbook)).texts) == 12
    assert read(put("b.csv", '{"isi": "x"}\n')).texts == ["x"]
    assert read(put("C.CSV", "isi,id\nx,1\n")).texts == ["x"]
    assert read(put("d.xlsx", "isi,id\nx,1\n")).texts == ["x"]


@pytest.mark.parametrize("content", [b"isi,id\nx,1\n", b'{"isi": "x"}\n'])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    (batch,) = read_all(["-"], NONE)
    assert (batch.source, batch.texts()) == ("-", ["x"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of Unix")
def test_a_pipe_is_read_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spool))
    pipe = tmp_path / "pipa"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=(b"isi,id\nx,1\n",)).start()
    source = open_sources([str(pipe)], NONE)
    assert len(list(spool.iterdir())) == 1
    assert [b.texts() for b in source] == [["x"]]
    del source
    assert list(spool.iterdir()) == []


def test_wrong_needed_urgency_takes_the_row_out(put: Put, read: Callable) -> None:
    path = put("a.csv", "isi,urgensi\na,Tinggi\nb,mendesak\nc,\nd,sedang\ne,rendah \n")
    found = read(path, need=("text", "urgency"))
    assert found.texts == ["a", "c", "d", "e"]
    assert found.batches[0].urgencies() == ["tinggi", None, "sedang", "rendah"]
    assert [(r.row, "mendesak" in r.reason) for r in found.rejects] == [(3, False)]
    assert read(path).texts == ["a", "b", "c", "d", "e"]  # not needed, not judged


def test_a_wrong_column_is_an_error(put: Put, read: Callable) -> None:
    path = put("a.csv", "isi,kota\na,Bandung\nb,Garut\n")
    with pytest.raises(InputError, match=r"a.csv, row 2, column 'kota': 2 of 2 values are no urgency"):
        read(path, need=("text", "urgency"), urgency="kota")
    with pytest.raises(InputError, match=r"2 of 2 values are no date"):
        read(path, need=("text", "date"), date="kota")


def test_a_date_that_is_none_does_not_cost_the_row(put: Put, read: Callable) -> None:
    found = read(put("a.csv", "isi,tgl\na,5 Mei 2021\nb,kemarin\nc,6 Mei 2021\n"), need=("text", "date"))
    assert found.texts == ["a", "b", "c"]
    assert found.batches[0].dates().isna().tolist() == [False, True, False]


def test_rows_are_int64(put: Put, read: Callable) -> None:
    assert read(put("a.csv", "isi,id\nx,1\n")).batches[0].rows.dtype == np.int64


def test_memory_is_flat(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w") as stream:
        stream.write("id,isi\n")
        stream.writelines(f"{i},keluhan {i} {'kata ' * 60}\n" for i in range(200_000))  # 66 MB
    code = (
        "import resource, sys; from pipeline.intake import open_sources\n"
        "from pipeline.settings import ColumnNames\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "source = iter(open_sources([sys.argv[1]], ColumnNames())); next(source); first = peak()\n"
        "assert sum(len(b) for b in source) == 195_000; print((peak() - first) // 1024)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=root)
    assert int(done.stdout) < 25
