"""``disposisi score``: a batch of complaints in, the same rows with suggestions out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import column_options, columns_from

if TYPE_CHECKING:
    from pipeline.scoring.batch import Summary


@click.command("score")
@click.argument("inputs", metavar="IN...", nargs=-1, required=True)
@click.option(
    "-o", "--output", "output", metavar="OUT", required=True, help="csv, xlsx, parquet or jsonl, by its ending."
)
@click.option("--model", metavar="NAME[@alias|/version]", help="Model to use; default: the starter model.")
@column_options("text", "id", "date")
def command(
    inputs: tuple[str, ...], output: str, model: str | None, text: str | None, id: str | None, date: str | None
) -> None:
    """Give each complaint its unit and urgency.

    IN is csv, tsv, xlsx, parquet, jsonl or - (standard input); a SP4N-LAPOR export needs no option. All input
    columns come back, then the suggestions. Unreadable rows go to OUT's .ditolak.csv.
    """
    from pipeline import load_router
    from pipeline.cli.progress import bar
    from pipeline.errors import OptionError
    from pipeline.intake import open_sources
    from pipeline.retraining.starter import STARTER, has_starter, train_starter
    from pipeline.scoring.batch import score_source
    from pipeline.settings import load_settings

    settings = load_settings()
    if any(name != "-" and Path(name).resolve() == Path(output).resolve() for name in inputs):
        raise OptionError(f"OUT {output} is one of the inputs; name another file.")
    columns, named = columns_from(settings, text=text, id=id, date=date)
    source = open_sources(inputs, columns, chunk_rows=settings.scoring.chunk_rows, need={"text", *named})
    reference = model or settings.scoring.model
    if reference == STARTER and not has_starter(settings.store):
        click.echo("No starter model yet: training it once from the built-in corpus ...", err=True)
        train_starter(settings.store)
    router = load_router(reference, store=settings.store)
    with bar("rows") as advance:
        summary = score_source(source, output, router, progress=advance)
    _show(summary, output, router.version)


def _show(summary: Summary, output: str, version: str) -> None:
    from pipeline.catalogue import LEVELS, unit_name
    from pipeline.routing import ACTIONS
    from pipeline.scoring.rejects import reject_path

    err = output == "-"
    say = partial(click.echo, err=err)
    say(f"\n{summary.rows:,} rows scored with {version}.")
    say("\nUnit (first suggestion)")
    for unit, count in summary.units.most_common():
        say(f"  {count:>7,}  {unit_name(unit)}")
    say("\nUrgency")
    for level in reversed(LEVELS):
        say(f"  {summary.levels[level]:>7,}  {level}")
    say("\nAction")
    for action, words in ACTIONS.items():
        say(f"  {summary.actions[action]:>7,}  {action}: {words}")
    waiting = summary.rows - summary.actions["teruskan"]
    say(f"\n{waiting:,} of {summary.rows:,} rows need a person.")
    if summary.examples:
        say("\nExamples, the most urgent first (personal data masked)")
    for example in summary.examples:
        row = example.row
        say(f'  "{example.text}"')
        say(f"    → {unit_name(row['unit'])} ({row['keyakinan']:.0%}), urgensi {row['urgensi']}, {row['tindakan']}")
        say(f"    alasan: {row['alasan']}")
        say(f"    alasan urgensi: {row['alasan_urgensi']}")
    if summary.rejected:
        say(f"\n{summary.rejected:,} unreadable rows, with their reasons: {reject_path(output)}")
    if not err:
        say(f"\nThe scored rows: {output}")
        say("Next: open it, sort by urgensi, check the rows marked tinjau; train on your own rows with")
        say("  disposisi train --name NAME FILE   (a SP4N-LAPOR export needs no more)")
