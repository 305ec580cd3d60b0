"""The starter model: trained on the corpus that ships with the project, so that a fresh install can route."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.errors import ArtefactError, ModelNotFoundError
from pipeline.retraining.corpus import STARTER, starter_data
from pipeline.retraining.train import Trained, train_model
from pipeline.tracking.artefact import read_manifest
from pipeline.tracking.champions import promote
from pipeline.tracking.registry import find


def train_starter(store: Path) -> Trained:
    """Train and register the next version of the starter model; it replaces one that cannot be read any more."""
    unreadable = not has_starter(store)
    made = train_model(store, STARTER, starter_data())
    if not unreadable or "champion" in made.version.aliases:
        return made
    return replace(made, version=promote(store, STARTER, made.version.version))


def has_starter(store: Path) -> bool:
    """Tell whether the store has a starter model that this version can read."""
    try:
        _, folder = find(store, STARTER)
        read_manifest(folder)
    except (ModelNotFoundError, ArtefactError):
        return False
    return True
