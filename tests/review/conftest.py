"""Stores of both kinds for the tests of the triage room."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL, Engine, create_engine, make_url, text

from pipeline.review import passwords
from pipeline.review.store import Store, open_store

POSTGRES = "DISPOSISI_TEST_POSTGRES"
"""Names a PostgreSQL database whose role may create databases; CI starts one (.ci/run)."""


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with argon2's least effort: the tests add many people."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """The PostgreSQL server, to make databases on."""
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server (CI has one)")
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'triase.db'}"
        return
    with _new_database(request.getfixturevalue("postgres")) as url:
        yield _address(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store without rows; a copy of it saves each test the migration."""
    path = tmp_path_factory.mktemp("toko") / "kosong.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Engine) -> Iterator[str]:
    """Name of a PostgreSQL store without rows."""
    with _new_database(postgres) as url:
        open_store(_address(url)).close()
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
    with _new_database(request.getfixturevalue("postgres"), template) as url:
        opened = open_store(_address(url))
        yield opened
        opened.close()


@contextmanager
def _new_database(server: Engine, template: str = "template1") -> Iterator[URL]:
    name = f"uji_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield server.url.set(database=name)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)
