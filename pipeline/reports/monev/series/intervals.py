"""Prediction intervals of counts from the errors that the same method made before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

from pipeline.reports.monev.series.poisson import Floats

_POOLED = 8.0
"""Weeks (or sums of weeks) that the median unit's spread weighs against the unit's own."""
_LEAST_MEAN = 0.05
_LEAST_SPREAD = 1.001
"""The negative binomial's limit is the Poisson, which its formula does not reach."""

Ints = NDArray[np.int64]


def spread(expected: Floats, seen: Floats, independent: float) -> Floats:
    """Return each unit's variance as a multiple of the mean (1 = Poisson), length units.

    Mean squared error over mean of past forecasts (origins × steps × units), drawn towards the median unit's: a unit's
    own weighs *independent* (how many of the errors do not overlap), the median 8. Times 1 + 2 / *independent*, about
    the variance of Student's t, for a spread that is itself known from few errors.
    """
    own = ((seen - expected) ** 2 / np.maximum(expected, _LEAST_MEAN)).mean(axis=(0, 1))
    mixed: Floats = (independent * own + _POOLED * np.median(own)) / (independent + _POOLED) * (1 + 2 / independent)
    return np.maximum(mixed, _LEAST_SPREAD)


def bounds(expected: Floats, spreads: Floats, share: float) -> tuple[Ints, Ints]:
    """Return the ends of the central interval that holds *share* of a negative binomial count, like *expected*."""
    mean = np.maximum(expected, _LEAST_MEAN)
    size, chance = mean / (spreads - 1), np.broadcast_to(1 / spreads, mean.shape)
    low, high = (nbinom.ppf(q, size, chance).astype(np.int64) for q in ((1 - share) / 2, (1 + share) / 2))
    return low, high


class Errors:
    """The errors of a backtest: what was expected and seen at each origin (origins × horizon × units)."""

    def __init__(self, origins: Ints, expected: Floats, seen: Floats) -> None:
        self._origins, self._horizon = origins, expected.shape[1]
        self._weekly = expected, seen
        self._total = expected.sum(axis=1, keepdims=True), seen.sum(axis=1, keepdims=True)

    def weekly(self, known: int) -> Floats:
        """Return the spread of single weeks by the errors of forecasts whose weeks all lie in the first *known*."""
        return self._spread(self._weekly, known, 1)

    def total(self, known: int) -> Floats:
        """Return the spread of the sum over the horizon, likewise."""
        return self._spread(self._total, known, self._horizon)

    def _spread(self, pair: tuple[Floats, Floats], known: int, length: int) -> Floats:
        past = self._origins + self._horizon <= known
        return spread(pair[0][past], pair[1][past], (past.sum() + self._horizon - 1) / length)

    def inside(self, judged: Ints, share: float, total: bool = False) -> NDArray[np.bool_]:
        """Tell which counts (judged origins × horizon or 1 × units) lay in the interval made before them."""
        expected, seen = self._total if total else self._weekly
        found = []
        for i in judged:
            known = int(self._origins[i])
            low, high = bounds(expected[i], self.total(known) if total else self.weekly(known), share)
            found.append((low <= seen[i]) & (seen[i] <= high))
        return np.array(found)
