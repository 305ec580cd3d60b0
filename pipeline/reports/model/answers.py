"""What the model says of labelled rows that it has not seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.crosswalk import load_crosswalk
from pipeline.classifiers.calibration import Floats
from pipeline.reports.model.given import Given
from pipeline.retraining.corpus import STARTER, starter_functions
from pipeline.retraining.data import NO_ROWS, Rows, days_of, of_labels
from pipeline.retraining.offices import Elsewhere
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.stems import tokenise
from pipeline.retraining.unit_half import UnitTrainer
from pipeline.scoring.router import Router


@dataclass(frozen=True)
class Answers:
    """Rows with their true unit, and the model's probabilities of ``classes`` (shape (rows, classes)).

    ``majority``: the commonest unit of the training rows; ``threshold``: from which a row goes on; ``unknown``: rows
    left out, for the model does not know their unit; ``again``: answered not by the model itself, which was
    fitted on these rows, too, but by one of the same recipe that was fitted on the rows before them.
    """

    rows: Rows
    classes: NDArray[np.str_]
    probabilities: Floats
    majority: str
    threshold: float
    unknown: int
    again: bool

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def names(self) -> list[str]:
        """``classes`` as plain texts."""
        return [str(name) for name in self.classes]

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """Each row's true unit as its place in ``classes``."""
        places = {name: place for place, name in enumerate(self.names)}
        return np.array([places[label] for label in self.rows.labels], dtype=np.int64)

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """Each row's first unit as its place in ``classes``."""
        return self.probabilities.argmax(axis=1).astype(np.int64)

    @cached_property
    def confidence(self) -> Floats:
        """The probability of each row's first unit."""
        confidence: Floats = self.probabilities.max(axis=1)
        return confidence

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each row's first unit is the true one."""
        return self.truth == self.predicted

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day of the rows that have one."""
        return days_of(self.rows.times)


def trainer() -> UnitTrainer:
    """Return a trainer with the recipe and the starter's rows beside the office's, as ``disposisi train`` has it."""
    elsewhere = Elsewhere(load_crosswalk(()), "", {STARTER: starter_functions()})
    return UnitTrainer(load_recipe("unit"), elsewhere, None)


def answer(router: Router, given: Given) -> Answers | None:
    """Return the answers to the unseen rows of DATA; ``None`` where there are none.

    Where the model was fitted on all rows after it had been measured, the measuring is done again: one training.
    Raises :class:`~pipeline.errors.DataError` when too few rows lie before the measured ones.
    """
    known = of_labels(given.unseen, [str(name) for name in router.unit.classes_])
    if len(known):
        probabilities = router.unit.probabilities(router.unit.vectorize(tokenise(known.texts)))
        trained = of_labels(given.trained, [str(name) for name in router.unit.classes_])
        majority = _commonest(trained.labels or known.labels)
        left_out = len(given.unseen) - len(known)
        return Answers(known, router.unit.classes_, probabilities, majority, router.threshold, left_out, again=False)
    start = given.measured_from
    if start is None or not (given.trained.times >= start).any():
        return None
    measured = trainer().measure_later(given.labelled.units, start)
    later = NO_ROWS if measured.later is None else measured.later
    rows = of_labels(later, set(measured.train.labels))
    return Answers(
        rows=rows,
        classes=measured.classes,
        probabilities=measured.probabilities,
        majority=_commonest(measured.train.labels),
        threshold=measured.threshold,
        unknown=len(later) - len(rows),
        again=True,
    )


def _commonest(labels: list[str]) -> str:
    return Counter(labels).most_common(1)[0][0]
