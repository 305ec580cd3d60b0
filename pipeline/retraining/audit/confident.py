"""Confident learning: which labels do held-out probabilities contradict?

Northcutt, Jiang, Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 70). A row counts as
a member of its likeliest class where it reaches that class's own mean confidence; where that is not the label it has,
the label is called wrong. The order among rows is by the odds of the best other label against the given one: as good as
self-confidence where the wrong label may be anything, and better where it is a neighbour (docs/audit.md has the
figures).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import Floats
from pipeline.errors import OptionError

Ints = NDArray[np.int64]
_TINY = 1e-12


@dataclass(frozen=True)
class Doubts:
    """What held-out probabilities say of each row's label.

    ``other``: column of the likeliest other class; ``p_other``, ``p_given``: probabilities of it and of the given
    label; ``score``: 0-1, the other's share of the two; ``wrong``: whether confident learning calls the label wrong.
    """

    other: Ints
    p_other: Floats
    p_given: Floats
    score: Floats
    wrong: NDArray[np.bool_]


def thresholds(probabilities: Floats, given: Ints) -> Floats:
    """Return each class's mean probability over the rows labelled so; 1 for a class without rows."""
    classes = probabilities.shape[1]
    sums = np.bincount(given, probabilities[np.arange(len(given)), given], minlength=classes)
    counts = np.bincount(given, minlength=classes)
    result: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), 1.0)
    return result


def doubts(probabilities: Floats, given: Ints, limits: Floats | None = None) -> Doubts:
    """Judge labels by held-out *probabilities*, shape (rows, classes).

    *given* are column numbers; -1 for a label that the classes do not have, which gets half of what the likeliest class
    leaves. *limits*: thresholds of the classes, default those of these rows.
    """
    rows = np.arange(len(given))
    known = given >= 0
    limits = thresholds(probabilities, given) if limits is None else limits
    others = probabilities.copy()
    others[rows[known], given[known]] = -1.0
    other = others.argmax(axis=1)
    p_other = np.maximum(others[rows, other], 0.0)
    p_given = np.where(known, probabilities[rows, np.maximum(given, 0)], (1.0 - p_other) / 2)
    # Only the likeliest class may claim a row: a rare one's threshold is low, and would claim what nobody is sure of.
    wrong = (p_other > p_given) & (p_other >= limits[other] - _TINY)
    return Doubts(other, p_other, p_given, p_other / np.maximum(p_other + p_given, _TINY), wrong)


def cleanlab_doubts(probabilities: Floats, given: Ints) -> Doubts:
    """Judge as :func:`doubts`, by cleanlab: its ``find_label_issues`` decides, its self-confidence orders.

    Raises :class:`OptionError` where cleanlab is not installed.
    """
    try:
        from cleanlab.filter import find_label_issues
        from cleanlab.rank import get_label_quality_scores
    except ImportError as error:
        raise OptionError("--with-cleanlab: cleanlab is not installed. pip install 'disposisi[audit]'") from error
    own = doubts(probabilities, given)
    quality = get_label_quality_scores(given, probabilities, method="self_confidence")
    wrong = find_label_issues(given, probabilities, n_jobs=1)
    return Doubts(own.other, own.p_other, own.p_given, 1.0 - np.asarray(quality), np.asarray(wrong, dtype=bool))
