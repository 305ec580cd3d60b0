"""The learning curve: how the figures grow with the training rows, all measured on the same later rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import DataError
from pipeline.reports.model.answers import Answers, trainer
from pipeline.retraining.bootstrap import Figure, Ints, macro_f1, with_intervals
from pipeline.retraining.data import Rows, split_by_time

SHARES = (0.125, 0.25, 0.5, 1.0)
_SEED = 0


@dataclass(frozen=True)
class Point:
    """What a training on ``rows`` rows of ``units`` units reaches; ``drawn``: rows before small units were dropped."""

    drawn: int
    rows: int
    units: int
    accuracy: Figure
    macro_f1: Figure


def learning_curve(answers: Answers, trained: Rows, say: Callable[[str], object]) -> list[Point]:
    """Return a point for each of :data:`SHARES` of the rows before the measured ones.

    The rows are drawn at random (seeded) and nested: a larger training holds every smaller one. A size at which fewer
    than two units have enough rows is left out. Rows of a unit that a small training does not know count as wrong.
    *say* is told of each training, for they take a while.
    """
    pool = split_by_time(trained, answers.rows.times.min())[0]
    order = np.random.default_rng(_SEED).permutation(len(pool))
    fitting = trainer()
    points = []
    for share in SHARES:
        drawn = pool.take(np.sort(order[: round(share * len(pool))]).tolist())
        try:
            train = fitting.trainable(drawn)
        except DataError:
            continue
        say(f"Learning curve: training on {len(train):,} rows ...")
        classifier = fitting.fit(train, fitting.pool(train, without=answers.rows))
        probabilities = classifier.probabilities(classifier.vectorize(fitting.stems(answers.rows.texts)))
        said = classifier.classes_[probabilities.argmax(axis=1)].astype(str)
        figures = _figures(np.array(answers.rows.labels), said)
        units = len(set(train.labels))
        points.append(Point(len(drawn), len(train), units, figures["accuracy"], figures["macro_f1"]))
    return points


def _figures(truth: NDArray[np.str_], said: NDArray[np.str_]) -> dict[str, Figure]:
    both = np.unique(np.concatenate([truth, said]), return_inverse=True)[1]
    actual, predicted = both[: len(truth)], both[len(truth) :]

    def accuracy(rows: Ints) -> float:
        return float((actual[rows] == predicted[rows]).mean())

    def f1(rows: Ints) -> float:
        return macro_f1(actual[rows], predicted[rows])

    return with_intervals({"accuracy": accuracy, "macro_f1": f1}, len(truth))
