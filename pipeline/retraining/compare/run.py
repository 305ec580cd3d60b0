"""Compare a new model version with its champion and keep the outcome in the new version's MLflow run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import ModelError
from pipeline.retraining.compare.answers import Answers, ask
from pipeline.retraining.compare.checks import check_rows
from pipeline.retraining.compare.comparison import FILE, Comparison
from pipeline.retraining.compare.judge import check_gates, cost_gates, unit_gates
from pipeline.retraining.compare.limits import load_limits
from pipeline.retraining.data import Rows, of_labels
from pipeline.tracking.artefact import MANIFEST
from pipeline.tracking.registry import ModelVersion, artefact_folder, champion_of, log_json


def compare_with_champion(
    store: Path, made: ModelVersion, units: Rows, urgencies: Rows, *, start: np.datetime64 | None
) -> Comparison | None:
    """Let *made* and the champion of its name answer the same rows; judge and log the outcome.

    Args:
        store: Folder of the MLflow store.
        made: The challenger.
        units: Rows of the later window with their unit that *made* was not trained on.
        urgencies: Such rows with their urgency.
        start: First day of the window, ``None`` where the rows have no dates.

    Returns:
        ``None`` where *made* is the champion itself, or there is none.

    Raises:
        ModelError: *made* cannot be loaded or its process dies.
    """
    champion = champion_of(store, made.name)
    if champion is None or champion.version == made.version:
        return None
    checks = check_rows()
    folders = {version.version: artefact_folder(store, version) for version in (champion, made)}
    manifests = {number: _manifest(folder) for number, folder in folders.items()}
    labels = {number: manifest.get("labels", {}).get("unit", []) for number, manifest in manifests.items()}
    # A unit that neither knows tells nothing of the two.
    units = of_labels(units, {label for known in labels.values() for label in known})
    texts = [*units.texts, *urgencies.texts, *checks.texts]
    warnings = _warnings(manifests[champion.version], champion, start)
    old: Answers | None = None
    try:
        old = ask(champion, folders[champion.version], texts, labels[champion.version])
    except ModelError as error:
        # A champion that no code can load must not bar its successor for ever.
        warnings = (*warnings, f"{error}; only what needs no champion is judged")
    new = ask(made, folders[made.version], texts, labels[made.version])
    limits = load_limits()
    gates = [
        *unit_gates(_part(old, 0, len(units)), new.of(slice(len(units))), units.labels, limits),
        *check_gates(_part(old, len(units), None), new.of(slice(len(units), None)), urgencies.labels, checks, limits),
        *cost_gates(old, new, limits),
    ]
    outcome = Comparison(
        challenger=made.reference,
        champion=champion.reference,
        rows=len(units),
        urgency_rows=len(urgencies),
        start="" if start is None else str(start)[:10],
        code=str(manifests[made.version].get("code_hash", "")),
        champion_code=str(manifests[champion.version].get("code_hash", "")),
        gates=tuple(gates),
        warnings=warnings,
    )
    log_json(store, made, FILE, outcome.to_dict())
    return outcome


def _part(side: Answers | None, first: int, last: int | None) -> Answers | None:
    return None if side is None else side.of(slice(first, last))


def _warnings(manifest: Mapping[str, Any], champion: ModelVersion, start: np.datetime64 | None) -> tuple[str, ...]:
    """Say where the champion may have been trained on rows of the window: that favours it."""
    last = manifest.get("unit", {}).get("last_day", "")
    if start is None or not last:
        return (f"the rows have no dates: {champion.reference} may have been trained on some, which favours it",)
    if np.datetime64(last) >= start:
        return (f"{champion.reference} was trained on rows until {last}, some of these among them: that favours it",)
    return ()


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest unchecked: the version's own code checks what it loads, and this may be an older one's."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
