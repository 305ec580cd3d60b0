"""``disposisi pick``: which rows to label next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.cli.options import check_outputs, column_options, columns_from
from pipeline.errors import OptionError

if TYPE_CHECKING:
    from pipeline.retraining.picking.run import Picked


@click.command("pick")
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option("--budget", metavar="N", type=click.IntRange(1), default=200, show_default=True, help="Rows to choose.")
@click.option(
    "-o", "--output", "output", metavar="OUT", required=True, help="csv, xlsx, parquet or jsonl, by its ending."
)
@click.option(
    "--model",
    metavar="NAME[@alias|/version]",
    help="Model that tells where it is unsure; without one (no labels yet) the rows are spread over DATA.",
)
@click.option(
    "--labelled",
    metavar="FILE",
    multiple=True,
    help="Rows that have labels: not chosen again. Their --unit column tells which units are rare; repeatable.",
)
@column_options("text", "unit", "date", "id")
def command(
    data: tuple[str, ...],
    budget: int,
    output: str,
    model: str | None,
    labelled: tuple[str, ...],
    text: str | None,
    unit: str | None,
    date: str | None,
    id: str | None,
) -> None:
    """Choose the rows whose labels would teach a model most: doubt, rare units, every part of DATA.

    DATA are rows without labels; a unit column in them is not read. OUT holds the chosen rows, the most telling first:
    all input columns, then urutan_label and alasan_pilih. Label them in the triage page (`disposisi score`, then
    `disposisi review`) or in a column of OUT, train, and pick again. docs/picking.md tells how and how much it saves.
    """
    from contextlib import nullcontext

    from pipeline import load_router
    from pipeline.intake import open_sources
    from pipeline.retraining.picking.run import pick
    from pipeline.scoring.rejects import reject_label, reject_path
    from pipeline.scoring.writer import claim
    from pipeline.settings import load_settings

    settings = load_settings()
    check_outputs([output, str(reject_path(output))], (*data, *labelled))
    columns, named = columns_from(settings, text=text, unit=unit, date=date, id=id)
    own = columns_from(settings, text=text, date=date, id=id)[0]
    source = open_sources(data, own, need={"text", *(named - {"unit"})})
    known = open_sources(labelled, columns, need={"text", *(named & {"unit"})}) if labelled else ()
    if unit is not None and not labelled:
        raise OptionError("--unit names the unit's column of --labelled files, and none is given.")
    router = None if model is None else load_router(model, store=settings.store)
    with nullcontext() if output == "-" else claim(output, reject_label(output)):
        picked = pick(source, output, budget, router=router, labelled=known)
    _show(picked, output, budget, None if router is None else router.version)


def _show(picked: Picked, output: str, budget: int, version: str | None) -> None:
    err = output == "-"
    where = "standard output" if err else output
    by = f"by {version}" if version else "without a model (spread over all rows)"
    click.echo(f"{picked.rows:,} rows chosen of {picked.different:,} different texts, {by}: {where}", err=err)
    if picked.rows < budget:
        click.echo(f"  The budget is {budget:,}: all texts without a label are in it.", err=err)
    told = ", ".join(f"{kind} {count:,}" for kind, count in picked.kinds.items() if count)
    click.echo(f"  alasan_pilih: {told}", err=err)
    left = {
        "have a label": picked.labelled,
        "repeat another text": picked.repeated,
        "cannot be read (.ditolak.csv)": picked.rejected,
    }
    for why, count in left.items():
        if count:
            click.echo(f"  {count:,} of {picked.read + picked.rejected:,} rows left out: they {why}.", err=err)
