"""Unit by unit: precision, recall, F1, and which unit is taken for which."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import unit_name
from pipeline.reports.model.answers import Answers
from pipeline.retraining.bootstrap import Figure, Ints, with_intervals

LARGEST = 12
"""Units with a row of their own in the confusion matrix."""
OTHERS = "(unit lain)"
_RESAMPLES = 500
"""Of each unit's F1: half of the usual, for there are many units, and the bars show two digits at most."""


@dataclass(frozen=True)
class UnitRow:
    """One unit's figures; ``rows`` are really its own. Without an interval ``f1.low`` and ``f1.high`` are NaN."""

    unit: str
    rows: int
    precision: float
    recall: float
    f1: Figure


@dataclass(frozen=True)
class Confusion:
    """``counts`` (int64): rows the true unit, columns the suggested one, both in the order of ``names``."""

    names: tuple[str, ...]
    counts: NDArray[np.int64]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Each cell's share of its row; 0 in a row without any."""
        shares: NDArray[np.float64] = self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        return shares


def measured_units(answers: Answers) -> list[UnitRow]:
    """Return the units that occur as truth or answer, the commonest first, with bootstrap intervals of F1."""
    truth, predicted = answers.truth, answers.predicted
    size = len(answers.names)
    hits = np.bincount(truth[answers.correct], minlength=size)
    actual, called = np.bincount(truth, minlength=size), np.bincount(predicted, minlength=size)
    present = np.flatnonzero(actual + called)

    def f1_of(unit: int) -> Callable[[Ints], float]:
        is_it, said_so = truth == unit, predicted == unit
        both = is_it & said_so
        either = is_it.astype(np.int64) + said_so

        def f1(rows: Ints) -> float:
            total = int(either[rows].sum())
            return 2 * int(both[rows].sum()) / total if total else math.nan

        return f1

    figures = with_intervals({str(unit): f1_of(unit) for unit in present.tolist()}, len(answers), _RESAMPLES)
    found = [
        UnitRow(
            unit=unit_name(answers.names[unit]),
            rows=int(actual[unit]),
            precision=float(hits[unit] / called[unit]) if called[unit] else math.nan,
            recall=float(hits[unit] / actual[unit]) if actual[unit] else math.nan,
            f1=figures[str(unit)],
        )
        for unit in present.tolist()
    ]
    return sorted(found, key=lambda row: (-row.rows, row.unit))


def logged_units(table: str | None) -> list[UnitRow]:
    """Return the units of ``per_unit.csv`` of a training's run; none without it."""
    if table is None:
        return []
    return [
        UnitRow(unit_name(unit), int(rows), float(precision), float(recall), Figure(float(f1), math.nan, math.nan))
        for unit, rows, precision, recall, f1 in pd.read_csv(io.StringIO(table), dtype={"unit": str})[
            ["unit", "rows", "precision", "recall", "f1"]
        ].itertuples(index=False)
    ]


def confusion(answers: Answers) -> Confusion:
    """Return the confusion matrix of the :data:`LARGEST` units by true rows, the rest as one."""
    size = len(answers.names)
    actual = np.bincount(answers.truth, minlength=size)
    order = [int(unit) for unit in np.argsort(-actual, kind="stable") if actual[unit]]
    shown = order[:LARGEST]
    place = np.full(size, len(shown), dtype=np.int64)
    place[shown] = np.arange(len(shown))
    counts = np.zeros((len(shown) + 1, len(shown) + 1), dtype=np.int64)
    np.add.at(counts, (place[answers.truth], place[answers.predicted]), 1)
    names = [unit_name(answers.names[unit]) for unit in shown]
    if not counts[-1].any() and not counts[:, -1].any():
        return Confusion(tuple(names), counts[:-1, :-1])
    return Confusion((*names, OTHERS), counts)
