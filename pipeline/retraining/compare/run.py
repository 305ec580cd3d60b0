"""Compare a new model version with its champion and keep the outcome in the new version's MLflow run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipeline.classifiers import UnitClassifier
from pipeline.errors import ModelError
from pipeline.retraining.compare.answers import Answers, ask
from pipeline.retraining.compare.checks import check_rows
from pipeline.retraining.compare.comparison import FILE, Comparison
from pipeline.retraining.compare.judge import check_gates, cost_gates, unit_gates
from pipeline.retraining.compare.limits import load_limits
from pipeline.retraining.compare.obstacles import Obstacle, obstacles
from pipeline.retraining.compare.stand_in import ask_stand_in
from pipeline.retraining.compare.training_days import manifest_of
from pipeline.retraining.data import NO_ROWS, Rows, of_labels
from pipeline.tracking.registry import ModelVersion, artefact_folder, champion_of, log_json


def compare_with_champion(
    store: Path,
    made: ModelVersion,
    units: Rows,
    urgencies: Rows,
    *,
    start: np.datetime64 | None,
    unseen: bool = False,
    stand_in: Callable[[], UnitClassifier | None] | None = None,
    notes: Sequence[str] = (),
) -> Comparison | None:
    """Let *made* and the champion of its name answer the same rows; judge and log the outcome.

    Args:
        store: Folder of the MLflow store.
        made: The challenger.
        units: Rows of the later window with their unit that *made* was not trained on.
        urgencies: Such rows with their urgency.
        start: First day of the window, ``None`` where the rows have no dates.
        unseen: Whether the champion is known to have been trained on none of the rows, whatever the days say.
        stand_in: Fits a unit half that answers in the champion's place where the champion may know the rows' units, or
            names units otherwise. Without one, or where it gives ``None``, gates that set the two against each other
            are not judged on rows that the champion was trained on.
        notes: What else limits the comparison, for its warnings.

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
    manifests = {number: manifest_of(folder) for number, folder in folders.items()}
    labels = {number: manifest.get("labels", {}).get("unit", []) for number, manifest in manifests.items()}
    # A unit that neither knows tells nothing of the two.
    units = of_labels(units, {label for known in labels.values() for label in known})
    warnings = list(notes)
    knows = obstacles(store, champion, made, manifests, start, unseen=unseen)
    if len(urgencies) and knows.urgency.sure:
        warnings.append(f"{knows.urgency.why}: urgency is judged on the check rows alone")
        urgencies = NO_ROWS
    texts = [*units.texts, *urgencies.texts, *checks.texts]
    old: Answers | None = None
    try:
        old = ask(champion, folders[champion.version], texts, labels[champion.version])
    except ModelError as error:
        # A champion that no code can load must not bar its successor for ever.
        warnings.append(f"{error}; only what needs no champion is judged")
    new = ask(made, folders[made.version], texts, labels[made.version])
    before = _part(old, 0, len(units))
    substitute: UnitClassifier | None = None
    if before is not None and len(units) and knows.unit.why:
        substitute = None if stand_in is None else stand_in()
        if substitute is not None:
            before = ask_stand_in(substitute, folders[made.version], champion, units.texts)
        warnings.append(f"{knows.unit.why}{_so(knows.unit, substitute)}")
    if len(urgencies) and knows.urgency.why:
        warnings.append(f"{knows.urgency.why}{_so(knows.urgency, None)}")
    unfair = knows.unit.sure and substitute is None
    limits = load_limits()
    gates = [
        *unit_gates(before, new.of(slice(len(units))), units.labels, limits, unfair=unfair),
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
        warnings=tuple(dict.fromkeys(warnings)),
        stood_in=substitute is not None,
    )
    log_json(store, made, FILE, outcome.to_dict())
    return outcome


def _part(side: Answers | None, first: int, last: int | None) -> Answers | None:
    return None if side is None else side.of(slice(first, last))


def _so(obstacle: Obstacle, substitute: UnitClassifier | None) -> str:
    """Return what follows from *obstacle*."""
    if substitute is not None:
        return ": a model of its recipe, trained on DATA before the window, answers in its place"
    return ": gates that set the two against each other are not judged" if obstacle.sure else ", which favours it"
