"""What a label would teach: how unsure the model is, and how few labels the units have that it thinks of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import Floats


@dataclass(frozen=True)
class Opinion:
    """What a model says of a pool.

    ``units`` (classes,), ``probabilities`` (rows, classes) as calibrated, ``counts`` (classes,): labels that the
    model, or whoever asks, has of each unit.
    """

    units: NDArray[np.str_]
    probabilities: Floats
    counts: Floats

    def take(self, rows: NDArray[np.int64]) -> Opinion:
        """Return what is said of these rows."""
        return Opinion(self.units, self.probabilities[rows], self.counts)

    def first_two(self) -> NDArray[np.int64]:
        """Return the columns of each row's two likeliest units, shape (rows, 2)."""
        return np.argsort(-self.probabilities, axis=1, kind="stable")[:, :2]

    def doubt(self) -> Floats:
        """Return 1 minus the margin between the two likeliest units, 0-1 (Scheffer et al. 2001)."""
        best = -np.partition(-self.probabilities, 1, axis=1)[:, :2]
        result: Floats = 1.0 - (best[:, 0] - best[:, 1])
        return result

    def rarity(self) -> Floats:
        """Return how rare the units are that a row may belong to: the expected 1/sqrt(labels + 1), mean 1."""
        expected = self.probabilities @ (1.0 / np.sqrt(self.counts + 1.0))
        mean = float(expected.mean()) if len(expected) else 1.0
        result: Floats = expected / mean
        return result
