"""How right the model probably is, before labels come: the mean of its calibrated probabilities.

Confidence-based performance estimation (Guillory et al. 2021, "Predicting with Confidence on Unseen Distributions").
It holds as far as the calibration does: where the relation of words and units itself has changed the model is as sure
as before and more often wrong, so the estimate is too good under just the drift that matters. How far it was off on
labelled rows therefore stands beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from pipeline.retraining.drift.period import Floats, Period, Predictions
from pipeline.retraining.risk import wilson


@dataclass(frozen=True)
class Share:
    """A share of ``rows`` with its 95 % interval; NaN without rows."""

    value: float
    low: float
    high: float
    rows: int


@dataclass(frozen=True)
class UnitEstimate:
    """Rows predicted as one unit: the share of them that should be right and, of the labelled ones, that is."""

    unit: str
    rows: int
    estimated: float
    real: Share


@dataclass(frozen=True)
class Estimate:
    """``estimated``: of all rows; ``real``: of rows whose label the model knows; ``gap``: estimated less real on those.

    ``majority``: what always answering the commonest label of the period's rows gives (NaN without labels);
    ``unknown_units``: labelled rows whose unit the model does not know: it is wrong on them and cannot know it.
    ``held_out``: the figures, but for those two, are of the model's record of training rows before it had seen them.
    """

    estimated: Share
    real: Share
    gap: float
    majority: float
    unknown_units: int
    held_out: bool
    units: tuple[UnitEstimate, ...]


def estimate(period: Period, predictions: Predictions) -> Estimate:
    """Return the estimate for *predictions*: the period's own, or its model's held-out ones."""
    known = predictions.right >= 0
    confidence, right = predictions.confidence, predictions.right == 1
    own = predictions is period.predictions
    labelled = period.labels[period.predictions.right >= 0].tolist()
    return Estimate(
        estimated=expected(confidence),
        real=measured(right[known]),
        gap=float(confidence[known].mean() - right[known].mean()) if known.any() else float("nan"),
        majority=max(Counter(labelled).values()) / len(labelled) if labelled else float("nan"),
        unknown_units=int((period.labels != "").sum()) - len(labelled),
        held_out=not own,
        units=tuple(
            UnitEstimate(
                unit=unit, rows=rows, estimated=float(confidence[here].mean()), real=measured(right[here & known])
            )
            for unit, rows in Counter(map(str, predictions.unit.tolist())).most_common()
            for here in [predictions.unit == unit]
        ),
    )


def expected(confidence: Floats) -> Share:
    """Return the expected share of right rows with the interval that holds the share on so many rows in 95 %.

    A bootstrap that draws rows, and each drawn row's being right from its probability, draws each time with the same
    chance, the mean: its distribution is the binomial one, which is taken instead of drawing.
    """
    n = len(confidence)
    if not n:
        return Share(float("nan"), float("nan"), float("nan"), 0)
    mean = float(np.clip(confidence.mean(), 0.0, 1.0))
    low, high = binom.ppf([0.025, 0.975], n, mean) / n
    return Share(mean, float(low), float(high), n)


def measured(right: np.ndarray) -> Share:
    """Return the share of right rows with Wilson's 95 % interval."""
    value = float(right.mean()) if len(right) else float("nan")
    low, high = wilson(value, len(right))
    return Share(value, max(low, 0.0), min(high, 1.0), len(right))
