"""Gather all that the page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import Floats
from pipeline.errors import OptionError
from pipeline.intake import Batch
from pipeline.reports.model.answers import Answers, answer
from pipeline.reports.model.figures import FigureRow, logged_figures, measured_figures
from pipeline.reports.model.given import Given, sort_rows
from pipeline.reports.model.learning import Point, learning_curve
from pipeline.reports.model.mistakes import Mistake, worst_mistakes
from pipeline.reports.model.record import Record
from pipeline.reports.model.units import Confusion, UnitRow, confusion, logged_units, measured_units
from pipeline.reports.model.words import UnitWords, strongest_words
from pipeline.retraining.drift import DriftReport, drift, period, read_rows
from pipeline.retraining.risk import Risk
from pipeline.routing.curve import RiskCurve


@dataclass(frozen=True)
class Reliability:
    """Confidence against truth in ten bins of equal width, those with rows only.

    ``rows`` (int64), ``confidence`` (the bin's mean) and ``right`` (share, both float64).
    """

    rows: NDArray[np.int64]
    confidence: Floats
    right: Floats


@dataclass(frozen=True)
class ModelReport:
    """All that the page shows. What needs DATA, ``--new`` or ``--learning-curve`` is ``None`` or empty without.

    ``measured``: the figures are of unseen rows of DATA; else of the training's run. ``window``: days of those rows,
    their number, how many of units that the model does not know, whether they were answered by a model trained again.
    ``reliability_held_out``: the reliability is of the held-out record.
    """

    record: Record
    given: Given | None
    measured: bool
    window: tuple[tuple[str, str] | None, int, int, bool] | None
    figures: list[FigureRow]
    urgency: list[FigureRow]
    units: list[UnitRow]
    confusion: Confusion | None
    reliability: Reliability | None
    reliability_held_out: bool
    risk: Risk
    learning: list[Point]
    words: list[UnitWords]
    mistakes: list[Mistake] | None
    drift: DriftReport | None


def collect(
    record: Record,
    data: Sequence[Batch] = (),
    new: Sequence[Batch] = (),
    *,
    new_name: str = "",
    curve: bool = False,
    unseen: bool = False,
    say: Callable[[str], object] = print,
) -> ModelReport:
    """Return the report on *record*.

    Args:
        record: The model version.
        data: Labelled rows that it was trained and measured on.
        new: Newer rows, for the section on drift.
        new_name: How the report names them.
        curve: Train on parts of DATA for the learning curve.
        unseen: No row of *data* was trained on, whatever its day.
        say: Is told of what takes long.

    Raises:
        DataError: No row of *data* has a label, or none of *new* a text.
        OptionError: *new* or *curve* without *data*, or no unseen row to measure the curve on.
    """
    if not data and (new or curve):
        raise OptionError(f"{'--new' if new else '--learning-curve'} needs DATA: the rows that the model learnt from.")
    given = sort_rows(data, record.manifest, unseen=unseen) if data else None
    answers = answer(record.router, given) if given is not None else None
    if curve and (answers is None or unseen):
        raise OptionError(
            "--learning-curve needs rows on the model's days of training and later ones, both in DATA. "
            "A model that was trained on undated rows, and --unseen, have no such curve."
        )
    own = RiskCurve.of(record.router.unit)
    tested = None if answers is None else RiskCurve.measured(answers.names, answers.rows.labels, answers.probabilities)
    shown = own if tested is None else tested
    metrics = record.version.metrics
    return ModelReport(
        record=record,
        given=given,
        measured=answers is not None,
        window=None if answers is None else (answers.days, len(answers), answers.unknown, answers.again),
        figures=logged_figures(metrics, "unit") if answers is None else measured_figures(answers),
        urgency=logged_figures(metrics, "urgency"),
        units=logged_units(record.per_unit) if answers is None else measured_units(answers),
        confusion=None if answers is None else confusion(answers),
        reliability=reliability(shown.confidence, shown.correct) if len(shown) else None,
        reliability_held_out=tested is None,
        risk=_risk(own, tested, answers),
        learning=_learning(answers, given, say) if curve else [],
        words=strongest_words(record.router.unit),
        mistakes=None if answers is None else worst_mistakes(answers),
        drift=_drift(record, data, new, new_name, unseen) if new else None,
    )


def reliability(confidence: Floats, correct: NDArray[np.bool_], bins: int = 10) -> Reliability:
    """Return the rows in *bins* of confidence; a perfectly calibrated model is right as often as it is sure."""
    which = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    rows = np.bincount(which, minlength=bins)
    has = rows > 0
    sums = [np.bincount(which, weights=values, minlength=bins)[has] for values in (confidence, correct)]
    return Reliability(rows[has], sums[0] / rows[has], sums[1] / rows[has])


def _risk(own: RiskCurve, tested: RiskCurve | None, answers: Answers | None) -> Risk:
    if tested is None or answers is None:
        return Risk(own)
    # A model trained again has another record than the one that serves; its thresholds say nothing of that one's.
    return Risk(own, None if answers.again else own, tested)


def _learning(answers: Answers | None, given: Given | None, say: Callable[[str], object]) -> list[Point]:
    if answers is None or given is None:
        return []
    return learning_curve(answers, given.trained, say)


def _drift(record: Record, data: Sequence[Batch], new: Sequence[Batch], name: str, unseen: bool) -> DriftReport:
    """Compare *new* with the rows of *data* that the model was trained on (all of them where none are dated so)."""
    old_rows = read_rows(data).distinct()
    last = record.manifest.get("unit", {}).get("last_day")
    if last is not None and not unseen:
        trained = np.flatnonzero(~(old_rows.times >= np.datetime64(last, "D") + 1))
        old_rows = old_rows.take(trained) if len(trained) else old_rows
    new_rows = read_rows(new).distinct(without=old_rows)
    old = period(record.router, old_rows, "baris latih", unseen=unseen)
    return drift(old, period(record.router, new_rows, name, unseen=unseen))
