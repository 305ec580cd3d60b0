"""Open any number of input files as one stream of batches, in flat memory."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import InputError, OptionError
from pipeline.intake.batch import LAYOUT_SP4N, LAYOUT_TABLE, Batch, Columns
from pipeline.intake.columns import resolve, usable
from pipeline.intake.formats import open_table
from pipeline.intake.schema import check_batch
from pipeline.intake.table import Table
from pipeline.settings import ColumnNames

STDIN = "-"


@dataclass(frozen=True)
class _Part:
    table: Table
    file: str
    columns: Columns
    layout: str
    path: Path


class Source:
    """The rows of one or more files. Iterating gives :class:`Batch` after batch; it may be done again.

    ``output_columns`` is the union of the files' columns in first-seen order, ``date_columns`` those of them
    that play the role of the date; both are known before the first batch. ``paths`` are the files that are read:
    the inputs, or temporary copies of standard input and pipes.
    """

    def __init__(self, parts: Sequence[_Part], chunk_rows: int, need: Collection[str]) -> None:
        self._parts, self._chunk_rows, self._need = list(parts), chunk_rows, frozenset(need)
        self.output_columns: list[str] = list(dict.fromkeys(name for part in parts for name in part.table.names))
        self.paths = [part.path for part in parts]
        dates = (part.columns.date for part in parts)
        self.date_columns: list[str] = list(dict.fromkeys(name for name in dates if name is not None))

    def __iter__(self) -> Iterator[Batch]:
        for part in self._parts:
            for frame, rows, rejects in part.table.chunks(self._chunk_rows):
                batch = Batch(frame, rows, part.file, part.columns, part.layout, rejects)
                yield check_batch(batch, self._need)


def open_sources(
    paths: Sequence[str],
    columns: ColumnNames,
    *,
    chunk_rows: int = 5000,
    need: Collection[str] = ("text",),
) -> Source:
    """Open *paths* and find their columns; rows are read only when the source is iterated.

    Args:
        paths: Files (csv, tsv, txt, xlsx, xlsm, parquet, jsonl) or ``-`` for standard input.
        columns: The user's column names; ``None`` in it means: find it out.
        chunk_rows: Rows a batch, at most.
        need: Roles that every file must have: of ``text``, ``id``, ``date``, ``unit``, ``urgency``. Give the
            roles that the user named by an option, too: only a needed role's wrong name is an error.

    Raises:
        InputError: A file is missing, empty, damaged, locked or of no known format.
        MissingColumnError: A file lacks a needed column.
        OptionError: A named column leaks the answer; ``-`` is given twice; no path is given.
    """
    if not paths:
        raise OptionError("No input file is given.")
    if list(paths).count(STDIN) > 1:
        raise OptionError("Standard input (-) can be read once only.")
    spools: list[Path] = []
    try:
        parts = [_open_part(name, columns, need, spools) for name in paths]
        source = Source(parts, chunk_rows, need)
    except BaseException:
        _remove(spools)
        raise
    if spools:
        weakref.finalize(source, _remove, spools)
    return source


def read_all(paths: Sequence[str], columns: ColumnNames, *, need: Collection[str] = ("text",)) -> list[Batch]:
    """Read all rows of *paths* into memory (for training). Arguments and errors: :func:`open_sources`."""
    return list(open_sources(paths, columns, chunk_rows=50_000, need=need))


def _open_part(name: str, columns: ColumnNames, need: Collection[str], spools: list[Path]) -> _Part:
    path = _regular_file(name, spools)

    def serves(names: list[str], is_export: bool) -> bool:
        return usable(names, columns, need, LAYOUT_SP4N if is_export else LAYOUT_TABLE)

    table = open_table(path, name, serves)
    layout = LAYOUT_SP4N if table.is_export else LAYOUT_TABLE
    return _Part(table, name, resolve(table.names, columns, need, file=name, layout=layout), layout, path)


def _regular_file(name: str, spools: list[Path]) -> Path:
    """Return a file that can be read twice: standard input and pipes go to a temporary file first."""
    if name == STDIN:
        return _spool(sys.stdin.buffer, "", spools)
    path = Path(name).expanduser()
    if path.is_dir():
        raise InputError("this is a folder", file=name, hint="Name the files in it.")
    if not path.exists():
        raise InputError("there is no such file", file=name, hint="Check the path.")
    if path.is_file():
        return path
    try:
        with path.open("rb") as stream:
            return _spool(stream, path.suffix or ".csv", spools)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=name) from error


def _spool(stream: BinaryIO, suffix: str, spools: list[Path]) -> Path:
    handle, name = tempfile.mkstemp(prefix="disposisi-", suffix=suffix)
    spools.append(Path(name))
    with os.fdopen(handle, "wb") as target:
        shutil.copyfileobj(stream, target, 1 << 20)
    return Path(name)


def _remove(spools: Sequence[Path]) -> None:
    for path in spools:
        path.unlink(missing_ok=True)
