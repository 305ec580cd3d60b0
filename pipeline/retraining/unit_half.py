"""Fit and measure the unit half of a router.

It is measured on rows it has not seen: later in time where the rows are dated, else by stratified folds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.classifiers import UnitClassifier
from pipeline.classifiers.calibration import Floats, threshold_for
from pipeline.classifiers.unit import NO_POOL, Pool, calibrate
from pipeline.errors import DataError
from pipeline.retraining.data import (
    NO_ROWS,
    Rows,
    days_of,
    default_min_rows,
    distinct,
    of_labels,
    split_by_time,
    with_enough,
)
from pipeline.retraining.metrics import per_unit, unit_metrics
from pipeline.retraining.offices import Elsewhere, by_count
from pipeline.retraining.risk import Risk
from pipeline.retraining.stems import tokenise
from pipeline.routing.curve import RiskCurve

TEST_SHARE = 0.2
CV_FOLDS = 5


@dataclass(frozen=True)
class Prediction:
    """Truth and prediction of the measured rows, for tables and pictures; no texts."""

    truth: list[str]
    predicted: list[str]


@dataclass(frozen=True)
class UnitHalf:
    """A fitted unit classifier with what was measured.

    ``unseen``: the rows of the measured window, where the classifier itself has not seen them; of all units, also of
    those that it does not know.
    """

    classifier: UnitClassifier
    metrics: dict[str, float]
    table: pd.DataFrame
    prediction: Prediction
    facts: dict[str, Any]
    risk: Risk
    unseen: Rows | None = None


@dataclass(frozen=True)
class Measured:
    """What a model said of rows it had not seen, and, where it may be kept, that model, its rows and the later ones.

    ``start``: their first day; ``None``: they are the folds of the training rows.
    """

    truth: list[str]
    classes: NDArray[np.str_]
    probabilities: Floats
    threshold: float
    train: Rows
    start: np.datetime64 | None
    classifier: UnitClassifier | None
    later: Rows | None = None

    def curve(self) -> RiskCurve:
        """Return risk against coverage of the measured rows."""
        return RiskCurve.measured(self.classes.tolist(), self.truth, self.probabilities)


class UnitTrainer:
    """One training of the unit half: the recipe, what other offices know, each text's stems (made once)."""

    def __init__(self, recipe: dict[str, Any], elsewhere: Elsewhere | None, min_rows: int | None) -> None:
        self.recipe, self.min_rows = recipe, min_rows
        self.elsewhere = elsewhere if elsewhere is not None and recipe["offices"]["weight"] > 0 else None
        self._stems: dict[str, list[str]] = {}

    def stems(self, texts: list[str]) -> list[list[str]]:
        """Return the stems of each text."""
        new = list(dict.fromkeys(text for text in texts if text not in self._stems))
        self._stems.update(zip(new, tokenise(new), strict=True))
        return [self._stems[text] for text in texts]

    def trainable(self, rows: Rows) -> Rows:
        """Return the different texts of units with enough of them; raises :class:`DataError` below two units."""
        unique = distinct(rows)
        needed = default_min_rows(len(unique)) if self.min_rows is None else self.min_rows
        train = with_enough(unique, needed)
        if len(set(train.labels)) < 2:
            raise DataError(
                f"fewer than two units have {needed} rows or more ({len(unique)} different texts with a unit)",
                hint="Give more rows, name the right --unit column, or lower --min-rows.",
            )
        return train

    def pool(self, train: Rows, without: Rows) -> Pool:
        """Return what other offices say of the units of *train*; no text of *without* is in it."""
        if self.elsewhere is None:
            return NO_POOL
        rows = self.elsewhere.rows_for(by_count(train.labels), without=without)
        offices = self.recipe["offices"]
        own = float(train.counts().sum())
        weight = min(offices["weight"], offices["most"] * own / max(len(rows), 1))
        return Pool(self.stems(rows.texts), rows.labels, weight)

    def fit(self, train: Rows, pool: Pool) -> UnitClassifier:
        """Fit on *train* and *pool*."""
        return UnitClassifier(self.recipe).fit(
            self.stems(train.texts), train.labels, train.times_or_none(), pool, train.weights
        )

    def measure_later(self, rows: Rows, start: np.datetime64) -> Measured:
        """Measure on the rows from *start* on by a model of the rows before (and of other offices)."""
        before, after = split_by_time(rows, start)
        train = self.trainable(before)
        later = distinct(after, without=train)
        test = of_labels(later, set(train.labels))
        if len(test) == 0:
            raise DataError(
                f"no row from {str(start)[:10]} on has a unit with enough earlier rows",
                hint="Choose an earlier --test-from or give more rows.",
            )
        classifier = self.fit(train, self.pool(train, without=rows))
        return Measured(
            truth=test.labels,
            classes=classifier.classes_,
            probabilities=classifier.probabilities(classifier.vectorize(self.stems(test.texts))),
            threshold=classifier.threshold_,
            train=train,
            start=start,
            classifier=classifier,
            later=later,
        )

    def measure_by_folds(self, train: Rows, pool: Pool) -> Measured:
        """Measure by stratified folds; each fold's probabilities are calibrated on the other folds."""
        held_out = UnitClassifier(self.recipe).held_out(
            self.stems(train.texts), train.labels, None, CV_FOLDS, pool, train.weights
        )
        probabilities = held_out.cross_fitted(calibrate)
        confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == held_out.truth
        threshold, _ = threshold_for(confidence, correct, self.recipe["decision"]["precision"])
        return Measured(
            truth=[train.labels[i] for i in held_out.rows],
            classes=held_out.classes,
            probabilities=probabilities,
            threshold=threshold,
            train=train,
            start=None,
            classifier=None,
        )


