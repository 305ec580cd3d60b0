"""``disposisi compare``: champion and challenger on the same rows."""

from __future__ import annotations

import click

from pipeline.cli.options import column_options, columns_from


@click.command("compare")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@column_options("text", "unit", "urgency", "date", "id")
@click.option("--from", "start", metavar="DATE", help="Only rows from this day on.")
def command(
    name: str,
    version: int,
    data: tuple[str, ...],
    text: str | None,
    unit: str | None,
    urgency: str | None,
    date: str | None,
    id: str | None,
    start: str | None,
) -> None:
    """Let VERSION of model NAME and its champion answer the labelled rows of DATA, and judge by the gates.

    The rows must be such that VERSION was not trained on: name its first free day with --from. Each model runs with
    the code that it was made with. The outcome is kept; `disposisi promote` asks for it.
    """
    from pipeline.cli.training import parse_day
    from pipeline.errors import ModelError
    from pipeline.intake import read_all
    from pipeline.retraining.compare import compare_with_champion
    from pipeline.retraining.compare.window import later_rows
    from pipeline.settings import load_settings
    from pipeline.tracking.artefact import read_manifest
    from pipeline.tracking.registry import artefact_folder, find_version

    settings = load_settings()
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    made = find_version(settings.store, f"{name}/{version}")
    first = parse_day(start, "--from")
    batches = read_all(data, columns, need={"text", *named, *({"date"} if first is not None else ())})
    pooled = bool(read_manifest(artefact_folder(settings.store, made)).get("pool_places"))
    window = later_rows(batches, first, pool_places=pooled)
    outcome = compare_with_champion(settings.store, made, window.units, window.urgencies, start=window.start)
    if outcome is None:
        raise ModelError(f"{made.reference} is the champion itself: there is nothing to compare it with.")
    for line in outcome.lines():
        click.echo(line)
    if outcome.passed:
        click.echo(f"To let it serve: disposisi promote {made.name} {made.version}")
