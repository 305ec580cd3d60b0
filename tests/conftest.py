"""Fixtures that several tests share: a store with small models, the real data where it is present."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine, create_engine, make_url

from tests.postgres import POSTGRES, address, new_database

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SLOW = (
    "test_notebooks.py", "cli/test_resume.py", "test_leaks.py", "retraining/test_retrain.py",
    "retraining/test_promotion.py", "tracking/test_store.py", "scoring/test_spark.py", "scoring/test_workers.py",
    "review/chromium/test_supervisor.py", "review/test_killed_server.py", "review/test_racing.py",
    "review/chromium/test_officer.py", "review/chromium/test_complaint_keys.py",
    "review/chromium/test_accessibility.py", "review/chromium/test_conflict.py", "review/test_exporting.py",
    "cli/test_commands.py", "review/test_api.py",
)  # fmt: skip
"""Files of more than 20 s of processor time, roughly the longest first. `make test` gives out whole files: these last
would leave workers idle. The first one needs no starter model, so nobody waits while the second one trains it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow files first; within a file, and among the others, the order stays."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(SLOW)}
    items.sort(key=lambda item: places.get(item.path, len(SLOW)))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real complaints; tests that need it skip where it is absent (a fresh clone has none)."""
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared is absent (real complaints are not part of the repository)")
    return SHARED


@pytest.fixture(scope="session")
def starter_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A store with the starter model, trained once for all worker processes; each has a registry of its own."""
    from pipeline.retraining.starter import train_starter

    if worker_id == "master":
        store = tmp_path_factory.mktemp("store")
        train_starter(store)
        return store
    trained = tmp_path_factory.getbasetemp().parent / "starter"
    with FileLock(f"{trained}.lock"):
        if not trained.exists():
            train_starter(trained)
    return Path(shutil.copytree(trained, tmp_path_factory.mktemp("store"), dirs_exist_ok=True))


@pytest.fixture
def use_store(starter_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Point the settings at the session's store and work in an empty folder."""
    monkeypatch.setenv("DISPOSISI_STORE", str(starter_store))
    monkeypatch.delenv("DISPOSISI_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return starter_store


@pytest.fixture(scope="session")
def starter_router(starter_store: Path):
    """The starter router, loaded once a session."""
    from pipeline import load_router

    return load_router("starter", store=starter_store)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """The PostgreSQL server, to make databases on."""
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server (CI has one)")
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def new_postgres(postgres: Engine) -> Iterator[str]:
    """URL of an empty PostgreSQL database."""
    with new_database(postgres) as url:
        yield address(url)
