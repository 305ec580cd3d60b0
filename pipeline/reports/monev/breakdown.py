"""The same figures for each unit, kind, region and channel, and for each unit and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reports.monev.cohort import Cohort, Mask, cohort, months_until
from pipeline.reports.monev.definitions import Definitions
from pipeline.reports.monev.number import Number, count, proportion
from pipeline.reports.monev.period import Period
from pipeline.reports.monev.reading import Reports

BY = {"unit": "Unit", "kind": "Jenis", "region": "Wilayah", "channel": "Kanal", "level": "Urgensi"}
"""Columns that figures are broken down by → what people read."""
NOT_NAMED = "(tidak disebut)"
"""Name of the group of rows that leave the column empty."""


@dataclass(frozen=True)
class Group:
    """One unit, kind, region or channel in a period.

    ``received``: its reports and their growth; ``completion``: ``tingkat_selesai``, ``None`` without statuses.
    ``completed``, ``archived_or_blocked``, ``open``, ``late``: rows; they need not add up (a status may be unknown).
    ``few``: too few rows for its rate ("terlalu sedikit"). ``behind``: its whole interval lies below
    the rate of all reports. ``is_named``: False for :data:`NOT_NAMED`.
    """

    name: str
    received: Number
    completion: Number | None
    completed: int
    archived_or_blocked: int
    open: int
    late: int
    few: bool
    behind: bool
    is_named: bool = True

    @property
    def shown_rate(self) -> Number | None:
        """The rate where it tells something: of enough rows, or of few that clearly lag."""
        return None if self.few and not self.behind else self.completion


@dataclass(frozen=True, eq=False)
class UnitMonths:
    """Reports of each unit (rows) and month of receipt (columns).

    ``received``, ``completed``: int64 [units, months]; ``rate``: their ratio, NaN where nothing was received. Units
    stand in the order of their reports in all months; rows without a unit are :data:`NOT_NAMED`, last.
    """

    units: tuple[str, ...]
    months: tuple[Period, ...]
    received: NDArray[np.int64]
    completed: NDArray[np.int64]

    @property
    def rate(self) -> NDArray[np.float64]:
        """Share completed of what was received."""
        some = np.maximum(self.received, 1)
        return np.where(self.received > 0, self.completed / some, np.nan)


def groups(now: Cohort, before: Cohort | None, by: str, late: Mask, definitions: Definitions) -> tuple[Group, ...]:
    """Return the groups of *now* by a column of :data:`BY`: the largest first, those without a name last.

    *late*: which rows of *now* have passed a limit. Groups that had reports only before are not among them.
    """
    names = [*now.reports.frame[by].cat.categories, NOT_NAMED]
    size = len(names)

    def tally(some: Cohort, rows: Mask | None = None) -> list[int]:
        codes = some.codes(by)
        codes = np.where(codes < 0, size - 1, codes)
        counted: list[int] = np.bincount(codes if rows is None else codes[rows], minlength=size).tolist()
        return counted

    received, completed, opened, overdue = tally(now), tally(now, now.completed), tally(now, now.open), tally(now, late)
    dropped = tally(now, ~now.valid)
    earlier = None if before is None else list(zip(tally(before, before.completed), tally(before), strict=True))
    overall = sum(completed) / max(sum(received), 1)
    found = []
    for place in sorted(range(size), key=lambda place: (place == size - 1, -received[place], names[place])):
        if not received[place]:
            continue
        hits_n = earlier[place] if earlier else None
        rate = proportion(definitions["tingkat_selesai"], (completed[place], received[place]), hits_n)
        few = received[place] < definitions.enough
        # Wilson's interval is honest for few rows, too: who clearly lags is named however small.
        behind = now.has_stages and rate.high is not None and rate.high < overall
        found.append(
            Group(
                names[place], count(definitions["diterima"], received[place], hits_n and hits_n[1]),
                rate if now.has_stages else None, completed[place], dropped[place], opened[place], overdue[place],
                few, behind, is_named=place < size - 1,
            )
        )  # fmt: skip
    return tuple(found)


def unit_months(reports: Reports, period: Period, as_of: dt.date, most: int = 12) -> UnitMonths:
    """Return counts by unit and month: the months of the data up to the end of *period*, at most the last *most*."""
    months = months_until(reports, period, most)
    names = [*reports.frame["unit"].cat.categories, NOT_NAMED]
    received = np.zeros((len(names), len(months)), dtype=np.int64)
    completed = np.zeros_like(received)
    for column, month in enumerate(months):
        rows = cohort(reports, month, as_of)
        codes = rows.codes("unit")
        codes = np.where(codes < 0, len(names) - 1, codes)
        received[:, column] = np.bincount(codes, minlength=len(names))
        completed[:, column] = np.bincount(codes[rows.completed], minlength=len(names))
    total = received.sum(axis=1)
    order = _in_order(names, total.tolist())
    return UnitMonths(tuple(names[place] for place in order), months, received[order], completed[order])


def _in_order(names: Sequence[str], total: Sequence[int]) -> list[int]:
    """Return the places with any report, the largest first, the last name (none) at the end."""
    last = len(names) - 1
    places = (place for place in range(len(names)) if total[place])
    return sorted(places, key=lambda place: (place == last, -total[place], names[place]))
