"""How urgent: cumulative logistic regressions over the ordered levels (Frank and Hall 2001).

One model for each step asks "at least this level?"; the differences are the levels' probabilities. The level that
is decided has the least expected cost, where an error by two levels costs more than by one and a level too low more
than a level too high.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from pipeline.catalogue import LEVELS
from pipeline.classifiers.calibration import Floats, HeldOut, fit_temperature, held_out_scores
from pipeline.classifiers.features import Docs, StemVectorizer

_FLOOR = 1e-6


class UrgencyClassifier(BaseEstimator):
    """Words and evidence features → probabilities of the four ordered levels.

    *recipe* is the parsed ``models/urgency.toml``. After ``fit``: ``classes_`` (levels seen, lowest first)
    and ``temperature_``.
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe = recipe

    def fit(self, docs: Docs, evidence: Floats, labels: Sequence[str]) -> UrgencyClassifier:
        """Fit on tokenised texts and their evidence rows (:func:`~pipeline.classifiers.evidence.feature_row`)."""
        recipe: dict[str, Any] = self.recipe or {}
        held_out = self.held_out(docs, evidence, labels, recipe["calibration"]["folds"])
        self.temperature_ = fit_temperature(held_out.scores, held_out.truth)
        self._fit_steps(docs, evidence, labels)
        return self

    def held_out(self, docs: Docs, evidence: Floats, labels: Sequence[str], number: int) -> HeldOut:
        """Return log-probabilities of rows by models that had not seen them; classes are level numbers as ``str``."""
        return held_out_scores(
            [f"{LEVELS.index(label)}" for label in labels], None, number,
            lambda train, test: self._fold(docs, evidence, labels, train, test),
        )  # fmt: skip

    def _fold(
        self, docs: Docs, evidence: Floats, labels: Sequence[str], train: NDArray[np.int64], test: NDArray[np.int64]
    ) -> tuple[NDArray[np.str_], Floats]:
        model = UrgencyClassifier(self.recipe)
        model._fit_steps([docs[i] for i in train], evidence[train], [labels[i] for i in train])
        model.temperature_ = 1.0
        probabilities = model.probabilities(model.vectorize([docs[i] for i in test], evidence[test]))
        codes = np.array([f"{LEVELS.index(level)}" for level in model.classes_])
        return codes, np.log(probabilities)

    def _fit_steps(self, docs: Docs, evidence: Floats, labels: Sequence[str]) -> None:
        recipe: dict[str, Any] = self.recipe or {}
        self.classes_ = tuple(level for level in LEVELS if level in set(labels))
        self.vectorizer_ = StemVectorizer(recipe["features"]).fit(docs)
        matrix = self.vectorize(docs, evidence)
        ranks = np.array([LEVELS.index(label) for label in labels])
        coefs, intercepts = [], []
        for level in self.classes_[1:]:
            step = LogisticRegression(C=recipe["classifier"]["C"], solver="newton-cg", max_iter=200)
            step.fit(matrix, ranks >= LEVELS.index(level))
            coefs.append(step.coef_[0])
            intercepts.append(step.intercept_[0])
        self.coef_ = np.ascontiguousarray(np.array(coefs).T, dtype=np.float32)
        self.intercept_ = np.array(intercepts, dtype=np.float32)

    def vectorize(self, docs: Docs, evidence: Floats) -> sparse.csr_matrix:
        """Return words and weighted evidence beside each other, shape (rows, words + evidence), float32."""
        words = self.vectorizer_.transform(docs)
        weight = (self.recipe or {})["features"]["evidence"]
        return sparse.hstack([words, sparse.csr_matrix(evidence * weight)], format="csr", dtype=np.float32)

    def probabilities(self, matrix: sparse.csr_matrix) -> Floats:
        """Return calibrated probabilities, shape (rows, levels), columns as ``classes_``; rows sum to 1."""
        logits = np.asarray(matrix @ self.coef_, dtype=np.float64) + self.intercept_
        at_least = 1.0 / (1.0 + np.exp(-logits))
        # A higher step can never be likelier than a lower one.
        at_least = np.minimum.accumulate(at_least, axis=1)
        edges = np.hstack([np.ones((len(at_least), 1)), at_least, np.zeros((len(at_least), 1))])
        raw = np.maximum(edges[:, :-1] - edges[:, 1:], _FLOOR)
        powered = raw ** (1.0 / self.temperature_)
        result: Floats = powered / powered.sum(axis=1, keepdims=True)
        return result

    def decide(self, probabilities: Floats, classes: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Return the column of the level with the least expected cost (``[decision]`` of the recipe)."""
        decision = (self.recipe or {})["decision"]
        ranks = np.array([LEVELS.index(level) for level in (classes or self.classes_)])
        distance = ranks[:, None] - ranks[None, :]
        cost = np.abs(distance, dtype=float) ** decision["power"]
        cost[distance > 0] *= decision["missed"]
        result: NDArray[np.int64] = (probabilities @ cost).argmin(axis=1)
        return result
