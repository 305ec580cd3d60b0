"""A model that answers in the champion's place where the champion was trained on the rows to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.classifiers import UnitClassifier
from pipeline.errors import DataError
from pipeline.retraining.compare.answers import Answers, answers_of
from pipeline.retraining.data import Rows, distinct, split_by_time
from pipeline.retraining.offices import Elsewhere
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.unit_half import UnitTrainer
from pipeline.scoring.router import Router
from pipeline.tracking.artefact import read_artefact
from pipeline.tracking.registry import ModelVersion


def fit_stand_in(
    history: Rows, window: Rows, start: np.datetime64, elsewhere: Elsewhere | None, min_rows: int | None
) -> UnitClassifier | None:
    """Return a unit half of the shipped recipe, fitted on the *history* before *start* and on no text of *window*.

    It stands for the office without what is new in the challenger: officers' decisions. ``None`` where history has
    too few rows before *start*.
    """
    trainer = UnitTrainer(load_recipe("unit"), elsewhere, min_rows)
    try:
        train = trainer.trainable(distinct(split_by_time(history, start)[0], without=window))
    except DataError:
        return None
    return trainer.fit(train, trainer.pool(train, without=window))


def ask_stand_in(unit: UnitClassifier, beside: Path, version: ModelVersion, texts: Sequence[str]) -> Answers:
    """Return what *unit* answers to *texts*, in the name of *version*; its levels are those of the artefact *beside*.

    It was fitted by the code that runs, so it needs no process of its own. Seconds and size are 0: nobody serves it.
    """
    _, urgency, manifest = read_artefact(beside)
    return answers_of(version, Router(unit, urgency, manifest).score_texts(texts), [str(c) for c in unit.classes_])
