"""Figures of a classifier with 95 % intervals: percentile bootstrap over the measured rows (Efron 1979)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from pipeline.classifiers.calibration import expected_calibration_error

RESAMPLES = 1000
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class UnitResult:
    """Truth and ranking as column numbers (the best first), confidence of the best, thresholds by wanted precision."""

    truth: Ints
    order: Ints
    confidence: Floats
    thresholds: dict[float, float]


def unit_figures(result: UnitResult, *, calibrated: bool = True) -> dict[str, Figure]:
    """Return accuracy, macro-F1 (over the truth's units), top-3, coverage, precision reached, calibration error."""
    best = result.order[:, 0]
    correct = best == result.truth
    top3 = (result.order[:, :3] == result.truth[:, None]).any(axis=1)
    functions: dict[str, Callable[[Ints], float]] = {
        "accuracy": lambda rows: float(correct[rows].mean()),
        "macro_f1": lambda rows: macro_f1(result.truth[rows], best[rows]),
        "top3": lambda rows: float(top3[rows].mean()),
    }
    for wanted, threshold in result.thresholds.items():
        sure = result.confidence >= threshold
        functions[f"coverage_{wanted:.2f}"] = lambda rows, sure=sure: float(sure[rows].mean())
        functions[f"reached_{wanted:.2f}"] = lambda rows, sure=sure: _mean(correct[rows][sure[rows]])
    if calibrated:
        functions["calibration_error"] = lambda rows: expected_calibration_error(result.confidence[rows], correct[rows])
    return with_intervals(functions, len(correct))


def urgency_figures(
    truth: Ints, decided: Ints, chance: Floats, high: int, *, resamples: int = RESAMPLES
) -> dict[str, Figure]:
    """Return accuracy, weighted kappa, AUC, recall and precision of level *high* or above (*chance*: of that)."""
    urgent, called = truth >= high, decided >= high
    functions: dict[str, Callable[[Ints], float]] = {
        "accuracy": lambda rows: float((truth == decided)[rows].mean()),
        "qwk": lambda rows: float(cohen_kappa_score(truth[rows], decided[rows], labels=range(4), weights="quadratic")),
        "auc_tinggi": lambda rows: float(roc_auc_score(urgent[rows], chance[rows])),
        "recall_tinggi": lambda rows: _mean(called[rows][urgent[rows]]),
        "precision_tinggi": lambda rows: _mean(urgent[rows][called[rows]]),
    }
    return with_intervals(functions, len(truth), resamples)


def mean_of_repeats(runs: list[dict[str, Figure]]) -> dict[str, Figure]:
    """Return the mean value of repeated folds with the interval of the first repeat."""
    first = runs[0]
    return {
        name: Figure(float(np.mean([run[name].value for run in runs])), figure.low, figure.high)
        for name, figure in first.items()
    }


def with_intervals(
    functions: dict[str, Callable[[Ints], float]], rows: int, resamples: int = RESAMPLES
) -> dict[str, Figure]:
    """Return each function's value on all rows with its bootstrap interval; seeded."""
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


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")
