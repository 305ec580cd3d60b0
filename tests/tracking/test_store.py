"""A store that cannot be used is one clear error; several trainers, a killed one and PostgreSQL leave it whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ModelNotFoundError, OptionError
from pipeline.tracking import store as module
from pipeline.tracking.registry import find, find_version, models
from pipeline.tracking.store import open_store, usable

TRAINER = """
import os, sys
from pathlib import Path
from pipeline import load_router
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.scoring import pyfunc_script
from pipeline.tracking import registry
from pipeline.tracking.artefact import write_artefact

folder, store, stop = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
from pipeline.scoring.router import Router
router = Router.load(folder)

def write(target, reference):
    facts = {"version": reference, "threshold": router.threshold}
    write_artefact(target, router.unit, router.urgency, facts)
    if stop == "artefact":
        os._exit(9)

class Stopping:
    def __init__(self, client):
        self.client = client
    def __getattr__(self, name):
        if name == stop:
            os._exit(9)
        return getattr(self.client, name)

open_store = registry.open_store
registry.open_store = lambda store: Stopping(open_store(store))
made = registry.register(
    store, "bersama", write, model_script=pyfunc_script(), params={}, metrics={"nilai": 1.0}, log=lambda mlflow: None,
    output_columns={c: column_kind(c) for c in OUTPUT_COLUMNS},
)
print(made.reference, *made.aliases)
"""


@pytest.fixture(scope="module")
def artefact(starter_store: Path) -> Path:
    return find(starter_store, "starter")[1]


def trainer(artefact: Path, store: Path, stop: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TRAINER, str(artefact), str(store), stop]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_parallel_trainers_get_a_version_each(artefact: Path, tmp_path: Path):
    trainers = [trainer(artefact, tmp_path / "toko") for _ in range(3)]
    said = [one.communicate(timeout=300) for one in trainers]
    assert [one.returncode for one in trainers] == [0, 0, 0], said
    assert sorted(out.split()[0] for out, _ in said) == ["bersama/1", "bersama/2", "bersama/3"]
    found = {v.version: v for v in models(tmp_path / "toko")}
    assert {number: "champion" in v.aliases for number, v in found.items()} == {1: True, 2: False, 3: False}
    for number in found:
        folder = find(tmp_path / "toko", f"bersama/{number}")[1]
        assert json.loads((folder / "manifest.json").read_text())["version"] == f"bersama/{number}"


def test_a_killed_trainer_leaves_nothing_half_registered(artefact: Path, tmp_path: Path):
    store = tmp_path / "toko"
    stops = ("artefact", "create_registered_model", "create_model_version")
    for stop in stops:
        one = trainer(artefact, store, stop)
        one.communicate(timeout=300)
        assert one.returncode == 9, stop
        assert models(store) == []
        with pytest.raises(ModelNotFoundError, match="There is no model 'bersama'"):
            find_version(store, "bersama")
    one = trainer(artefact, store)
    assert one.communicate(timeout=300)[0].split() == ["bersama/1", "champion"]


def test_a_version_without_a_champion_asks_for_one(
    artefact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    store = tmp_path / "toko"
    one = trainer(artefact, store, "set_registered_model_alias")
    one.communicate(timeout=300)
    assert one.returncode == 9
    with pytest.raises(ModelNotFoundError, match="disposisi promote bersama VERSION"):
        find_version(store, "bersama")
    monkeypatch.setenv("DISPOSISI_STORE", str(store))
    main(["promote", "bersama", "1"])
    assert find_version(store, "bersama").version == 1
    assert "never compared" not in capsys.readouterr().err


def test_scoring_writes_nothing_to_the_store(
    use_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """So a store that may only be read is enough for operators."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "FileLock", refuse)
    (tmp_path / "aduan.csv").write_text("id,isi\n1,Lampu jalan di depan sekolah padam\n", encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in use_store.rglob("*")}
    main(["score", "aduan.csv", "-o", "hasil.csv"])
    assert (tmp_path / "hasil.csv").is_file()
    assert {path: path.stat().st_mtime_ns for path in use_store.rglob("*")} == before
    with pytest.raises(SystemExit) as stop:
        main(["train", "--name", "starter"])
    assert stop.value.code == 2
    assert (
        "cannot be used (Permission denied). Correct its permissions, or set DISPOSISI_STORE" in capsys.readouterr().err
    )


def test_a_damaged_database_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "toko").mkdir()
    (tmp_path / "toko" / "mlflow.db").write_bytes(b"bukan basis data" * 100)
    monkeypatch.setenv("DISPOSISI_STORE", str(tmp_path / "toko"))
    with pytest.raises(SystemExit) as stop:
        main(["models"])
    assert stop.value.code == 2
    shown = capsys.readouterr().err
    assert "its database cannot be used" in shown
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("(sqlite3.OperationalError) attempt to write a readonly database", "cannot be written"),
        ("Detected out-of-date database schema (found version a, but expected b)", "mlflow db upgrade"),
        ("connection to postgresql://petugas:rahasia@host failed", "cannot be used"),
    ],
)
def test_what_the_database_says_is_not_quoted(tmp_path: Path, message: str, said: str):
    from mlflow.exceptions import MlflowException

    with pytest.raises(OptionError, match=said) as error, usable(tmp_path):
        raise MlflowException(message)
    assert "rahasia" not in str(error.value)


def test_a_fault_of_ours_stays_one(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), usable(tmp_path):
        _ = 1 / 0


@pytest.fixture
def on_postgres(new_postgres: Iterator[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store whose database is PostgreSQL."""
    monkeypatch.setenv("DISPOSISI_MLFLOW_DATABASE", str(new_postgres))
    return tmp_path / "toko"


def test_a_store_on_postgresql(artefact: Path, on_postgres: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    trainers = [trainer(artefact, on_postgres) for _ in range(2)]
    said = [one.communicate(timeout=300) for one in trainers]
    assert [one.returncode for one in trainers] == [0, 0], said
    assert not (on_postgres / "mlflow.db").exists()
    assert [v.reference for v in models(on_postgres)] == ["bersama/1", "bersama/2"]
    monkeypatch.setenv("DISPOSISI_STORE", str(on_postgres))
    monkeypatch.chdir(tmp_path)
    main(["promote", "bersama", "2"])
    (tmp_path / "aduan.csv").write_text("id,isi\n1,Lampu jalan di depan sekolah padam\n", encoding="utf-8")
    main(["score", "aduan.csv", "-o", "hasil.csv", "--model", "bersama"])
    assert "bersama/2" in (tmp_path / "hasil.csv").read_text()
    assert open_store(on_postgres).get_model_version("bersama", "2").tags["replaced"] == "bersama/1"
