"""Which version serves: ``@champion`` moves in one step, back and forth, and its way is kept as tags in the registry.

Tags of the model: ``champions`` (versions in the order in which they became champion), and one tag a step that is never
written again. Tags of a version: who made it champion last, when, in place of which, and why.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, ModelNotFoundError
from pipeline.tracking.registry import CHALLENGER, CHAMPION, ModelVersion, champion_of, find_version
from pipeline.tracking.store import open_store, store_lock, usable

_HISTORY = "champions"
_KEPT = 50
_STEP = "champion_step_"
_LONGEST = 1000
"""Characters of a reason or of a list of gates in a step: MLflow's tags of a model hold 5,000."""
# Set with every step, so that none keeps the reason of an earlier one.
_NO_REASON = {"because": "", "failed_gates": "", "rolled_back_from": ""}


@dataclass(frozen=True)
class Step:
    """One move of ``@champion``: ``kind`` is ``promote`` or ``rollback``.

    ``after``, ``before``: ``NAME/VERSION``, the latter ``""`` where no champion was; ``at``: ISO, UTC; ``by``: login on
    the machine.
    """

    kind: str
    after: str
    before: str
    at: str
    by: str
    because: str = ""
    failed_gates: str = ""


def promote(store: Path, name: str, version: int, *, because: Mapping[str, str] | None = None) -> ModelVersion:
    """Make a version champion; the one it replaces keeps no alias. What is champion already stays as it is.

    *because*: tags that say why (``because``, ``failed_gates``). Raises :class:`ModelNotFoundError`.
    """
    found = find_version(store, f"{name}/{version}")
    client = open_store(store)
    why = dict(because or {})
    with usable(store), store_lock(store):
        champion = champion_of(store, name)
        before = None if champion is None else champion.version
        if before != version:
            history = _history(client, name) or ([] if before is None else [before])
            # The way before the step: whoever is stopped in between leaves a way that still holds the champion.
            _keep_history(client, name, [*history, version])
            replaced = f"{name}/{before}" if before else ""
            short = {key: value[:_LONGEST] for key, value in why.items()}
            step = Step("promote", found.reference, replaced, _now(), _who(), **short)
            _tag(client, name, version, step, {"replaced": replaced, **_NO_REASON, **why})
            client.set_registered_model_alias(name, CHAMPION, str(version))
            _keep_step(client, name, step)
        if CHALLENGER in found.aliases:
            client.delete_registered_model_alias(name, CHALLENGER)
    return find_version(store, f"{name}/{version}")


def rollback(store: Path, name: str, *, because: str = "") -> tuple[ModelVersion, ModelVersion]:
    """Make the champion before the present one champion again; return (the one that went, the one that serves).

    Raises :class:`ModelNotFoundError` for an unknown model, :class:`ModelError` where no champion was before.
    """
    client = open_store(store)
    with usable(store), store_lock(store):
        gone = find_version(store, name)
        way = _history(client, name)
        place = max((i for i, version in enumerate(way) if version == gone.version), default=0)
        known = [version for version in way[:place] if _exists(store, name, version)]
        if not known:
            raise ModelError(f"{gone.reference} replaced no champion: there is nothing to go back to.")
        back = known[-1]
        step = Step("rollback", f"{name}/{back}", gone.reference, _now(), _who(), because[:_LONGEST])
        client.set_registered_model_alias(name, CHAMPION, str(back))
        _tag(client, name, back, step, {**_NO_REASON, "rolled_back_from": gone.reference, "because": because})
        _keep_history(client, name, way[: max(i for i in range(place) if way[i] == back) + 1])
        _keep_step(client, name, step)
    return gone, find_version(store, f"{name}/{back}")


def steps(store: Path, name: str) -> list[Step]:
    """Return every promotion and rollback of *name*, the oldest first; steps made by older versions are not known.

    Raises :class:`ModelNotFoundError`.
    """
    find_version(store, name)
    with usable(store):
        return [Step(**json.loads(value)) for _, value in sorted(_kept_steps(open_store(store), name).items())]


def _exists(store: Path, name: str, version: int) -> bool:
    try:
        find_version(store, f"{name}/{version}")
    except ModelNotFoundError:
        return False
    return True


def _history(client: Any, name: str) -> list[int]:
    return list(json.loads(client.get_registered_model(name).tags.get(_HISTORY, "[]")))


def _keep_history(client: Any, name: str, way: list[int]) -> None:
    client.set_registered_model_tag(name, _HISTORY, json.dumps(way[-_KEPT:]))


def _kept_steps(client: Any, name: str) -> dict[str, str]:
    tags = client.get_registered_model(name).tags
    return {key: value for key, value in tags.items() if key.startswith(_STEP)}


def _keep_step(client: Any, name: str, step: Step) -> None:
    number = len(_kept_steps(client, name)) + 1
    client.set_registered_model_tag(name, f"{_STEP}{number:06}", json.dumps(asdict(step), ensure_ascii=False))


def _tag(client: Any, name: str, version: int, step: Step, tags: Mapping[str, str]) -> None:
    for key, value in {"champion_since": step.at, "champion_by": step.by, **tags}.items():
        client.set_model_version_tag(name, str(version), key, value)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
