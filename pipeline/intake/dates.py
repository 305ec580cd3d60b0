"""Dates as they stand in Indonesian complaint tables.

Read are: ``5 Jan 2021``, ``5 Mei 2021``, ``Senin, 17 Agustus 2022 10.30 WIB``, ``Jan 5, 2021``,
``05/01/2021`` (the day first, as Indonesia writes it), ``2021-01-05``, ISO 8601, ``20210105``, date values
and Excel's day numbers. A time zone in the value is turned into WIB (UTC+7) and dropped; a local one (WIB,
WITA, WIT) is dropped. Whatever else: NaT, no guess.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

WIB = dt.timezone(dt.timedelta(hours=7))

#: Excel's day numbers of 1954-10-03 … 2119-01-12: a smaller or larger number is no date.
_SERIALS = range(20_000, 80_000)
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)

_MONTH_NAMES = (
    "jan januari january",
    "feb februari february peb pebruari",
    "mar maret march mrt",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "agu agustus august aug agt ags agus agst",
    "sep september sept",
    "okt oktober october oct",
    "nov november nop nopember",
    "des desember december dec",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}

_DAY_NAME = re.compile(
    r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b[.,]?\s*",
    re.IGNORECASE,
)
_TIME = (
    r"(?:[T,\s]+(?:pukul|jam|pkl)?\.?\s*"
    r"(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?)\s*(?P<half>[ap]m)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}|wib|wita|wit)?"
_SHAPES = tuple(
    re.compile(rf"{day}{_TIME}{_ZONE}", re.IGNORECASE)
    for day in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4}|\d{2})",
        r"(?P<d>\d{1,2})[\s.-]*(?P<name>[a-z]+)[\s.,-]*(?P<y>\d{4}|\d{2})",
        r"(?P<name>[a-z]+)\.?\s*(?P<d>\d{1,2}),?\s+(?P<y>\d{4})",
    )
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6})\d*)?)?")
_LOCAL_ZONES = frozenset({"wib", "wita", "wit"})


def parse_dates(values: Sequence[object], times: Sequence[object] | None = None) -> pd.Series:
    """Return *values* as ``datetime64[us]``, NaT where a value is missing or no date.

    Args:
        values: Text, dates, timestamps or Excel day numbers, mixed at will.
        times: Times of day (text such as ``23:45:54`` or ``datetime.time``) aligned with *values*; each is
            added where the date has no time of its own.
    """
    dates = [parse_date(value) for value in values]
    if times is not None:
        dates = [_with_time(date, time) for date, time in zip(dates, times, strict=True)]
    return pd.Series(pd.array(dates, dtype="datetime64[us]"), name=None)


def parse_date(value: object) -> dt.datetime | None:
    """Return one value as a naive local time, ``None`` where it is no date."""
    if isinstance(value, str):
        return _parse_text(value)
    if value is None or value is pd.NaT or value is pd.NA or isinstance(value, bool):
        return None
    if isinstance(value, dt.datetime):
        return _local(value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, (int, float)):
        return _from_number(value)
    return None


def _from_number(value: float) -> dt.datetime | None:
    if not math.isfinite(value):
        return None
    if int(value) in _SERIALS:
        # Excel keeps days as floats; the nearest second undoes the rounding.
        return _EXCEL_EPOCH + dt.timedelta(seconds=round(value * 86_400))
    return _parse_text(str(int(value))) if float(value).is_integer() and 1e7 <= value < 1e8 else None


@lru_cache(maxsize=200_000)
def _parse_text(text: str) -> dt.datetime | None:
    """Parse text; the cache makes a million rows with a few thousand distinct days cheap."""
    if len(text) > 80:  # the longest written date has some 50 characters; longer text is prose
        return None
    text = _DAY_NAME.sub("", text.strip())
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _from_number(float(text))
    found = next((match for shape in _SHAPES if (match := shape.fullmatch(text))), None)
    if found is None or not text.isascii():
        return None
    parts = found.groupdict()
    month = MONTHS.get(parts["name"].lower()) if parts.get("name") else int(parts["m"])
    clock = _clock(parts["time"], parts["half"]) if parts["time"] else dt.time()
    if month is None or clock is None:
        return None
    try:
        date = dt.datetime.combine(dt.date(_year(parts["y"]), month, int(parts["d"])), clock)
        return _local(date.replace(tzinfo=_zone(parts["zone"])))
    except (ValueError, OverflowError):  # 31 February, or a zone that leaves year 1…9999
        return None


def _year(digits: str) -> int:
    """Two digits mean 1970…2069, as POSIX has it."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


def _clock(text: str, half: str | None = None) -> dt.time | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    micro = int((match[4] or "").ljust(6, "0"))
    return dt.time(hour, minute, second, micro) if hour < 24 and minute < 60 and second < 60 else None


def _zone(text: str | None) -> dt.tzinfo | None:
    if not text or text.lower() in _LOCAL_ZONES:  # WIB, WITA, WIT: local time as written
        return None
    if text.upper() in ("Z", "UTC"):
        return dt.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _local(date: dt.datetime) -> dt.datetime | None:
    try:
        return date if date.tzinfo is None else date.astimezone(WIB).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _with_time(date: dt.datetime | None, time: object) -> dt.datetime | None:
    if date is None or date.time() != dt.time():
        return date
    if isinstance(time, dt.datetime):
        time = time.time()
    if isinstance(time, str):
        time = _clock(time)
    return dt.datetime.combine(date, time.replace(tzinfo=None)) if isinstance(time, dt.time) else date
