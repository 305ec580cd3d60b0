"""One-against-rest linear SVMs on features that each class weighs by how much they tell of it.

The weights are those of NB-SVM (Wang and Manning 2012, "Baselines and bigrams"), interpolated: for each class,
``(1 - strength) + strength * |log-count ratio| / mean``. They fold into the coefficients: scoring costs nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

Weights = NDArray[np.float32]


def fit_one_against_rest(
    matrix: sparse.csr_matrix, labels: Sequence[str], recipe: dict[str, Any]
) -> tuple[NDArray[np.str_], Weights, Weights]:
    """Return (sorted classes, coefficients (features, classes), intercepts) for the recipe's ``[classifier]``."""
    actual = np.asarray(labels)
    classes = np.unique(actual)
    balance = class_weights(labels, recipe["balance"])
    total = np.asarray(matrix.sum(axis=0)).ravel()
    coefs, intercepts = [], []
    for name in classes:
        positive = actual == name
        told = _log_count_ratio(matrix, positive, total, recipe["nb_smoothing"])
        scale = ((1 - recipe["nb_strength"]) + recipe["nb_strength"] * told).astype(np.float32)
        model = LinearSVC(C=recipe["C"], class_weight={True: balance[str(name)], False: 1.0}, random_state=0)
        model.fit(matrix @ sparse.diags_array(scale), positive)
        coefs.append(model.coef_[0] * scale)
        intercepts.append(model.intercept_[0])
    return classes, np.ascontiguousarray(np.array(coefs, dtype=np.float32).T), np.array(intercepts, dtype=np.float32)


def _log_count_ratio(
    matrix: sparse.csr_matrix, positive: NDArray[np.bool_], total: NDArray[np.float32], smoothing: float
) -> NDArray[np.float64]:
    """Return |log ratio| of each feature's share inside and outside the class, divided by its mean."""
    inside = smoothing + np.asarray(matrix[positive].sum(axis=0), dtype=np.float64).ravel()
    outside = smoothing + np.maximum(total - inside + smoothing, 0.0)
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    return ratio / ratio.mean()


def class_weights(labels: Sequence[str], balance: float) -> dict[str, float]:
    """Return ``(n / (k * n_class)) ** balance`` for each class: 0 is no weighting, 1 is scikit-learn's "balanced"."""
    names, counts = np.unique(np.asarray(labels), return_counts=True)
    weights = (len(labels) / (len(names) * counts)) ** balance
    return {str(name): float(weight) for name, weight in zip(names, weights, strict=True)}
