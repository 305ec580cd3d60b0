"""What bare scikit-learn reaches on the same rows: no repair, no slang, no stems, default settings."""

from __future__ import annotations

import numpy as np
from bootstrap import UnitResult, mean_of_repeats, urgency_figures
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from pipeline.catalogue import LEVELS
from pipeline.classifiers.calibration import fit_temperature, threshold_for
from pipeline.retraining.bootstrap import RESAMPLES, Figure
from pipeline.retraining.data import Rows

FOLDS = 3


def bare_units(train: Rows, test: Rows, classes: np.ndarray, wanted: tuple[float, ...]) -> UnitResult:
    """Words 1-2 and characters 2-5 → TF-IDF → LinearSVC; softmax of the scores, one temperature, as its confidence.

    Temperature and thresholds come from stratified folds of the training rows.
    """
    texts, labels = np.array(train.texts, dtype=object), np.array(train.labels)
    truth = np.searchsorted(classes, labels)
    held_out = np.full((len(texts), len(classes)), -9.0)
    for fit, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, labels):
        held_out[rest] = _scores(texts[fit], labels[fit], texts[rest], classes)
    temperature = fit_temperature(held_out, truth)
    confidence = softmax(held_out / temperature, axis=1)
    correct = confidence.argmax(axis=1) == truth
    thresholds = {p: threshold_for(confidence.max(axis=1), correct, p)[0] for p in wanted}
    probabilities = softmax(_scores(texts, labels, test.texts, classes) / temperature, axis=1)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    return UnitResult(np.searchsorted(classes, test.labels), order, probabilities.max(axis=1), thresholds)


def _scores(texts: np.ndarray, labels: np.ndarray, new: object, classes: np.ndarray) -> np.ndarray:
    vectorizer = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    model = make_pipeline(vectorizer, LinearSVC()).fit(texts, labels)
    found = model.decision_function(new)
    scores = np.repeat(found.min(axis=1, keepdims=True), len(classes), axis=1)
    scores[:, np.searchsorted(classes, model.classes_)] = found
    return scores


def bare_urgency(rows: Rows, high: int) -> dict[str, Figure]:
    """Words 1-2 → TF-IDF → balanced logistic regression, 5 x 5 folds: mean of the repeats, interval of the first."""
    texts, ranks = np.array(rows.texts, dtype=object), np.array([LEVELS.index(label) for label in rows.labels])
    runs = []
    for seed in range(5):
        decided, chance = np.zeros(len(ranks), dtype=np.int64), np.zeros(len(ranks))
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(texts, ranks):
            model = make_pipeline(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                LogisticRegression(class_weight="balanced", max_iter=1000),
            ).fit(texts[train], ranks[train])
            probabilities = model.predict_proba(texts[test])
            decided[test] = model.classes_[probabilities.argmax(axis=1)]
            chance[test] = probabilities[:, model.classes_ >= high].sum(axis=1)
        runs.append(urgency_figures(ranks, decided, chance, high, resamples=1 if seed else RESAMPLES))
    return mean_of_repeats(runs)