def train_unit(
    rows: Rows,
    recipe: dict[str, Any],
    *,
    test_from: np.datetime64 | None = None,
    min_rows: int | None = None,
    elsewhere: Elsewhere | None = None,
) -> UnitHalf:
    """Measure, then fit the unit classifier.

    With *test_from* the rows from that day on are measured on and never trained on. Without it, dated rows are
    measured on their last fifth and undated ones by folds, and the final fit takes all rows. What *elsewhere* knows
    of the units joins every fit. Raises :class:`DataError` when fewer than two units have enough rows.
    """
    if test_from is not None and not rows.dated:
        raise DataError("--test-from needs a date in every row", hint="Name the date column with --date.")
    trainer = UnitTrainer(recipe, elsewhere, min_rows)
    measured: Measured | None = None
    if rows.dated:
        measured = trainer.measure_later(rows, start_of_last_share(rows) if test_from is None else test_from)
        if test_from is not None and measured.classifier is not None:
            return _half(measured.classifier, measured, measured.train, elsewhere)
    train = trainer.trainable(rows)
    pool = trainer.pool(train, without=rows)
    measured = measured or trainer.measure_by_folds(train, pool)
    return _half(trainer.fit(train, pool), measured, train, elsewhere)


def train_unit_from_elsewhere(recipe: dict[str, Any], elsewhere: Elsewhere, min_rows: int | None = None) -> UnitHalf:
    """Fit a first model for an office without a row of its own: others' rows, catalogue words, its crosswalk.

    It is measured by folds over the *others'* rows, which says how well functions are told apart, not how this
    office routes; so no threshold is set and a person sees every row.
    Raises :class:`DataError` when the crosswalk names fewer than two units that others' rows reach.
    """
    trainer = UnitTrainer(recipe, None, min_rows)
    units = elsewhere.units()
    if not units:
        raise DataError(
            f"no crosswalk names the units of {elsewhere.office}", hint="Give --crosswalk with kantor,unit,urusan."
        )
    train = trainer.trainable(elsewhere.rows_for(units, without=NO_ROWS))
    words = elsewhere.words_for(units)
    pool = Pool(trainer.stems(words.texts), words.labels, recipe["offices"]["weight"])
    measured = trainer.measure_by_folds(train, pool)
    classifier = trainer.fit(train, pool)
    classifier.never_forward()
    return _half(classifier, measured, train, elsewhere)


def _half(classifier: UnitClassifier, measured: Measured, train: Rows, elsewhere: Elsewhere | None) -> UnitHalf:
    predicted = [str(c) for c in measured.classes[measured.probabilities.argmax(axis=1)]]
    majority = Counter(measured.train.labels).most_common(1)[0][0]
    return UnitHalf(
        classifier=classifier,
        metrics=unit_metrics(measured.truth, measured.classes, measured.probabilities, measured.threshold, majority),
        table=per_unit(measured.truth, predicted),
        prediction=Prediction(measured.truth, predicted),
        facts={
            "rows": len(train),
            "units": len(set(train.labels)),
            "data_hash": train.digest(),
            **measured_facts(None if measured.start is None else str(measured.start)[:10]),
            **span(train),
            "elsewhere": elsewhere.describe() if elsewhere else {},
            "held_out": classifier.held_out_,
        },
        risk=_risk(classifier, measured),
        unseen=measured.later if measured.classifier is classifier else None,
    )


def _risk(classifier: UnitClassifier, measured: Measured) -> Risk:
    """Return the model's risk; rows measured by folds are its held-out rows once more, so they add nothing."""
    curve = RiskCurve.of(classifier)
    if measured.classifier is None:
        return Risk(curve)
    return Risk(
        curve, curve if measured.classifier is classifier else RiskCurve.of(measured.classifier), measured.curve()
    )


def measured_facts(day: str | None) -> dict[str, Any]:
    """Return what the manifest says of the measured rows: those from *day* (ISO) on, ``None``: of stratified folds."""
    if day is None:
        return {"measured_on": f"{CV_FOLDS} stratified folds", "measured_folds": CV_FOLDS}
    return {"measured_on": f"rows from {day} on", "measured_from": day}


def span(rows: Rows) -> dict[str, str]:
    """Return what the manifest says of the training rows' days; nothing where none has one."""
    days = days_of(rows.times)
    return {} if days is None else {"first_day": days[0], "last_day": days[1]}


def start_of_last_share(rows: Rows) -> np.datetime64:
    """Return the day from which on the last fifth of the dated rows came; raises ``IndexError`` where none is dated."""
    known = np.sort(rows.times[~np.isnat(rows.times)])
    return known[int(len(known) * (1 - TEST_SHARE))].astype("datetime64[D]").astype("datetime64[us]")
