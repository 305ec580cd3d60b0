"""Ways to forecast weekly counts: each takes the weeks so far (weeks × units) and gives the mean of the weeks to come.

Every method works on all units at once and knows nothing after its last row. ``BASELINES`` are what a forecast has to
beat, ``METHODS`` the candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline.reports.monev.series import poisson
from pipeline.reports.monev.series.poisson import Floats

YEAR = 52
_SEASON_FROM = 60
"""Weeks before the origin from which last year's weeks can be repeated."""
_FOURIER_FROM = 78
_START = 4
"""Weeks whose mean starts the smoothing."""
_CLIP = 3.0
_TREND_SD, _FOURIER_SD = 0.3, 0.3
"""Prior standard deviations of the regression's yearly log growth and of its Fourier terms."""


@dataclass(frozen=True)
class Method:
    """A way to forecast; ``run(counts, horizon)`` gives horizon × units, ``needs`` is the fewest weeks it takes."""

    key: str
    name: str
    run: Callable[[Floats, int], Floats]
    needs: int = 16


def last_week(counts: Floats, horizon: int) -> Floats:
    """Repeat the last week: the naive forecast, season 1."""
    return _flat(counts[-1], horizon)


def last_year(counts: Floats, horizon: int) -> Floats:
    """Repeat the same weeks of last year: the seasonal naive forecast, season 52 weeks."""
    return counts[len(counts) - YEAR : len(counts) - YEAR + horizon]


def recent_mean(counts: Floats, horizon: int, weeks: int) -> Floats:
    """Return the mean of the last *weeks*."""
    return _flat(counts[-weeks:].mean(axis=0), horizon)


def smoothing(counts: Floats, horizon: int, alpha: float) -> Floats:
    """Return simple exponential smoothing, ETS(A,N,N)."""
    return _flat(_level(counts, alpha), horizon)


def robust_smoothing(counts: Floats, horizon: int, alpha: float) -> Floats:
    """Return exponential smoothing with errors cut at three standard deviations (Gelper, Fried and Croux 2010).

    A week of 278 complaints, or of a holiday, then moves the level little.
    """
    return _flat(_level(counts, alpha, _CLIP), horizon)


def damped_trend(counts: Floats, horizon: int, alpha: float = 0.1, beta: float = 0.01, damping: float = 0.95) -> Floats:
    """Return exponential smoothing with a damped trend, ETS(A,Ad,N), never below 0."""
    level = counts[:_START].mean(axis=0)
    trend = np.zeros(counts.shape[1])
    for week in counts[_START:]:
        expected = level + damping * trend
        level = expected + alpha * (week - expected)
        trend = damping * trend + beta * (week - expected)
    ahead = np.cumsum(damping ** np.arange(1, horizon + 1))
    return np.maximum(level + ahead[:, None] * trend, 0)


def regression(counts: Floats, horizon: int, harmonics: int = 0) -> Floats:
    """Return Poisson regression on a trend and yearly Fourier terms, each with a normal prior (ridge)."""
    years = (np.arange(len(counts) + horizon) - len(counts) / 2) / YEAR
    terms = [np.ones(len(years)), years]
    for k in range(1, harmonics + 1):
        terms += [np.sin(2 * np.pi * k * years), np.cos(2 * np.pi * k * years)]
    X = np.stack(terms, axis=1)
    penalty = np.r_[0.0, _TREND_SD**-2, np.full(2 * harmonics, _FOURIER_SD**-2)]
    past = X[: len(counts)]
    return poisson.means(X[len(counts) :], poisson.fit(past, counts, penalty=penalty))


def shared_total(counts: Floats, horizon: int, weeks: int) -> Floats:
    """Return each unit's share of the last *weeks* times a robust smoothing of all units' sum."""
    total = robust_smoothing(counts.sum(axis=1, keepdims=True), horizon, 0.1)
    recent = counts[-weeks:].sum(axis=0)
    return total * recent / max(recent.sum(), 1.0)


def seasonal_smoothing(counts: Floats, horizon: int, alpha: float = 0.1, around: int = 2) -> Floats:
    """Return robust smoothing times the year's course that all units share.

    The course is the total of the same week of earlier years with *around* weeks on each side, over the mean of its
    year, halved on the log scale (one or two years tell little of a week).
    """
    total = counts.sum(axis=1)
    weeks = np.arange(len(total) + horizon) % YEAR
    log = np.log(np.maximum(total, 1.0))
    sums, sizes = np.zeros(YEAR), np.zeros(YEAR)
    last = log[-YEAR:].mean()
    for begin in range(0, len(log), YEAR):
        year = log[begin : begin + YEAR]
        sums[: len(year)] += year - (year.mean() if len(year) == YEAR else last)
        sizes[: len(year)] += 1
    ring = np.arange(YEAR)[:, None] + np.arange(-around, around + 1)
    course = np.exp(0.5 * sums[ring % YEAR].sum(axis=1) / sizes[ring % YEAR].sum(axis=1))[weeks][:, None]
    return robust_smoothing(counts / course[: len(total)], horizon, alpha) * course[len(total) :]


def _level(counts: Floats, alpha: float, clip: float | None = None) -> Floats:
    level: Floats = counts[:_START].mean(axis=0)
    spread = np.maximum(level, 1.0)
    for week in counts[_START:]:
        error = week - level
        if clip is not None:
            bound = clip * np.sqrt(spread)
            error = np.clip(error, -bound, bound)
            spread = spread + alpha * (np.maximum(error**2, 1.0) - spread)
        level = level + alpha * error
    return level


def _flat(level: Floats, horizon: int) -> Floats:
    return np.repeat(level[None], horizon, axis=0)


NAIVE = Method("naif", "pekan terakhir diulang", last_week, 1)
SEASONAL_NAIVE = Method("naif_musiman", "pekan yang sama tahun lalu", last_year, _SEASON_FROM + 1)
BASELINES = (NAIVE, SEASONAL_NAIVE)
METHODS = (
    *(Method(f"rata_{k}", f"rata-rata {k} pekan terakhir", partial(recent_mean, weeks=k)) for k in (8, 13, 26)),
    Method("rata_semua", "rata-rata semua pekan", partial(recent_mean, weeks=10**6)),
    Method("halus", "penghalusan eksponensial", partial(smoothing, alpha=0.1)),
    *(
        Method(f"halus_tahan_{a:g}", f"penghalusan eksponensial tahan pencilan ({a:g})",
               partial(robust_smoothing, alpha=a))
        for a in (0.05, 0.1)
    ),
    Method("tren_teredam", "penghalusan dengan tren teredam", damped_trend),
    Method("regresi", "regresi Poisson dengan tren", regression),
    Method("regresi_musim", "regresi Poisson dengan tren dan musim", partial(regression, harmonics=2), _FOURIER_FROM),
    Method("bagian_13", "bagian 13 pekan terakhir dari jumlah semua unit", partial(shared_total, weeks=13)),
    Method("musim_bersama", "penghalusan dengan musim bersama", seasonal_smoothing, _SEASON_FROM + 1),
)  # fmt: skip
