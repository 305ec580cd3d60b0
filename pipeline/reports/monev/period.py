"""The period that a report is about: whole months, named as on the command line and as people read it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.errors import OptionError
from pipeline.review.clock import MONTHS

_QUARTERS = ("I", "II", "III", "IV")
_YEARS = range(1990, 2100)
"""The years that intake takes for dates of complaints."""
_MONTH = r"(\d{4})-(\d{1,2})"
_HINT = "Write 2026-10, 2026-Q3, 2026 or 2026-01..2026-06."


@dataclass(frozen=True)
class Period:
    """Whole months from ``first`` to ``last``, both inclusive; make one with :func:`parse_period`.

    ``name`` is the canonical form of what the command line takes (``2026-10``, ``2026-Q3``, ``2026``,
    ``2026-01..2026-06``): the same days have the same name, however they were written.
    """

    name: str
    first: dt.date
    last: dt.date

    @cached_property
    def label(self) -> str:
        """What people read: ``Oktober 2026``, ``Triwulan III 2026``, ``2026``, ``Januari–Juni 2026``."""
        start, end = MONTHS[self.first.month - 1], MONTHS[self.last.month - 1]
        if re.fullmatch(r"\d{4}", self.name):
            return self.name
        if "Q" in self.name:
            return f"Triwulan {_QUARTERS[self.first.month // 3]} {self.first.year}"
        if self._count == 1:
            return f"{start} {self.first.year}"
        if self.first.year == self.last.year:
            return f"{start}–{end} {self.first.year}"
        return f"{start} {self.first.year}–{end} {self.last.year}"

    @property
    def previous(self) -> Period:
        """The period of as many months just before."""
        start = _number(self.first)
        return _period(start - self._count, start - 1)

    @property
    def months(self) -> tuple[Period, ...]:
        """Each month of it as a period, in order."""
        return tuple(_period(number, number) for number in range(_number(self.first), _number(self.last) + 1))

    @property
    def days(self) -> int:
        """Days in it."""
        return (self.last - self.first).days + 1

    @property
    def _count(self) -> int:
        return _number(self.last) - _number(self.first) + 1

    def holds(self, day: dt.date) -> bool:
        """Tell whether *day* lies in it."""
        return self.first <= day <= self.last


def parse_period(text: str) -> Period:
    """Return the period that *text* names: ``2026-10``, ``2026-Q3``, ``2026`` or ``2026-01..2026-06``.

    Raises :class:`OptionError` for anything else, a month that is none, an end before its beginning, or a year outside
    1990–2099.
    """
    plain = text.strip()
    if found := re.fullmatch(r"(\d{4})", plain):
        start, end = (int(found[1]), 1), (int(found[1]), 12)
    elif found := re.fullmatch(r"(\d{4})-?[qQ]([1-4])", plain):
        quarter = int(found[2])
        start, end = (int(found[1]), 3 * quarter - 2), (int(found[1]), 3 * quarter)
    elif found := re.fullmatch(rf"{_MONTH}(?:\.\.{_MONTH})?", plain):
        start = int(found[1]), int(found[2])
        end = (int(found[3]), int(found[4])) if found[3] else start
    else:
        raise OptionError(f"{text!r} is not a period. {_HINT}")
    for year, month in (start, end):
        if year not in _YEARS or not 1 <= month <= 12:
            raise OptionError(f"{text!r} is not a period: there is no month {month} of {year} in 1990-2099. {_HINT}")
    if end < start:
        raise OptionError(f"{text!r} is not a period: it ends before it begins. {_HINT}")
    return _period(12 * start[0] + start[1] - 1, 12 * end[0] + end[1] - 1)


def month_of(day: dt.date) -> Period:
    """Return the month that *day* lies in."""
    return _period(_number(day), _number(day))


def _number(day: dt.date) -> int:
    """Count months, so that they can be added."""
    return 12 * day.year + day.month - 1


def _period(start: int, end: int) -> Period:
    (year, month), (last_year, last_month) = divmod(start, 12), divmod(end, 12)
    first = dt.date(year, month + 1, 1)
    last = dt.date(last_year, last_month + 1, calendar.monthrange(last_year, last_month + 1)[1])
    count = end - start + 1
    if count == 12 and month == 0:
        name = f"{year}"
    elif count == 3 and month % 3 == 0:
        name = f"{year}-Q{month // 3 + 1}"
    else:
        name = f"{first:%Y-%m}" if count == 1 else f"{first:%Y-%m}..{last:%Y-%m}"
    return Period(name, first, last)
