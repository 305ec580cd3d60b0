"""Write scored rows as an xlsx sheet that people work with.

Sheet "Disposisi": frozen header, filter, widths by content, wrapped text, urgency and action coloured, dates
as dates, probabilities in per cent. Sheet "Ringkasan": counts. Nothing a citizen wrote can run: text is
always stored as text, also when it begins with ``=``, ``+``, ``-`` or ``@``.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.errors import OptionError
from pipeline.intake.batch import is_missing
from pipeline.intake.dates import parse_date
from pipeline.scoring.plain import csv_cell, iso
from pipeline.scoring.summary import ACTION_COLOURS, URGENCY_COLOURS, WATCHED_COLOUR, Summary
from pipeline.scoring.writer import NewFile, Output

MAX_ROWS = 1_048_575  # below the header
MAX_COLUMNS = 16_384
MAX_CELL = 32_767  # UTF-16 units
CUT_MARK = " … [dipotong]"

#: Characters that XML 1.0 cannot hold, and lone halves of emoji.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@")
_CREATED = dt.datetime(1980, 1, 1)  # that of the files inside, zip's first day
_FIRST_DAY = dt.datetime(1900, 3, 1)  # Excel takes 1900 for a leap year; before March its days are off by one

#: Widths in characters of columns that this package writes; others go by their content.
_WIDTHS = {
    "unit": 26,
    "keyakinan": 13,
    "unit_2": 22,
    "keyakinan_2": 15,
    "unit_3": 22,
    "keyakinan_3": 15,
    "urgensi": 12,
    "keyakinan_urgensi": 20,
    "tindakan": 13,
    "alasan": 44,
    "alasan_urgensi": 26,
    "versi_model": 18,
    "jenis": 18,
    "berkadar_pengawasan": 15,
    "dituduh": 22,
    "salinan": 14,
    "saran_kerahasiaan": 16,
    "bukan_kewenangan": 24,
    "kurang": 13,
    "wilayah": 34,
    "kode_wilayah": 15,
    "wilayah_provinsi": 16,
    "wilayah_kabkota": 16,
    "wilayah_kecamatan": 16,
    "wilayah_desa": 16,
    "calon_wilayah": 26,
    "prioritas": 12,
    "batas_teruskan": 15,
    "batas_jawab": 13,
    "batas_waktu": 13,
    "terlambat": 26,
    "kelompok": 15,
    "mirip_dengan": 22,
    "aturan": 40,
    "alasan_2": 34,
    "alasan_3": 34,
}
_TEXT_WIDTH = 60
_MEDIUM_WIDTH = 34
_LINE_HEIGHT = 15
_MAX_LINES = 6
_EDGE = {"border": 1, "border_color": "#D9D9D9", "valign": "top"}


class SheetOutput(Output):
    """An xlsx file, written row by row in flat memory.

    More than 1,048,575 rows go on in "Disposisi 2"; a cell over 32,767 characters is cut with a mark and
    counted in ``cut_cells``; control characters, which xlsx cannot hold, are left out.

    Raises:
        OptionError: More than 16,384 columns.
    """

    def __init__(self, file: NewFile, columns: Sequence[str], date_columns: Collection[str] = ()) -> None:
        super().__init__(file.name, columns)
        if len(self.columns) > MAX_COLUMNS:
            file.discard()
            raise OptionError(f"{file.name}: {len(columns)} columns are too many for xlsx. Write csv or parquet.")
        self._file = file
        self._date_columns = frozenset(date_columns)
        self._book = xlsxwriter.Workbook(
            file.path,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "use_zip64": True,  # only a sheet over 4 GB makes use of it
                "nan_inf_to_errors": False,
                "default_date_format": "dd/mm/yyyy",
            },
        )
        # The library would write the present moment: the same rows must give the same bytes.
        self._book.set_properties({"created": _CREATED})
        make = self._book.add_format
        self._text = make({**_EDGE, "text_wrap": True})
        self._quoted = make({**_EDGE, "text_wrap": True, "quote_prefix": True})
        self._number = make(_EDGE)
        self._share = make({**_EDGE, "num_format": "0%", "align": "center"})
        self._day = make({**_EDGE, "num_format": "dd/mm/yyyy", "align": "left"})
        self._minute = make({**_EDGE, "num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        self._header = _header_format(self._book, "#1F3864")
        self._result_header = _header_format(self._book, "#375623")
        self._colours: dict[str, list[tuple[str, Format]]] = {
            "urgensi": [(level, make(colour)) for level, colour in URGENCY_COLOURS.items()],
            "tindakan": [(action, make(colour)) for action, colour in ACTION_COLOURS.items()],
            "berkadar_pengawasan": [("ya", make(WATCHED_COLOUR))],
        }
        self._sheet: Worksheet | None = None
        self._sheet_count = 0
        self._row = 0
        self._widths: list[int] = []
        self._summary = Summary()
        self._open = True

    def _append(self, frame: pd.DataFrame) -> None:
        self._summary.add(frame)
        if not self._widths:
            self._widths = [_width(name, frame[name].tolist()) for name in self.columns]
        columns = [self._as_dates(name, frame[name].tolist()) for name in self.columns]
        for cells in zip(*columns, strict=True):
            if self._sheet is None or self._row > MAX_ROWS:
                self._end_sheet()
                self._sheet = self._new_sheet()
            self._write_row(self._sheet, cells)

    def _as_dates(self, name: str, values: list[Any]) -> list[Any]:
        if name not in self._date_columns:
            return values
        return [(parse_date(value) or value) if isinstance(value, str) else value for value in values]

    def _write_row(self, sheet: Worksheet, cells: Sequence[Any]) -> None:
        lines = 1
        row = self._row
        for value, width in zip(cells, self._widths, strict=True):
            if isinstance(value, str) and (len(value) > width or "\n" in value):
                lines = max(lines, math.ceil(len(value) / width * 1.1) + value.count("\n"))
        sheet.set_row(row, _LINE_HEIGHT * min(lines, _MAX_LINES) + 3)
        # The library remembers the height of rows that are on the disk already: 250 MB for a million rows.
        for heights in (getattr(sheet, "row_info", {}), getattr(sheet, "row_sizes", {})):
            heights.pop(row - 2, None)
        for place, (name, value) in enumerate(zip(self.columns, cells, strict=True)):
            self._write_cell(sheet, row, place, name, value)
        self._row += 1

    def _write_cell(self, sheet: Worksheet, row: int, place: int, name: str, value: Any) -> None:
        if not isinstance(value, str):
            if is_missing(value):
                sheet.write_blank(row, place, None, self._text)
                return
            if isinstance(value, bool):
                sheet.write_boolean(row, place, value, self._number)
                return
            if isinstance(value, (int, float)) and abs(value) < 1e15:  # Excel keeps 15 digits
                sheet.write_number(row, place, value, self._share if _is_share(name) else self._number)
                return
            if isinstance(value, dt.date) and (date := _excel_date(value)) is not None:
                sheet.write_datetime(row, place, date, self._day if date.time() == dt.time() else self._minute)
                return
        text = self._fitting(csv_cell(value))
        sheet.write_string(row, place, text, self._quoted if text.startswith(_FORMULA_STARTS) else self._text)

    def _fitting(self, text: str) -> str:
        text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if len(text) * 2 <= MAX_CELL or (units := len(text.encode("utf-16-le")) // 2) <= MAX_CELL:
            return text
        self.cut_cells += 1
        keep = MAX_CELL - len(CUT_MARK)
        if units == len(text):
            return text[:keep] + CUT_MARK
        return text.encode("utf-16-le")[: keep * 2].decode("utf-16-le", "ignore") + CUT_MARK

    def _new_sheet(self) -> Worksheet:
        self._sheet_count += 1
        name = "Disposisi" if self._sheet_count == 1 else f"Disposisi {self._sheet_count}"
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.repeat_rows(0)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 3 * _LINE_HEIGHT + 4)
        for place, column in enumerate(self.columns):
            ours = column in _WIDTHS
            sheet.write_string(0, place, self._fitting(column), self._result_header if ours else self._header)
        for place, width in enumerate(self._widths or [_width(column, []) for column in self.columns]):
            sheet.set_column(place, place, width)
        self._row = 1
        return sheet

    def _end_sheet(self) -> None:
        """Add to a full sheet what needs its last row's number."""
        if self._sheet is None:
            return
        last = max(self._row - 1, 1)
        if self.columns:
            self._sheet.autofilter(0, 0, last, len(self.columns) - 1)
            # A ticket number is text on purpose: no green corners.
            self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for name, colours in self._colours.items():
            if name in self.columns:
                place = self.columns.index(name)
                for value, colour in colours:
                    rule = {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": colour}
                    self._sheet.conditional_format(1, place, last, place, rule)

    def commit(self) -> None:
        """Add the summary, close the workbook and give the file its name."""
        if self._sheet is None:
            self._sheet = self._new_sheet()
        self._end_sheet()
        self._summary.write(self._book)
        self._open = False
        try:
            self._book.close()
        except FileCreateError as error:  # the library's wrapping of an OSError
            raise OSError(str(error)) from error
        self._file.commit()

    def discard(self) -> None:
        """Drop what was not committed."""
        if self._open:
            self._open = False
            with suppress(FileCreateError):
                self._book.close()  # else its temporary files stay
        self._file.discard()


def _header_format(book: xlsxwriter.Workbook, colour: str) -> Format:
    return book.add_format(
        {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": colour,
            "border": 1,
            "border_color": "#D9D9D9",
            "text_wrap": True,
            "valign": "vcenter",
        }
    )


def _is_share(name: str) -> bool:
    return name.startswith("keyakinan") and name in _WIDTHS


def _excel_date(value: dt.date) -> dt.datetime | None:
    """Return a date that Excel can show, ``None`` where it cannot (before 1900-03-01)."""
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    if isinstance(value, dt.datetime):
        date = value.replace(tzinfo=None)
    else:
        date = dt.datetime(value.year, value.month, value.day)
    return date if date >= _FIRST_DAY else None


def _width(name: str, values: list[Any]) -> int:
    """Return a column's width: ours by name, long texts 60, others as wide as nearly all of their cells."""
    if name in _WIDTHS:
        return _WIDTHS[name]
    lengths = sorted(len(iso(v)) if isinstance(v, dt.date) else len(csv_cell(v)) for v in values[:1000])
    usual = lengths[int(len(lengths) * 0.95)] if lengths else 0
    if usual > _TEXT_WIDTH:
        return _TEXT_WIDTH
    # The filter's button takes three characters; a header of several words may wrap.
    longest_word = max((len(word) for word in name.split()), default=0)
    heading = max(longest_word + 4, len(name) // 2 + 4, 9)
    return max(min(usual + 2, _MEDIUM_WIDTH), min(heading, _MEDIUM_WIDTH))
