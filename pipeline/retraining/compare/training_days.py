"""What a model version was trained on, as its manifest tells: the rows that tell nothing of how good it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ModelError
from pipeline.retraining.corpus import STARTER
from pipeline.tracking.artefact import MANIFEST
from pipeline.tracking.registry import artefact_folder, find_version

_LENDERS = 20
"""Versions that a half may have been taken over through, one from the other."""


@dataclass(frozen=True)
class TrainingDays:
    """Of one half: ``any``: it was trained on an office's rows, not only on the starter corpus.

    ``last``: the last day of those rows (datetime64[D]), ``None`` where it is not known.
    """

    any: bool
    last: np.datetime64 | None


def training_days(store: Path, manifest: Mapping[str, Any], half: str) -> TrainingDays:
    """Return the days of the *half* (``unit``, ``urgency``) of the version with *manifest*.

    A half that was taken over has the days of the version that trained it.
    """
    for _ in range(_LENDERS):
        facts = manifest.get(half, {})
        lender = str(facts.get("from", ""))
        if lender.startswith(f"{STARTER}/"):
            return TrainingDays(any=False, last=None)
        if not lender:
            last = facts.get("last_day")
            return TrainingDays(any=True, last=None if last is None else np.datetime64(last, "D"))
        try:
            manifest = manifest_of(artefact_folder(store, find_version(store, lender)))
        except ModelError:
            break
    return TrainingDays(any=True, last=None)


def last_days(store: Path, manifests: Sequence[Mapping[str, Any]]) -> dict[str, np.datetime64]:
    """Return half → the last known day of training of the versions with *manifests*; a half without one is missing."""
    found = {}
    for half in ("unit", "urgency"):
        days = [days.last for manifest in manifests if (days := training_days(store, manifest, half)).last is not None]
        if days:
            found[half] = max(days)
    return found


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest unchecked: the version's own code checks what it loads, and this may be an older one's."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
