"""Open the triage store on SQLite or PostgreSQL and bring its tables up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker

from pipeline.errors import OptionError, ReviewError
from pipeline.review.store.migrate import upgrade

_BUSY_SECONDS = 30
_MLFLOW_TABLES = {"experiments", "runs"}
_WRITES = "disposisi_writes"


class Store:
    """The triage store. ``read()`` and ``write()`` give a session; the latter commits at its end or rolls back."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        # PostgreSQL's usual level shows each statement another state; SQLite's readers see one anyway.
        reads = engine if self.dialect == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")
        self._reader = sessionmaker(reads, expire_on_commit=False)
        self._writer = sessionmaker(engine.execution_options(**{_WRITES: True}), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the store."""
        with self._reader() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are kept together, or not at all; on SQLite it waits for other writers."""
        with self._writer.begin() as session:
            yield session

    def vacuum(self) -> None:
        """On PostgreSQL, clear away old rows of the large tables and count anew what is in them.

        Then nothing erased is left in their files, and counts are read from an index alone.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("complaint", "suggestion", "complaint_search"):
                connection.execute(text(f"VACUUM (ANALYZE) {table}"))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_store(url: str | URL, *, size: int = 40) -> Store:
    """Open the store at *url*, make it where there is none, and bring its tables up to date.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@HOST/DATABASE``.
        size: Connections kept open at most; the page's threads are 40.

    Raises:
        OptionError: The URL is wrong, the driver is missing, the database cannot be reached, or it is MLflow's.
        ReviewError: The store was written by a newer version.
    """
    parsed = _parse(url)
    shown = parsed.render_as_string(hide_password=True)
    options: dict[str, Any] = {"pool_size": size, "max_overflow": 0, "pool_timeout": _BUSY_SECONDS}
    options["hide_parameters"] = True  # an error of the database must not tell a citizen's words
    if parsed.get_backend_name() == "sqlite":
        _make_file(parsed)
        options["connect_args"] = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    else:
        options["pool_pre_ping"] = True
    try:
        engine = create_engine(parsed, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise OptionError(f"{shown}: its driver is missing ({error}). Install disposisi[postgres].") from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _refuse_mlflow(engine, shown)
        if engine.dialect.name == "sqlite":
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode=WAL")  # stays in the file
        upgrade(engine)
    except ReviewError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise OptionError(f"{shown}: the triage store cannot be opened ({reason}). Check the address.") from error
    return Store(engine)


def _parse(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise OptionError(
            "The address of the triage store is no database URL. Write sqlite:///FILE or "
            "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."
        ) from error
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    backend, name = parsed.get_backend_name(), parsed.database or ""
    if backend not in {"sqlite", "postgresql"} or (
        backend == "sqlite" and (not name or name.startswith((":", "file:")))
    ):
        raise OptionError("The triage store is a file (sqlite:///FILE) or a PostgreSQL database.")
    if "password" in parsed.query:
        raise OptionError("Write the password before the @ of the triage store's address: there it is never shown.")
    return parsed


def _make_file(url: URL) -> None:
    """Make folder and file readable by their owner only: complaints are kept as citizens wrote them."""
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise OptionError(f"{path}: the triage store cannot be written ({error.strerror}).") from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # else the driver begins transactions by itself
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is erased leaves the file

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns into a writer fails at once when another one writes: writers wait at the start.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_mlflow(engine: Engine, shown: str) -> None:
    if set(inspect(engine).get_table_names()) >= _MLFLOW_TABLES:
        raise OptionError(f"{shown} is MLflow's database. Give the triage store one of its own.")
