"""Figures of a classifier with 95 % intervals: percentile bootstrap over the measured rows (Efron 1979)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from pipeline.classifiers.calibration import expected_calibration_error
from pipeline.retraining.bootstrap import RESAMPLES, Figure, Ints, macro_f1, with_intervals

Floats = NDArray[np.float64]


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


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")
