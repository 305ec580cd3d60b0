"""Jensen-Shannon distance between two samples, with a permutation test and Holm's correction.

The distance is the root of the divergence (Endres & Schindelin 2003) to base 2: 0 for the same mix, 1 for no overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BINS = 10


class Distance(NamedTuple):
    """``observed``: distance of the samples; ``beyond``: what chance leaves of it; ``p``: permutation p-value."""

    observed: float
    beyond: float
    p: float


def divergence(p: Floats, q: Floats) -> Floats:
    """Return the Jensen-Shannon divergence (base 2) along the last axis of two arrays of shares."""
    middle = (p + q) / 2

    def half(side: Floats) -> Floats:
        ratio = np.divide(side, middle, out=np.ones_like(side), where=side > 0)
        found: Floats = (side * np.log2(ratio)).sum(axis=-1)
        return found

    return np.maximum((half(p) + half(q)) / 2, 0.0)


def permuted(old: Ints, new: Ints, draws: int, rng: np.random.Generator) -> Distance:
    """Compare the counts of two samples by category; each must hold a row.

    Under permutation of the pooled rows the counts of one side are multivariate hypergeometric, so the test draws
    those instead of moving rows: the same test, whatever the number of rows. ``p`` counts the observed order as one
    (Phipson & Smyth 2010). Chance makes a distance between any two samples, the larger the smaller they are:
    ``beyond`` is the root of the divergence less its mean over the draws, so that one limit serves all sizes.
    """
    pooled, rows = old + new, int(new.sum())
    observed = float(divergence(old / old.sum(), new / rows))
    drawn = rng.multivariate_hypergeometric(pooled, rows, size=draws, method="marginals")
    chance = divergence((pooled - drawn) / old.sum(), drawn / rows)
    # A draw that ties with what was observed may differ from it in the last bit.
    p = (1 + int((chance >= observed - 1e-12).sum())) / (draws + 1)
    return Distance(observed**0.5, max(observed - float(chance.mean()), 0.0) ** 0.5, p)


def category_counts(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[str], Ints, Ints]:
    """Return the categories in order and how often each side has them."""
    names, codes = np.unique(np.array([*old, *new], dtype=str), return_inverse=True)
    first = np.bincount(codes[: len(old)], minlength=len(names))
    return [str(name) for name in names], first, np.bincount(codes[len(old) :], minlength=len(names))


def bin_counts(old: Floats, new: Floats, bins: int = BINS) -> tuple[Ints, Ints]:
    """Return how many numbers of each side lie between the quantiles of *both* (the test permutes over both)."""
    edges = np.unique(np.quantile(np.concatenate([old, new]), np.arange(1, bins) / bins))
    first, second = (np.bincount(np.searchsorted(edges, side), minlength=len(edges) + 1) for side in (old, new))
    return first, second


def holm(p: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values (1979), in the order given: they hold for all tests together."""
    order = np.argsort(p, kind="stable")
    factors = len(p) - np.arange(len(p))
    adjusted = np.minimum(np.maximum.accumulate(np.asarray(p, dtype=np.float64)[order] * factors), 1.0)
    back = np.empty(len(p))
    back[order] = adjusted
    return [float(value) for value in back]


def ratio_difference(old: tuple[Floats, Floats], new: tuple[Floats, Floats], z: float = 1.959964) -> tuple[float, ...]:
    """Return (old, new, low, high): ratios ``sum(top) / sum(bottom)`` and the 95 % interval of new less old.

    Each side is (top, bottom), one number a row; means have a bottom of ones. Normal interval with the linearised
    variance of a ratio (Cochran 1977, section 6.3), rows being what varies.
    """
    values, variance = [], 0.0
    for top, bottom in (old, new):
        total = float(bottom.sum())
        value = float(top.sum()) / total if total else float("nan")
        values.append(value)
        variance += float(np.square(top - value * bottom).sum()) / total**2 if total else float("nan")
    spread = z * variance**0.5
    return values[0], values[1], values[1] - values[0] - spread, values[1] - values[0] + spread
