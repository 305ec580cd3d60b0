"""Did complaints on a theme change after an office changed something? An interrupted time series with its uncertainty.

The line before the change (level, trend, and the year's course where two years are known) is carried on as what would
have come without it; what came is compared with it. In a segmented regression with a level and a trend of its own
after the change (Wagner et al. 2002; Bernal, Cummins and Gasparrini 2017) the fitted counts after it sum to the seen
ones, so the relative change is theirs, too; unlike there, no counts at all after the change are no problem.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from pipeline.reports.monev.series import poisson
from pipeline.reports.monev.series.poisson import Floats
from pipeline.reports.monev.series.spans import Spans, spans
from pipeline.review.web.words import number

FEWEST_BEFORE, FEWEST_AFTER = 8, 3
FEWEST_COUNTS_BEFORE, FEWEST_EXPECTED = 30, 10
LEVEL = 0.95
_TREND_SD = 0.2
"""Prior standard deviation of the yearly trend (log scale). A trend of a dozen months, carried on freely, is no
forecast: 13-19 % false alarms on real counts, 3-5 % with this one (docs/forecast.md)."""
_SEASON_SD = 0.3
_HARMONICS = 1
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Point:
    """A period of the chart: the day it begins, its length, complaints seen and those expected without the change."""

    begins: dt.date
    days: int
    seen: int
    expected: float
    after: bool


@dataclass(frozen=True)
class Effect:
    """The relative change after *changed_on* (-0.34 = a fall of 34 %) with its 95 % interval.

    ``seen`` and ``expected``: complaints over the ``after`` periods, and what the line before would have given;
    ``before``: periods behind the line; ``unit``: what a period is called, ``bulan`` or ``kurun empat pekan``;
    ``season``: whether the year's course is in the line; ``line``: for a chart.
    """

    changed_on: dt.date
    change: float
    low: float
    high: float
    seen: int
    expected: float
    before: int
    after: int
    unit: str
    season: bool
    line: tuple[Point, ...]

    @property
    def visible(self) -> bool:
        """Whether the interval excludes no change."""
        return self.low > 0 or self.high < 0

    @property
    def sentence(self) -> str:
        """What people read of it."""
        if not self.visible:
            return f"tidak terlihat perubahan (95 %: {_signed(self.low)} sampai {_signed(self.high)})"
        ends = sorted((abs(self.low), abs(self.high)))
        return f"{_signed(self.change)} (95 %: {_percent(ends[0])}–{_percent(ends[1])} %)"


@dataclass(frozen=True)
class TooFew:
    """No claim, and why (Indonesian)."""

    reason: str

    @property
    def sentence(self) -> str:
        """What people read of it."""
        return f"data belum cukup: {self.reason}"


def effect(counts: pd.Series, changed_on: dt.date, exposure: pd.Series | None = None) -> Effect | TooFew:
    """Return by how much *counts* changed after *changed_on* against the line before.

    Args:
        counts: Complaints on the theme in whole months (DatetimeIndex of their first days) or weeks (their first
            days), without a gap. Weeks are taken four at a time, counted from the change: single weeks hide slow
            swings, and their intervals excluded 0 at 14 % of placebo dates.
        changed_on: First day on which the change held. A month or week that it cuts is left out.
        exposure: All complaints of the same periods. The theme is measured against the others (its own are taken out,
            else a large theme's fall would hide itself), so a general fall is not claimed. None: against time.

    Quasi-Poisson regression with log exposure as offset. The variance is that of the counts times the dispersion
    (Pearson, at least 1) times the Newey-West long-run factor of the residuals' autocorrelation (at least 1; Bartlett
    weights, lags 4 (n/100)^(2/9), each correlation raised by p/n for the fit, where p are the terms that the prior
    leaves free). The interval holds the ratios that a score test with Student's t (n - p) does not reject, given the
    uncertainty of the line carried on. Periods after the change are used up to as many as before it, and a year at
    most.

    Raises :class:`ValueError` where the index is neither months nor weeks, or *exposure* does not fit *counts*.
    """
    if exposure is not None and (not exposure.index.equals(counts.index) or (exposure < counts).any()):
        raise ValueError("exposure needs the periods of counts, and at least their complaints")
    found = spans(counts, exposure, changed_on)
    before = int((~found.after).sum())
    after = min(int(found.after.sum()), before, found.a_year)
    if before < FEWEST_BEFORE:
        return TooFew(f"baru {before} {found.unit} sebelum perubahan (perlu {FEWEST_BEFORE})")
    if after < FEWEST_AFTER:
        return TooFew(f"baru {after} {found.unit} sesudah perubahan (perlu {FEWEST_AFTER})")
    if found.seen[:before].sum() < FEWEST_COUNTS_BEFORE:
        total = int(found.seen[:before].sum())
        return TooFew(f"baru {total} aduan sebelum perubahan (perlu {FEWEST_COUNTS_BEFORE})")
    if (found.exposure[: before + after] <= 0).any():
        return TooFew("ada masa tanpa aduan lain sebagai pembanding")
    return _compare(found, before, after, changed_on)


def _compare(found: Spans, before: int, after: int, changed_on: dt.date) -> Effect | TooFew:
    season = before >= 2 * found.a_year
    X, penalty = _terms(found.middle[: before + after], season)
    offset = np.log(found.exposure[: before + after])
    seen, past = found.seen[: before + after], X[:before]
    weight, spread, used = np.zeros(len(penalty)), 1.0, float(len(penalty))
    for _ in range(2):  # the prior's weight hangs on the spread, and the spread on the line
        line = _line(X, seen[:before], offset, weight)
        information = (past * line[:before, None]).T @ past
        inverse = np.linalg.inv(information + np.diag(weight))
        used = float(np.trace(inverse @ information))
        residuals = (seen[:before] - line[:before]) / np.sqrt(line[:before])
        spread = max(1.0, float(residuals @ residuals) / (before - used))
        weight = spread * penalty
    spread *= _long_run(residuals, used)
    covariance = spread * inverse
    ahead = line[before:]
    expected, came = float(ahead.sum()), float(seen[before:].sum())
    if expected < FEWEST_EXPECTED:
        return TooFew(f"tanpa perubahan pun hanya sekitar {round(expected)} aduan (perlu {FEWEST_EXPECTED})")
    slope = X[before:].T @ ahead
    ends = _interval(came, expected, spread, float(slope @ covariance @ slope), before - used)
    if ends is None:
        return TooFew("aduan sebelum perubahan terlalu naik-turun untuk dibandingkan")
    points = tuple(
        Point(day, int(days), int(count), float(value), bool(later))
        for day, days, count, value, later in zip(
            found.begins, found.days, seen.tolist(), line.tolist(), found.after.tolist(), strict=False
        )
    )
    return Effect(
        changed_on, came / expected - 1, ends[0] - 1, ends[1] - 1, int(came), expected, before, after, found.unit,
        season, points,
    )  # fmt: skip


def _terms(middle: Floats, season: bool) -> tuple[Floats, Floats]:
    """Return the terms (constant, years, harmonics) and their prior precisions; *middle* is days from the change."""
    years = middle / _DAYS_A_YEAR
    columns = [np.ones(len(years)), years - years[years < 0].mean()]
    precisions = [0.0, _TREND_SD**-2]
    for k in range(1, _HARMONICS + 1 if season else 1):
        columns += [np.sin(2 * np.pi * k * years), np.cos(2 * np.pi * k * years)]
        precisions += [_SEASON_SD**-2] * 2
    return np.stack(columns, axis=1), np.array(precisions)


def _line(X: Floats, seen: Floats, offset: Floats, penalty: Floats) -> Floats:
    past = len(seen)
    fitted = poisson.fit(X[:past], seen[:, None], offset[:past, None], penalty)
    return poisson.means(X, fitted, offset[:, None])[:, 0]


def _long_run(residuals: Floats, used: float) -> float:
    """Return the Newey-West variance of the sum of *residuals* over that of independent ones, at least 1."""
    n, squares = len(residuals), float(residuals @ residuals)
    lags = max(1, int(4 * (n / 100) ** (2 / 9)))
    factor = 1.0
    for k in range(1, lags + 1):
        correlation = float(residuals[k:] @ residuals[:-k]) / max(squares, 1e-9) + used / n
        factor += 2 * (1 - k / (lags + 1)) * correlation
    return max(1.0, factor)


def _interval(
    seen: float, expected: float, spread: float, variance: float, freedom: float
) -> tuple[float, float] | None:
    """Return the ratios R with (seen - R expected)² ≤ t² (spread R expected + R² variance); None where unbounded."""
    squared = float(student.ppf((1 + LEVEL) / 2, freedom)) ** 2
    a = expected**2 - squared * variance
    if a <= 0:
        return None
    b = 2 * seen * expected + squared * spread * expected
    root = float(np.sqrt(b**2 - 4 * a * seen**2))
    return (b - root) / (2 * a), (b + root) / (2 * a)


def _percent(share: float) -> str:
    return number(100 * share)


def _signed(change: float) -> str:
    return f"{'turun' if change < 0 else 'naik'} {_percent(abs(change))} %"
