"""Tell a file's format by its ending and its first bytes, and open it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import InputError
from pipeline.intake.delimited import DelimitedTable
from pipeline.intake.excel import ExcelTable
from pipeline.intake.records import JsonLines, ParquetTable
from pipeline.intake.table import Table

FORMATS = "csv, tsv, txt, xlsx, xlsm, parquet, jsonl"

_ENDINGS = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xls": "excel",  # never read as such, but text under this name is common
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}

#: First bytes of files that office people do pass by mistake, and what to do.
_REFUSED = (
    (b"%PDF", "a PDF, not a table", "Ask for the table as xlsx or csv."),
    (b"\x1f\x8b", "packed with gzip", "Unpack it first."),
    (b"\x89PNG", "a picture, not a table", "Ask for the table as xlsx or csv."),
    (b"\xff\xd8\xff", "a picture, not a table", "Ask for the table as xlsx or csv."),
    (b"Rar!", "a packed archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a packed archive", "Unpack it first."),
    (b"<", "a web page or XML, not a table", "Open it in Excel and save it as .xlsx."),
    (b"SQLite format 3", "a SQLite database", "Export the table as csv."),
)
_MARK = b"\xef\xbb\xbf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(path: Path, file: str, usable: Callable[[list[str], bool], bool]) -> Table:
    """Open one regular file; its ending says the format, its content where the ending lies.

    Args:
        path: Where the bytes are.
        file: The name for messages (``-`` for standard input).
        usable: Tells whether columns would serve (for workbooks with several sheets).

    Raises:
        InputError: Missing, empty, damaged or of no known format.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
            if start.startswith(_OLE):
                raise _ole_error(start + stream.read(1 << 22), file)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=file) from error
    if not start:
        raise InputError("the file is empty", file=file, hint="Export it again, or name another file.")
    for magic, what, hint in _REFUSED:
        if start.removeprefix(_MARK).lstrip().startswith(magic):
            raise InputError(f"the file is {what}", file=file, hint=hint)
    kind = _by_content(start) or _ENDINGS.get(path.suffix.lower() if file != "-" else "")
    if kind is None and file != "-":
        raise InputError(f"unknown ending; known are {FORMATS}", file=file, hint="Save the file as csv or xlsx.")
    if kind in ("excel", "parquet") and not _by_content(start) and _is_text(start):
        kind = "delimited"  # an application that writes text and calls it a workbook
    if kind == "excel":
        return ExcelTable(path, file, usable)
    if kind == "parquet":
        return ParquetTable(path, file)
    if kind == "jsonl":
        return JsonLines(path, file)
    return DelimitedTable(path, file)


def _by_content(start: bytes) -> str | None:
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "excel"
    if start.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if start.removeprefix(_MARK).lstrip().startswith(b"{") else None


def _is_text(start: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\n\r" for byte in start)


def _ole_error(content: bytes, file: str) -> InputError:
    """An OLE file is a workbook locked with a password, or an old .xls."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        hint = "Open it in Excel, remove the password and save it again."
        return InputError("the workbook is protected by a password", file=file, hint=hint)
    return InputError("this is an old Excel file (.xls)", file=file, hint="Open it and save it as .xlsx.")
