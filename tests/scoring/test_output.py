from __future__ import annotations

import datetime as dt
import io
import json
import math
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import OptionError
from pipeline.intake import Reject, read_all
from pipeline.scoring.output import open_output
from pipeline.scoring.rejects import RejectFile, reject_path
from pipeline.settings import ColumnNames

FORMATS = ("csv", "xlsx", "parquet", "jsonl")


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def write(path: Path, *frames: pd.DataFrame, columns: list[str] | None = None) -> Path:
    with open_output(str(path), columns or list(frames[0].columns)) as output:
        for one in frames:
            output.write(one)
    return path


def test_csv_bytes(tmp_path: Path) -> None:
    data = frame(
        id=["00123", 7, 1.5, None],
        isi=['a "b", c', "baris\nbaru", "=1+1", float("nan")],
        tgl=[dt.datetime(2021, 1, 5), dt.datetime(2021, 1, 5, 3, 4), dt.date(2021, 1, 5), pd.NaT],
    )
    assert write(tmp_path / "a.csv", data).read_bytes() == (
        b'id,isi,tgl\n00123,"a ""b"", c",2021-01-05\n7,"baris\nbaru",2021-01-05 03:04:00\n1.5,=1+1,2021-01-05\n,,\n'
    )


def test_jsonl_lines(tmp_path: Path) -> None:
    data = frame(
        a=["é", None, math.inf, Decimal("1.5")],
        b=[dt.date(2021, 1, 5), pd.NA, True, [1, {"x": math.nan}]],
        c=[np.int64(3), np.array([1, 2]), 3204123456780001, pd.Timestamp("2021-01-05 03:04")],
    )
    lines = write(tmp_path / "a.jsonl", data).read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"a": "é", "b": "2021-01-05", "c": 3}'
    assert [json.loads(line) for line in lines[1:]] == [
        {"a": None, "b": None, "c": [1, 2]},
        {"a": None, "b": True, "c": 3204123456780001},
        {"a": "1.5", "b": [1, {"x": None}], "c": "2021-01-05 03:04:00"},
    ]


def test_parquet_has_one_schema_over_chunks(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.parquet",
        frame(
            kosong=[None],
            teks=[None],
            angka=[1],
            campur=[1],
            nol=[
                "",
            ],
            hari=[dt.datetime(2021, 1, 5)],
        ),
        frame(kosong=[None], teks=["a"], angka=[2.5], campur=["x"], nol=["b"], hari=[None]),
        frame(
            kosong=[None],
            teks=[None],
            angka=[None],
            campur=[dt.datetime(2021, 1, 5)],
            nol=[None],
            hari=[pd.NaT],
        ),
    )
    table = pq.read_table(path)
    assert [str(kind) for kind in table.schema.types] == [
        "string",
        "string",
        "double",
        "string",
        "string",
        "timestamp[us]",
    ]
    assert table.to_pydict() == {
        "kosong": [None, None, None],
        "teks": [None, "a", None],
        "angka": [1.0, 2.5, None],
        "campur": ["1", "x", "2021-01-05"],
        "nol": ["", "b", None],
        "hari": [dt.datetime(2021, 1, 5), None, None],
    }
    assert names(tmp_path) == ["a.parquet"]


