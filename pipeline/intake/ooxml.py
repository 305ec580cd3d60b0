"""The parts of an xlsx workbook (ECMA-376): which sheets, which date styles, which shared texts.

Why not a library: calamine holds the whole sheet (one stray cell in row 20,000 of the last column took 10 GB)
and openpyxl reads 5,000 to 8,000 rows a second. This reader streams the XML through expat in flat memory;
openpyxl serves for what it knows best, date formats and day numbers. Figures: docs/format-masukan.md.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from pipeline.intake.sheet_xml import SheetRow, new_parser, sheet_rows, unescaped

_BLOCK = 1 << 16
_SPOOL_BYTES = 32 << 20

#: What a broken workbook raises on its way through zip and XML.
WORKBOOK_ERRORS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError),
    *(LookupError, ValueError, OverflowError),
)

_Start = Callable[[str, dict[str, str]], object]


class Workbook:
    """A workbook's worksheets by name, in their order. Close it after use.

    Any of :data:`WORKBOOK_ERRORS`, when it is opened or read, means: damaged, locked, or no workbook.
    """

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self._shared = SharedTexts()
        try:
            self._parts = {name.lower(): name for name in self._zip.namelist()}
            book = next((t for kind, t in self._relations("").values() if kind == "officeDocument"), "xl/workbook.xml")
            relations = self._relations(book)
            parts = {kind: target for kind, target in relations.values() if self._has(target)}
            self._epoch = CALENDAR_WINDOWS_1900
            self._sheets = self._read_book(book, relations)
            self._dates = self._read_styles(parts["styles"]) if "styles" in parts else {}
            if "sharedStrings" in parts:
                self._read_shared(parts["sharedStrings"])
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and drop the shared texts."""
        self._zip.close()
        self._shared.close()

    @property
    def sheets(self) -> list[str]:
        """The worksheets' names."""
        return list(self._sheets)

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """Yield (row number, cells) of each row that has a cell; an empty cell is ``""``."""
        with self._open(self._sheets[sheet]) as stream:
            yield from sheet_rows(stream, self._shared, self._dates, self._epoch)

    def _has(self, part: str) -> bool:
        return part.lower() in self._parts

    def _open(self, part: str) -> IO[bytes]:
        return self._zip.open(self._parts[part.lower()])

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return id → (kind, full path of the target) of what *part* refers to."""
        path = PurePosixPath(part)
        source = str(path.parent / "_rels" / f"{path.name}.rels") if part else "_rels/.rels"
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                full = target if target.startswith("/") else str(path.parent / target)
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], _normal(full))

        if self._has(source):
            self._walk(source, start)
        return found

    def _read_book(self, part: str, relations: dict[str, tuple[str, str]]) -> dict[str, str]:
        sheets: dict[str, str] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._epoch = CALENDAR_MAC_1904
            elif tag == "sheet":
                key = next(value for name, value in attributes.items() if name.endswith(":id"))
                kind, target = relations.get(key, ("", ""))
                if kind == "worksheet":  # neither a chart nor a macro sheet
                    sheets[attributes.get("name", target)] = target

        self._walk(part, start)
        return sheets

    def _read_styles(self, part: str) -> dict[str, bool]:
        """Return the cell styles that show a date, each with whether it is a duration."""
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        styles: list[int] = []
        within: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif tag == "xf" and within[-1:] == ["cellXfs"]:
                styles.append(int(attributes.get("numFmtId", "0")))
            within.append(tag)

        self._walk(part, start, end=lambda _: within.pop())
        codes = [formats.get(number, "") for number in styles]
        return {str(style): bool(is_timedelta_format(code)) for style, code in enumerate(codes) if is_date_format(code)}

    def _read_shared(self, part: str) -> None:
        pieces: list[str] = []
        within: list[str] = []

        def characters(data: str) -> None:
            if within[-1] == "t" and "rPh" not in within:  # rPh: how to pronounce it, no part of the text
                pieces.append(data)

        def end(tag: str) -> None:
            within.pop()
            if tag == "si":
                self._shared.add(unescaped("".join(pieces)))
                pieces.clear()

        self._walk(part, lambda tag, _: within.append(tag), end, characters)

    def _walk(
        self,
        part: str,
        start: _Start,
        end: Callable[[str], object] | None = None,
        characters: Callable[[str], object] | None = None,
    ) -> None:
        """Run a part through expat; the handlers get tags without a namespace's prefix."""
        parser = new_parser()
        parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
        if end is not None:
            parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        if characters is not None:
            parser.CharacterDataHandler = characters
        with self._open(part) as stream:
            while block := stream.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)


class SharedTexts:
    """The workbook's shared texts: in memory while small (32 MB), else in a temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - close() closes it
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Append one text."""
        data = text.encode()
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise IndexError(place)
        end = self._ends[place + 1]
        start = self._ends[place]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def close(self) -> None:
        """Drop the texts."""
        self._file.close()


def _normal(path: str) -> str:
    """Resolve ``..`` in a part's path and drop the leading slash."""
    parts: list[str] = []
    for step in path.lstrip("/").split("/"):
        if step == "..":
            del parts[-1:]
        elif step not in (".", ""):
            parts.append(step)
    return "/".join(parts)
