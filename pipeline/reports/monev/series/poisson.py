"""Log-linear Poisson regression with a ridge, of many series at once.

The mean model of the forecast and of the interrupted series: hundreds of fits of two to six coefficients.
scikit-learn's ``PoissonRegressor`` fits one series a call, penalises all coefficients alike and has no offset.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS, _HALVINGS = 50, 8
_TOLERANCE = 1e-8
_FARTHEST = 30.0
"""Bound of the linear predictor: exp(-30) is no complaint at all."""


def fit(X: Floats, Y: Floats, offset: Floats | None = None, penalty: Floats | None = None) -> Floats:
    """Return the coefficients (units × p) of ``E[Y] = exp(offset + X b)`` for each column of *Y*.

    Args:
        X: Terms, periods × p; the first is the constant.
        Y: Counts, periods × units.
        offset: Log exposure, periods × units; None for none.
        penalty: Ridge of each coefficient, length p; it adds to the information matrix's diagonal. None for none.

    Newton's method (iteratively reweighted least squares), steps halved where the penalised likelihood falls. A tiny
    ridge is always there, so that a series of zeros does not run away.
    """
    base = np.zeros(Y.shape) if offset is None else offset
    ridge = np.diag(np.full(X.shape[1], 1e-9) + (0 if penalty is None else penalty))
    B = np.zeros((Y.shape[1], X.shape[1]))
    B[:, 0] = np.log(np.maximum(Y.sum(axis=0), 0.1) / np.exp(base).sum(axis=0))
    squares = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    value = _objective(X, Y, base, B, ridge)
    for _ in range(_STEPS):
        mean = np.exp(_line(X, base, B))
        slope = (Y - mean).T @ X - B @ ridge
        information = (mean.T @ squares).reshape(-1, *ridge.shape) + ridge
        step = np.linalg.solve(information, slope[:, :, None])[:, :, 0]
        for _ in range(_HALVINGS):
            reached = _objective(X, Y, base, B + step, ridge)
            worse = reached < value - _TOLERANCE * (1 + np.abs(value))
            if not worse.any():
                break
            step[worse] /= 2
        B, value = B + step, reached
        if np.abs(step).max() < _TOLERANCE:
            break
    return B


def means(X: Floats, B: Floats, offset: Floats | None = None) -> Floats:
    """Return the expected counts (periods × units) of the coefficients *B* at the terms *X*."""
    expected: Floats = np.exp(_line(X, np.zeros(1) if offset is None else offset, B))
    return expected


def _line(X: Floats, base: Floats, B: Floats) -> Floats:
    line: Floats = np.clip(base + X @ B.T, -_FARTHEST, _FARTHEST)
    return line


def _objective(X: Floats, Y: Floats, base: Floats, B: Floats, ridge: Floats) -> Floats:
    line = _line(X, base, B)
    value: Floats = (Y * line - np.exp(line)).sum(axis=0) - 0.5 * ((B @ ridge) * B).sum(axis=1)
    return value
