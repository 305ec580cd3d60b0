"""The input files of a Spark job: the driver lists them, the workers look into them and read them part by part.

The workers read with :mod:`pipeline.intake` and not with Spark's readers: csv and jsonl then follow the local
engine's rules (delimiter, encoding, healed quotes, row numbers of rejects), and a damaged file or row group is
caught where it is read and loses itself only. The price: driver and workers must see the files under one path.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError, OptionError
from pipeline.intake.columns import unique_names
from pipeline.intake.excel import ExcelTable
from pipeline.intake.formats import open_table
from pipeline.intake.records import JsonLines, ParquetTable
from pipeline.intake.table import Table
from pipeline.scoring.arrow import texts
from pipeline.scoring.spark.columns import cast, json_type, spark_type, widest

ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".ndjson")
_BATCH_ROWS = 5000

TEXT, FILE, ROW, REFUSED = "__teks", "__berkas", "__baris", "__ditolak"
"""Columns beside the input's own: the complaint, its file and row number, and why the row could not be read."""

HIDDEN = pa.schema([(TEXT, pa.string()), (FILE, pa.string()), (ROW, pa.int64()), (REFUSED, pa.string())])


@dataclass(frozen=True)
class Part:
    """What one task reads: a row group of a parquet file, or a whole file (*group* -1)."""

    file: str
    group: int
    first: int
    """Number of the part's first row, as a person sees it in the file."""


@dataclass(frozen=True)
class Found:
    """What a worker found in a file: columns and parts, or the *problem* (Indonesian) that keeps it from being read."""

    file: str
    schema: pa.Schema = field(default_factory=lambda: pa.schema([]))
    is_export: bool = False
    parts: tuple[Part, ...] = ()
    problem: str | None = None


def list_files(inputs: Sequence[str]) -> list[str]:
    """Return the absolute paths of the files that *inputs*, files or folders, name.

    Of a folder all files with a known ending, in name order; names that start with ``_`` or ``.`` are skipped, as
    Spark does. Raises :class:`InputError` or :class:`OptionError` for what Spark cannot read here.
    """
    if not inputs:
        raise OptionError("No input file is given.")
    found: dict[str, None] = {}
    for name in inputs:
        if name == "-" or "://" in name:
            what = "standard input" if name == "-" else name
            raise OptionError(
                f"{what}: --engine spark reads files that driver and workers see under one path. "
                "Copy it to a file, or read it in Spark and call pipeline.scoring.spark.score (docs/spark.md)."
            )
        path = Path(name).expanduser().absolute()
        if path.is_dir():
            found.update(dict.fromkeys(_in_folder(path, name)))
        elif not path.is_file():
            raise InputError("there is no such file or folder", file=name, hint="Check the path.")
        elif path.suffix.lower() not in ENDINGS:
            raise InputError(
                f"--engine spark reads {', '.join(ENDINGS)}",
                file=name,
                hint="A workbook is small enough for the local engine: leave --engine spark away.",
            )
        else:
            found[str(path)] = None
    return list(found)


def _in_folder(folder: Path, name: str) -> list[str]:
    files = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.suffix.lower() not in ENDINGS or not path.is_file() or any(part[0] in "_." for part in inside):
            continue
        if any("=" in part for part in inside[:-1]):
            raise OptionError(
                f"{name}: its folders hold a column ({inside[0]}). Read it in Spark and call "
                "pipeline.scoring.spark.score (docs/spark.md)."
            )
        files.append(str(path))
    if not files:
        raise InputError(f"no file in this folder ends in {', '.join(ENDINGS)}", file=name, hint="Check the path.")
    return files


