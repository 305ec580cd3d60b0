"""A document's numbers as a workbook: a sheet of contents, then one for each table and for the numbers of each picture.

Numbers and dates are real ones, shown as the reader's own Excel writes them. Nothing can run: text is stored as text,
also when it begins with ``=``.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from pipeline.reports.blocks import Cards, Column, Document, Picture, Table
from pipeline.reports.forms.formats import NO_ROWS, cell, digits_of, plain, raw
from pipeline.scoring.sheet import CUT_MARK, MAX_CELL
from pipeline.scoring.writer import NewFile, unwritable

CONTENTS: Final = "Isi"
HEADER_ROW: Final = 3
"""Row (from 0) of a table's header: above it title, note and the way back."""
_NAME: Final = 31
_CREATED: Final = dt.datetime(1980, 1, 1)  # that of the files inside, zip's first day
_FIRST_DAY: Final = dt.date(1900, 3, 1)  # Excel takes 1900 for a leap year; before March its days are off by one
_WIDEST: Final = 60
_DARK: Final = "#8DB3E2"
"""The darkest of a heat table: black digits stand out on it."""


def to_xlsx(document: Document, path: Path | str) -> None:
    """Write *document*'s tables to *path*, whole or not at all. The same document gives the same bytes.

    Raises:
        OptionError: *path* cannot be written to.
    """
    file = NewFile(str(path))
    try:
        book = xlsxwriter.Workbook(
            file.path,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "dd/mm/yyyy",
            },
        )
        # The library would write the present moment: the same document must give the same bytes.
        book.set_properties({"created": _CREATED, "title": plain(document.title)})
        _Book(book, document).write()
        try:
            book.close()
        except FileCreateError as error:  # the library's wrapping of an OSError
            raise OSError(str(error)) from error
        file.commit()
    except OSError as error:
        raise unwritable(str(path), error) from error
    finally:
        with suppress(OSError):
            file.discard()


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """Return each table's sheet: its number and title, at most 31 characters, none of those that Excel refuses."""
    names = []
    for place, table in enumerate(tables, start=1):
        title = " ".join(re.sub(r"[\[\]:*?/\\']", " ", plain(table.title)).split())
        name = f"{place} {title}".strip()
        if _units(name) > _NAME:
            cut = name.encode("utf-16-le")[: _NAME * 2].decode("utf-16-le", "ignore")
            name = cut.rsplit(" ", 1)[0] if cut.count(" ") > 1 else cut
        names.append(name.strip())
    return names


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, document: Document) -> None:
        self._book, self._document = book, document
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def write(self) -> None:
        found = [
            (block.table, block.description) if isinstance(block, Picture) else (block, block.note)
            for block in self._document.blocks
            if isinstance(block, Table | Picture)
        ]
        names = sheet_names([table for table, _ in found])
        self._write_contents(self._book.add_worksheet(CONTENTS), names, [table for table, _ in found])
        for name, (table, note) in zip(names, found, strict=True):
            self._write_table(self._book.add_worksheet(name), table, note)

    def _write_contents(self, sheet: Worksheet, names: Sequence[str], tables: Sequence[Table]) -> None:
        self._set_up(sheet)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 2, 70)
        self._text(sheet, 0, 0, self._document.title, {"bold": True, "font_size": 14})
        self._text(sheet, 1, 0, self._document.subtitle, {"font_color": "#4A4F57"})
        row = 3
        for block in self._document.blocks:
            for card in block.items if isinstance(block, Cards) else ():
                for place, words in enumerate((card.label, card.value, card.detail)):
                    self._text(sheet, row, place, words, {"bold": place == 1, "valign": "top"})
                row += 1
        row += 1 if row > 3 else 0
        for place, words in enumerate(("Lembar", "Tabel")):
            self._text(sheet, row, place, words, _HEADER)
        for name, table in zip(names, tables, strict=True):
            row += 1
            self._link(sheet, row, 0, name, name)
            self._text(sheet, row, 1, table.title, {"text_wrap": True, "valign": "top"})

    def _write_table(self, sheet: Worksheet, table: Table, note: str) -> None:
        self._set_up(sheet)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.repeat_rows(HEADER_ROW)
        self._text(sheet, 0, 0, table.title, {"bold": True, "font_size": 13})
        self._text(sheet, 1, 0, note, {"font_color": "#4A4F57"})
        self._link(sheet, 2, 0, CONTENTS, f"← {CONTENTS}")
        widths = [_width(table, place) for place in range(len(table.columns))]
        for place, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
            sheet.set_column(place, place, width)
            self._text(sheet, HEADER_ROW, place, column.name, _HEADER | {"align": _side(column)})
        for row, values in enumerate(table.rows, start=HEADER_ROW + 1):
            for place, (value, column) in enumerate(zip(values, table.columns, strict=True)):
                self._write_cell(sheet, row, place, value, column)
        if not table.rows:
            self._text(sheet, HEADER_ROW + 1, 0, NO_ROWS, _CELL)
        if table.heat and table.rows:
            self._colour(sheet, table)

    def _write_cell(self, sheet: Worksheet, row: int, place: int, value: Any, column: Column) -> None:
        found = raw(value)
        if found is None:
            sheet.write_blank(row, place, None, self._format(_CELL))
        elif isinstance(found, bool):
            self._text(sheet, row, place, cell(found, column), _CELL)
        elif isinstance(found, int | float):
            points = column.kind == "change" and isinstance(found, float)
            # Excel keeps 15 digits; a difference of shares is shown in points, which no format of Excel multiplies.
            shown = round(100 * found, 10) if points else found
            sheet.write_number(row, place, shown, self._format(_CELL | {"num_format": _number_format(found, column)}))
        elif isinstance(found, dt.date) and found >= _FIRST_DAY:
            when = dt.datetime(found.year, found.month, found.day)
            sheet.write_datetime(row, place, when, self._format(_CELL | {"num_format": "dd/mm/yyyy", "align": "right"}))
        else:
            self._text(sheet, row, place, cell(found, column), _CELL | {"text_wrap": True, "align": _side(column)})

    def _colour(self, sheet: Worksheet, table: Table) -> None:
        """Colour all columns by one scale, as the page does."""
        first, last = HEADER_ROW + 1, HEADER_ROW + len(table.rows)
        columns = [i for i, one in enumerate(table.columns) if i and one.heat and one.kind not in {"text", "day"}]
        if columns:
            ranges = " ".join(xl_range(first, i, last, i) for i in columns)
            scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0}
            scale |= {"min_color": "#FFFFFF", "max_color": _DARK, "multi_range": ranges}
            sheet.conditional_format(first, columns[0], last, columns[0], scale)

    def _text(self, sheet: Worksheet, row: int, place: int, words: str, look: Mapping[str, Any]) -> None:
        text = _fitting(plain(words))
        quoted = {"quote_prefix": True} if text.startswith(("=", "+", "-", "@")) else {}
        sheet.write_string(row, place, text, self._format({**look, **quoted}))

    def _link(self, sheet: Worksheet, row: int, place: int, name: str, words: str) -> None:
        look = {"font_color": "#0B4A94", "underline": 1, "valign": "top"}
        sheet.write_url(row, place, f"internal:'{name}'!A1", self._format(look), plain(words))

    def _format(self, look: Mapping[str, Any]) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(look))
        return self._made[key]

    def _set_up(self, sheet: Worksheet) -> None:
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&CHalaman &P dari &N")


