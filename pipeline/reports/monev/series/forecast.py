"""Expected complaints per unit in the next weeks, with intervals; shown only where they beat the naive forecast."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.reports.monev.series.backtest import LEAST_A_WEEK, backtest, weeks_needed
from pipeline.reports.monev.series.intervals import Errors, bounds
from pipeline.reports.monev.series.poisson import Floats
from pipeline.review.web.words import number

HORIZON = 8
_RECENT = 26
"""Weeks over which a unit has to have a complaint a week."""


@dataclass(frozen=True)
class Expected:
    """A mean count with its central 80 % and 95 % prediction intervals (whole complaints, ends included)."""

    mean: float
    low80: int
    high80: int
    low95: int
    high95: int


@dataclass(frozen=True)
class UnitForecast:
    """What is expected of a unit.

    ``weeks``: the Mondays; ``by_week``: one a week; ``total``: of all these weeks together. ``error`` and
    ``baseline_error``: mean absolute error a week, complaints, over the ``origins`` judged; ``inside80``,
    ``inside95``: share of the judged weeks that lay in the intervals made before them.
    """

    unit: str
    weeks: tuple[dt.date, ...]
    by_week: tuple[Expected, ...]
    total: Expected
    method: str
    baseline: str
    error: float
    baseline_error: float
    inside80: float
    inside95: float
    origins: int

    @property
    def sentence(self) -> str:
        """What people read of it."""
        gain = round(100 * (1 - self.error / self.baseline_error))
        return (
            f"{len(self.weeks)} pekan ke depan diperkirakan {number(round(self.total.mean))} aduan "
            f"(80 %: {number(self.total.low80)}–{number(self.total.high80)}; "
            f"95 %: {number(self.total.low95)}–{number(self.total.high95)}). "
            f"Galat perkiraan {gain} % lebih kecil daripada {self.baseline}."
        )


@dataclass(frozen=True)
class NotShown:
    """A unit without a forecast, and why (Indonesian)."""

    unit: str
    reason: str


def forecast(counts: pd.DataFrame, horizon: int = HORIZON) -> list[UnitForecast | NotShown]:
    """Return the forecast of each column of *counts* for the *horizon* weeks after its last row, in order.

    Args:
        counts: Whole ISO weeks (DatetimeIndex of Mondays without a gap) × units, as
            :func:`pipeline.reports.monev.series.counting.count_periods` makes them.
        horizon: Weeks.

    Not shown: every unit where there are fewer weeks than the backtest takes; a unit with less than a complaint a week
    over the last half year; a unit whose forecast does not beat the harder of the naive forecasts by more than noise.

    Raises :class:`ValueError` where *counts* are not such weeks.
    """
    weeks = check_weeks(counts)
    need = weeks_needed(horizon)
    if len(weeks) < need:
        reason = f"riwayat baru {len(weeks)} pekan utuh; perlu {need} pekan"
        return [NotShown(str(unit), reason) for unit in counts.columns]
    if not len(counts.columns):
        return []
    Y = counts.to_numpy(dtype=float)
    record = backtest(Y, horizon)
    errors = Errors(record.origins, record.expected, record.seen)
    mean = record.method.run(Y, horizon)
    weekly = _expected(mean, errors.weekly(len(Y)))
    total = _expected(mean.sum(axis=0, keepdims=True), errors.total(len(Y)))
    inside80, inside95 = (errors.inside(record.judged, share).mean(axis=(0, 1)) for share in (0.80, 0.95))
    ahead = tuple((weeks[-1] + pd.Timedelta(weeks=k)).date() for k in range(1, horizon + 1))
    recent = Y[-_RECENT:].mean(axis=0)
    found: list[UnitForecast | NotShown] = []
    for j, unit in enumerate(map(str, counts.columns)):
        rival = record.rival[j].name
        if recent[j] < LEAST_A_WEEK:
            found.append(NotShown(unit, f"kurang dari satu aduan sepekan dalam {_RECENT} pekan terakhir"))
        elif not record.beats[j]:
            found.append(NotShown(unit, f"perkiraan tidak terbukti lebih tepat daripada {rival}"))
        else:
            found.append(
                UnitForecast(
                    unit, ahead, weekly[j], total[j][0], record.method.name, rival,
                    float(record.loss[:, j].mean()), float(record.rival_loss[:, j].mean()),
                    float(inside80[j]), float(inside95[j]), len(record.judged),
                )
            )  # fmt: skip
    return found


def _expected(mean: Floats, spreads: Floats) -> list[tuple[Expected, ...]]:
    """Return the means and intervals of each unit (columns of *mean*), a step a row."""
    low80, high80 = bounds(mean, spreads, 0.80)
    low95, high95 = bounds(mean, spreads, 0.95)
    ends = np.stack([low80, high80, low95, high95], axis=-1).transpose(1, 0, 2).tolist()
    return [
        tuple(Expected(value, *four) for value, four in zip(values, unit, strict=True))
        for values, unit in zip(mean.T.tolist(), ends, strict=True)
    ]


def check_weeks(counts: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the index of *counts*. Raises :class:`ValueError` unless it is Mondays without a gap."""
    index = counts.index
    if not isinstance(index, pd.DatetimeIndex) or (index.day_of_week != 0).any():
        raise ValueError("counts need a DatetimeIndex of Mondays")
    if (np.diff(index.to_numpy()) != np.timedelta64(7, "D")).any():
        raise ValueError("counts need every week once, in order")
    return index
