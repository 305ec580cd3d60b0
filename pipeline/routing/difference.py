"""Does a batch look like what the model was trained on? Then its held-out precision tells of the batch, else not.

Two signs, both from what scoring yields anyway: the mean confidence and the mix of predicted units, against the
held-out rows. Only a lower confidence counts: on rows that the model was trained on it is higher, which is no warning.
What chance alone does to a batch of that size is allowed for. Measured on Surabaya's own later months and its training
file (no warning) and Kab. Bandung's export (a warning); see docs/decisions.md for what they do not see.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.routing.curve import RiskCurve

_ERRORS = 3.0
"""Standard errors of a batch's mean confidence that are put down to chance."""


@dataclass(frozen=True)
class Limits:
    """From which difference on a warning is given; ``rows``: smaller batches are not compared."""

    confidence: float
    units: float
    rows: int


@dataclass(frozen=True)
class Difference:
    """How far a batch is from the held-out rows, beyond chance (0: not at all).

    ``confidence``: by how much the mean confidence is lower (0-1). ``units``: total variation distance of the mix of
    predicted units (0-1). ``differs``: one of the two is at its limit or beyond.
    """

    confidence: float
    units: float
    differs: bool

    def warning(self) -> str | None:
        """Return the line that people read, ``None`` where nothing differs."""
        if not self.differs:
            return None
        return (
            "These rows differ from the training rows "
            f"(mean confidence lower by {self.confidence:.2f}, mix of units by {self.units:.2f}, beyond chance): "
            "the stated precision may not be reached. Check some of the forwarded rows before they are sent."
        )


def compare(curve: RiskCurve, counts: Mapping[str, int], mean_confidence: float, limits: Limits) -> Difference:
    """Return how far a batch is from *curve*'s rows.

    *counts*: rows of the batch by predicted unit; *mean_confidence*: of all of them. A batch with fewer rows than
    *limits* asks for, or a curve without rows, is not compared.
    """
    rows = sum(counts.values())
    if rows < max(limits.rows, 1) or not len(curve):
        return Difference(0.0, 0.0, False)
    chance = _ERRORS * float(curve.confidence.std()) * math.sqrt(1 / rows + 1 / len(curve))
    confidence = max(float(curve.confidence.mean()) - mean_confidence - chance, 0.0)
    units = _units(curve, counts, rows)
    return Difference(confidence, units, confidence >= limits.confidence or units >= limits.units)


def _units(curve: RiskCurve, counts: Mapping[str, int], rows: int) -> float:
    shares = curve.shares()
    if np.isnan(shares).any():
        return 0.0
    seen = np.array([counts.get(name, 0) for name in curve.names]) / rows
    distance = (np.abs(seen - shares).sum() + (1 - seen.sum())) / 2
    # Half of the mean absolute deviation of each unit's share (normal approximation), twice over: about what the
    # worst of many batches of that size reaches.
    chance = np.sqrt(2 / math.pi * shares * (1 - shares) * (1 / rows + 1 / len(curve))).sum()
    return float(max(distance - chance, 0.0))
