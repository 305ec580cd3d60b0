"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import OptionError

if TYPE_CHECKING:
    from pipeline.scoring.finish import RunOptions
    from pipeline.settings import ColumnNames, Settings

_SQLITE = re.compile(r"sqlite(\+\w+)?:///")
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


def refuse_input_as_output(outputs: Sequence[str], inputs: Iterable[str]) -> None:
    """Raise :class:`OptionError` where an output would take the place of an input or of another output.

    ``-`` is no file; an input may be the URL of a database, which may be one.
    """
    read = [_place(name) for name in inputs if name != "-"]
    written: list[Path] = []
    for output in outputs:
        place = _place(output)
        if output == "-":
            continue
        if any(_same(place, other) for other in read):
            raise OptionError(f"OUT {output} is one of the inputs; name another file.")
        if any(_same(place, other) for other in written):
            raise OptionError(f"Two outputs are one file, {output}; name another for one of them.")
        written.append(place)


def check_outputs(outputs: Iterable[str | Path | None], inputs: Iterable[str | None] = ()) -> None:
    """Raise :class:`OptionError` before any work where an output must not or cannot be written.

    It is an input or another output (:func:`refuse_input_as_output`), its folder is missing, or it is a folder. What
    is ``None`` was not given.
    """
    from pipeline.scoring.writer import file_place

    named = [str(output) for output in outputs if output is not None]
    refuse_input_as_output(named, [name for name in inputs if name is not None])
    for output in named:
        if output != "-":
            file_place(output)


def _place(name: str) -> Path:
    return Path(_SQLITE.sub("", name)).expanduser().resolve()


def _same(one: Path, other: Path) -> bool:
    # Where capitals do not count, or by a hard link, two names may be one file.
    return one == other or (one.exists() and other.exists() and one.samefile(other))


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
