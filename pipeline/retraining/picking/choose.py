"""Choose the rows of a pool whose labels would teach most: doubt times rarity, spread over the pool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import Floats
from pipeline.retraining.picking.clusters import Ints, Representatives, representatives
from pipeline.retraining.picking.space import Points, nearness
from pipeline.retraining.picking.worth import Opinion

SAME = 0.98
"""Cosine from which a row says what a labelled one says."""


@dataclass(frozen=True)
class Pool:
    """``points`` of the rows to choose from and of those that are ``known``; ``opinion`` of a model, if there is one.

    ``empty``: rows that say nothing, to be taken last.
    """

    points: Points
    known: Points
    opinion: Opinion | None
    empty: NDArray[np.bool_]

    def weights(self, near: NDArray[np.float32]) -> Floats:
        """Return what each row would teach; without a model, how far it is from what is known."""
        if self.opinion is None:
            return 1.0 - near.astype(np.float64)
        return self.opinion.doubt() * self.opinion.rarity()


def choose(pool: Pool, budget: int, seed: int) -> Representatives:
    """Return *budget* rows of *pool*, the most telling first (all rows where it has no more).

    Rows that say nothing, or what a known row says, come only when no others are left.
    """
    near = nearness(pool.points, pool.known)
    weights = pool.weights(near)
    late = pool.empty | (near >= SAME)
    parts = [_among(np.flatnonzero(~late), pool.points, weights, budget, seed)]
    missing = budget - len(parts[0].rows)
    if missing:
        parts.append(_among(np.flatnonzero(late), pool.points, weights, missing, seed))
    return Representatives(np.concatenate([p.rows for p in parts]), np.concatenate([p.sizes for p in parts]))


def _among(rows: Ints, points: Points, weights: Floats, number: int, seed: int) -> Representatives:
    found = representatives(points[rows], weights[rows], number, seed)
    return Representatives(rows[found.rows], found.sizes)
