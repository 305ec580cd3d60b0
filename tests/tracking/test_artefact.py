"""The manifest refuses what would load silently and answer wrongly."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ArtefactError
from pipeline.retraining.card import FILE
from pipeline.retraining.corpus import starter_data
from pipeline.scoring.router import Router
from pipeline.tracking.artefact import MANIFEST, UNIT_FILE, URGENCY_FILE, file_hash, read_artefact, read_manifest
from pipeline.tracking.registry import find


@pytest.fixture
def artefact(starter_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(find(starter_store, "starter")[1], tmp_path / "router"))


def rewrite(folder: Path, **changes: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8")) | changes
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_a_whole_artefact_loads_and_its_manifest_tells_what_it_is(artefact: Path):
    unit, urgency, manifest = read_artefact(artefact)
    assert manifest["labels"]["unit"] == list(unit.classes_)
    assert manifest["labels"]["urgency"] == list(urgency.classes_)
    assert manifest["version"] == "starter/1"
    assert set(manifest["files"]) == {UNIT_FILE, URGENCY_FILE}
    assert len(manifest["unit"]["data_hash"]) == 64


def test_it_holds_no_text_of_the_training_data(artefact: Path):
    content = (artefact / MANIFEST).read_text(encoding="utf-8")
    assert "isi" not in json.loads(content)
    assert sorted(p.name for p in artefact.iterdir()) == [FILE, MANIFEST, UNIT_FILE, URGENCY_FILE]
    card = (artefact / FILE).read_text(encoding="utf-8")
    assert not any(text in card for text in starter_data().urgencies.texts)


def test_damaged(artefact: Path):
    path = artefact / UNIT_FILE
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArtefactError, match=r"unit\.npz: damaged or swapped"):
        Router.load(artefact)


def test_swapped_files(artefact: Path):
    unit, urgency = artefact / UNIT_FILE, artefact / URGENCY_FILE
    unit_bytes = unit.read_bytes()
    unit.write_bytes(urgency.read_bytes())
    urgency.write_bytes(unit_bytes)
    with pytest.raises(ArtefactError, match="damaged or swapped"):
        Router.load(artefact)
    rewrite(artefact, files={UNIT_FILE: file_hash(unit), URGENCY_FILE: file_hash(urgency)})
    with pytest.raises(ArtefactError, match="swapped"):
        Router.load(artefact)


def test_missing_file(artefact: Path):
    (artefact / URGENCY_FILE).unlink()
    with pytest.raises(ArtefactError, match="urgency"):
        Router.load(artefact)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": 99}, "schema 99"),
        ({"kind": "another-tool"}, "not a disposisi model"),
        ({"text": {"format": 1, "lexicons": "0" * 64, "sastrawi": "1.2.1"}}, "lexicons differ"),
        ({"labels": {"unit": ["a"], "urgency": ["b"]}}, "labels"),
    ],
)
def test_newer_foreign_or_of_another_preprocessor(artefact: Path, changes: dict, message: str):
    rewrite(artefact, **changes)
    with pytest.raises(ArtefactError, match=message):
        Router.load(artefact)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00"])
def test_damaged_manifest(artefact: Path, content: str):
    (artefact / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(ArtefactError):
        read_manifest(artefact)


def test_a_folder_that_is_no_model(tmp_path: Path):
    with pytest.raises(ArtefactError, match="not a disposisi model"):
        read_manifest(tmp_path)


class Trap:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize(
    "content",
    [{"facts": np.array([Trap()], dtype=object)}, {"coef_": np.zeros(3)}, {"facts": np.frombuffer(b"{}", np.uint8)}],
    ids=["pickle", "no facts", "no kind"],
)
def test_a_file_that_holds_something_else_is_not_loaded(artefact: Path, content: dict[str, np.ndarray]):
    np.savez(artefact / UNIT_FILE, **content)
    rewrite(artefact, files={name: file_hash(artefact / name) for name in (UNIT_FILE, URGENCY_FILE)})
    with pytest.raises(ArtefactError):
        Router.load(artefact)
