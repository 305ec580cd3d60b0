"""How urgent: cumulative logistic regressions over the ordered levels (Frank and Hall 2001).

One model for each step asks "at least this level?"; the differences are the levels' probabilities. The level that
is decided has the least expected cost, where an error by two levels costs more than by one and a level too low more
than a level too high.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.catalogue import LEVELS
from pipeline.classifiers.calibration import Floats, HeldOut, fit_temperature, held_out_scores, to_probabilities
from pipeline.classifiers.columns import Docs
from pipeline.classifiers.evidence_features import FEATURE_NAMES
from pipeline.classifiers.features import Features, StemVectorizer
from pipeline.text import TokenRows

_FLOOR = 1e-6


@dataclass(frozen=True)
class Examples:
    """Tokenised texts, their evidence (as :func:`~pipeline.classifiers.evidence_features.feature_rows`) and levels.

    ``weights``: what each counts in training.
    """

    docs: Docs
    evidence: Floats
    labels: Sequence[str]
    weights: Floats

    def __len__(self) -> int:
        return len(self.docs)

    def take(self, rows: NDArray[np.int64]) -> Examples:
        """Return the examples with these numbers."""
        docs, labels = [self.docs[i] for i in rows], [self.labels[i] for i in rows]
        return Examples(docs, self.evidence[rows], labels, self.weights[rows])


NO_EXAMPLES = Examples([], np.zeros((0, len(FEATURE_NAMES))), [], np.zeros(0))


class UrgencyClassifier:
    """Words and evidence features → probabilities of the four ordered levels.

    *recipe* is the parsed ``models/urgency.toml``. After ``fit``: ``classes_`` (levels seen, lowest first)
    and ``temperature_``.
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe = recipe

    def fit(self, own: Examples, lent: Examples = NO_EXAMPLES, held_out: HeldOut | None = None) -> UrgencyClassifier:
        """Fit on *own* and *lent* examples (the starter corpus beside an office's rows); calibrate on *own*.

        *held_out*: what :meth:`held_out` gave for them, where it is known already.
        """
        recipe: dict[str, Any] = self.recipe or {}
        held_out = held_out or self.held_out(own, recipe["calibration"]["folds"], lent)
        self._fit_steps(own, lent)
        self.temperature_ = fit_temperature(held_out.scores, held_out.truth)
        return self

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what :meth:`restore` needs beside :meth:`facts`."""
        return self.vectorizer_.arrays() | {"coef_": self.coef_, "intercept_": self.intercept_}

    def facts(self) -> dict[str, Any]:
        """Return the rest of the fitted state, as JSON has it."""
        return {"recipe": self.recipe, "classes_": list(self.classes_), "temperature_": float(self.temperature_)}

    @classmethod
    def restore(cls, facts: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> UrgencyClassifier:
        """Return the fitted classifier that gave *facts* and *arrays*."""
        model = cls(facts["recipe"])
        model.vectorizer_ = StemVectorizer.restore(facts["recipe"]["features"], arrays)
        model.classes_, model.temperature_ = tuple(facts["classes_"]), facts["temperature_"]
        model.coef_, model.intercept_ = arrays["coef_"], arrays["intercept_"]
        return model

    def held_out(self, own: Examples, number: int, lent: Examples = NO_EXAMPLES) -> HeldOut:
        """Return log-probabilities of *own* by models that had not seen them; classes are level numbers as ``str``."""
        codes = [f"{LEVELS.index(label)}" for label in own.labels]
        classes = np.unique(np.array([*codes, *(f"{LEVELS.index(label)}" for label in lent.labels)]))
        return held_out_scores(
            codes, classes, None, number, lambda train, test: self._fold(own.take(train), own.take(test), lent)
        )

    def _fold(self, train: Examples, test: Examples, lent: Examples) -> tuple[NDArray[np.str_], Floats]:
        model = UrgencyClassifier(self.recipe)
        model._fit_steps(train, lent)
        model.temperature_ = 1.0
        probabilities = model.probabilities(model.vectorize(test.docs, test.evidence))
        codes = np.array([f"{LEVELS.index(level)}" for level in model.classes_])
        return codes, np.log(probabilities)

    @staticmethod
    def calibrate(scores: Floats, truth: NDArray[np.int64]) -> Callable[[Floats], Floats]:
        """Return the function log-probabilities → probabilities with the temperature fitted on these rows."""
        temperature = fit_temperature(scores, truth)
        return lambda new: to_probabilities(new, temperature)

    def _fit_steps(self, own: Examples, lent: Examples) -> None:
        # Only training loads scikit-learn.
        from sklearn.linear_model import LogisticRegression

        recipe: dict[str, Any] = self.recipe or {}
        docs, labels = [*own.docs, *lent.docs], [*own.labels, *lent.labels]
        self.classes_ = tuple(level for level in LEVELS if level in set(labels))
        self.vectorizer_ = StemVectorizer(recipe["features"]).fit(docs)
        evidence = self._weigh(np.vstack([own.evidence, lent.evidence]))
        matrix = sparse.hstack([self.vectorizer_.transform(docs), evidence], format="csr", dtype=np.float32)
        ranks = np.array([LEVELS.index(label) for label in labels])
        # An office's own row counts more than a lent one.
        own_factor = recipe["classifier"]["own"] if len(lent) else 1.0
        weights = np.concatenate([own.weights * own_factor, lent.weights])
        coefs, intercepts = [], []
        for level in self.classes_[1:]:
            step = LogisticRegression(C=recipe["classifier"]["C"], solver="newton-cg", max_iter=200)
            step.fit(matrix, ranks >= LEVELS.index(level), sample_weight=weights)
            coefs.append(step.coef_[0])
            intercepts.append(step.intercept_[0])
        self.coef_ = np.ascontiguousarray(np.array(coefs).T, dtype=np.float32)
        self.intercept_ = np.array(intercepts, dtype=np.float32)

    def vectorize(self, docs: Docs | TokenRows, evidence: Floats) -> tuple[Features, sparse.csr_matrix]:
        """Return the features of words and of evidence (rows of ``feature_rows``)."""
        return self.vectorizer_.features(docs), self._weigh(evidence)

    def _weigh(self, evidence: Floats) -> sparse.csr_matrix:
        return sparse.csr_matrix((evidence * (self.recipe or {})["features"]["evidence"]).astype(np.float32))

    def probabilities(self, features: tuple[Features, sparse.csr_matrix]) -> Floats:
        """Return calibrated probabilities, shape (rows, levels), columns as ``classes_``; rows sum to 1."""
        words, evidence = features
        logits = words.dot(self.coef_) + evidence @ self.coef_[self.vectorizer_.size :] + self.intercept_
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
        result: NDArray[np.int64] = (probabilities[:, :, None] * cost).sum(axis=1).argmin(axis=1)
        return result
