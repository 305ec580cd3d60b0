"""Deadlines of each report, and which of them have passed.

The day after receipt is day 1 and only working days count, so a report received on a day off counts from the next
working day. Many rows share few days: each distinct pair of kind and day is worked out once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.holidays import Calendar, Days
from pipeline.catalogue.time_limits import Limit, Period, TimeLimits

STEPS = {"forward": "teruskan", "answer": "jawaban", "finish": "penyelesaian"}
"""Fields of a limit and what officers read for them."""

Years = set[int]  # the class below has a method ``set``, which hides the type in its annotations
_NAT = np.datetime64("NaT")
_SPAN = 8_000_000
"""More than the days from year 1 to 9999, so a pair of code and day is one integer."""


@dataclass(frozen=True)
class DeadlineRows:
    """Deadlines aligned with the rows asked for.

    ``forward``, ``answer``, ``finish``: last days as ``datetime64[D]``, NaT where there is none or it cannot be told.
    ``overdue``: the limits passed by one working day or more, in Indonesian, ``""`` when none. ``rules``: id of the
    rule, ``""`` when none sets a limit. ``refused_years``: years without holidays, because of which a deadline or a
    count of days is missing (``Calendar.explain`` makes the line that says so).
    """

    forward: Days
    answer: Days
    finish: Days
    overdue: list[str]
    rules: list[str]
    refused_years: Years = field(default_factory=set)


class DeadlineSetter:
    """Sets deadlines by *limits* in the working days of *calendar*, and judges on the day *today* what has passed."""

    def __init__(self, calendar: Calendar, limits: TimeLimits, today: dt.date) -> None:
        self._calendar, self._limits, self._today = calendar, limits, today
        self._codes = {kind: 2 * code for code, kind in enumerate(limits.kinds)}
        periods = [limits.periods(kind, supervisory) for kind in limits.kinds for supervisory in (False, True)]
        self._starts = _starts(period for some in periods for period in some)
        firsts: list[dt.date] = self._starts.tolist()
        valid: list[Limit] = []
        # Row: kind and supervisory; column: starts that the day has reached; cell: place in *valid* + 1, 0: no limit.
        self._table = np.zeros((len(periods), len(firsts) + 1), dtype=np.int64)
        for code, some in enumerate(periods):
            for period in some:
                if period.limit is not None:
                    valid.append(period.limit)
                    inside = [column for column, first in enumerate(firsts, 1) if period.holds(first)]
                    self._table[code, inside] = len(valid)
        self._ids = ["", *(limit.id for limit in valid)]
        self._lengths = [np.array([0, *(getattr(limit, name) for limit in valid)], dtype=np.int64) for name in STEPS]

    def set(self, kinds: Sequence[str], supervisory: Sequence[bool], received: Any) -> DeadlineRows:
        """Return the deadlines of reports of *kinds* received on *received*.

        Args:
            kinds: Kinds of report that the table names (``pengaduan``, ``aspirasi``, …).
            supervisory: Whether each is *berkadar pengawasan*.
            received: Days, or local times without zone: a ``datetime64`` array, pandas dates or a list of ``date``; NaT
                or None where unknown.

        Raises :class:`pipeline.errors.InputError` for a kind that the table does not name.
        """
        days = _as_days(received)
        codes = self._encode(kinds) + np.asarray(supervisory, dtype=np.bool_)
        if not len(codes) == len(days) == len(kinds):
            raise ValueError(f"kinds, supervisory, received differ in length: {len(kinds)}, {len(codes)}, {len(days)}")
        numbers = np.where(np.isnat(days), 0, days.astype(np.int64) + _SPAN // 2)  # 0 stands for NaT
        pairs, place = np.unique(codes * _SPAN + numbers, return_inverse=True)
        code, number = np.divmod(pairs, _SPAN)
        distinct = np.where(number == 0, _NAT, (number - _SPAN // 2).astype("datetime64[D]"))
        rows = self._set_distinct(code, distinct)
        return DeadlineRows(
            rows.forward[place],
            rows.answer[place],
            rows.finish[place],
            _take(rows.overdue, place),
            _take(rows.rules, place),
            rows.refused_years,
        )

    def _encode(self, kinds: Sequence[str]) -> NDArray[np.int64]:
        try:
            return np.fromiter((self._codes[kind] for kind in kinds), dtype=np.int64, count=len(kinds))
        except KeyError as error:
            self._limits.periods(error.args[0], False)  # raises with the kinds that are known
            raise

    def _set_distinct(self, codes: NDArray[np.int64], days: Days) -> DeadlineRows:
        which = self._table[codes, np.searchsorted(self._starts, days, side="right")]
        which[np.isnat(days)] = 0
        steps: list[Days] = []
        overdue, refused = [""] * len(days), set[int]()
        for n, word in zip(self._lengths, STEPS.values(), strict=True):
            ends, years = self._calendar.add_to_all(np.where(which > 0, days, _NAT), n[which])
            steps.append(ends)
            refused |= years | self._add_passed(ends, word, overdue)
        forward, answer, finish = steps
        return DeadlineRows(forward, answer, finish, overdue, _take(self._ids, which), refused)

    def _add_passed(self, ends: Days, word: str, overdue: list[str]) -> Years:
        """Write into *overdue* which *ends* have passed; return the years that lack holidays for the count."""
        counts, exact, refused = self._calendar.count_to(ends, self._today)
        passed = np.flatnonzero(counts > 0)
        for row, many, sure in zip(passed.tolist(), counts[passed].tolist(), exact[passed].tolist(), strict=True):
            text = f"{word} lewat {many} hari kerja" if sure else f"{word} lewat (jumlah hari kerja tidak diketahui)"
            overdue[row] = f"{overdue[row]}; {text}" if overdue[row] else text
        return refused


def _starts(periods: Iterable[Period]) -> Days:
    """Return the days on which any period begins or the day after one ends, in order."""
    days: set[dt.date] = set()
    for period in periods:
        days.add(period.first)
        if period.last is not None and period.last < dt.date.max:
            days.add(period.last + dt.timedelta(days=1))
    return np.array(sorted(days), dtype="datetime64[D]")


def _as_days(received: Any) -> Days:
    array = np.asarray(received)
    if array.dtype.kind != "M":
        # ``value == value`` is false for NaT and NaN of any library.
        array = np.array([value if value == value else None for value in array.tolist()], dtype="datetime64[us]")
    days: Days = array.astype("datetime64[D]")
    return np.where(np.abs(days.astype(np.int64)) < _SPAN // 2, days, _NAT)


def _take(texts: list[str], place: NDArray[np.intp]) -> list[str]:
    taken: list[str] = np.array(texts, dtype=object)[place].tolist()
    return taken
