"""95 % intervals of shares, counts and quantiles, and of the difference of two of them.

Shares: Wilson (1927). Differences of two independent estimates: MOVER, the square-and-add of their intervals' distances
(Zou & Donner 2008), which for Wilson's intervals is Newcombe's method 10 (1998). Ratio of two counts: the exact
conditional interval (Przyborowski & Wilenski 1940) by Clopper-Pearson bounds. Quantiles: order statistics, whose ranks
are quantiles of the binomial distribution (David & Nagaraja 2003, section 7.1); no normal distribution is assumed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binom

from pipeline.retraining.risk import wilson

_LEVEL = 0.95


class Estimate(NamedTuple):
    """A value with its 95 % interval; NaN where there is none."""

    value: float
    low: float
    high: float


NOTHING = Estimate(math.nan, math.nan, math.nan)


def share(hits: int, n: int) -> Estimate:
    """Return ``hits / n`` with Wilson's interval; NaN of nothing."""
    if n == 0:
        return NOTHING
    low, high = wilson(hits / n, n)
    return Estimate(hits / n, low if hits else 0.0, high if hits < n else 1.0)  # rounding aside, the formula says so


def difference(now: Estimate, before: Estimate) -> Estimate:
    """Return *now* less *before* of two independent samples, with MOVER's interval."""
    value = now.value - before.value
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return Estimate(value, value - down, value + up)


def growth(now: int, before: int) -> Estimate:
    """Return how much more the count *now* is than *before*, as a share of *before* (0.5: half as much again).

    Both are taken as Poisson counts. NaN where there was nothing before.
    """
    if before == 0:
        return NOTHING
    tail, total = (1 - _LEVEL) / 2, now + before
    low = beta.ppf(tail, now, before + 1) if now else 0.0
    high = beta.ppf(1 - tail, now + 1, before)
    assert total > 0
    return Estimate(now / before - 1, float(low / (1 - low)) - 1, float(high / (1 - high)) - 1)


def quantile(values: NDArray[np.float64], q: float) -> Estimate:
    """Return the *q* quantile of *values* (the least value that at least a share *q* does not exceed).

    The interval's ends are order statistics that hold the population's quantile with 95 % or more; NaN for an end that
    so few values cannot give.
    """
    n = len(values)
    if n == 0:
        return NOTHING
    tail = (1 - _LEVEL) / 2
    # P(rank low ≤ quantile < rank high): rank low has a binomial lower tail of at most `tail`, rank high an upper one.
    low, high = int(binom.ppf(tail, n, q)), int(binom.ppf(1 - tail, n, q)) + 1
    ranks = [math.ceil(q * n) - 1, max(low - 1, 0), min(high - 1, n - 1)]
    found = np.partition(values, sorted(set(ranks)))
    value, down, up = (float(found[rank]) for rank in ranks)
    return Estimate(value, down if low >= 1 else math.nan, up if high <= n else math.nan)
