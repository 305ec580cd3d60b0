"""Read csv, tsv and other delimited text: delimiter, encoding and header row are found out.

Row numbers are those that a spreadsheet shows after opening the file: each record and each blank line counts
one, however many lines its cells have; the header is row 1 unless information rows stand above it.
Figures: docs/format-masukan.md.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pipeline.errors import InputError
from pipeline.intake import sp4n
from pipeline.intake.batch import Chunk, Reject, Row, chunked
from pipeline.intake.columns import unique_names
from pipeline.intake.encoding import KEEP_WRONG_BYTES, Encoding, find_encoding, wrong_byte
from pipeline.intake.quotes import Record, read_records

DELIMITERS = (",", ";", "\t", "|")

#: Stands for "one column only": a character that no text holds, so that commas stay inside the cell.
_NO_DELIMITER = "\x1f"
_SAMPLE_LINES = 400


class DelimitedTable:
    """A delimited text file.

    Raises:
        InputError: No header row, or a wrong byte in it.
    """

    def __init__(self, path: Path, file: str) -> None:
        self._path, self._file = path, file
        self._encoding = find_encoding(path)
        with self._lines() as lines:
            sample = list(islice(lines, _SAMPLE_LINES))
        self._delimiter, header, below = _find_layout(sample)
        if header is None:
            raise InputError("no header row found", file=file, hint="The first row must hold the columns' names.")
        self._header_row = header.number
        cells = header.cells
        self._refuse_wrong_header(cells)
        used = max((len(_trimmed(record.cells)) for record in below), default=0)
        self._width = max(len(_trimmed(cells)), min(used, len(cells)))
        self.names = unique_names(cells[: self._width])
        self.is_export = sp4n.is_export(self.names)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Read the rows from the start, *size* at a time."""
        return chunked(self._rows(), self.names, size)

    def _rows(self) -> Iterator[Row | Reject]:
        width, suspicious = self._width, self._encoding.has_wrong_bytes
        with self._lines() as lines:
            for number, cells, broken in read_records(lines, self._delimiter, width, self._header_row):
                if number <= self._header_row:
                    continue
                if broken:
                    yield self._reject(number, 'tanda kutip (") dibuka tetapi tidak ditutup; perbaiki baris ini')
                    continue
                if len(cells) != width:
                    if any(cells[width:]):
                        reason = f"jumlah kolom {len(cells)}, seharusnya {width}; periksa pemisah dan tanda kutip"
                        yield self._reject(number, reason)
                        continue
                    cells = cells[:width] + [""] * (width - len(cells))
                if suspicious and (wrong := self._wrong_byte_reason(cells)):
                    yield self._reject(number, wrong)
                    continue
                yield Row(number, cells)

    def _reject(self, number: int, reason: str) -> Reject:
        return Reject(self._file, number, reason)

    def _wrong_byte_reason(self, cells: list[str]) -> str | None:
        if wrong_byte("".join(cells)) is None:
            return None
        name, byte = next((n, b) for n, cell in zip(self.names, cells, strict=True) if (b := wrong_byte(cell)))
        return f"kolom '{name}': byte {byte} bukan {self._encoding.shown} yang sah; simpan ulang sebagai UTF-8"

    def _refuse_wrong_header(self, cells: list[str]) -> None:
        for place, cell in enumerate(cells, start=1):
            if byte := wrong_byte(cell):
                what = f"byte {byte} in the name of column {place} is no valid {self._encoding.shown}"
                raise InputError(what, file=self._file, row=self._header_row, hint="Save the file as UTF-8.")

    @contextmanager
    def _lines(self) -> Iterator[Iterator[str]]:
        encoding: Encoding = self._encoding
        with self._path.open("rb") as stream:
            stream.seek(encoding.mark)
            # newline="": line ends stay as they are, so that cells over several lines do too.
            text = io.TextIOWrapper(stream, encoding.codec, errors=KEEP_WRONG_BYTES, newline="")
            with text:
                yield text


def _find_layout(sample: list[str]) -> tuple[str, Record | None, list[Record]]:
    """Return the delimiter, the header record and the sampled records below it.

    The export's header (a cell ``Tracking ID``) decides. Else the header is the first record, and that
    delimiter wins by which the most records have as many cells as the header, then the one with more cells.
    """
    best: tuple[tuple[float, int], str, Record, list[Record]] | None = None
    for delimiter in DELIMITERS:
        records = list(read_records(sample, delimiter))
        place = sp4n.find_header([record.cells for record in records])
        good = [record for record in records if not record.broken]
        if place is not None and len(records[place].cells) > 1:
            return delimiter, records[place], records[place + 1 :]
        if not good or len(good[0].cells) < 2:
            continue
        header, *below = good
        counts = Counter(len(record.cells) for record in below)
        score = counts[len(header.cells)] / max(1, len(below))
        if best is None or (score, len(header.cells)) > best[0]:
            best = ((score, len(header.cells)), delimiter, header, below)
    if best is not None:
        return best[1], best[2], best[3]
    records = [record for record in read_records(sample, _NO_DELIMITER) if not record.broken]
    return _NO_DELIMITER, (records[0] if records else None), records[1:]


def _trimmed(cells: list[str]) -> list[str]:
    """Drop empty cells at the end (spreadsheets save ``a;b;;;;``)."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