def look_into_files(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Return the pickled :class:`Found` of each file that *batches* name."""
    for batch in batches:
        found = [pickle.dumps(look_into(file)) for file in batch.column(0).to_pylist()]
        yield pa.RecordBatch.from_arrays([pa.array(found, pa.binary())], names=["found"])


def look_into(file: str) -> Found:
    """Find columns, types and parts of *file* (in a worker). A file that cannot be read comes with its problem."""
    try:
        table = open_table(Path(file), file, lambda _names, _is_export: True)
        if isinstance(table, ExcelTable):
            return Found(file, problem="isinya lembar kerja Excel; simpan sebagai csv atau parquet")
        if isinstance(table, ParquetTable):
            return _look_into_parquet(file, table)
        return Found(file, _schema(table), table.is_export, (Part(file, -1, 1),))
    except InputError as error:
        return Found(file, problem=f"berkas tidak terbaca ({str(error).removeprefix(f'{file}: ')})")
    except Exception as error:  # a damaged file raises many kinds; the others are still read
        return Found(file, problem=f"berkas tidak terbaca ({type(error).__name__})")


def _look_into_parquet(file: str, table: ParquetTable) -> Found:
    with pq.ParquetFile(file) as parquet:
        kinds = [spark_type(kind) for kind in parquet.schema_arrow.types]
        sizes = [parquet.metadata.row_group(group).num_rows for group in range(parquet.num_row_groups)]
    parts = tuple(Part(file, group, 1 + sum(sizes[:group])) for group in range(len(sizes)))
    return Found(file, pa.schema(list(zip(table.names, kinds, strict=True))), table.is_export, parts)


def _schema(table: Table) -> pa.Schema:
    """Text for delimited files; for jsonl what all rows of a column fit in."""
    if not isinstance(table, JsonLines):
        return pa.schema([(name, pa.string()) for name in table.names])
    kinds: dict[str, set[pa.DataType]] = {name: set() for name in table.names}
    for chunk in table.chunks(_BATCH_ROWS):
        for name in table.names:
            kinds[name].add(json_type(chunk.frame[name].tolist()))
    return pa.schema([(name, widest(found)) for name, found in kinds.items()])


def read_parts(parts: Iterator[pa.RecordBatch], schema: pa.Schema, text: dict[str, str]) -> Iterator[pa.RecordBatch]:
    """Read the rows of *parts* (columns as :class:`Part`) as the columns of *schema*, then :data:`HIDDEN`.

    *text* names each file's text column. A column that a file lacks is null; a row that cannot be read, or a part
    from where it is damaged, comes as one row with ``REFUSED`` set.
    """
    for batch in parts:
        for values in batch.to_pylist():
            part = Part(**values)
            yield from _read_part(part, schema, text[part.file])


def _read_part(part: Part, schema: pa.Schema, text: str) -> Iterator[pa.RecordBatch]:
    following = part.first
    try:
        table = open_table(Path(part.file), part.file, lambda _names, _is_export: True)
        rows = _parquet_rows(part) if isinstance(table, ParquetTable) else _chunk_rows(table)
        for columns, numbers, refused in rows:
            yield _batch(columns, numbers, refused, part.file, schema, text)
            following = max([following, *(number + 1 for number in numbers)])
    except Exception as error:
        reason = f"bagian mulai baris ini tidak terbaca ({type(error).__name__}); tulis ulang berkas ini"
        yield _batch({}, [following], [reason], part.file, schema, text)


_Rows = Iterator[tuple[dict[str, pa.Array], list[int], list[str | None]]]


def _parquet_rows(part: Part) -> _Rows:
    first = part.first
    groups = [part.group] if part.group >= 0 else []  # a file without any row has no group
    with pq.ParquetFile(part.file) as parquet:
        names = unique_names(parquet.schema_arrow.names)
        for batch in parquet.iter_batches(batch_size=_BATCH_ROWS, row_groups=groups):
            numbers = list(range(first, first + batch.num_rows))
            first += batch.num_rows
            yield dict(zip(names, batch.columns, strict=True)), numbers, [None] * len(numbers)


def _chunk_rows(table: Table) -> _Rows:
    for frame, rows, rejects in table.chunks(_BATCH_ROWS):
        if len(frame):
            columns: dict[str, Any] = {str(name): frame[name].tolist() for name in frame.columns}
            yield columns, rows.tolist(), [None] * len(frame)
        if rejects:
            yield {}, [reject.row for reject in rejects], [reject.reason for reject in rejects]


def _batch(
    columns: dict[str, Any], numbers: list[int], refused: list[str | None], file: str, schema: pa.Schema, text: str
) -> pa.RecordBatch:
    count = len(numbers)
    own = [_column(columns[f.name], f.type) if f.name in columns else pa.nulls(count, f.type) for f in schema]
    complaint = _complaints(columns[text]) if text in columns else pa.nulls(count, pa.string())
    hidden = [complaint, pa.array([file] * count), pa.array(numbers, pa.int64()), pa.array(refused, pa.string())]
    return pa.RecordBatch.from_arrays([*own, *hidden], names=[*schema.names, *HIDDEN.names])


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    """Return Arrow's array or a list of cells as *kind*."""
    if isinstance(values, pa.Array):
        return cast(values, kind)
    return texts(values) if pa.types.is_string(kind) else pa.array(values, kind, from_pandas=True)


def _complaints(values: Any) -> pa.Array:
    """Return the texts; what is no text counts as none, as in the local engine."""
    cells = values.to_pylist() if isinstance(values, pa.Array) else values
    return pa.array([cell if isinstance(cell, str) else None for cell in cells], pa.string())
