"""Read xlsx: the sheet and its header row are found, the rows are streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import InputError
from pipeline.intake import sp4n
from pipeline.intake.batch import Chunk, Reject, Row, chunked
from pipeline.intake.columns import unique_names
from pipeline.intake.ooxml import WORKBOOK_ERRORS, Workbook
from pipeline.intake.sheet_xml import SheetRow

#: Rows that are read at first: enough for the information rows and to see which columns hold data.
_SAMPLE_ROWS = 400


class _Layout(NamedTuple):
    """Where the table lies: its sheet, the header's row number, the places and names of its columns."""

    sheet: str
    header_row: int
    places: list[int]
    names: list[str]
    is_export: bool


class ExcelTable:
    """The table of an xlsx workbook; row numbers are the sheet's own.

    The sheet is the first with a cell ``Tracking ID`` in its first 50 rows; else the first whose first filled
    row has the needed columns; else the first with any cell. Columns without a name and without data in the
    first rows are left out, and so are empty rows (a table with one column only keeps those between others).

    Raises:
        InputError: Damaged, or no sheet has a header row; also while reading, if damaged further down.
    """

    def __init__(self, path: Path, file: str, usable: Callable[[list[str], bool], bool]) -> None:
        self._path, self._file = path, file
        try:
            with Workbook(path) as book:
                samples = {sheet: list(islice(book.rows(sheet), _SAMPLE_ROWS)) for sheet in book.sheets}
        except WORKBOOK_ERRORS as error:
            raise self._damaged() from error
        layouts = [layout for sheet, rows in samples.items() if (layout := _find_layout(sheet, rows)) is not None]
        if not layouts:
            raise InputError("no header row found", file=file, hint="The first row must hold the columns' names.")
        self._layout = (
            next((layout for layout in layouts if layout.is_export), None)
            or next((layout for layout in layouts if usable(layout.names, layout.is_export)), None)
            or layouts[0]
        )
        self.names = self._layout.names
        self.is_export = self._layout.is_export

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Read the rows from the start, *size* at a time."""
        return chunked(self._rows(), self.names, size)

    def _rows(self) -> Iterator[Row | Reject]:
        places, last = self._layout.places, self._layout.header_row
        one_column = len(places) == 1
        try:
            with Workbook(self._path) as book:
                for number, cells in book.rows(self._layout.sheet):
                    if number <= self._layout.header_row:
                        continue
                    values: list[Any] = [cells[place] if place < len(cells) else "" for place in places]
                    if all(value == "" for value in values):
                        continue
                    if one_column:
                        yield from (Row(empty, [""]) for empty in range(last + 1, number))
                    last = number
                    yield Row(number, values)
        except WORKBOOK_ERRORS as error:
            raise self._damaged() from error

    def _damaged(self) -> InputError:
        hint = "Open it in Excel and save it again, or give it as csv."
        return InputError("not a readable xlsx workbook (damaged, cut off or locked)", file=self._file, hint=hint)


def _find_layout(sheet: str, rows: list[SheetRow]) -> _Layout | None:
    if not rows:
        return None
    near = [cells for number, cells in rows if number <= sp4n.SEARCH_ROWS]
    place = sp4n.find_header(near)
    header_row, header = rows[place or 0]
    below = [cells for _, cells in rows[(place or 0) + 1 :]]
    width = max(len(cells) for cells in (header, *below))
    places = [
        column for column in range(width) if _filled(header, column) or any(_filled(cells, column) for cells in below)
    ]
    names = unique_names([header[column] if column < len(header) else "" for column in places])
    return _Layout(sheet, header_row, places, names, place is not None)


def _filled(cells: list[Any], column: int) -> bool:
    return column < len(cells) and str(cells[column]).strip() != ""
