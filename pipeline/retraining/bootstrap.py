"""Figures with 95 % intervals: percentile bootstrap over the measured rows (Efron 1979)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """A figure on all rows and the interval that holds it in 95 % of resamples."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "-"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def with_intervals(
    functions: Mapping[str, Callable[[Ints], float]], rows: int, resamples: int = RESAMPLES
) -> dict[str, Figure]:
    """Return each function's value on all rows with its bootstrap interval; seeded.

    A function takes row numbers (with repeats). The difference of two models as one gives the paired interval.
    """
    rng = np.random.default_rng(0)
    every = np.arange(rows)
    samples = [rng.integers(0, rows, rows) for _ in range(resamples)]
    found = {}
    for name, function in functions.items():
        values = np.array([function(sample) for sample in samples])
        known = values[~np.isnan(values)]
        low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
        found[name] = Figure(function(every), float(low), float(high))
    return found


def macro_f1(truth: Ints, predicted: Ints) -> float:
    """Return the mean F1 over the labels of *truth*, by counts: a thousand resamples must stay quick."""
    size = int(max(truth.max(), predicted.max())) + 1
    hits = np.bincount(truth[truth == predicted], minlength=size)
    actual, called = np.bincount(truth, minlength=size), np.bincount(predicted, minlength=size)
    present = actual > 0
    return float((2 * hits[present] / (actual + called)[present]).mean())
