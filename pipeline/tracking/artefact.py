"""The router's artefact: a folder of numpy archives under a manifest that is checked before anything is loaded.

A swapped or damaged file would load silently and answer wrongly, so the manifest holds each file's sha256, the
label sets, and the version of the text preprocessor. An archive holds plain arrays and JSON, no pickles: loading one
runs none of its code, and it needs no scikit-learn.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.errors import ArtefactError
from pipeline.text import check_text_version, text_version

SCHEMA_VERSION = 3
KIND = "disposisi-router"
MANIFEST = "manifest.json"
UNIT_FILE = "unit.npz"
URGENCY_FILE = "urgency.npz"

_FACTS = "facts"


def write_artefact(
    folder: Path, unit: UnitClassifier, urgency: UrgencyClassifier, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Write both classifiers and the manifest into *folder* and return the manifest.

    *facts* are added to the manifest: name, version, origin of each half, threshold, data hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for classifier, name in ((unit, UNIT_FILE), (urgency, URGENCY_FILE)):
        facts_text = json.dumps({"kind": type(classifier).__name__, **classifier.facts()}, sort_keys=True)
        coded = np.frombuffer(facts_text.encode("utf-8"), dtype=np.uint8)
        np.savez(folder / name, allow_pickle=False, **classifier.arrays() | {_FACTS: coded})
    manifest = {
        "kind": KIND,
        "schema": SCHEMA_VERSION,
        **facts,
        "text": text_version(),
        "labels": {"unit": [str(c) for c in unit.classes_], "urgency": list(urgency.classes_)},
        "files": {name: file_hash(folder / name) for name in (UNIT_FILE, URGENCY_FILE)},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of *folder* after checking kind, schema, text version and every file's hash.

    Raises :class:`ArtefactError` naming what is wrong: foreign, newer, damaged or swapped.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ArtefactError(f"{folder}: not a disposisi model (no {MANIFEST}). Name a model of this store.") from error
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path}: the manifest is damaged. Train the model again or restore the file.") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ArtefactError(f"{path}: not a disposisi model. Name a model that `disposisi train` made.")
    if manifest.get("schema") != SCHEMA_VERSION:
        raise ArtefactError(
            f"{path}: artefact schema {manifest.get('schema')}, this disposisi reads {SCHEMA_VERSION}. "
            "An older or newer disposisi made it: train the model again, or use that disposisi."
        )
    for name in (UNIT_FILE, URGENCY_FILE):
        expected = manifest.get("files", {}).get(name)
        if not (folder / name).is_file() or file_hash(folder / name) != expected:
            raise ArtefactError(
                f"{folder / name}: damaged or swapped (its sha256 is not the manifest's). "
                "Train the model again or restore the file."
            )
    check_text_version(manifest.get("text"))
    return manifest


def read_artefact(folder: Path) -> tuple[UnitClassifier, UrgencyClassifier, dict[str, Any]]:
    """Return (unit classifier, urgency classifier, manifest) of *folder*; raises :class:`ArtefactError`."""
    manifest = read_manifest(folder)
    try:
        unit_facts, unit_arrays = _read(folder / UNIT_FILE)
        urgency_facts, urgency_arrays = _read(folder / URGENCY_FILE)
        if (unit_facts["kind"], urgency_facts["kind"]) != (UnitClassifier.__name__, UrgencyClassifier.__name__):
            raise ArtefactError(f"{folder}: unit and urgency classifier are swapped. Train the model again.")
        unit = UnitClassifier.restore(unit_facts, unit_arrays)
        urgency = UrgencyClassifier.restore(urgency_facts, urgency_arrays)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        # The hashes matched, so it is the format that does not fit.
        raise ArtefactError(f"{folder}: cannot be loaded ({type(error).__name__}). Train the model again.") from error
    labels = manifest["labels"]
    if labels != {"unit": [str(c) for c in unit.classes_], "urgency": list(urgency.classes_)}:
        raise ArtefactError(f"{folder}: the labels are not the manifest's. Train the model again.")
    return unit, urgency, manifest


def _read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return json.loads(arrays.pop(_FACTS).tobytes()), arrays


def file_hash(path: Path) -> str:
    """Return a file's sha256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
