"""Fit and measure the urgency half of a router."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.catalogue import LEVELS
from pipeline.classifiers import UrgencyClassifier
from pipeline.classifiers.urgency import NO_EXAMPLES, Examples
from pipeline.errors import DataError
from pipeline.retraining.data import Rows, distinct, with_enough
from pipeline.retraining.metrics import urgency_metrics
from pipeline.retraining.stems import tokenise_with_evidence
from pipeline.retraining.unit_half import CV_FOLDS, Prediction, measured_facts, span


@dataclass(frozen=True)
class UrgencyHalf:
    """A fitted urgency classifier with what was measured."""

    classifier: UrgencyClassifier
    metrics: dict[str, float]
    prediction: Prediction
    facts: dict[str, Any]


def train_urgency(rows: Rows, recipe: dict[str, Any], starter: Rows | None = None) -> UrgencyHalf:
    """Measure by stratified folds over *rows*, then fit the urgency classifier on all rows.

    The texts of *starter* are in every fit and never measured on: rare levels have too few rows in most offices.
    Raises :class:`DataError` when a level is unknown, or fewer than two levels have three rows.
    """
    unknown = sorted(set(rows.labels) - set(LEVELS))
    if unknown:
        raise DataError(
            f"{len(unknown)} urgency value(s) are none of {', '.join(LEVELS)}", hint="Correct the urgency column."
        )
    own = distinct(rows) if starter is not None else with_enough(distinct(rows), 3)
    if starter is None and len(set(own.labels)) < 2:
        raise DataError("fewer than two urgency levels have three rows or more", hint="Give more labelled rows.")
    if not enough(own):
        raise DataError("fewer than five rows or two levels of urgency", hint="Give more labelled rows.")
    examples = examples_of(own)
    lent = NO_EXAMPLES if starter is None else examples_of(distinct(starter, without=own))
    held_out = UrgencyClassifier(recipe).held_out(examples, CV_FOLDS, lent)
    classes = [LEVELS[int(code)] for code in held_out.classes]
    probabilities = held_out.cross_fitted(UrgencyClassifier.calibrate)
    decided = [classes[i] for i in UrgencyClassifier(recipe).decide(probabilities, classes)]
    truth = [own.labels[i] for i in held_out.rows]
    return UrgencyHalf(
        classifier=UrgencyClassifier(recipe).fit(examples, lent, held_out),
        metrics=urgency_metrics(truth, decided, classes, probabilities),
        prediction=Prediction(truth, decided),
        facts={
            "rows": len(own),
            "starter_rows": len(lent),
            "data_hash": own.digest(),
            **measured_facts(None),
            **span(own),
        },
    )


def enough(rows: Rows) -> bool:
    """Tell whether different texts *rows* can be measured by folds: five of them, and two levels."""
    return len(rows) >= CV_FOLDS and len(set(rows.labels)) >= 2


def examples_of(rows: Rows) -> Examples:
    """Return *rows* as the classifier reads them."""
    docs, evidence = tokenise_with_evidence(rows.texts)
    return Examples(docs, evidence, rows.labels, rows.counts())
