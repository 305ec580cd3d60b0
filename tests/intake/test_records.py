from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.intake import open_sources
from pipeline.settings import ColumnNames

Put = Callable[[str, bytes | str], str]


def test_jsonl_takes_the_union_of_keys(put: Put, read: Callable) -> None:
    lines = ['{"id": 7, "isi": "a"}', "", '{"isi": "b", "lain": {"x": [1, "é"]}}', '{"isi": null, "id": 1.5}']
    (batch,) = read(put("a.jsonl", "\ufeff" + "\n".join(lines))).batches
    assert list(batch.frame.columns) == ["id", "isi", "lain"]
    assert batch.frame["id"].tolist() == [7, None, 1.5]
    assert batch.frame["lain"].tolist() == [None, '{"x": [1, "é"]}', None]
    assert batch.texts() == ["a", "b", ""]
    assert batch.ids() == ["7", "", "1.5"]
    assert batch.rows.tolist() == [1, 3, 4]


@pytest.mark.parametrize(
    "line",
    [
        *(b"{", b"[1]", b"7", b'"isi"', b"null", b'{"isi": "\xff"}', b'{"isi": "\\ud83d"}', b"{" * 100_000),
        *(b'{"isi": ' + b"9" * 5000 + b"}", b'{"isi": ' + b"[" * 100_000, b'{"isi": {"x": "\\ud83d"}}'),
    ],
)
def test_bad_jsonl_line_is_a_reject(put: Put, read: Callable, line: bytes) -> None:
    found = read(put("a.jsonl", b'{"isi": "a"}\n' + line + b'\n{"isi": "b"}\n'))
    assert found.texts == ["a", "b"]
    assert [r.row for r in found.rejects] == [2]


def test_jsonl_without_an_object(put: Put, read: Callable) -> None:
    with pytest.raises(InputError, match="no JSON object"):
        read(put("a.jsonl", "[]\n"))


def test_parquet_keeps_types(tmp_path: Path, read: Callable) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "id": pa.array([3204123456780001, None], pa.int64()),
            "isi": pa.array(["a", None]),
            "tanggal": pa.array([dt.datetime(2021, 1, 5, 3), None], pa.timestamp("ms")),
            "unit": pa.array(["PU", " "]).dictionary_encode(),
            "angka": [1.5, 2.0],
        }
    )
    pq.write_table(table, path)
    (batch,) = read(str(path)).batches
    assert batch.ids() == ["3204123456780001", ""]
    assert batch.texts() == ["a", ""]
    assert batch.units() == ["PU", None]
    assert batch.dates().tolist() == [pd.Timestamp("2021-01-05 03:00"), pd.NaT]
    assert batch.frame["angka"].tolist() == [1.5, 2.0]
    assert batch.rows.tolist() == [1, 2]


def test_parquet_in_chunks_and_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"isi": [str(i) for i in range(25)]}), path)
    batches = list(open_sources([str(path)], ColumnNames(), chunk_rows=10))
    assert [b.rows[0] for b in batches] == [1, 11, 21]
    pq.write_table(pa.table({"isi": pa.array([], pa.string())}), path)
    source = open_sources([str(path)], ColumnNames())
    assert (source.output_columns, list(source)) == (["isi"], [])


def test_damaged_parquet(tmp_path: Path, put: Put, read: Callable) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"isi": [str(i) * 50 for i in range(2500)]}), path)
    whole = path.read_bytes()
    with pytest.raises(InputError, match="not a readable parquet"):
        read(put("b.parquet", whole[:-200]))
    with pytest.raises(InputError, match="not a readable parquet"):
        read(put("c.parquet", whole[:100] + b"\xff" * 400 + whole[500:]))


def test_json_text_survives(put: Put, read: Callable) -> None:
    text = 'kutip " garis \\n emoji 😡 \x00 nol'
    assert read(put("a.jsonl", json.dumps({"isi": text}))).texts == [text]
