"""What every reader of a format gives: column names first, then chunks of rows, as often as asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pipeline.intake.batch import Chunk


class Table(Protocol):
    """A readable table. Opening it has found its columns; the rows are read when they are asked for."""

    names: list[str]
    is_export: bool  # a SP4N-LAPOR export

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Read the rows from the start, *size* at a time."""
        ...
