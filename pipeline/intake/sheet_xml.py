"""Stream the rows of one worksheet's XML."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, Protocol
from xml.parsers import expat

from openpyxl.utils.datetime import from_excel

#: Row number and cells (text, int, float, bool, date or time; ``""`` where empty) up to the last filled one.
SheetRow = tuple[int, list[Any]]

_BLOCK = 1 << 16
_MAX_COLUMNS = 16_384

#: Excel allows 32,767 characters a cell, other programs write more; beyond this the file is a bomb.
_MAX_CELL = 16 << 20

_REFERENCE = re.compile(r"([A-Z]{1,3})\d+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Texts(Protocol):
    """Shared texts by number."""

    def __getitem__(self, place: int) -> str: ...


def new_parser() -> expat.XMLParserType:
    """Return an expat parser that refuses entity declarations (a few bytes could unfold to gigabytes)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _BLOCK
    parser.EntityDeclHandler = _refuse_entities
    return parser


def _refuse_entities(*_: object) -> None:
    raise ValueError("entity declaration")


def unescaped(text: str) -> str:
    """Undo the ``_x000D_`` escapes of characters that XML cannot hold (half an emoji stays escaped)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def sheet_rows(
    stream: IO[bytes], shared: Texts, date_styles: Mapping[str, bool], epoch: dt.datetime
) -> Iterator[SheetRow]:
    """Yield each row of a worksheet that has a filled cell.

    Args:
        stream: The worksheet's XML.
        shared: The workbook's shared texts.
        date_styles: Cell styles that show a date; the value tells whether it is a duration.
        epoch: Day 0 of the workbook's dates.
    """
    sheet = _Sheet(shared, date_styles, epoch)
    parser = new_parser()
    parser.StartElementHandler = sheet.start
    parser.EndElementHandler = sheet.end
    parser.CharacterDataHandler = sheet.characters
    while block := stream.read(_BLOCK):
        parser.Parse(block, False)
        if sheet.done:
            yield from sheet.done
            sheet.done.clear()
    parser.Parse(b"", True)
    yield from sheet.done


class _Sheet:
    """Handlers for expat that gather cells into rows (``done``)."""

    def __init__(self, shared: Texts, date_styles: Mapping[str, bool], epoch: dt.datetime) -> None:
        self.done: list[SheetRow] = []
        self._shared, self._date_styles, self._epoch = shared, date_styles, epoch
        self._tags: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._row, self._column, self._size = 0, -1, 0
        self._cells: list[Any] = []
        self._parts: list[str] = []
        self._kind: str | None = None
        self._style: str | None = None
        self._formula = ""
        self._collecting = self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(tag) or self._tags.setdefault(tag, tag.rpartition(":")[2])
        if tag == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._place(reference)
            self._kind, self._style = attributes.get("t"), attributes.get("s")
            self._size, self._formula = 0, ""
            self._parts = []
        elif tag == "v" or tag == "t":
            self._collecting = not self._phonetic
        elif tag == "f":
            self._collecting = True
        elif tag == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
            self._cells = []
        elif tag == "rPh":
            self._phonetic = True

    def characters(self, data: str) -> None:
        if self._collecting:
            self._parts.append(data)
            self._size += len(data)
            if self._size > _MAX_CELL:
                raise ValueError("a cell is too long")

    def end(self, tag: str) -> None:
        tag = self._tags[tag]
        if tag == "c":
            text = "".join(self._parts)
            # A formula without a saved value: what a complaint that begins with "=" becomes in some exports.
            if (value := self._value(text) if text else self._formula) != "":
                cells, column = self._cells, self._column
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = value
        elif tag == "v" or tag == "t":
            self._collecting = False
        elif tag == "f":
            self._collecting = False
            if self._parts and self._kind != "str":  # with "str", an empty value is what the formula gave
                self._formula = f"={''.join(self._parts)}"
            self._parts = []
        elif tag == "row":
            if self._cells:
                self.done.append((self._row, self._cells))
        elif tag == "rPh":
            self._phonetic = False

    def _place(self, reference: str) -> int:
        """Return the column of a reference such as ``AB12``, from 0."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise ValueError("not a cell reference")
        letters = match[1]
        if letters not in self._columns:
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            if column > _MAX_COLUMNS:
                raise ValueError("a column beyond the last one")
            self._columns[letters] = column - 1
        return self._columns[letters]

    def _value(self, text: str) -> Any:
        kind = self._kind
        if kind == "s":
            return self._shared[int(text)]
        if kind == "inlineStr" or kind == "str":
            return unescaped(text)
        if kind == "b":
            return text.strip() == "1"
        if kind == "e" or kind == "d":  # a fault such as #REF!, a date written as text
            return text
        number = _number(text.strip())
        duration = None if self._style is None else self._date_styles.get(self._style)
        if duration is None or number == "":
            return number
        try:
            return from_excel(number, self._epoch, timedelta=duration)
        except (OverflowError, ValueError):  # a number that only looks like a date
            return number


def _number(text: str) -> int | float | str:
    """Return a whole number as ``int``: 16 digits stay what they are, and 3 does not become 3.0."""
    if text.isdecimal():
        return int(text)
    if not text:
        return ""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
