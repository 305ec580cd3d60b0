"""The list of rows that could not be read, beside the output: ``hasil.xlsx`` → ``hasil.ditolak.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from pipeline.intake import Reject
from pipeline.scoring.plain import csv_writer
from pipeline.scoring.writer import NewFile

ENDING = ".ditolak.csv"
COLUMNS = ("berkas", "baris", "alasan")


def reject_path(output: str) -> Path:
    """Return where the rejects of *output* go; those of standard output to the working directory."""
    return Path("disposisi" + ENDING) if output == "-" else Path(output).expanduser().with_suffix(ENDING)


def reject_label(output: str) -> str:
    """Return the label of the temporary file: ``hasil.csv`` and ``hasil.xlsx`` share a reject file, not this."""
    return f"{Path(output).name}.ditolak"


class RejectFile:
    """Collects rejects in a csv (file, row, reason, never a cell's text), made when the first one comes.

    Use as a context manager. A clean exit puts the file in its place, or removes one that an earlier run left
    where there is nothing to report now.

    ``path`` is where the file lies or would lie (default: beside *output*), ``count`` the number of rejects.
    """

    def __init__(self, output: str, path: Path | None = None) -> None:
        self._output = output
        self.path = path or reject_path(output)
        self.count = 0
        self._file: NewFile | None = None
        self._stream: TextIO | None = None

    def add(self, rejects: Iterable[Reject]) -> None:
        """Write *rejects*."""
        rows = [(reject.file, reject.row, reject.reason) for reject in rejects]
        if not rows:
            return
        if self._stream is None:
            self._file = NewFile(str(self.path), label=reject_label(self._output))
            self._stream = self._file.path.open("w", encoding="utf-8", errors="replace", newline="")
            self._writer = csv_writer(self._stream, COLUMNS)
        self._writer.writerows(rows)
        self.count += len(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
        if kind is not None:
            if self._file is not None:
                self._file.discard()
        elif self._file is not None:
            self._file.commit()
        else:
            self.path.unlink(missing_ok=True)
