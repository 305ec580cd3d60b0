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

Weights = NDArray[np.float32]
THREADS = 2


def fit_one_against_rest(
    matrix: sparse.csr_matrix, labels: Sequence[str], row_weights: NDArray[np.float64], recipe: dict[str, Any]
) -> tuple[NDArray[np.str_], Weights, Weights]:
    """Return (sorted classes, coefficients (features, classes), intercepts) for the recipe's ``[classifier]``.

    *row_weights* (one a row, above 0): what a row counts, 1 for a row of the office itself.
    """
    # Only training loads scikit-learn.
    from joblib import Parallel, delayed
    from sklearn.svm import LinearSVC

    actual = np.asarray(labels)
    classes = np.unique(actual)
    balance = class_weights(labels, row_weights, recipe["balance"])
    weighted = sparse.csr_matrix(sparse.diags_array(row_weights.astype(np.float32)) @ matrix)
    total = np.asarray(weighted.sum(axis=0)).ravel()

    def fit(name: str) -> tuple[Weights, float]:
        positive = actual == name
        told = _log_count_ratio(weighted, positive, total, recipe["nb_smoothing"])
        scale = ((1 - recipe["nb_strength"]) + recipe["nb_strength"] * told).astype(np.float32)
        model = LinearSVC(C=recipe["C"], random_state=0)
        counts = row_weights * np.where(positive, balance[str(name)], 1.0)
        model.fit(matrix @ sparse.diags_array(scale), positive, sample_weight=counts)
        return model.coef_[0] * scale, model.intercept_[0]

    # liblinear works without Python's lock, so threads share the matrix and still run side by side.
    fitted = Parallel(n_jobs=THREADS, prefer="threads")(delayed(fit)(name) for name in classes)
    coefs = np.array([coef for coef, _ in fitted], dtype=np.float32)
    return classes, np.ascontiguousarray(coefs.T), np.array([at for _, at in fitted], dtype=np.float32)


def _log_count_ratio(
    matrix: sparse.csr_matrix, positive: NDArray[np.bool_], total: NDArray[np.float32], smoothing: float
) -> NDArray[np.float64]:
    """Return |log ratio| of each feature's share inside and outside the class, divided by its mean."""
    inside = smoothing + np.asarray(matrix[positive].sum(axis=0), dtype=np.float64).ravel()
    outside = smoothing + np.maximum(total - inside + smoothing, 0.0)
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    mean = float(ratio.mean())
    return ratio / mean if mean > 0 else np.ones_like(ratio)


def class_weights(labels: Sequence[str], row_weights: NDArray[np.float64], balance: float) -> dict[str, float]:
    """Return ``(n / (k * n_class)) ** balance`` a class, n in row weights: 0 is no weighting, 1 is "balanced"."""
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    counts = np.bincount(codes, weights=row_weights)
    weights = (counts.sum() / (len(names) * counts)) ** balance
    return {str(name): float(weight) for name, weight in zip(names, weights, strict=True)}
