"""Which unit: a sparse linear model on stems and pairs of stems, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from pipeline.classifiers.calibration import (
    Floats,
    expected_calibration_error,
    fit_temperature,
    held_out_scores,
    threshold_for,
    to_probabilities,
)
from pipeline.text import StemGrams

Docs = Sequence[list[str]]
"""Texts as lists of stems (:meth:`pipeline.text.Analyzer.tokenize`)."""


class UnitClassifier(BaseEstimator):
    """TF-IDF over stems and pairs → one-against-rest linear SVM → temperature-scaled softmax.

    *recipe* is the parsed ``models/unit.toml``. After ``fit``: ``classes_`` (labels, sorted), ``temperature_``,
    ``threshold_`` (probability from which a row may go without a person) and ``held_out_`` (what the held-out
    rows said: rows, accuracy, coverage at the threshold, calibration error).
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe = recipe

    def fit(self, docs: Docs, labels: Sequence[str], times: NDArray[np.datetime64] | None = None) -> UnitClassifier:
        """Fit on tokenised texts; *times* (datetime64, no NaT) make the held-out folds go forward in time."""
        recipe: dict[str, Any] = self.recipe or {}
        rows, classes, scores = held_out_scores(
            labels, times, recipe["calibration"]["folds"],
            lambda train, test: self._fold(docs, labels, train, test),
        )
        truth = np.searchsorted(classes, np.asarray(labels)[rows])
        self.temperature_ = fit_temperature(scores, truth)
        probabilities = to_probabilities(scores, self.temperature_)
        confidence = probabilities.max(axis=1) if len(rows) else np.empty(0)
        correct = probabilities.argmax(axis=1) == truth if len(rows) else np.empty(0, dtype=bool)
        self.threshold_, coverage = threshold_for(confidence, correct, recipe["decision"]["precision"])
        self.held_out_ = {
            "rows": len(rows),
            "accuracy": float(correct.mean()) if len(rows) else 0.0,
            "coverage": coverage,
            "calibration_error": expected_calibration_error(confidence, correct) if len(rows) else 0.0,
        }
        self._fit_linear(docs, labels)
        return self

    def _fold(
        self, docs: Docs, labels: Sequence[str], train: NDArray[np.int64], test: NDArray[np.int64]
    ) -> tuple[NDArray[np.str_], Floats]:
        model = UnitClassifier(self.recipe)
        model._fit_linear([docs[i] for i in train], [labels[i] for i in train])
        return model.classes_, model.scores(model.vectorize([docs[i] for i in test]))

    def _fit_linear(self, docs: Docs, labels: Sequence[str]) -> None:
        recipe: dict[str, Any] = self.recipe or {}
        self.vectorizer_ = make_vectorizer(recipe["features"], len(docs))
        matrix = self.vectorizer_.fit_transform(docs)
        weights = class_weights(labels, recipe["classifier"]["balance"])
        linear = LinearSVC(C=recipe["classifier"]["C"], class_weight=weights, random_state=0)
        linear.fit(matrix, np.asarray(labels))
        self.classes_ = linear.classes_
        coef, intercept = linear.coef_, linear.intercept_
        if len(self.classes_) == 2:
            # scikit-learn keeps one row for two classes; two rows keep every reader below simple.
            coef, intercept = np.vstack([-coef, coef]), np.concatenate([-intercept, intercept])
        self.coef_ = np.ascontiguousarray(coef.T, dtype=np.float32)
        self.intercept_ = intercept.astype(np.float32)

    def vectorize(self, docs: Docs) -> sparse.csr_matrix:
        """Return the TF-IDF matrix (rows, features), float32."""
        return self.vectorizer_.transform(docs)

    def scores(self, matrix: sparse.csr_matrix) -> Floats:
        """Return the linear scores, shape (rows, classes)."""
        return np.asarray(matrix @ self.coef_, dtype=np.float64) + self.intercept_

    def probabilities(self, matrix: sparse.csr_matrix) -> Floats:
        """Return calibrated probabilities, shape (rows, classes), columns as ``classes_``."""
        return to_probabilities(self.scores(matrix), self.temperature_)


def make_vectorizer(features: dict[str, Any], rows: int) -> TfidfVectorizer:
    """Return the TF-IDF vectorizer of a recipe's ``[features]`` for *rows* training texts."""
    return TfidfVectorizer(
        analyzer=StemGrams(features["ngrams"]),
        min_df=features["min_df_small"] if rows < features["small"] else features["min_df"],
        sublinear_tf=True,
        dtype=np.float32,
    )


def class_weights(labels: Sequence[str], balance: float) -> dict[str, float]:
    """Return ``(n / (k * n_class)) ** balance`` for each class: 0 is no weighting, 1 is scikit-learn's "balanced"."""
    names, counts = np.unique(np.asarray(labels), return_counts=True)
    weights = (len(labels) / (len(names) * counts)) ** balance
    return {str(name): float(weight) for name, weight in zip(names, weights, strict=True)}
