"""The reports received in a period, as they stood on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.reports.monev.period import Period, month_of
from pipeline.reports.monev.reading import Reports
from pipeline.reports.monev.statuses import (
    ARCHIVED,
    BLOCKED,
    CLOSERS,
    COMPLETED,
    FOLLOWED,
    FORWARDED,
    OPEN,
    RECEIVED,
    STAGES,
    Meaning,
)

Mask = NDArray[np.bool_]
_STAGES = list(STAGES)
_CLOSERS = list(CLOSERS)
_FINISHED = [_STAGES.index(stage) for stage in STAGES if stage not in OPEN]


@dataclass(frozen=True, eq=False)
class Cohort:
    """Rows of *reports* (numbers in its frame, ascending) as they stood at the end of ``as_of``.

    ``stage``: place in :data:`STAGES` of each row, -1 where the data have no status.
    """

    reports: Reports
    as_of: dt.date
    rows: NDArray[np.int64]
    stage: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_stages(self) -> bool:
        """Tell whether the data have statuses."""
        return "stage" in self.reports.has

    def at(self, *stages: str) -> Mask:
        """Tell which rows are in one of *stages*."""
        return np.isin(self.stage, [_STAGES.index(stage) for stage in stages])

    @cached_property
    def open(self) -> Mask:
        """Rows that still wait for somebody."""
        return self.at(*OPEN)

    @cached_property
    def completed(self) -> Mask:
        """Rows that count as completed."""
        return self.at(COMPLETED)

    @cached_property
    def valid(self) -> Mask:
        """Rows that were neither archived nor blocked: those that a unit can complete."""
        return ~self.at(ARCHIVED, BLOCKED)

    @cached_property
    def forwarded(self) -> Mask:
        """Rows that a unit has got: the office's column names one, or the status says so."""
        reports = self.reports
        named = reports.frame["unit"].cat.codes.to_numpy()[self.rows] >= 0
        by_status = self._flags("forwarded")
        return by_status if reports.unit_is_suggestion else by_status | named

    @cached_property
    def followed(self) -> Mask:
        """Rows that a unit has answered."""
        return self._flags("followed")

    @property
    def says_forwarded(self) -> bool:
        """Tell whether the data say which rows were forwarded at all."""
        return self.has_stages or ("unit" in self.reports.has and not self.reports.unit_is_suggestion)

    @cached_property
    def closer(self) -> NDArray[np.int8]:
        """Place in :data:`CLOSERS` of who closed each row, -1 where it is not completed."""
        lookup = [_CLOSERS.index(meaning.closer) if meaning else -1 for meaning in self._meanings]
        codes = np.array([*lookup, -1], dtype=np.int8)[self._status]
        return np.where(self.completed, codes, np.int8(-1))

    def codes(self, column: str) -> NDArray[np.int64]:
        """Return the number of each row's category of *column*, -1 where it is missing."""
        return self.reports.frame[column].cat.codes.to_numpy()[self.rows].astype(np.int64)

    @cached_property
    def received(self) -> NDArray[np.datetime64]:
        """Day of receipt (datetime64[D])."""
        return self.reports.frame["received"].to_numpy()[self.rows].astype("datetime64[D]")

    @cached_property
    def finished(self) -> NDArray[np.datetime64]:
        """Day on which each completed row was finished (datetime64[D]), NaT where that is not known."""
        days = self.reports.frame["finished"].to_numpy()[self.rows].astype("datetime64[D]")
        return np.where(self.completed, days, np.datetime64("NaT", "D"))

    @cached_property
    def age(self) -> NDArray[np.int64]:
        """Calendar days from receipt to ``as_of``."""
        return (np.datetime64(self.as_of, "D") - self.received).astype(np.int64)

    @property
    def _status(self) -> NDArray[np.int64]:
        return self.codes("status")

    @property
    def _meanings(self) -> list[Meaning | None]:
        statuses = self.reports.statuses
        return [statuses.find(name) for name in self.reports.frame["status"].cat.categories]

    def _flags(self, name: str) -> Mask:
        """Return a flag of each row's status; a row that was finished after ``as_of`` keeps that of its last one."""
        lookup = [bool(meaning and getattr(meaning, name)) for meaning in self._meanings]
        return np.array([*lookup, False], dtype=np.bool_)[self._status]


def cohort(reports: Reports, period: Period | None, as_of: dt.date) -> Cohort:
    """Return the reports received in *period* (``None``: ever) and not after *as_of*.

    The status is the newest in the data, whatever its day: an export tells no earlier one. Only where the data have a
    finish date is it known what stood otherwise: a row finished after *as_of* counts as open.
    """
    received = reports.frame["received"].to_numpy()
    end = np.datetime64(as_of, "D") + 1
    inside = received < end  # NaT is smaller than nothing
    if period is not None:
        inside &= (received >= np.datetime64(period.first)) & (received < np.datetime64(period.last) + 1)
    rows = np.flatnonzero(inside)
    stage = reports.frame["stage"].cat.codes.to_numpy()[rows].astype(np.int8)
    found = Cohort(reports, as_of, rows, stage)
    if "finished" not in reports.has:
        return found
    later = (reports.frame["finished"].to_numpy()[rows] >= end) & np.isin(stage, _FINISHED)
    # An archived report was open before, too, but nobody need have answered it or passed it on.
    was = np.select(
        [found.followed, found.forwarded], [_STAGES.index(FOLLOWED), _STAGES.index(FORWARDED)], _STAGES.index(RECEIVED)
    )
    return Cohort(reports, as_of, rows, np.where(later, was, stage).astype(np.int8))


def previous_cohort(reports: Reports, period: Period, as_of: dt.date) -> Cohort:
    """Return the cohort of the period before, as it stood as many days after its end as *as_of* is after *period*'s.

    Where *as_of* lies inside *period*, as many days of both count.
    """
    before = period.previous
    if as_of >= period.last:
        return cohort(reports, before, before.last + (as_of - period.last))
    return cohort(reports, before, min(before.last, before.first + (as_of - period.first)))


def covered_until(reports: Reports, as_of: dt.date, slack: int = 0) -> dt.date:
    """Return the last day up to *as_of* that the data cover.

    That is *as_of* where a report came later, or at most *slack* days before it: no report need come on the last days.
    """
    newest: dt.date = reports.frame["received"].max().date()
    return as_of if newest >= as_of - dt.timedelta(days=slack) else newest


def months_until(reports: Reports, period: Period, most: int = 12) -> tuple[Period, ...]:
    """Return the months of the data up to the end of *period*, at most the last *most*."""
    received = reports.frame["received"]
    early = received[received < pd.Timestamp(period.last) + pd.Timedelta(days=1)]
    if early.empty:
        return ()
    first = month_of(early.min().date()).first
    found: list[Period] = []
    month = month_of(period.last)
    while month.first >= first and len(found) < most:
        found.append(month)
        month = month.previous
    return tuple(reversed(found))
