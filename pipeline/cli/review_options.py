"""What the subcommands of ``disposisi review`` share: the store, and who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.review.store import Store

database_option = click.option(
    "--database",
    metavar="URL",
    help="Triage store: sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE; default: the settings'.",
)


@contextmanager
def the_store(database: str | None) -> Iterator[Store]:
    """Open the store that --database names, here or before the subcommand, else the settings' one."""
    from pipeline.review.store import open_store
    from pipeline.settings import load_settings

    context = click.get_current_context(silent=True)
    while database is None and context is not None:
        database = context.params.get("database")
        context = context.parent
    store = open_store(database or load_settings().database)
    try:
        yield store
    finally:
        store.close()


def os_actor() -> str:
    """Return the name that the audit log gives to whoever uses the command line."""
    import getpass

    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli:?"
