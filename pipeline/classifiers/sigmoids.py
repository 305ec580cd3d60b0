"""Class probabilities from one-against-rest scores: a sigmoid a class (Platt 1999), normalised, then one temperature.

Few rows say little of a rare class, so each class's sigmoid is drawn towards the one of all classes together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import Floats, fit_temperature, to_probabilities

_SLOPE_PULL = 8.0
_OFFSET_PULL = 1.0
"""Strength of the pull, in pseudo-rows: of the relative slope and of the offset."""
_FLOOR = 1e-6
_STEEPEST = 500.0


@dataclass(frozen=True)
class Sigmoids:
    """``p(class) ∝ sigmoid(slopes * score + offsets)``, sharpened by ``temperature``."""

    slopes: Floats
    offsets: Floats
    temperature: float

    def probabilities(self, scores: Floats) -> Floats:
        """Return probabilities, shape of *scores* (rows, classes); rows sum to 1."""
        return to_probabilities(_normalised_log(scores, self.slopes, self.offsets), self.temperature)


def fit_sigmoids(scores: Floats, truth: NDArray[np.int64]) -> Sigmoids:
    """Fit on held-out *scores* (rows, classes) and *truth* (column numbers); without rows all sigmoids are the same."""
    classes = scores.shape[1]
    if len(scores) == 0:
        return Sigmoids(np.ones(classes), np.zeros(classes), 1.0)
    is_class = truth[:, None] == np.arange(classes)[None, :]
    slope, offset = _fit(scores.ravel(), is_class.ravel(), None)
    fitted = np.array([_fit(scores[:, c], is_class[:, c], (slope, offset)) for c in range(classes)])
    logs = _normalised_log(scores, fitted[:, 0], fitted[:, 1])
    return Sigmoids(fitted[:, 0], fitted[:, 1], fit_temperature(logs, truth))


def _normalised_log(scores: Floats, slopes: Floats, offsets: Floats) -> Floats:
    positive = np.maximum(_sigmoid(scores * slopes + offsets), _FLOOR)
    result: Floats = np.log(positive / positive.sum(axis=1, keepdims=True))
    return result


def _sigmoid(values: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -_STEEPEST, _STEEPEST)))
    return result


def _fit(scores: Floats, is_class: NDArray[np.bool_], common: tuple[float, float] | None) -> tuple[float, float]:
    """Return (slope, offset) of least log loss, drawn towards *common* where that is given; a slope stays positive."""
    from scipy.optimize import minimize

    target = is_class.astype(np.float64)
    start = common or (1.0, 0.0)
    slope_pull, offset_pull = (_SLOPE_PULL, _OFFSET_PULL) if common else (1e-3, 1e-3)

    def loss(point: Floats) -> tuple[float, Floats]:
        z = point[0] * scores + point[1]
        stretch, shift = point[0] / start[0] - 1.0, point[1] - start[1]
        value = (np.logaddexp(0.0, z) - target * z).sum() + slope_pull / 2 * stretch**2 + offset_pull / 2 * shift**2
        residual = _sigmoid(z) - target
        slope_part = residual @ scores + slope_pull * stretch / start[0]
        return float(value), np.array([slope_part, residual.sum() + offset_pull * shift])

    lowest = start[0] * (0.3 if common else 1e-2)
    highest = start[0] * (3.0 if common else 1e3)
    found = minimize(loss, np.array(start), jac=True, method="L-BFGS-B", bounds=[(lowest, highest), (None, None)])
    return float(found.x[0]), float(found.x[1])
