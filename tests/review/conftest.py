"""Stores of both kinds for the tests of the triage room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from pipeline.review import passwords
from pipeline.review.store import Store, open_store
from tests.postgres import address, new_database


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with argon2's least effort: the tests add many people."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'triase.db'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield address(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store without rows; a copy of it saves each test the migration."""
    path = tmp_path_factory.mktemp("toko") / "kosong.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Engine) -> Iterator[str]:
    """Name of a PostgreSQL store without rows."""
    with new_database(postgres) as url:
        open_store(address(url)).close()
        yield str(url.database)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty triage store, on each kind of database in turn."""
    if request.param == "sqlite":
        path = tmp_path / "triase.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        opened = open_store(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    template = request.getfixturevalue("postgres_template")
    with new_database(request.getfixturevalue("postgres"), template) as url:
        opened = open_store(address(url))
        yield opened
        opened.close()
