"""Find a model's folder without loading MLflow, whose import takes longer than scoring thousands of rows.

This reads MLflow's own tables. Where they do not hold what is expected, the answer is ``None``, and
:func:`pipeline.tracking.registry.find` (MLflow itself) decides and words the error.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlparse

from pipeline.settings import load_settings
from pipeline.tracking.registry import CHAMPION, find

MANIFEST = "manifest.json"
_BY_ALIAS = (
    "SELECT v.version, v.storage_location, v.current_stage FROM registered_model_aliases a "
    "JOIN model_versions v ON v.name = a.name AND v.version = a.version WHERE a.name = ? AND a.alias = ?"
)
_BY_VERSION = "SELECT version, storage_location, current_stage FROM model_versions WHERE name = ? AND version = ?"


def find_folder(store: Path, reference: str) -> Path:
    """Return the artefact folder of ``NAME[@alias|/version]``; errors as :func:`pipeline.tracking.registry.find`."""
    return _quick(store, reference) or find(store, reference)[1]


def _quick(store: Path, reference: str) -> Path | None:
    name, slash, version = reference.partition("/")
    name, _, alias = name.partition("@")
    if slash and (alias or not version.isdecimal()):
        return None
    if load_settings().mlflow_database is not None:
        return None
    query, key = (_BY_VERSION, int(version)) if slash else (_BY_ALIAS, alias or CHAMPION)
    try:
        with closing(sqlite3.connect(f"{(store / 'mlflow.db').as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(query, (name, key)).fetchall()
    except sqlite3.Error:
        return None
    if len(rows) != 1 or rows[0][2] == "Deleted_Internal":
        return None
    number, location, _ = rows[0]
    place = urlparse(location or "")
    if place.scheme != "file":
        return None
    folder = Path(unquote(place.path)) / "artifacts" / "router"
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_it = isinstance(manifest, dict) and manifest.get("version") == f"{name}/{number}"
    return folder if is_it else None