def test_parquet_takes_mixtures_and_empty_cells_amid_numbers(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", frame(campur=[1, "x", None], rating=[5, "", 4], rinci=[{"a": 1}, None, None]))
    assert pq.read_table(path).to_pydict() == {
        "campur": ["1", "x", None],
        "rating": [5, None, 4],
        "rinci": [{"a": 1}, None, None],
    }


def test_parquet_keeps_types_of_parquet(tmp_path: Path) -> None:
    table = pa.table({"isi": ["a", None], "id": pa.array([3204123456780001, None]), "ya": pa.array([True, None])})
    pq.write_table(table, tmp_path / "in.parquet")
    (batch,) = read_all([str(tmp_path / "in.parquet")], ColumnNames())
    assert pq.read_table(write(tmp_path / "out.parquet", batch.frame)).equals(table)


@pytest.mark.parametrize("ending", FORMATS)
def test_no_rows_still_gives_the_columns(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    with open_output(str(path), ["id", "isi"]):
        pass
    if ending == "jsonl":
        assert path.read_bytes() == b""
    else:
        assert read_all([str(path)], ColumnNames()) == []


@pytest.mark.parametrize("ending", FORMATS)
def test_missing_columns_stay_empty_and_unknown_ones_are_a_fault(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a.{ending}", frame(isi=["x"]), frame(id=["1"], isi=["y"]), columns=["id", "isi"])
    batches = read_all([str(path)], ColumnNames())
    assert [(key, text) for b in batches for key, text in zip(b.ids(), b.texts(), strict=True)] == [
        ("", "x"),
        ("1", "y"),
    ]
    with pytest.raises(ValueError, match="lain"):
        write(tmp_path / f"b.{ending}", frame(lain=["x"]), columns=["id"])
    with pytest.raises(ValueError, match="distinct"):
        write(tmp_path / f"b.{ending}", frame(a=["x"]), columns=["a", "a"])
    assert names(tmp_path) == [f"a.{ending}"]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_run_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, ending: str, error: type[BaseException]
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text("lama")

    def run() -> None:
        with open_output(str(path), ["isi"]) as output:
            output.write(frame(isi=["x"]))
            raise error

    with pytest.raises(error):
        run()
    assert path.read_text() == "lama"
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", FORMATS)
def test_permissions_are_those_of_a_new_file(tmp_path: Path, ending: str) -> None:
    (tmp_path / "biasa").touch()
    path = write(tmp_path / f"a.{ending}", frame(isi=["x"]))
    assert path.stat().st_mode == (tmp_path / "biasa").stat().st_mode


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for name, message in {
        "a.ods": r"\.csv, \.xlsx, \.parquet or \.jsonl",
        "a": r"\.csv, \.xlsx, \.parquet or \.jsonl",
        "tidak/ada/a.csv": "there is no folder",
    }.items():
        with pytest.raises(OptionError, match=message):
            open_output(str(tmp_path / name), ["isi"])
    (tmp_path / "map.csv").mkdir()
    with pytest.raises(OptionError, match="this is a folder"):
        open_output(str(tmp_path / "map.csv"), ["isi"])


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_disk_is_told(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    output = open_output(str(tmp_path / f"a.{ending}"), ["isi"])

    def full(_: pd.DataFrame) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output, "_append", full)
    with pytest.raises(OptionError, match=r"a\.\w+: cannot be written \(No space left on device\)"):
        output.write(frame(isi=["x"]))
    output.discard()
    assert names(tmp_path) == []


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "nyata.csv").touch()
    (tmp_path / "tautan.csv").symlink_to(tmp_path / "nyata.csv")
    write(tmp_path / "tautan.csv", frame(isi=["x"]))
    assert (tmp_path / "tautan.csv").is_symlink()
    assert (tmp_path / "nyata.csv").read_text() == "isi\nx\n"


def test_standard_output_is_csv_in_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=raw))
    with open_output("-", ["isi"]) as output:
        output.write(frame(isi=["é"]))
    assert not raw.closed
    assert raw.getvalue() == "isi\né\n".encode()


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6),
    ending=st.sampled_from(["csv", "parquet", "jsonl"]),
)
def test_text_comes_back_exactly(tmp_path: Path, rows: list[tuple[str, str]], ending: str) -> None:
    data = frame(id=[row[0] for row in rows], isi=[row[1] for row in rows])
    (batch,) = read_all([str(write(tmp_path / f"t.{ending}", data))], ColumnNames())
    assert list(batch.frame.itertuples(index=False, name=None)) == rows


def test_rejects_beside_the_output(tmp_path: Path) -> None:
    out = str(tmp_path / "hasil.xlsx")
    path = tmp_path / "hasil.ditolak.csv"
    assert reject_path(out) == path
    with RejectFile(out) as rejects:
        rejects.add([])
        assert names(tmp_path) == []
        rejects.add([Reject("a.csv", 3, "kolom 'isi': rusak, \"x\"")])
        rejects.add([Reject("b.csv", 4, "baris rusak")])
        assert rejects.count == 2
    assert path.read_text(encoding="utf-8") == (
        'berkas,baris,alasan\na.csv,3,"kolom \'isi\': rusak, ""x"""\nb.csv,4,baris rusak\n'
    )

    def fail() -> None:
        with RejectFile(out) as rejects:
            rejects.add([Reject("c.csv", 1, "x")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert "a.csv" in path.read_text(encoding="utf-8")
    with RejectFile(out):
        pass
    assert names(tmp_path) == []


def test_rejects_of_standard_output() -> None:
    assert reject_path("-") == Path("disposisi.ditolak.csv")
