"""The one shape in which every input arrives: a batch of rows with its columns found.

A batch keeps the input's columns untouched (they go to the output as they came) and gives each role
(text, id, date, unit, urgency) as a plain list beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.intake.dates import parse_dates
from pipeline.intake.sp4n import TIME_COLUMN

LAYOUT_SP4N = "sp4n"
LAYOUT_TABLE = "tabel"


@dataclass(frozen=True)
class Columns:
    """The names that the roles have in one source; ``None`` = the source has no such column."""

    text: str | None
    id: str | None
    date: str | None
    unit: str | None
    urgency: str | None


@dataclass(frozen=True)
class Reject:
    """A row that could not be read. *reason* is Indonesian and never holds a cell's text."""

    file: str
    row: int
    reason: str


class Row(NamedTuple):
    """One readable row: its number as a person sees it in the source, and its cells."""

    number: int
    cells: list[Any]


class Chunk(NamedTuple):
    """Rows of one source as a frame, with their numbers and the unreadable rows met among them."""

    frame: pd.DataFrame
    rows: np.ndarray
    rejects: tuple[Reject, ...]


@dataclass(frozen=True)
class Batch:
    """Consecutive rows of one source.

    ``frame`` holds all input columns in input order with the values as read and an index 0..n-1: cells of
    csv are ``str``; cells of xlsx are ``str``, numbers or dates; an empty cell of either is ``""``; parquet
    and jsonl keep their values, missing is null. ``rows`` (int64) is the number of each row as a person sees
    it in the source, ``rejects`` the unreadable rows met among these.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    source: str
    columns: Columns
    layout: str
    rejects: tuple[Reject, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def texts(self) -> list[str]:
        """Return the complaint texts as they stand, ``""`` where missing or not text."""
        return [value if isinstance(value, str) else "" for value in self._values(self.columns.text)]

    def ids(self) -> list[str]:
        """Return the row ids as text (a whole number without ``.0``), ``""`` where missing."""
        return [cell_text(value) for value in self._values(self.columns.id)]

    def dates(self) -> pd.Series:
        """Return the dates (``datetime64[us]``, local time), NaT where absent or unreadable.

        In a SP4N-LAPOR export the time of ``Waktu Laporan Masuk`` is added.
        """
        times = self._values(TIME_COLUMN) if self._has_time_column() else None
        return parse_dates(self._values(self.columns.date), times)

    def units(self) -> list[str | None]:
        """Return the units' names, stripped, ``None`` where empty."""
        return [cell_text(value) or None for value in self._values(self.columns.unit)]

    def urgencies(self) -> list[str | None]:
        """Return the urgency levels, stripped and in lower case, ``None`` where empty."""
        return [cell_text(value).lower() or None for value in self._values(self.columns.urgency)]

    def keep(self, mask: np.ndarray, rejects: Iterable[Reject]) -> Batch:
        """Return a copy with the rows of *mask* only and *rejects* added."""
        frame = self.frame[mask].reset_index(drop=True)
        added = (*self.rejects, *rejects)
        return Batch(frame, self.rows[mask], self.source, self.columns, self.layout, added)

    def _has_time_column(self) -> bool:
        return self.layout == LAYOUT_SP4N and self.columns.date is not None and TIME_COLUMN in self.frame.columns

    def _values(self, name: str | None) -> list[Any]:
        return [None] * len(self.frame) if name is None else self.frame[name].tolist()


def is_missing(value: object) -> bool:
    """Tell whether *value* is None, NaN, NaT or pandas' NA (never true for lists and dicts)."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def cell_text(value: object) -> str:
    """Return a cell as stripped text: ``""`` where missing, whole floats without ``.0``."""
    if isinstance(value, str):
        return value.strip()
    if is_missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def chunked(rows: Iterable[Row | Reject], names: list[str], size: int) -> Iterator[Chunk]:
    """Gather *rows* into chunks of *size* rows, columns as objects.

    A full chunk waits until the next row comes, so that rejects after the last row join it; a chunk
    without rows appears only where a source has rejects and no readable row.
    """
    cells: list[list[Any]] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    for row in rows:
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        if len(cells) == size:
            yield _chunk(cells, numbers, rejects, names)
            cells, numbers, rejects = [], [], []
        cells.append(row.cells)
        numbers.append(row.number)
    if cells or rejects:
        yield _chunk(cells, numbers, rejects, names)


def _chunk(cells: list[list[Any]], numbers: list[int], rejects: list[Reject], names: list[str]) -> Chunk:
    by_column: Iterable[tuple[Any, ...]] = zip(*cells, strict=True) if cells else [()] * len(names)
    # dtype object: no guessing of types, so an id such as 00123 stays what it is.
    data = {name: pd.Series(column, dtype=object) for name, column in zip(names, by_column, strict=True)}
    return Chunk(pd.DataFrame(data, columns=names), np.array(numbers, dtype=np.int64), tuple(rejects))
