"""Which version serves: ``@champion`` moves in one step, back and forth, and its way is kept as tags in the registry.

Tags of the model: ``champions`` (versions in the order in which they became champion). Tags of a version: who made it
champion, when, in place of which, and why against the gates.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, ModelNotFoundError
from pipeline.tracking.registry import CHALLENGER, CHAMPION, ModelVersion, champion_of, find_version
from pipeline.tracking.store import open_store, store_lock, usable

_HISTORY = "champions"
_KEPT = 50
# Set with every step, so that none keeps the reason of an earlier one.
_NO_REASON = {"because": "", "failed_gates": "", "rolled_back_from": ""}


def promote(store: Path, name: str, version: int, *, because: Mapping[str, str] | None = None) -> ModelVersion:
    """Make a version champion; the one it replaces keeps no alias.

    *because*: tags that say why (``because``, ``failed_gates``). Raises :class:`ModelNotFoundError`.
    """
    found = find_version(store, f"{name}/{version}")
    client = open_store(store)
    with usable(store), store_lock(store):
        champion = champion_of(store, name)
        before = None if champion is None else champion.version
        history = _history(client, name) or ([] if before is None else [before])
        if before != version:
            # The way before the step: whoever is stopped in between leaves a way that still holds the champion.
            _keep_history(client, name, [*history, version])
        _tag(client, name, version, {"replaced": f"{name}/{before}" if before else "", **_NO_REASON, **(because or {})})
        client.set_registered_model_alias(name, CHAMPION, str(version))
        if CHALLENGER in found.aliases:
            client.delete_registered_model_alias(name, CHALLENGER)
    return find_version(store, f"{name}/{version}")


def rollback(store: Path, name: str, *, because: str = "") -> tuple[ModelVersion, ModelVersion]:
    """Make the champion before the present one champion again; return (the one that went, the one that serves).

    Raises :class:`ModelNotFoundError` for an unknown model, :class:`ModelError` where no champion was before.
    """
    gone = find_version(store, name)
    client = open_store(store)
    with usable(store), store_lock(store):
        way = _history(client, name)
        place = max((i for i, version in enumerate(way) if version == gone.version), default=0)
        known = [version for version in way[:place] if _exists(store, name, version)]
        if not known:
            raise ModelError(f"{gone.reference} replaced no champion: there is nothing to go back to.")
        back = known[-1]
        client.set_registered_model_alias(name, CHAMPION, str(back))
        _tag(client, name, back, {**_NO_REASON, "rolled_back_from": gone.reference, "because": because})
        _keep_history(client, name, way[: max(i for i in range(place) if way[i] == back) + 1])
    return gone, find_version(store, f"{name}/{back}")


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


def _tag(client: Any, name: str, version: int, tags: Mapping[str, str]) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for key, value in {"champion_since": now, "champion_by": _who(), **tags}.items():
        client.set_model_version_tag(name, str(version), key, value)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
