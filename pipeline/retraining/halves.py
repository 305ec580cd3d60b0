"""Fit and measure the two halves of a router: unit and urgency.

A half is measured on rows it has not seen: later in time where the rows are dated, else by stratified folds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import LEVELS
from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.classifiers.calibration import Floats, threshold_for
from pipeline.classifiers.evidence import EvidenceFinder, feature_row
from pipeline.errors import DataError
from pipeline.retraining.data import Rows, default_min_rows, distinct, of_labels, split_by_time, with_enough
from pipeline.retraining.metrics import per_unit, unit_metrics, urgency_metrics
from pipeline.text import Analyzer, analyze

TEST_SHARE = 0.2
CV_FOLDS = 5


@dataclass(frozen=True)
class Prediction:
    """Truth and prediction of the measured rows, for tables and pictures; no texts."""

    truth: list[str]
    predicted: list[str]


@dataclass(frozen=True)
class UnitHalf:
    """A fitted unit classifier with what was measured."""

    classifier: UnitClassifier
    metrics: dict[str, float]
    table: pd.DataFrame
    prediction: Prediction
    facts: dict[str, Any]


@dataclass(frozen=True)
class UrgencyHalf:
    """A fitted urgency classifier with what was measured."""

    classifier: UrgencyClassifier
    metrics: dict[str, float]
    prediction: Prediction
    facts: dict[str, Any]


def tokenise(texts: list[str]) -> list[list[str]]:
    """Return the stems of each text."""
    return [analyze(text) for text in texts]


def tokenise_with_evidence(texts: list[str]) -> tuple[list[list[str]], Floats]:
    """Return the stems and the evidence features (rows, features) of each text."""
    analyzer, finder = Analyzer(), EvidenceFinder()
    docs, rows = [], []
    for text in texts:
        clean, tokens = analyzer.tokenize(text)
        docs.append([token.stem for token in tokens])
        rows.append(feature_row(finder.find(tokens, clean), clean))
    return docs, np.stack(rows).astype(np.float64)


@dataclass(frozen=True)
class _Measured:
    """What a model said of rows it had not seen, and, where it may be kept, that model and its rows."""

    truth: list[str]
    classes: NDArray[np.str_]
    probabilities: Floats
    threshold: float
    train: Rows
    on: str
    classifier: UnitClassifier | None


def train_unit(
    rows: Rows, recipe: dict[str, Any], *, test_from: np.datetime64 | None, min_rows: int | None
) -> UnitHalf:
    """Measure, then fit the unit classifier.

    With *test_from* the rows from that day on are measured on and never trained on. Without it, dated rows are
    measured on their last fifth and undated ones by folds, and the final fit takes all rows.
    Raises :class:`DataError` when fewer than two units have enough rows.
    """
    if test_from is not None and not rows.dated:
        raise DataError("--test-from needs a date in every row", hint="Name the date column with --date.")
    stems = dict(zip(rows.texts, tokenise(rows.texts), strict=True))
    if rows.dated:
        start = _start_of_last_share(rows) if test_from is None else test_from
        measured = _measure_later(rows, stems, recipe, start, min_rows)
    else:
        measured = _measure_by_folds(_trainable(rows, min_rows), stems, recipe)
    train, classifier = measured.train, measured.classifier
    if test_from is None or classifier is None:
        train = _trainable(rows, min_rows)
        classifier = _fit(train, stems, recipe)
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
            "measured_on": measured.on,
            "held_out": classifier.held_out_,
        },
    )


_Stems = dict[str, list[str]]


def _fit(train: Rows, stems: _Stems, recipe: dict[str, Any]) -> UnitClassifier:
    return UnitClassifier(recipe).fit([stems[t] for t in train.texts], train.labels, train.times_or_none())


def _measure_later(
    rows: Rows, stems: _Stems, recipe: dict[str, Any], start: np.datetime64, min_rows: int | None
) -> _Measured:
    """Measure on the rows from *start* on by a model of the rows before."""
    before, after = split_by_time(rows, start)
    train = _trainable(before, min_rows)
    test = of_labels(distinct(after, without=train), set(train.labels))
    if len(test) == 0:
        raise DataError(
            f"no row from {str(start)[:10]} on has a unit with enough earlier rows",
            hint="Choose an earlier --test-from or give more rows.",
        )
    classifier = _fit(train, stems, recipe)
    return _Measured(
        truth=test.labels,
        classes=classifier.classes_,
        probabilities=classifier.probabilities(classifier.vectorize([stems[t] for t in test.texts])),
        threshold=classifier.threshold_,
        train=train,
        on=f"rows from {str(start)[:10]} on",
        classifier=classifier,
    )


def _measure_by_folds(train: Rows, stems: _Stems, recipe: dict[str, Any]) -> _Measured:
    """Measure by stratified folds; each fold's probabilities are calibrated on the other folds."""
    held_out = UnitClassifier(recipe).held_out([stems[t] for t in train.texts], train.labels, None, CV_FOLDS)
    probabilities = held_out.cross_fitted()
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == held_out.truth
    threshold, _ = threshold_for(confidence, correct, recipe["decision"]["precision"])
    return _Measured(
        truth=[train.labels[i] for i in held_out.rows],
        classes=held_out.classes,
        probabilities=probabilities,
        threshold=threshold,
        train=train,
        on=f"{CV_FOLDS} stratified folds",
        classifier=None,
    )


def _start_of_last_share(rows: Rows) -> np.datetime64:
    known = np.sort(rows.times[~np.isnat(rows.times)])
    return known[int(len(known) * (1 - TEST_SHARE))].astype("datetime64[D]").astype("datetime64[us]")


def _trainable(rows: Rows, min_rows: int | None) -> Rows:
    unique = distinct(rows)
    needed = default_min_rows(len(unique)) if min_rows is None else min_rows
    train = with_enough(unique, needed)
    if len(set(train.labels)) < 2:
        raise DataError(
            f"fewer than two units have {needed} rows or more ({len(unique)} different texts with a unit)",
            hint="Give more rows, name the right --unit column, or lower --min-rows.",
        )
    return train


def train_urgency(rows: Rows, recipe: dict[str, Any]) -> UrgencyHalf:
    """Measure by stratified folds, then fit the urgency classifier on all rows.

    Raises :class:`DataError` when a level is unknown, or fewer than two levels have three rows.
    """
    unknown = sorted(set(rows.labels) - set(LEVELS))
    if unknown:
        raise DataError(
            f"{len(unknown)} urgency value(s) are none of {', '.join(LEVELS)}", hint="Correct the urgency column."
        )
    train = with_enough(distinct(rows), 3)
    if len(set(train.labels)) < 2:
        raise DataError("fewer than two urgency levels have three rows or more", hint="Give more labelled rows.")
    docs, evidence = tokenise_with_evidence(train.texts)
    held_out = UrgencyClassifier(recipe).held_out(docs, evidence, train.labels, CV_FOLDS)
    classes = [LEVELS[int(code)] for code in held_out.classes]
    probabilities = held_out.cross_fitted()
    decided = [classes[i] for i in UrgencyClassifier(recipe).decide(probabilities, classes)]
    truth = [train.labels[i] for i in held_out.rows]
    classifier = UrgencyClassifier(recipe).fit(docs, evidence, train.labels)
    return UrgencyHalf(
        classifier=classifier,
        metrics=urgency_metrics(truth, decided, classes, probabilities),
        prediction=Prediction(truth, decided),
        facts={"rows": len(train), "data_hash": train.digest(), "measured_on": f"{CV_FOLDS} stratified folds"},
    )
