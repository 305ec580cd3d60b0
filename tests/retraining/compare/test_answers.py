"""A model answers in a process of its own, with its own code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import load_router
from pipeline.errors import ModelError
from pipeline.retraining.compare.answers import ask
from pipeline.tracking.registry import ModelVersion, find

TEXTS = ["Lampu jalan di depan SD padam sejak Senin", "KTP saya belum jadi, sudah dua bulan", ""]
OTHER = """
import pandas
class Router:
    @classmethod
    def load(cls, folder):
        return cls()
    def score(self, texts):
        {body}
"""


def other_disposisi(folder: Path, body: str) -> Path:
    """Make a logged model whose code is another one; return its artefact."""
    code = folder / "code" / "pipeline" / "scoring"
    code.mkdir(parents=True)
    for package in (code, code.parent):
        (package / "__init__.py").write_text("")
    (code / "router.py").write_text(OTHER.format(body=body))
    artefact = folder / "artifacts" / "router"
    artefact.mkdir(parents=True)
    return artefact


def test_it_answers_what_the_router_answers(starter_store: Path):
    version, folder = find(starter_store, "starter")
    router = load_router("starter", store=starter_store)
    labels = router.manifest["labels"]["unit"]
    found = ask(version, folder, TEXTS, labels)
    scored = router.score(TEXTS)
    assert found.ranked.tolist() == scored[["unit", "unit_2", "unit_3"]].to_numpy().tolist()
    assert found.confidence.tolist() == scored["keyakinan"].tolist()
    assert found.levels.tolist() == scored["urgensi"].tolist()
    assert found.guard.tolist() == scored["berkadar_pengawasan"].tolist()
    assert found.seconds > 0
    assert found.size == sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    assert found.of(slice(1, 2)).units.tolist() == [scored["unit"][1]]


def test_the_models_own_code_answers(tmp_path: Path):
    columns = 'unit="kuno", keyakinan=0.5, unit_2="", unit_3="", urgensi="sedang"'
    artefact = other_disposisi(tmp_path, f"return pandas.DataFrame(dict({columns}), index=range(len(texts)))")
    found = ask(ModelVersion("lama", 1, "", (), 0, {}), artefact, TEXTS, ["kuno"])
    assert found.units.tolist() == ["kuno"] * 3
    assert found.guard.tolist() == [""] * 3  # an older disposisi had no guard


@pytest.mark.parametrize("body", ["raise ValueError(texts[0])", "print(texts[0]); import os; os._exit(3)"])
def test_a_model_that_fails_is_named_and_no_text_is_told(tmp_path: Path, body: str):
    artefact = other_disposisi(tmp_path, body)
    with pytest.raises(ModelError, match="lama/1 cannot be compared") as error:
        ask(ModelVersion("lama", 1, "", (), 0, {}), artefact, TEXTS, [])
    assert TEXTS[0] not in str(error.value)
    assert "ValueError" in str(error.value) or "code 3" in str(error.value)


def test_a_damaged_artefact_is_named(starter_store: Path, tmp_path: Path):
    version, folder = find(starter_store, "starter")
    copy = tmp_path / "model" / "artifacts" / "router"
    shutil.copytree(folder, copy)
    (copy / "unit.npz").write_bytes(b"rusak")
    with pytest.raises(ModelError, match="damaged or swapped"):
        ask(version, copy, TEXTS, [])
