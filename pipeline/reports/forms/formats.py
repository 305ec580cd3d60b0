"""Values as Indonesian readers write them, and texts that every form can hold."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from numbers import Integral, Real
from typing import Any, Final

from pipeline.reports.blocks import Column
from pipeline.review.clock import MONTHS
from pipeline.review.web.words import number

DASH: Final = "–"
NO_ROWS: Final = "Tidak ada baris."
_SPACE: Final = "\N{NO-BREAK SPACE}"
_DIGITS: Final = {"share": 2, "decimal": 1, "change": 1}
#: Characters that XML 1.0, and so SVG and xlsx, cannot hold, and lone halves of emoji.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: They turn the direction of what follows: a text could disorder its neighbours.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def plain(text: object) -> str:
    """Return *text* as a string without characters that a form cannot hold."""
    found = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return _TURNING.sub("", _ILLEGAL.sub("", found))


def raw(value: Any) -> Any:
    """Return *value* as the forms tell it apart: ``None``, str, bool, int, float or date.

    NaN, infinities, NaT and pandas' NA are ``None``; numpy's numbers become Python's; a time of day is dropped.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.date):  # pandas' NaT, too, is one
        return dt.date(value.year, value.month, value.day) if value == value else None
    found = plain(value)
    return None if found in {"<NA>", "NaT"} else found


def digits_of(column: Column, *, heat: bool = False) -> int:
    """Return the digits after the comma; in a *heat* table, whose cells are narrow, shares have none by default."""
    if column.digits is not None:
        return column.digits
    return 0 if heat and column.kind == "share" else _DIGITS.get(column.kind, 0)


def cell(value: Any, column: Column, *, heat: bool = False) -> str:
    """Return a table's cell: ``1.234``; ``86,88 %``; ``4,5``; ``28/11/2026``; ``+3,2 poin``; a dash for none."""
    found = raw(value)
    if found is None:
        return DASH
    if isinstance(found, str):
        return plain(found)
    if isinstance(found, bool):
        return "ya" if found else "tidak"
    if isinstance(found, dt.date):
        return day(found)
    digits = digits_of(column, heat=heat)
    if column.kind == "share":
        return share(found, digits)
    if column.kind == "change":
        return signed(found) if isinstance(found, int) else points(found, digits)
    return number(found, digits if column.kind == "decimal" or isinstance(found, int) else max(digits, 1))


def share(value: float, digits: int = 2) -> str:
    """Return a share of 1 as ``86,88 %``, with a space that does not break."""
    return f"{_minus(number(_rounded(100 * value, digits), digits))}{_SPACE}%"


def points(value: float, digits: int = 1) -> str:
    """Return a difference of two shares of 1 as ``+3,2 poin``."""
    return f"{signed(100 * value, digits)}{_SPACE}poin"


def signed(value: float, digits: int = 0) -> str:
    """Return ``+12`` or ``−1,5``; zero has no sign."""
    found = _rounded(value, digits)
    return ("+" if found > 0 else "") + _minus(number(found, digits))


def day(value: dt.date) -> str:
    """Return ``28/11/2026``."""
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def month(value: dt.date) -> str:
    """Return ``Okt 2026``."""
    return f"{MONTHS[value.month - 1][:3]} {value.year}"


def slug(text: str) -> str:
    """Return *text* as an address in a page: lower-case letters, digits and hyphens, never empty."""
    folded = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60].strip("-") or "bagian"


def _rounded(value: float, digits: int) -> float:
    return round(value, digits) + 0.0  # no minus before a zero


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
