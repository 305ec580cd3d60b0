"""Which version may become champion: one that passed its gates beside the present one, or that somebody answers for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import GateError
from pipeline.retraining.compare.comparison import FILE, Comparison
from pipeline.retraining.compare.limits import load_limits
from pipeline.text import mask, repair
from pipeline.tracking import champions
from pipeline.tracking.registry import ModelVersion, champion_of, find_version, read_json
from pipeline.tracking.store import store_lock, usable

_LONGEST_REASON = 1000


def promote(
    store: Path, name: str, version: int, *, because: str = "", say: Callable[[str], object] = print
) -> ModelVersion:
    """Make a version champion if its gates are passed, or *because* of what is given (kept masked, passed or not).

    A version that was never compared with any champion is let through with a warning (*say*), unless
    ``models/gates.toml`` refuses it. The champion itself, and a model without one, have nothing to pass.

    Raises:
        GateError: Gates failed, or another champion serves than the one it was compared with.
        ModelNotFoundError: No such version.
    """
    find_version(store, f"{name}/{version}")
    reason = mask(repair(because.strip()))[:_LONGEST_REASON]
    # Nobody may move the champion between the look at the gates and the step.
    with usable(store), store_lock(store):
        found = find_version(store, f"{name}/{version}")
        champion = champion_of(store, name)
        if champion is not None and champion.version == found.version:
            return champions.promote(store, name, version)
        tags = {"because": reason, "failed_gates": ""}
        if champion is not None:
            outcome = comparison_of(store, found)
            refusal = _refusal(found, champion, outcome)
            if refusal and not reason:
                if outcome is not None or load_limits().promotion.uncompared == "refuse":
                    raise GateError(refusal)
                say(refusal)
            tags["failed_gates"] = _not_passed(outcome) if refusal else ""
        return champions.promote(store, name, version, because=tags)


def _not_passed(outcome: Comparison | None) -> str:
    if outcome is None:
        return "not compared"
    failed = [gate.name for gate in outcome.failed]
    return "; ".join([*failed, *(f"{gate.name} (not judged)" for gate in outcome.unjudged)])


def comparison_of(store: Path, version: ModelVersion) -> Comparison | None:
    """Return the last comparison of *version*, ``None`` where there was none."""
    facts = read_json(store, version, FILE)
    return None if facts is None else Comparison.from_dict(facts)


def _refusal(version: ModelVersion, champion: ModelVersion, outcome: Comparison | None) -> str:
    """Return why *version* should not become champion, ``""`` where it may."""
    override = 'To promote it all the same, say why: --because "…"; the reason is kept.'
    again = f"Compare them: disposisi compare {version.name} {version.version} DATA."
    if outcome is None:
        return f"{version.reference} was never compared with the champion {champion.reference}: gates unknown. {again}"
    if outcome.champion != champion.reference:
        return (
            f"{version.reference} was compared with {outcome.champion}, but {champion.reference} serves now. "
            f"{again} {override}"
        )
    if outcome.passed:
        return ""
    table = "\n".join(outcome.lines(failed_only=True))
    return f"{version.reference}: {outcome.verdict()}\n{table}\n{override}"
