"""Records of a delimited text file, with faulty quotation marks noticed and healed where that is safe.

Python's csv reader does the work in strict mode. Two faults are common in complaint tables: a quotation mark
inside a quoted cell that is not doubled (healed when the record then has the right number of cells), and a
quoted cell that is never closed, which would swallow the rows after it (the row is reported, the rows after
it are read again).
"""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: A cell over more lines than this is an unclosed quotation mark. Bounds memory and time on broken files.
MAX_LINES = 1000
_HEALING_LINES = 50

# Complaints of megabytes were pasted into one cell; the module's default is 131,072 characters.
csv.field_size_limit(1 << 30)


class Record(NamedTuple):
    """Row number, cells, and whether the record's quotation marks are broken (then no cells)."""

    number: int
    cells: list[str]
    broken: bool = False


class _TooManyLinesError(Exception):
    """A quoted cell runs over too many lines."""


class _Feed:
    """Gives lines to the csv reader and remembers those of the current record."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.used: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.used) >= MAX_LINES:
            raise _TooManyLinesError
        line = self._again.popleft() if self._again else next(self._lines)
        self.used.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.used = []

    def start_record(self) -> None:
        self.used = []


def read_records(lines: Iterable[str], delimiter: str, width: int | None = None, header: int = 1) -> Iterator[Record]:
    """Yield the records of *lines*.

    Args:
        lines: Physical lines with their line ends.
        delimiter: The character between cells.
        width: The number of cells that a record should have; a multi-line record with another number is
            taken for a fault of its quotation marks. ``None``: unknown.
        header: Row number of the header; the rows above it may have any number of cells.

    The first record has number 1. Each record counts one, a blank line too, as a spreadsheet shows them;
    blank lines are not yielded.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    for number in itertools.count(1):
        feed.start_record()
        wanted = width if number > header else None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooManyLinesError):
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            yield _heal(feed, delimiter, wanted, number)
            continue
        if len(feed.used) > 1 and wanted is not None and (len(cells) < wanted or any(cells[wanted:])):
            yield _heal(feed, delimiter, wanted, number)
        elif not _is_blank(cells, feed.used, width):
            yield Record(number, cells)


def _is_blank(cells: list[str], lines: list[str], width: int | None) -> bool:
    """A line of blanks alone is no record, except where the table has one column: there it is a cell."""
    return not cells or (width != 1 and len(cells) == 1 and not cells[0].strip() and '"' not in lines[0])


def _heal(feed: _Feed, delimiter: str, width: int | None, number: int) -> Record:
    """Read the record with its inner quotation marks taken as text, else give its later lines back."""
    used = feed.used
    if width is not None and len(used) <= _HEALING_LINES:
        for count in range(1, len(used) + 1):
            cells = split_tolerantly("".join(used[:count]), delimiter)
            if cells is not None and len(cells) == width:
                feed.give_back(used[count:])
                return Record(number, cells)
    feed.give_back(used[1:])
    return Record(number, [], broken=True)


def split_tolerantly(text: str, delimiter: str) -> list[str] | None:
    """Split one record, taking a quotation mark amid a quoted cell as text.

    A mark closes its cell only before a delimiter or the end; one that follows a delimiter or a line end
    looks like the opening of another cell. Returns ``None`` where that leaves doubt, or the last cell is not
    closed.
    """
    text = text.rstrip("\r\n")
    ends = (delimiter, "")
    cells: list[str] = []
    place = 0
    while True:
        if text[place : place + 1] == '"':
            parts: list[str] = []
            start = place = place + 1
            while True:
                place = text.find('"', place)
                if place < 0:
                    return None
                after = text[place + 1 : place + 2]
                if after in ends:
                    break
                if after == '"':
                    parts.append(text[start : place + 1])
                    start = place = place + 2
                elif text[place - 1] in (delimiter, "\n", "\r") or after in "\r\n":
                    return None
                else:
                    place += 1
            cells.append("".join(parts) + text[start:place])
            place += 1
        else:
            end = text.find(delimiter, place)
            end = len(text) if end < 0 else end
            cell = text[place:end]
            if "\n" in cell or "\r" in cell:
                return None
            cells.append(cell)
            place = end
        if place >= len(text):
            return cells
        place += 1  # over the delimiter
