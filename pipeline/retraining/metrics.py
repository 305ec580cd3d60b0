"""Figures of a classifier on rows it has not seen, each beside the majority baseline where one makes sense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support, roc_auc_score

from pipeline.catalogue import LEVELS
from pipeline.classifiers.calibration import Floats, expected_calibration_error


def unit_metrics(
    truth: Sequence[str], classes: NDArray[np.str_], probabilities: Floats, threshold: float, majority: str
) -> dict[str, float]:
    """Return the unit classifier's figures.

    ``accuracy``, ``macro_f1`` (over the units of *truth*), ``top3``, ``coverage`` (share at or above the model's
    *threshold*), ``precision_reached`` (of those; NaN when none), ``calibration_error``, ``rows``,
    ``majority_accuracy`` and ``majority_macro_f1`` (always answering *majority*, the commonest training unit).
    """
    actual = np.asarray(truth)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    predicted = classes[order[:, 0]]
    confidence = probabilities.max(axis=1)
    correct = predicted == actual
    sure = confidence >= threshold
    return {
        "rows": float(len(actual)),
        "accuracy": float(correct.mean()),
        "macro_f1": macro_f1(actual, predicted),
        "top3": float((classes[order[:, :3]] == actual[:, None]).any(axis=1).mean()),
        "coverage": float(sure.mean()),
        "precision_reached": float(correct[sure].mean()) if sure.any() else float("nan"),
        "calibration_error": expected_calibration_error(confidence, correct),
        "majority_accuracy": float((actual == majority).mean()),
        "majority_macro_f1": macro_f1(actual, np.full(len(actual), majority, dtype=object)),
    }


def macro_f1(truth: NDArray[Any], predicted: NDArray[Any]) -> float:
    """Return the unweighted mean F1 over the labels that occur in *truth*."""
    actual = truth.astype(str)
    _, _, f1, _ = precision_recall_fscore_support(
        actual, predicted.astype(str), labels=np.unique(actual), average="macro", zero_division=0
    )
    return float(f1)


def per_unit(truth: Sequence[str], predicted: Sequence[str]) -> pd.DataFrame:
    """Return precision, recall, F1 and rows for each unit, the commonest first."""
    labels = sorted(set(truth) | set(predicted))
    precision, recall, f1, rows = precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    table = pd.DataFrame({"unit": labels, "rows": rows, "precision": precision, "recall": recall, "f1": f1})
    return table.sort_values(["rows", "unit"], ascending=[False, True], ignore_index=True)


def urgency_metrics(
    truth: Sequence[str], levels: Sequence[str], classes: Sequence[str], probabilities: Floats
) -> dict[str, float]:
    """Return the urgency classifier's figures.

    ``accuracy``, ``macro_f1``, ``qwk`` (quadratic-weighted kappa), ``mean_level_error``, ``auc_tinggi`` (tinggi or
    above against below, from the probabilities; NaN when one side is missing), ``recall_tinggi`` and
    ``precision_tinggi`` of the decided levels, ``majority_accuracy`` and ``rows``.
    """
    actual = np.array([LEVELS.index(level) for level in truth])
    decided = np.array([LEVELS.index(level) for level in levels])
    high = LEVELS.index("tinggi")
    columns = [i for i, level in enumerate(classes) if LEVELS.index(level) >= high]
    both_sides = 0 < int((actual >= high).sum()) < len(actual)
    urgent, called = actual >= high, decided >= high
    return {
        "rows": float(len(actual)),
        "accuracy": float((actual == decided).mean()),
        "macro_f1": macro_f1(actual, decided),
        "qwk": float(cohen_kappa_score(actual, decided, labels=range(len(LEVELS)), weights="quadratic")),
        "mean_level_error": float(np.abs(actual - decided).mean()),
        "auc_tinggi": float(roc_auc_score(urgent, probabilities[:, columns].sum(axis=1)))
        if both_sides
        else float("nan"),
        "recall_tinggi": float(called[urgent].mean()) if urgent.any() else float("nan"),
        "precision_tinggi": float(urgent[called].mean()) if called.any() else float("nan"),
        "majority_accuracy": float(np.bincount(actual).max() / len(actual)),
    }
