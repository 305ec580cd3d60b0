"""Which unit: a sparse linear model on the stems, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator

from pipeline.classifiers.calibration import (
    Floats,
    HeldOut,
    expected_calibration_error,
    fit_temperature,
    held_out_scores,
    threshold_for,
    to_probabilities,
)
from pipeline.classifiers.features import Docs, StemVectorizer
from pipeline.classifiers.linear import fit_one_against_rest


class UnitClassifier(BaseEstimator):
    """Features of the stems → one-against-rest linear SVM → temperature-scaled softmax.

    *recipe* is the parsed ``models/unit.toml``. After ``fit``: ``classes_`` (labels, sorted), ``temperature_``,
    ``threshold_`` (probability from which a row may go without a person) and ``held_out_`` (what the held-out
    rows said: rows, accuracy, coverage at the threshold, calibration error).
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe = recipe

    def fit(self, docs: Docs, labels: Sequence[str], times: NDArray[np.datetime64] | None = None) -> UnitClassifier:
        """Fit on tokenised texts; *times* (datetime64, no NaT) make the held-out folds go forward in time."""
        recipe: dict[str, Any] = self.recipe or {}
        held_out = self.held_out(docs, labels, times, recipe["calibration"]["folds"])
        self.temperature_ = fit_temperature(held_out.scores, held_out.truth)
        probabilities = to_probabilities(held_out.scores, self.temperature_)
        confidence = probabilities.max(axis=1)
        correct = probabilities.argmax(axis=1) == held_out.truth
        self.threshold_, coverage = threshold_for(confidence, correct, recipe["decision"]["precision"])
        self.held_out_ = {
            "rows": len(held_out),
            "accuracy": float(correct.mean()) if len(held_out) else 0.0,
            "coverage": coverage,
            "calibration_error": expected_calibration_error(confidence, correct) if len(held_out) else 0.0,
        }
        self._fit_linear(docs, labels)
        return self

    def held_out(self, docs: Docs, labels: Sequence[str], times: NDArray[np.datetime64] | None, number: int) -> HeldOut:
        """Return scores of rows by models of this recipe that had not seen them (*number* folds)."""
        return held_out_scores(labels, times, number, lambda train, test: self._fold(docs, labels, train, test))

    def _fold(
        self, docs: Docs, labels: Sequence[str], train: NDArray[np.int64], test: NDArray[np.int64]
    ) -> tuple[NDArray[np.str_], Floats]:
        model = UnitClassifier(self.recipe)
        model._fit_linear([docs[i] for i in train], [labels[i] for i in train])
        return model.classes_, model.scores(model.vectorize([docs[i] for i in test]))

    def _fit_linear(self, docs: Docs, labels: Sequence[str]) -> None:
        recipe: dict[str, Any] = self.recipe or {}
        self.vectorizer_ = StemVectorizer(recipe["features"]).fit(docs)
        matrix = self.vectorizer_.transform(docs)
        self.classes_, self.coef_, self.intercept_ = fit_one_against_rest(matrix, labels, recipe["classifier"])

    def vectorize(self, docs: Docs) -> sparse.csr_matrix:
        """Return the features, float32 CSR of shape (rows, features)."""
        return self.vectorizer_.transform(docs)

    def scores(self, matrix: sparse.csr_matrix) -> Floats:
        """Return the linear scores, shape (rows, classes)."""
        return np.asarray(matrix @ self.coef_, dtype=np.float64) + self.intercept_

    def probabilities(self, matrix: sparse.csr_matrix) -> Floats:
        """Return calibrated probabilities, shape (rows, classes), columns as ``classes_``."""
        return to_probabilities(self.scores(matrix), self.temperature_)
