"""The starter model: trained on the corpus that ships with the project, so that a fresh install can route."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ModelNotFoundError
from pipeline.retraining.corpus import STARTER, starter_data
from pipeline.retraining.train import Trained, train_model
from pipeline.tracking.registry import find_version


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
