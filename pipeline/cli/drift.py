"""``disposisi drift``: does a new period look like an old one?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import check_outputs, column_options, columns_from
from pipeline.cli.training import read_officers, tell_left_out

if TYPE_CHECKING:
    from pipeline.retraining.drift import Rows
    from pipeline.settings import Settings

ALARM = 3


@click.command("drift")
@click.argument("files", metavar="OLD [NEW]", nargs=-1, required=True)
@click.option("--model", metavar="NAME[@alias|/version]", help="Model that reads both; default: the settings'.")
@click.option(
    "--split",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
    help="All files are one: rows before this day are OLD, the others NEW.",
)
@column_options("text", "unit", "date", "id")
@click.option("--by", type=click.Choice(["month", "week"]), help="Compare each month or week of NEW with OLD.")
@click.option(
    "--decisions",
    metavar="FILE|URL",
    multiple=True,
    help="Officers' decisions (an export of `disposisi review`, or the triage store): they are the units, by id.",
)
@click.option("--unseen", is_flag=True, help="No row was trained on, though the days overlap (another office's rows).")
@click.option(
    "--alarm", metavar="MEASURE=DISTANCE", multiple=True, help="Another limit than models/drift.toml has; repeatable."
)
@click.option(
    "--json", "json_out", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here."
)  # fmt: skip
def command(
    files: tuple[str, ...],
    model: str | None,
    split: Any,
    text: str | None,
    unit: str | None,
    date: str | None,
    id: str | None,
    by: Any,
    decisions: tuple[str, ...],
    unseen: bool,
    alarm: tuple[str, ...],
    json_out: Path | None,
) -> None:
    """Compare a new period's rows with an old one's; exit code 3 on an alarm, so that cron can use it.

    Compared are the mix of units, words that the model does not know, length, confidence, the share to review and,
    with a unit column or --decisions, agreement with officers; and how right the model probably is. OLD and NEW are
    a file each, or several joined by commas. docs/drift.md tells what the figures mean.
    """
    from pipeline import load_router
    from pipeline.errors import DataError
    from pipeline.retraining.drift import drift_by, load_limits, period
    from pipeline.retraining.drift.overview import overview_lines
    from pipeline.scoring.writer import write_json
    from pipeline.settings import load_settings

    check_outputs([json_out], (*(name for argument in files for name in _names(argument)), *decisions))
    settings = load_settings()
    decided = _decided(settings, decisions)
    limits = load_limits().with_alarms(alarm)
    columns, named = columns_from(settings, text=text, unit=unit, date=date, id=id)
    need = {"text", *named, *({"date"} if split is not None or by else ()), *({"id"} if decisions else ())}
    (old_name, old_rows), (new_name, new_rows) = _sides(files, split, columns, need, decided)
    router = load_router(model or settings.scoring.model, store=settings.store)
    old = period(router, old_rows, old_name, unseen=unseen)
    new = period(router, new_rows, new_name, unseen=unseen)
    parts = list(new.by(by)) if by else [new]
    if not parts:
        raise DataError("no row of NEW has a date", file=new_name, hint="Name the date column with --date.")
    reports = drift_by(old, parts, limits)
    click.echo(f"Model {router.version}")
    click.echo()
    for line in overview_lines(reports) if by else reports[0].lines():
        click.echo(line)
    _undated(new_rows, by)
    click.echo()
    for report in reports:
        for line in report.alarm_lines():
            click.echo(line)
    alarms = any(report.alarms for report in reports)
    if not alarms:
        click.echo("Tidak ada alarm.")
    if json_out is not None:
        found = {"alarm": alarms, "reports": [report.to_dict() for report in reports]}
        write_json(json_out, found)
        click.echo(f"Semua angka: {json_out}")
    if alarms:
        sys.exit(ALARM)


def _decided(settings: Settings, sources: tuple[str, ...]) -> dict[str, str] | None:
    """Return id → unit that officers gave, ``None`` without *sources*; no complaint's text is read."""
    if not sources:
        return None
    from pipeline.errors import DataError
    from pipeline.retraining.decisions import named

    found = read_officers(settings, sources, texts=False)
    tell_left_out(found)
    units = found.units()
    if not units:
        raise DataError(
            "no decision gives a complaint to a unit", file=named(sources), hint="Decide some, or name another source."
        )
    return units


def _sides(
    files: tuple[str, ...], split: Any, columns: Any, need: set[str], decided: dict[str, str] | None
) -> tuple[tuple[str, Rows], tuple[str, Rows]]:
    """Return (name, rows) of OLD and of NEW."""
    from pipeline.errors import OptionError

    if split is None and len(files) != 2:
        raise OptionError(
            "Give two files, OLD and NEW, or --split DATE to cut one in two. Join more by commas: a.csv,b.csv."
        )
    import numpy as np

    from pipeline.intake import read_all
    from pipeline.retraining.drift import read_rows

    def read(names: list[str]) -> Rows:
        return read_rows(read_all(names, columns, need=need), decisions=decided, files=names)

    if split is not None:
        day = np.datetime64(split, "us")
        old, new = read([name for argument in files for name in _names(argument)]).split(day)
        names = (f"sebelum {str(day)[:10]}", f"sejak {str(day)[:10]}")
    else:
        old, new = (read(_names(argument)) for argument in files)
        names = (_short(files[0]), _short(files[1]))
    return (names[0], old.distinct()), (names[1], new.distinct(without=old))


def _names(argument: str) -> list[str]:
    """Return the files of an argument; a comma parts them unless a file has that very name."""
    return [argument] if Path(argument).exists() else argument.split(",")


def _short(argument: str) -> str:
    return ", ".join(Path(name).name for name in _names(argument))


def _undated(rows: Rows, by: str | None) -> None:
    import numpy as np

    undated = int(np.isnat(rows.times).sum())
    if by and undated:
        click.echo(f"\n{undated:,} baris baru tanpa tanggal tidak termasuk bulan atau pekan mana pun.")
