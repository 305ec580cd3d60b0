"""Bring the store's tables up to date with alembic; several processes may do so at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Engine, text

from pipeline.errors import ReviewError

VERSION_TABLE = "disposisi_version"
_LOCK = 7_421_906_331
"""Number of PostgreSQL's advisory lock: any that nobody else takes."""


def upgrade(engine: Engine) -> None:
    """Make or migrate the tables of *engine*'s database. Raises :class:`ReviewError` where it is of a newer version."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if found == script.get_current_head():
        return
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise ReviewError(f"The triage store is of a newer version of disposisi ({found}). Install that version.")
    with _alone(engine), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with FileLock(f"{engine.url.database}.lock", timeout=600, mode=0o600):
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK})
            connection.commit()
