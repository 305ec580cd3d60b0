"""What stands in the way of holding a champion against a challenger on the same rows: it may know their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.catalogue.crosswalk import pool_place
from pipeline.retraining.compare.training_days import TrainingDays, training_days
from pipeline.tracking.registry import ModelVersion

Manifests = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Obstacle:
    """``why``: what it is, ``""`` for none; ``sure``: the figures mean nothing. Else they may favour the champion."""

    why: str = ""
    sure: bool = False


@dataclass(frozen=True)
class Obstacles:
    """Those on the unit and on the urgency."""

    unit: Obstacle
    urgency: Obstacle


def obstacles(
    store: Path,
    champion: ModelVersion,
    made: ModelVersion,
    manifests: Manifests,
    start: np.datetime64 | None,
    *,
    unseen: bool,
) -> Obstacles:
    """Return what stands in the way on rows from *start* on (``None``: undated).

    *manifests*: by version number. *unseen*: the champion was trained on none of the rows, whatever the days say.
    """
    unit, urgency = (
        Obstacle() if unseen else _known(training_days(store, manifests[champion.version], half), champion, start, half)
        for half in ("unit", "urgency")
    )
    return Obstacles(_pooled_otherwise(champion, made, manifests) or unit, urgency)


def _known(days: TrainingDays, champion: ModelVersion, start: np.datetime64 | None, half: str) -> Obstacle:
    may = f"{champion.reference} may have been trained on some of these"
    if not days.any:
        return Obstacle()
    if start is None:
        return Obstacle(f"the rows have no dates: {may}")
    if days.last is None:
        return Obstacle(f"the days of {champion.reference}'s training rows are not known: {may}")
    if days.last < start:
        return Obstacle()
    who = champion.reference if half == "unit" else f"{champion.reference}'s urgency half"
    return Obstacle(f"{who} was trained on rows until {days.last}, some of these among them", sure=True)


def _pooled_otherwise(champion: ModelVersion, made: ModelVersion, manifests: Manifests) -> Obstacle | None:
    """Return that one of the two joins places into one class each and the other tells them apart, else ``None``."""
    pooled = {number: bool(manifest.get("pool_places")) for number, manifest in manifests.items()}
    if pooled[champion.version] == pooled[made.version]:
        return None
    apart, joined = (champion, made) if pooled[made.version] else (made, champion)
    places = [name for name in manifests[apart.version].get("labels", {}).get("unit", []) if pool_place(name) != name]
    if not places:
        return None
    return Obstacle(
        f"{apart.reference} tells {len(places)} places apart (Kelurahan …), {joined.reference} joins them "
        "(--pool-places), so they do not name the same units",
        sure=True,
    )
