"""``disposisi review import``, ``export`` and ``forget``: scored rows in, officers' decisions out, texts erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import column_options, columns_from
from pipeline.cli.review_options import database_option, os_actor, the_store

if TYPE_CHECKING:
    import datetime as dt


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@column_options("text", "id", "date")
@database_option
def import_command(
    files: tuple[str, ...], text: str | None, id: str | None, date: str | None, database: str | None
) -> None:
    """Bring rows that `disposisi score` wrote into the triage store.

    FILE is csv, tsv, xlsx, parquet, jsonl or - (standard input). Rows that are there already change nothing, so an
    import may be repeated. A new model version becomes the suggestion of complaints that still wait. Rows that cannot
    be taken go to FILE's .impor.ditolak.csv.
    """
    from pipeline.cli.progress import bar
    from pipeline.review.importing import import_scored
    from pipeline.scoring.rejects import reject_path
    from pipeline.settings import load_settings

    columns, _ = columns_from(load_settings(), text=text, id=id, date=date)
    # Not FILE's .ditolak.csv: that one is the list of `disposisi score`.
    first = "disposisi" if files[0] == "-" else files[0]
    rejects = reject_path(str(Path(first).with_suffix(".impor.csv")))
    with the_store(database) as store, bar("rows") as advance:
        done = import_scored(store, files, columns, actor=os_actor(), rejects=rejects, progress=advance)
    click.echo(
        f"{done.read:,} rows read: {done.new:,} new, {done.updated:,} with a new suggestion, {done.same:,} known "
        f"already, {done.rejected:,} rejected"
    )
    if done.rejected:
        click.echo(f"Rejected rows and why: {rejects}")


@click.command("export")
@click.argument("out", metavar="OUT")
@click.option(
    "--since",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
    help="Only what was decided on this day or later.",
)
@click.option("--with-personal-data", is_flag=True, help="Write the texts as citizens wrote them, not masked.")
@database_option
def export_command(out: str, since: dt.datetime | None, with_personal_data: bool, database: str | None) -> None:
    """Write the decisions that stand to OUT (csv, xlsx, parquet or jsonl, by its ending), to train a model on.

    Personal data is masked; each export is in the audit log. In csv an apostrophe stands before what a spreadsheet
    would run as a formula. A file with personal data can be read by its owner only.
    """
    from pipeline.review.exporting import export_decisions
    from pipeline.settings import load_settings

    with the_store(database) as store:
        rows = export_decisions(
            store,
            out,
            since=None if since is None else since.date(),
            masked=not with_personal_data,
            actor=os_actor(),
            zone=load_settings().review.timezone,
        )
    click.echo(f"{rows:,} decisions written to {out}", err=out == "-")
    if with_personal_data:
        click.echo("The texts hold personal data: keep the file where only those may read it who need it.", err=True)


@click.command("forget")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--waiting", is_flag=True, help="Erase complaints, too, that nobody has decided; they leave the queue.")
@database_option
def forget_command(ids: tuple[str, ...], waiting: bool, database: str | None) -> None:
    """Erase the texts of the complaints ID for good, because a citizen asks for it or they were kept long enough.

    The text goes, what quotes it in every suggestion, and its words in the search. The number, the place, the units
    and the decisions with officers' notes stay. Exports leave the complaint out, an import does not bring it back.
    Complaints that wait for a decision are refused without --waiting; all or none are erased. Backups and files that
    were exported before are yours to erase.
    """
    from pipeline.review.forgetting import forget

    with the_store(database) as store:
        done = forget(store, ids, actor=os_actor(), waiting=waiting)
    known = f"; {done.before:,} had been erased before" if done.before else ""
    click.echo(f"{done.erased:,} complaints erased{known}")
    if not done.clean:
        click.echo("Others read the store just now: traces may stay in its file. Repeat the command.", err=True)
