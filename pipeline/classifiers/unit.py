"""Which unit: a sparse linear model on the stems, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import (
    NEVER,
    Floats,
    HeldOut,
    expected_calibration_error,
    held_out_scores,
    threshold_for,
)
from pipeline.classifiers.columns import Docs
from pipeline.classifiers.features import Features, StemVectorizer
from pipeline.classifiers.linear import fit_one_against_rest
from pipeline.classifiers.sigmoids import Sigmoids, fit_sigmoids
from pipeline.text import TokenRows


@dataclass(frozen=True)
class Pool:
    """Tokenised rows of other offices, labelled with the units that do the same here; a row counts *weight*."""

    docs: Docs
    labels: Sequence[str]
    weight: float

    def of(self, units: Sequence[str]) -> Pool:
        """Return the rows of *units* only."""
        known = set(units)
        keep = [i for i, label in enumerate(self.labels) if label in known]
        return Pool([self.docs[i] for i in keep], [self.labels[i] for i in keep], self.weight)


NO_POOL = Pool([], [], 1.0)


class UnitClassifier:
    """Features of the stems → one-against-rest linear SVM → a sigmoid a class, normalised.

    *recipe* is the parsed ``models/unit.toml``. After ``fit``: ``classes_`` (labels, sorted), ``slopes_``,
    ``offsets_`` and ``temperature_`` of the probabilities, ``threshold_`` (probability from which a row may go
    without a person), ``held_out_`` (what the held-out rows said: rows, accuracy, coverage at the threshold,
    calibration error), ``confidence_``, ``correct_`` and ``predicted_`` (of each held-out row: float32, bool, and
    int32 place in ``classes_``; the last is empty in a model made before it was kept).
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe = recipe

    def fit(
        self,
        docs: Docs,
        labels: Sequence[str],
        times: NDArray[np.datetime64] | None = None,
        pool: Pool = NO_POOL,
        weights: Floats | None = None,
    ) -> UnitClassifier:
        """Fit on tokenised texts and the rows of *pool*; calibrate on the texts alone.

        *times* (datetime64, no NaT) make the held-out folds blocks of time. *weights* (one a text, above 0, default 1):
        what a text counts in the fit; calibration and threshold count every held-out text once.
        """
        recipe: dict[str, Any] = self.recipe or {}
        held_out = self.held_out(docs, labels, times, recipe["calibration"]["folds"], pool, weights)
        sigmoids = fit_sigmoids(held_out.scores, held_out.truth)
        probabilities = held_out.cross_fitted(calibrate)
        confidence = probabilities.max(axis=1)
        predicted = probabilities.argmax(axis=1)
        correct = predicted == held_out.truth
        self.confidence_, self.correct_ = confidence.astype(np.float32), correct
        self.predicted_ = predicted.astype(np.int32)
        self.threshold_, coverage = self.threshold_at(recipe["decision"]["precision"])
        self.held_out_ = {
            "rows": len(held_out),
            "accuracy": float(correct.mean()) if len(held_out) else 0.0,
            "coverage": coverage,
            "calibration_error": expected_calibration_error(confidence, correct) if len(held_out) else 0.0,
        }
        self._fit_linear(docs, labels, pool, weights)
        self.slopes_, self.offsets_ = sigmoids.slopes, sigmoids.offsets
        self.temperature_ = sigmoids.temperature
        return self

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what :meth:`restore` needs beside :meth:`facts`."""
        names = ("coef_", "intercept_", "slopes_", "offsets_", "confidence_", "correct_", "predicted_")
        return self.vectorizer_.arrays() | {name: getattr(self, name) for name in names}

    def facts(self) -> dict[str, Any]:
        """Return the rest of the fitted state, as JSON has it."""
        return {
            "recipe": self.recipe,
            "classes_": [str(name) for name in self.classes_],
            "temperature_": float(self.temperature_),
            "threshold_": float(self.threshold_),
            "held_out_": self.held_out_,
        }

    @classmethod
    def restore(cls, facts: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> UnitClassifier:
        """Return the fitted classifier that gave *facts* and *arrays*."""
        model = cls(facts["recipe"])
        model.vectorizer_ = StemVectorizer.restore(facts["recipe"]["features"], arrays)
        model.classes_ = np.array(facts["classes_"])
        model.coef_, model.intercept_ = arrays["coef_"], arrays["intercept_"]
        model.slopes_, model.offsets_ = arrays["slopes_"], arrays["offsets_"]
        model.confidence_, model.correct_ = arrays["confidence_"], arrays["correct_"]
        model.predicted_ = arrays.get("predicted_", np.empty(0, dtype=np.int32))
        model.temperature_, model.threshold_ = facts["temperature_"], facts["threshold_"]
        model.held_out_ = facts["held_out_"]
        return model

    def never_forward(self) -> None:
        """Forget the held-out rows and set no threshold: they are not of the office that the model serves."""
        self.threshold_ = NEVER
        self.confidence_, self.correct_ = self.confidence_[:0], self.correct_[:0]
        self.predicted_ = self.predicted_[:0]

    def threshold_at(self, precision: float) -> tuple[float, float]:
        """Return (threshold, coverage) for a wanted *precision* on the held-out rows."""
        return threshold_for(self.confidence_.astype(np.float64), self.correct_, precision)

    def held_out(
        self,
        docs: Docs,
        labels: Sequence[str],
        times: NDArray[np.datetime64] | None,
        number: int,
        pool: Pool = NO_POOL,
        weights: Floats | None = None,
    ) -> HeldOut:
        """Return scores of rows by models of this recipe that had not seen them (*number* folds)."""
        classes = np.unique(np.array([*labels, *pool.labels]))
        return held_out_scores(
            labels, classes, times, number, lambda train, test: self._fold(docs, labels, train, test, pool, weights)
        )

    def _fold(
        self,
        docs: Docs,
        labels: Sequence[str],
        train: NDArray[np.int64],
        test: NDArray[np.int64],
        pool: Pool,
        weights: Floats | None,
    ) -> tuple[NDArray[np.str_], Floats]:
        model = UnitClassifier(self.recipe)
        counts = None if weights is None else weights[train]
        model._fit_linear([docs[i] for i in train], [labels[i] for i in train], pool, counts)
        return model.classes_, model.scores(model.vectorize([docs[i] for i in test]))

    def _fit_linear(self, docs: Docs, labels: Sequence[str], pool: Pool, counts: Floats | None) -> None:
        recipe: dict[str, Any] = self.recipe or {}
        all_docs, all_labels = [*docs, *pool.docs], [*labels, *pool.labels]
        own = np.ones(len(docs)) if counts is None else counts
        weights = np.concatenate([own, np.full(len(pool.docs), pool.weight)])
        self.vectorizer_ = StemVectorizer(recipe["features"]).fit(all_docs)
        matrix = self.vectorizer_.transform(all_docs)
        self.classes_, self.coef_, self.intercept_ = fit_one_against_rest(
            matrix, all_labels, weights, recipe["classifier"]
        )

    def vectorize(self, docs: Docs | TokenRows) -> Features:
        """Return the features of texts given as stems or as tokenised rows."""
        return self.vectorizer_.features(docs)

    def scores(self, features: Features) -> Floats:
        """Return the linear scores, shape (rows, classes)."""
        return features.dot(self.coef_) + self.intercept_

    def probabilities(self, features: Features) -> Floats:
        """Return calibrated probabilities, shape (rows, classes), columns as ``classes_``."""
        return Sigmoids(self.slopes_, self.offsets_, self.temperature_).probabilities(self.scores(features))


def calibrate(scores: Floats, truth: NDArray[np.int64]) -> Any:
    """Return the function scores → probabilities fitted on *scores* and *truth*."""
    return fit_sigmoids(scores, truth).probabilities
