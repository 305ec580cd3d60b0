"""Probabilities one can rely on, and the threshold for a wanted precision.

Both are chosen on *held-out* scores: of models that had not seen the row nor, where dates are there, any row of its
weeks or months. Only fitting loads scikit-learn and scipy's optimizer: scoring starts without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = 1.01
"""A threshold that no probability reaches."""
MIN_CONFIDENT_ROWS = 20
"""Fewer held-out rows above a threshold prove no precision."""

Floats = NDArray[np.float64]
_TINY = 1e-300


def folds(
    labels: Sequence[str], times: NDArray[np.datetime64] | None, number: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield (train, held-out) row numbers: blocks of time when *times* are given, else stratified.

    Blocks: the rows in order of time are cut into *number* equal stretches; each is held out from a model trained
    on all the others, which is nearly as large as the final one (docs/experiments.md compares with forward folds).
    """
    if times is not None:
        blocks = np.array_split(np.argsort(times, kind="stable"), number)
        for k, block in enumerate(blocks):
            yield np.concatenate(blocks[:k] + blocks[k + 1 :]), block
        return
    from sklearn.model_selection import StratifiedKFold

    _, counts = np.unique(np.asarray(labels), return_counts=True)
    # A class with fewer rows than folds only makes scikit-learn warn; it is then held out in some folds.
    splits = max(2, min(number, int(counts.max())))
    rare = np.flatnonzero(counts < splits)
    codes = np.unique(np.asarray(labels), return_inverse=True)[1]
    codes = np.where(np.isin(codes, rare), -1, codes)
    _, pooled = np.unique(codes, return_counts=True)
    if pooled.min() < splits:
        codes = np.where(codes == -1, codes[np.argmax(codes >= 0)], codes)
    yield from StratifiedKFold(splits, shuffle=True, random_state=0).split(np.zeros(len(codes)), codes)


@dataclass(frozen=True)
class HeldOut:
    """Scores by models that had not seen the row: row numbers, each row's fold, truth as column numbers."""

    rows: NDArray[np.int64]
    fold: NDArray[np.int64]
    truth: NDArray[np.int64]
    classes: NDArray[np.str_]
    scores: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def cross_fitted(self, fit: Callable[[Floats, NDArray[np.int64]], Callable[[Floats], Floats]]) -> Floats:
        """Return probabilities, each fold's by what ``fit(scores, truth)`` made of the other folds' rows."""
        probabilities = np.zeros_like(self.scores)
        for number in np.unique(self.fold):
            here = self.fold == number
            other = ~here if (~here).any() else here
            probabilities[here] = fit(self.scores[other], self.truth[other])(self.scores[here])
        return probabilities


def held_out_scores(
    labels: Sequence[str],
    classes: NDArray[np.str_],
    times: NDArray[np.datetime64] | None,
    number: int,
    fit_and_score: Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.str_], Floats]],
) -> HeldOut:
    """Return the scores of rows by models that had not seen them, columns as *classes* (sorted, all of *labels*).

    ``fit_and_score(train, held_out)`` returns its model's classes and scores. Held-out rows whose class a fold's
    model never saw are left out; a class that a fold's model lacks gets the row's lowest score.
    """
    y = np.asarray(labels)
    rows_all, folds_all, scores_all = [], [], []
    for fold, (train, held_out) in enumerate(folds(labels, times, number)):
        if len(np.unique(y[train])) < 2:
            continue
        held_out = held_out[np.isin(y[held_out], y[train])]
        if len(held_out) == 0:
            continue
        known, scores = fit_and_score(train, held_out)
        full = np.repeat(scores.min(axis=1, keepdims=True), len(classes), axis=1)
        full[:, np.searchsorted(classes, known)] = scores
        rows_all.append(held_out)
        folds_all.append(np.full(len(held_out), fold))
        scores_all.append(full)
    nothing = np.empty(0, dtype=np.int64)
    rows = np.concatenate([nothing, *rows_all])
    return HeldOut(
        rows=rows,
        fold=np.concatenate([nothing, *folds_all]),
        truth=np.searchsorted(classes, y[rows]),
        classes=classes,
        scores=np.concatenate([np.empty((0, len(classes))), *scores_all]),
    )


def fit_temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """Return the temperature T that minimises the log loss of ``softmax(scores / T)`` (Guo et al. 2017).

    *truth* holds column numbers of *scores*. Without rows the temperature is 1.
    """
    if len(scores) == 0:
        return 1.0
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(truth))

    def loss(log_t: float) -> float:
        return float(-np.log(np.maximum(to_probabilities(scores, float(np.exp(log_t))), _TINY))[rows, truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 3.0), method="bounded").x))


def to_probabilities(scores: Floats, temperature: float) -> Floats:
    """Return ``softmax(scores / temperature)`` row by row."""
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def threshold_for(confidence: Floats, correct: NDArray[np.bool_], precision: float) -> tuple[float, float]:
    """Return (threshold, coverage): the lowest confidence above which held-out precision stays ≥ *precision*.

    ``(NEVER, 0.0)`` when no threshold with at least :data:`MIN_CONFIDENT_ROWS` rows above it reaches it.
    """
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(correct[order])
    reached = hits / np.arange(1, len(order) + 1) >= precision
    reached[: MIN_CONFIDENT_ROWS - 1] = False
    # Equal confidences stand or fall together: a cut may only lie where the next one is lower.
    sorted_confidence = confidence[order]
    if len(order):
        reached[:-1] &= sorted_confidence[:-1] > sorted_confidence[1:]
    if not reached.any():
        return NEVER, 0.0
    last = int(np.flatnonzero(reached)[-1])
    return float(sorted_confidence[last]), (last + 1) / len(order)


def expected_calibration_error(confidence: Floats, correct: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the mean |confidence - accuracy| over equal-width bins, weighted by rows (Naeini et al. 2015)."""
    if len(confidence) == 0:
        return float("nan")
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0.0
    for b in np.unique(which):
        inside = which == b
        total += inside.sum() * abs(confidence[inside].mean() - correct[inside].mean())
    return float(total / len(confidence))
