"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.settings import ColumnNames, Settings

_COLUMNS = (
    ("--text", "Column with the citizen's text."),
    ("--unit", "Column with the unit."),
    ("--urgency", "Column with the urgency."),
    ("--date", "Column with the date."),
    ("--id", "Column with the row's id."),
)


def column_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the column options *names* (``text``, ``unit``, …) to a command."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option, text in reversed(_COLUMNS):
            if option.removeprefix("--") in names:
                function = click.option(option, metavar="COLUMN", help=text)(function)
        return function

    return add


def columns_from(settings: Settings, **options: str | None) -> tuple[ColumnNames, set[str]]:
    """Return (column names, roles that the user named by option: a wrong name there is an error)."""
    named = {role for role, name in options.items() if name is not None}
    return settings.columns.overridden_by(**options), named
