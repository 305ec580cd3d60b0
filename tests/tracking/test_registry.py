from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import ModelNotFoundError, OptionError
from pipeline.tracking.registry import check_name, find, models
from pipeline.tracking.store import open_store


def test_the_first_version_is_champion(starter_store: Path):
    version, folder = find(starter_store, "starter")
    assert version.reference == "starter/1"
    assert version.aliases == ("champion",)
    assert (folder / "manifest.json").is_file()
    assert find(starter_store, "starter@champion")[0] == find(starter_store, "starter/1")[0] == version
    assert "starter/1" in {v.reference for v in models(starter_store)}


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("tidak-ada", "models there: .*starter"),
        ("starter/99", "versions of starter: 1 @champion"),
        ("starter@rahasia", "versions of starter"),
    ],
)
def test_an_unknown_model_lists_what_is_there(starter_store: Path, reference: str, message: str):
    with pytest.raises(ModelNotFoundError, match=message):
        find(starter_store, reference)


@pytest.mark.parametrize("reference", ["", "a/b", "a@b/1", "@x", "a/1/2"])
def test_a_malformed_reference_is_refused(starter_store: Path, reference: str):
    with pytest.raises(OptionError):
        find(starter_store, reference)


@pytest.mark.parametrize("name", ["", "Dinas", "a b", "../x", "a@b", "x" * 64, "a'b"])
def test_a_model_name_is_checked(name: str):
    with pytest.raises(OptionError):
        check_name(name)


def test_the_run_holds_what_was_measured_and_no_text(starter_store: Path):
    from pipeline.retraining.starter import starter_data

    client = open_store(starter_store)
    version, _ = find(starter_store, "starter")
    run = client.get_run(version.run_id)
    assert {"unit_accuracy", "unit_macro_f1", "unit_top3", "urgency_qwk", "unit_majority_accuracy"} <= set(
        run.data.metrics
    )
    assert {"code_hash", "text.lexicons", "unit.data_hash", "urgency.data_hash"} <= set(run.data.params)
    names = {item.path for item in client.list_artifacts(version.run_id)}
    assert {"per_unit.csv", "confusion_unit.png", "confusion_urgency.png"} <= names
    written = b"".join(
        p.read_bytes()
        for p in starter_store.rglob("*")
        if p.is_file() and p.suffix in {".json", ".csv", ".yaml", ".db", ".txt", ""}
    )
    for text in starter_data().units.texts[::40]:
        assert text[:60].encode() not in written


OPENERS = """
import multiprocessing, sys
from pathlib import Path
from pipeline.tracking.store import EXPERIMENT, mlflow, open_store

def experiment(store):
    return open_store(Path(store)).get_experiment_by_name(EXPERIMENT).experiment_id

mlflow()  # imported once, for all of them
with multiprocessing.get_context("fork").Pool(4) as pool:
    print(*pool.map(experiment, sys.argv[1:] * 4, chunksize=1))
"""


def test_first_initialisation_by_several_processes_at_once(tmp_path: Path):
    command = [sys.executable, "-c", OPENERS, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    ids = done.stdout.split()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "berkas").write_text("")
    with pytest.raises(OptionError, match="DISPOSISI_STORE"):
        open_store(tmp_path / "berkas" / "store")
