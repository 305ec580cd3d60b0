"""The starter model: trained on the corpus that ships with the project, so that a fresh install can route."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from pipeline.errors import ModelNotFoundError
from pipeline.retraining.data import Labelled, Rows
from pipeline.retraining.train import Trained, train_model
from pipeline.settings import data_dir
from pipeline.tracking.registry import find_version

STARTER = "starter"


def starter_data() -> Labelled:
    """Return the starter corpus (project-written text; figures on it say nothing about real complaints)."""
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["isi"] for row in rows]
    undated = np.full(len(rows), np.datetime64("NaT", "us"))
    return Labelled(
        units=Rows(texts, [row["unit"] for row in rows], undated),
        urgencies=Rows(texts, [row["urgensi"] for row in rows], undated),
        read=len(rows),
    )


def train_starter(store: Path) -> Trained:
    """Train and register the next version of the starter model."""
    return train_model(store, STARTER, starter_data())


def has_starter(store: Path) -> bool:
    """Tell whether the store has a starter model."""
    try:
        find_version(store, STARTER)
    except ModelNotFoundError:
        return False
    return True
