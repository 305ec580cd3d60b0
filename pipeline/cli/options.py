"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import OptionError

if TYPE_CHECKING:
    from pipeline.scoring.finish import RunOptions
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


def refuse_input_as_output(output: str, inputs: Iterable[str]) -> None:
    """Raise :class:`OptionError` where OUT would take the place of an input."""
    if any(name != "-" and Path(name).resolve() == Path(output).resolve() for name in inputs):
        raise OptionError(f"OUT {output} is one of the inputs; name another file.")


_DECISIONS = {
    "precision": click.option(
        "--precision", metavar="P", type=click.FloatRange(0.5, 1, max_open=True),
        help="Share of right units wanted among rows that go on without a person, such as 0.95.",
    ),
    "capacity": click.option(
        "--capacity", metavar="N", type=click.IntRange(0),
        help="Rows that people can review: the surest others go on; the summary says how sure that is.",
    ),
    "holidays": click.option(
        "--holidays", metavar="FILE", help="Holidays of years that disposisi does not know (docs/batas-waktu.md)."
    ),
    "today": click.option(
        "--today", metavar="DATE", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
        help="Day that delays count to; default: today.",
    ),
}  # fmt: skip


def decision_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options *names* on how scores become decisions to a command (``precision``, ``capacity``, …)."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            function = _DECISIONS[name](function)
        return function

    return add


def run_options(
    settings: Settings,
    *,
    precision: float | None,
    capacity: int | None = None,
    holidays: str | None,
    today: dt.datetime | None,
    index: str | None = None,
    groups: bool = True,
    whole: bool = True,
) -> RunOptions:
    """Return what a run asks for: its options, then the settings. Raises :class:`OptionError`.

    Not *whole*: single rows, for which the settings' capacity and index of earlier reports do not hold, nor *groups*.
    """
    from pipeline.scoring.finish import RunOptions

    office = settings.decisions
    if precision is not None and capacity is not None:
        raise OptionError("--precision and --capacity contradict each other: each sets how many rows go on. Give one.")
    if precision is None and capacity is None:
        precision, capacity = office.precision, office.capacity
    if not whole:
        capacity, groups = None, False
    where = index or (office.index if groups else None)
    return RunOptions(
        precision=precision,
        capacity=capacity,
        holidays=Path(holidays).expanduser() if holidays else office.holidays,
        index=Path(where).expanduser() if where else None,
        today=dt.date.today() if today is None else today.date(),
        groups=groups or index is not None,
        whole=whole,
    )
