"""``disposisi report monev``: the report of a period, and its digest for leaders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.options import check_outputs, column_options, columns_from, decision_options

FORMS = ("html", "pdf", "xlsx")


@click.command("monev")
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option("--period", required=True, metavar="PERIOD", help="2026-10, 2026-Q3, 2026 or 2026-01..2026-06.")
@click.option(
    "-o", "--out", metavar="FOLDER", default=".", type=click.Path(file_okay=False, path_type=Path),
    help="Where monev-PERIOD and ringkasan-PERIOD go; made where it is missing. Default: here.",
)  # fmt: skip
@click.option("--form", "forms", multiple=True, type=click.Choice(FORMS), help="Write this form only; repeatable.")
@click.option("--triage", metavar="URL", help="The triage store: corrections, changes, and where leaders read.")
@click.option("--no-publish", is_flag=True, help="Do not put the digests into the triage store for leaders to read.")
@click.option("--statuses", metavar="TSV", help="The office's own table of statuses (docs/monev.md).")
@click.option(
    "--as-of", "as_of", metavar="DATE", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
    help="Day on which ages and limits are judged; default: the period's last day.",
)  # fmt: skip
@decision_options("holidays")
@column_options("text", "unit", "urgency", "date", "id")
def command(
    data: tuple[str, ...],
    period: str,
    out: Path,
    forms: tuple[str, ...],
    triage: str | None,
    no_publish: bool,
    statuses: str | None,
    as_of: datetime | None,
    holidays: str | None,
    text: str | None,
    unit: str | None,
    urgency: str | None,
    date: str | None,
    id: str | None,
) -> None:
    """Write what a period's complaints tell: figures, themes, a policy list, the load to expect, and leaders' part.

    DATA are SP4N-LAPOR exports or any tables with text and date, scored or not, oldest first; rows of earlier periods
    are what the period is compared with. FOLDER gets monev-PERIOD and ringkasan-PERIOD (a page for the minister's
    level and one for each unit's head) as HTML and PDF, and the numbers as xlsx. The same data give the same files.
    """
    from pipeline.catalogue.holidays import Calendar
    from pipeline.cli.progress import bar
    from pipeline.cli.review_options import os_actor
    from pipeline.reports.monev.collect import Request, collect
    from pipeline.reports.monev.period import parse_period
    from pipeline.reports.monev.publish import check_folder, give, outputs
    from pipeline.reports.monev.statuses import Statuses
    from pipeline.settings import load_settings

    settings = load_settings()
    wanted = parse_period(period)
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    paths = outputs(out.expanduser(), wanted.name, forms or FORMS)
    check_folder(out.expanduser())
    if out.expanduser().is_dir():
        check_outputs(paths, [*data, triage, statuses, holidays])
    own_days = Path(holidays).expanduser() if holidays else settings.decisions.holidays
    request = Request(
        period=wanted,
        as_of=None if as_of is None else as_of.date(),
        calendar=Calendar() if own_days is None else Calendar.from_file(own_days),
        statuses=Statuses.load(None if statuses is None else Path(statuses).expanduser(), wanted.last),
        triage=triage,
        zone=settings.review.timezone,
    )
    with bar("complaints") as advance:
        report = collect(data, columns, named, request, read=advance)
    given = give(report, paths, actor=None if no_publish else os_actor())
    if given.published is not None:
        new, same = given.published.new, given.published.same
        click.echo(f"Ringkasan pimpinan di basis data triase: {new} baru, {same} tidak berubah.")
    for path in given.files:
        click.echo(str(path))
