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

    Rows of the days that one of the two was trained on are left out and counted. Each model runs with the code that it
    was made with. The outcome is kept; `disposisi promote` asks for it.
    """
    from pipeline.cli.training import parse_day
    from pipeline.errors import ModelError
    from pipeline.intake import read_all
    from pipeline.retraining.compare import compare_with_champion
    from pipeline.retraining.compare.training_days import last_days, manifest_of, training_days
    from pipeline.retraining.compare.window import later_rows
    from pipeline.settings import load_settings
    from pipeline.tracking.registry import artefact_folder, champion_of, find_version

    settings = load_settings()
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    made = find_version(settings.store, f"{name}/{version}")
    champion = champion_of(settings.store, name)
    if champion is None or champion.version == made.version:
        what = "is the champion itself" if champion else "has no champion beside it"
        raise ModelError(f"{made.reference} {what}: there is nothing to compare it with.")
    first = parse_day(start, "--from")
    batches = read_all(data, columns, need={"text", *named, *({"date"} if first is not None else ())})
    manifests = [manifest_of(artefact_folder(settings.store, one)) for one in (champion, made)]
    trained = last_days(settings.store, manifests)
    window = later_rows(batches, first, pool_places=bool(manifests[1].get("pool_places")), trained=trained)
    for half, rows in window.known.items():
        if rows:
            click.echo(
                f"{rows:,} rows with a label of the {half} are left out: {champion.reference} or {made.reference} was "
                f"trained on days until {trained[half]}.",
                err=True,
            )
    notes = [
        f"it is not known whether {made.reference} was trained on some of these, which would favour it ({half})"
        for half, rows in (("unit", window.units), ("urgency", window.urgencies))
        if len(rows)
        and (days := training_days(settings.store, manifests[1], half)).any
        and (days.last is None or half not in window.known)
    ]
    outcome = compare_with_champion(
        settings.store, made, window.units, window.urgencies, start=window.start, notes=notes
    )
    if outcome is None:
        raise ModelError(f"{name} got another champion meanwhile: compare again.")
    for line in outcome.lines():
        click.echo(line)
    if outcome.passed:
        click.echo(f"To let it serve: disposisi promote {made.name} {made.version}")
