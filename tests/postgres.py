"""PostgreSQL databases for tests: each test has one of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, text

POSTGRES = "DISPOSISI_TEST_POSTGRES"
"""Names a PostgreSQL database whose role may create databases; CI starts one (.ci/run)."""


@contextmanager
def new_database(server: Engine, template: str = "template1") -> Iterator[URL]:
    name = f"uji_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield server.url.set(database=name)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def address(url: URL) -> str:
    return url.render_as_string(hide_password=False)
