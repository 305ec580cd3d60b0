"""Write rows as parquet with one schema, although each chunk alone would suggest its own.

The first chunk decides a column's type. A later chunk that does not fit (text below numbers, numbers below
nothing) widens the column: the rows so far are written again with the wider type. That is rare, and it keeps
memory flat, which reading everything first to find the types would not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.intake.batch import is_missing
from pipeline.scoring.arrow import texts, wider
from pipeline.scoring.writer import NewFile, Output

_ROWS = 5000


class ParquetOutput(Output):
    """A parquet file (zstd); text is ``string``, a column without any value ``string`` too."""

    def __init__(self, file: NewFile, columns: Sequence[str]) -> None:
        super().__init__(file.name, columns)
        self._file = file
        self._schema = pa.schema([(name, pa.null()) for name in self.columns])
        self._writer: pq.ParquetWriter | None = None

    def _append(self, frame: pd.DataFrame) -> None:
        if not len(frame):
            return
        arrays = [_array(frame[name]) for name in self.columns]
        types = [wider(field.type, array.type) for field, array in zip(self._schema, arrays, strict=True)]
        self._rewrite(pa.schema(list(zip(self.columns, types, strict=True))))
        cells = [_cast(array, kind) for array, kind in zip(arrays, types, strict=True)]
        self._open().write_table(pa.Table.from_arrays(cells, schema=self._schema))

    def commit(self) -> None:
        """Close the file and give it its name; columns that never had a value become text."""
        types = [pa.string() if pa.types.is_null(kind) else kind for kind in self._schema.types]
        self._rewrite(pa.schema(list(zip(self.columns, types, strict=True))))
        self._open().close()
        self._writer = None
        self._file.commit()

    def discard(self) -> None:
        """Drop what was not committed."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._file.discard()

    def _open(self) -> pq.ParquetWriter:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file.path, self._schema, compression="zstd")
        return self._writer

    def _rewrite(self, schema: pa.Schema) -> None:
        """Bring the rows written so far to *schema*."""
        if schema.equals(self._schema):
            return
        self._schema = schema
        if self._writer is None:
            return
        self._writer.close()
        self._writer = None
        narrow = self._file.path.with_suffix(".sempit")
        self._file.path.replace(narrow)
        try:
            with pq.ParquetFile(narrow) as old:
                for batch in old.iter_batches(batch_size=_ROWS):
                    cells = [_cast(array, kind) for array, kind in zip(batch.columns, schema.types, strict=True)]
                    self._open().write_batch(pa.RecordBatch.from_arrays(cells, schema=schema))
        finally:
            narrow.unlink()


def _array(column: pd.Series) -> pa.Array:
    """Return a column as Arrow would have it; a mixture of types as text."""
    values: Any = column
    if column.dtype == object:
        values = column.tolist()
        # xlsx gives "" for an empty cell: amid numbers or dates it is a missing one.
        if any(value == "" for value in values if isinstance(value, str)) and not any(
            isinstance(value, str) and value != "" for value in values
        ):
            typed = [None if isinstance(value, str) else value for value in values]
            values = typed if not all(map(is_missing, typed)) else values
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return texts(column.tolist())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.string()) if pa.types.is_large_string(array.type) else array


def _cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if array.type.equals(kind):
        return array
    if pa.types.is_string(kind):
        return texts(array.to_pylist())
    return array.cast(kind, safe=False)