_CELL: Final = {"border": 1, "border_color": "#D9D9D9", "valign": "top"}
_HEADER: Final = {
    "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "border": 1, "border_color": "#D9D9D9",
    "text_wrap": True, "valign": "vcenter",
}  # fmt: skip


def _number_format(value: float, column: Column) -> str:
    digits = digits_of(column)
    after = "." + "0" * digits if digits else ""
    if column.kind == "share":
        return f"0{after}%"
    if column.kind == "change":
        if isinstance(value, int):
            return "+#,##0;-#,##0;0"
        return f'+0{after}" poin";-0{after}" poin";0{after}" poin"'
    whole = isinstance(value, int) and column.kind != "decimal"
    return "#,##0" if whole else f"#,##0{after or '.0'}"


def _side(column: Column) -> str:
    return "left" if column.kind == "text" else "right"


def _units(text: str) -> int:
    """Return the UTF-16 units of *text*, by which Excel's limits count."""
    return len(text.encode("utf-16-le")) // 2


def _fitting(text: str) -> str:
    if _units(text) <= MAX_CELL:
        return text
    keep = (MAX_CELL - len(CUT_MARK)) * 2
    return text.encode("utf-16-le")[:keep].decode("utf-16-le", "ignore") + CUT_MARK


def _width(table: Table, place: int) -> int:
    """Return a column's width in characters: that of its texts up to 60, and of its heading's longest word."""
    column = table.columns[place]
    texts = [cell(row[place], column) for row in table.rows]
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    heading = max(max((len(word) for word in column.name.split()), default=0) + 2, math.ceil(len(column.name) / 2) + 2)
    return max(8, min(max(longest + 2, min(heading, 24)), _WIDEST))
