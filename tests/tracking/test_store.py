"""A store that cannot be used is one clear error; several trainers, a killed one and PostgreSQL leave it whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ModelNotFoundError, OptionError
from pipeline.tracking import store as module
from pipeline.tracking.registry import find, find_version, models
from pipeline.tracking.store import open_store, usable

TRAINERS = """
import json, os, sys
from pathlib import Path
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.scoring import pyfunc_script
from pipeline.scoring.router import Router
from pipeline.tracking import registry
from pipeline.tracking.artefact import write_artefact
from pipeline.tracking.store import mlflow

router = Router.load(Path(sys.argv[1]))
open_store = registry.open_store
mlflow()  # imported once, for all of them

class Stopping:
    def __init__(self, client, stop):
        self.client, self.stop = client, stop
    def __getattr__(self, name):
        if name == self.stop:
            os._exit(9)
        return getattr(self.client, name)

def train(store, stop):
    def write(target, reference):
        facts = {"version": reference, "threshold": router.threshold}
        write_artefact(target, router.unit, router.urgency, facts)
        if stop == "artefact":
            os._exit(9)
    registry.open_store = lambda store: Stopping(open_store(store), stop)
    made = registry.register(
        store, "bersama", write, model_script=pyfunc_script(), params={}, metrics={"nilai": 1.0},
        log=lambda mlflow: None, output_columns={c: column_kind(c) for c in OUTPUT_COLUMNS},
    )
    print(made.reference, *made.aliases, flush=True)
    os._exit(0)

for line in sys.stdin:
    store, database, together, stops = json.loads(line)
    running = []
    for stop in stops:
        child = os.fork()
        if child == 0:
            os.environ |= {"DISPOSISI_MLFLOW_DATABASE": database} if database else {}
            try:
                train(Path(store), stop)
            finally:
                os._exit(1)
        running.append(child)
        if not together:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    for child in running if together else ():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
NEVER = "-"
"""A trainer that is not stopped."""


@pytest.fixture(scope="module")
def artefact(starter_store: Path) -> Path:
    return find(starter_store, "starter")[1]


Trainers = Callable[..., list[str]]


@pytest.fixture(scope="module")
def trainers(artefact: Path) -> Iterator[Trainers]:
    """Return a function that trains in a process of its own for each of *stops*, dying there.

    It returns what they said and their exit codes. They are copies of one process, which has imported everything.
    """
    command = [sys.executable, "-c", TRAINERS, str(artefact)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        lines, tell = parent.stdout, parent.stdin

        def train(store: Path, *stops: str, together: bool = False, database: str = "") -> list[str]:
            tell.write(json.dumps([str(store), database, together, stops]) + "\n")
            tell.flush()
            said: list[str] = []
            while sum(line.lstrip("-").isdigit() for line in said) < len(stops):
                line = lines.readline()
                assert line, "the trainers' parent died; its reason is on stderr"
                said.append(line.rstrip("\n"))
            return said

        yield train
        tell.close()
    assert parent.returncode == 0


def test_parallel_trainers_get_a_version_each(trainers: Trainers, tmp_path: Path):
    said = trainers(tmp_path / "toko", NEVER, NEVER, NEVER, together=True)
    assert sorted(said) == [
        "0", "0", "0", "bersama/1 champion", "bersama/2 challenger", "bersama/3 challenger",
    ]  # fmt: skip
    found = {v.version: v for v in models(tmp_path / "toko")}
    assert {number: "champion" in v.aliases for number, v in found.items()} == {1: True, 2: False, 3: False}
    for number in found:
        folder = find(tmp_path / "toko", f"bersama/{number}")[1]
        assert json.loads((folder / "manifest.json").read_text())["version"] == f"bersama/{number}"


def test_a_killed_trainer_leaves_nothing_half_registered(
    trainers: Trainers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    store = tmp_path / "toko"
    assert trainers(store, "artefact", "create_registered_model", "create_model_version") == ["9"] * 3
    assert models(store) == []
    with pytest.raises(ModelNotFoundError, match="There is no model 'bersama'"):
        find_version(store, "bersama")
    # Between its last two steps: the version is whole, and nobody said yet that it serves.
    other = tmp_path / "lain"
    shutil.copytree(store, other)
    assert trainers(other, "set_registered_model_alias") == ["9"]
    with pytest.raises(ModelNotFoundError, match="disposisi promote bersama VERSION"):
        find_version(other, "bersama")
    monkeypatch.setenv("DISPOSISI_STORE", str(other))
    main(["promote", "bersama", "1"])
    assert find_version(other, "bersama").version == 1
    assert "never compared" not in capsys.readouterr().err
    assert trainers(store, NEVER) == ["bersama/1 champion", "0"]


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
def on_postgres(new_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store whose database is PostgreSQL."""
    monkeypatch.setenv("DISPOSISI_MLFLOW_DATABASE", new_postgres)
    return tmp_path / "toko"


def test_a_store_on_postgresql(
    trainers: Trainers, new_postgres: str, on_postgres: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    said = trainers(on_postgres, NEVER, NEVER, together=True, database=new_postgres)
    assert sorted(said) == ["0", "0", "bersama/1 champion", "bersama/2 challenger"]
    assert not (on_postgres / "mlflow.db").exists()
    assert [v.reference for v in models(on_postgres)] == ["bersama/1", "bersama/2"]
    monkeypatch.setenv("DISPOSISI_STORE", str(on_postgres))
    monkeypatch.chdir(tmp_path)
    main(["promote", "bersama", "2"])
    (tmp_path / "aduan.csv").write_text("id,isi\n1,Lampu jalan di depan sekolah padam\n", encoding="utf-8")
    main(["score", "aduan.csv", "-o", "hasil.csv", "--model", "bersama"])
    assert "bersama/2" in (tmp_path / "hasil.csv").read_text()
    assert open_store(on_postgres).get_model_version("bersama", "2").tags["replaced"] == "bersama/1"
