"""Batches that wait until the whole run is known, in a file of their own: memory stays flat."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.scoring.writer import place_of, unwritable


class Spool:
    """A first-in, first-out store for one process; use as a context manager, which removes its file.

    The file lies beside *target* (it holds what the target will hold), is readable by its owner only and has no name
    once it is open, so that a killed run leaves nothing.

    Raises:
        OptionError: The folder is missing, cannot be written to, or the disk is full.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        folder: Path | None = None if target == "-" else place_of(target).parent
        try:
            self._stream = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        except OSError as error:
            raise unwritable(target, error) from error

    def add(self, item: Any) -> None:
        """Append *item*. Pickles are read by the process that wrote them only."""
        try:
            pickle.dump(item, self._stream, protocol=pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise unwritable(self._target, error) from error

    def __iter__(self) -> Iterator[Any]:
        self._stream.flush()
        end = self._stream.tell()
        self._stream.seek(0)
        while self._stream.tell() < end:
            yield pickle.load(self._stream)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
