"""Write rows as plain text: csv and jsonl.

csv is UTF-8 without a mark (a mark would become part of the first column's name in many programs; for Excel
there is xlsx), comma, ``\\n`` line ends, values unchanged: a missing value is an empty cell, a date ISO.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
import pandas as pd

from pipeline.intake.batch import is_missing
from pipeline.scoring.writer import NewFile, Output

if TYPE_CHECKING:
    from _csv import Writer


#: Made once: ``json.dumps`` with options makes an encoder a call.
_to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class CsvOutput(Output):
    """Comma-separated text in a file."""

    def __init__(self, file: NewFile, columns: Sequence[str]) -> None:
        super().__init__(file.name, columns)
        self._file = file
        self._stream = file.path.open("w", encoding="utf-8", errors="replace", newline="")
        csv_writer(self._stream, self.columns)

    def _append(self, frame: pd.DataFrame) -> None:
        self._stream.write(csv_text(frame))

    def commit(self) -> None:
        """Close the file and give it its name."""
        self._stream.close()
        self._file.commit()

    def discard(self) -> None:
        """Drop what was not committed."""
        self._stream.close()
        self._file.discard()


class StandardOutput(Output):
    """Comma-separated text on standard output, as it comes: nothing can be taken back."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__("-", columns)
        # Its own text layer: the console's encoding must not decide what a file gets by `> hasil.csv`.
        self._stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="")
        csv_writer(self._stream, self.columns)

    def _append(self, frame: pd.DataFrame) -> None:
        self._stream.write(csv_text(frame))
        self._stream.flush()

    def commit(self) -> None:
        """Send what is still held back."""
        self._stream.flush()

    def discard(self) -> None:
        """Let go of standard output without closing it."""
        self._stream.detach()


class JsonLinesOutput(Output):
    """One JSON object a line in a file; missing is ``null``, dates are ISO text."""

    def __init__(self, file: NewFile, columns: Sequence[str]) -> None:
        super().__init__(file.name, columns)
        self._file = file
        self._stream = file.path.open("w", encoding="utf-8", errors="replace", newline="\n")

    def _append(self, frame: pd.DataFrame) -> None:
        for cells in _rows(frame, json_value):
            item = dict(zip(self.columns, cells, strict=True))
            self._stream.write(_to_json(item) + "\n")

    def commit(self) -> None:
        """Close the file and give it its name."""
        self._stream.close()
        self._file.commit()

    def discard(self) -> None:
        """Drop what was not committed."""
        self._stream.close()
        self._file.discard()


def csv_cell(value: Any) -> str:
    """Return a value as csv text."""
    if isinstance(value, str):
        return value
    if is_missing(value):
        return ""
    return iso(value) if isinstance(value, (dt.date, dt.time)) else str(value)


def json_value(value: Any) -> Any:
    """Return a value as JSON has it; what JSON lacks becomes text, infinity ``null``."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if is_missing(value):
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.date, dt.time)):
        return iso(value)
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    return json_value(value.tolist()) if hasattr(value, "tolist") else str(value)


def iso(value: dt.date | dt.time) -> str:
    """Return a date or time in ISO form; a date at midnight without its time."""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return value.isoformat()


class _NewlineEnds:
    """Gives a csv writer's rows ``\\n`` ends.

    Asked for ``\\n`` itself, the writer would leave a lone ``\\r`` inside a cell unquoted (Python < 3.13),
    and whoever reads it would take that for a line end.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, row: str) -> None:
        self._stream.write(row.removesuffix("\r\n") + "\n")


def csv_writer(stream: TextIO, columns: Sequence[str]) -> Writer:
    """Return a csv writer to *stream* that has written the header row."""
    writer = csv.writer(_NewlineEnds(stream))
    writer.writerow(columns)
    return writer


def csv_text(frame: pd.DataFrame) -> str:
    """Return the rows of *frame* as csv, byte for byte what :func:`csv_writer` writes.

    Python's writer looks at each character: eight times slower on complaints.
    """
    columns = [_csv_cells(frame[name]) for name in frame.columns]
    if len(columns) == 1:
        columns = [[cell or '""' for cell in columns[0]]]  # an empty line would be no row
    lines = map(",".join, zip(*columns, strict=True))
    return "".join(line + "\n" for line in lines)


def _csv_cells(column: pd.Series) -> list[str]:
    if column.dtype == np.float64:
        return ["" if value != value else repr(value) for value in column.tolist()]
    cells = list(_cells(column, csv_cell))
    together = "".join(cells)
    return list(map(_quoted, cells)) if any(mark in together for mark in '",\n\r') else cells


def _quoted(cell: str) -> str:
    if '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return f'"{cell}"' if "," in cell or "\n" in cell or "\r" in cell else cell


def _rows(frame: pd.DataFrame, convert: Callable[[Any], Any]) -> Iterator[tuple[Any, ...]]:
    return zip(*(_cells(frame[name], convert) for name in frame.columns), strict=True)


def _cells(column: pd.Series, convert: Callable[[Any], Any]) -> Iterable[Any]:
    """Return a column's values converted; a column of text alone, which most are, needs none of it."""
    # pandas' own text columns give their values one by one when asked for a list: ten times slower.
    values = column.to_numpy(object).tolist() if isinstance(column.dtype, pd.StringDtype) else column.tolist()
    return values if set(map(type, values)) <= {str} else map(convert, values)
