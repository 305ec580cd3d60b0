"""Read jsonl (one object a line) and parquet."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.intake import sp4n
from pipeline.intake.batch import Chunk, Reject, Row, chunked
from pipeline.intake.columns import unique_names
from pipeline.intake.encoding import wrong_byte

# Whole numbers stay whole beside missing values: an id of 16 digits must not become 3.2e15.
_NULLABLE = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


class JsonLines:
    """A file of JSON objects, one a line; the columns are the union of all keys in first-seen order.

    Row numbers are line numbers. A missing key is ``None``; a list or object inside stays as JSON text.

    Raises:
        InputError: The file has no object at all.
    """

    def __init__(self, path: Path, file: str) -> None:
        self._path, self._file = path, file
        keys: dict[str, None] = {}
        for item in self._objects():
            if not isinstance(item, Reject):
                keys.update(dict.fromkeys(item[1]))
        if not keys:
            hint = 'Write one object a line, such as {"isi": "..."}.'
            raise InputError("no JSON object found", file=file, hint=hint)
        self._keys = list(keys)
        self.names = unique_names(self._keys)
        self.is_export = sp4n.is_export(self.names)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Read the rows from the start, *size* at a time."""
        return chunked(self._rows(), self.names, size)

    def _rows(self) -> Iterator[Row | Reject]:
        for item in self._objects():
            if isinstance(item, Reject):
                yield item
            else:
                number, found = item
                yield Row(number, [_plain(found.get(key)) for key in self._keys])

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]] | Reject]:
        with self._path.open("rb") as stream:
            if stream.read(3) != codecs.BOM_UTF8:
                stream.seek(0)
            for number, line in enumerate(stream, start=1):
                if not line.strip():
                    continue
                found = _read_object(line)
                if isinstance(found, str):
                    yield Reject(self._file, number, found)
                else:
                    yield number, found


def _read_object(line: bytes) -> dict[str, Any] | str:
    """Return the object of one line, or the reason (Indonesian) why there is none."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte 0x{line[error.start]:02X} bukan UTF-8 yang sah; simpan ulang sebagai UTF-8"
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # also: numbers of thousands of digits, nesting without end
        return "baris ini bukan JSON yang sah"
    if not isinstance(found, dict):
        return "baris ini bukan objek JSON {...}"
    if "\\u" in text:  # an escaped half of an emoji: no text that could be written again
        for key, value in found.items():
            if wrong_byte(key) or wrong_byte(
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            ):
                return "ada tanda yang terpotong (setengah \\u…); perbaiki baris ini"
    return found


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


class ParquetTable:
    """A parquet file, read batch by batch; row numbers count the records from 1, types are kept.

    Whole numbers and booleans come as pandas' nullable types. Raises :class:`InputError` if damaged.
    """

    def __init__(self, path: Path, file: str) -> None:
        self._path, self._file = path, file
        try:
            with pq.ParquetFile(path) as parquet:
                self.names = unique_names(parquet.schema_arrow.names)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged() from error
        if not self.names:
            raise InputError("the file has no columns", file=file)
        self.is_export = sp4n.is_export(self.names)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Read the rows from the start, *size* at a time."""
        first = 1
        try:
            with pq.ParquetFile(self._path) as parquet:
                for batch in parquet.iter_batches(batch_size=size):
                    if batch.num_rows:
                        rows = np.arange(first, first + batch.num_rows, dtype=np.int64)
                        first += batch.num_rows
                        yield Chunk(self._frame(batch), rows, ())
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged() from error

    def _frame(self, batch: pa.RecordBatch) -> pd.DataFrame:
        # New names first: two columns of one name would otherwise be mixed up.
        renamed = pa.RecordBatch.from_arrays([_decoded(column) for column in batch.columns], names=self.names)
        frame: pd.DataFrame = renamed.to_pandas(types_mapper=_NULLABLE.get)
        return frame

    def _damaged(self) -> InputError:
        hint = "Write the file again, or give it as csv or xlsx."
        return InputError("not a readable parquet file (damaged, cut off or encrypted)", file=self._file, hint=hint)


def _decoded(column: pa.Array) -> pa.Array:
    """Undo dictionary encoding: pandas' categories would differ from batch to batch."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
