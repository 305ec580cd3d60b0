"""``disposisi train``: train, measure, log and register a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import column_options, columns_from

if TYPE_CHECKING:
    from pipeline.retraining.train import Trained


@click.command("train")
@click.argument("data", metavar="[DATA[=KANTOR]]...", nargs=-1)
@click.option("--name", required=True, metavar="NAME", help="Name of the model; a known name gets a new version.")
@column_options("text", "unit", "urgency", "date", "id")
@click.option("--test-from", metavar="DATE", help="Rows from this day on are measured on and never trained on.")
@click.option("--pool-places", is_flag=True, help="Join Kelurahan …, Kecamatan …, Desa … units into one class each.")
@click.option("--kantor", metavar="KANTOR", help="The office to serve, where DATA or the crosswalk name several.")
@click.option("--crosswalk", metavar="CSV", multiple=True, help="Units and their functions: kantor,unit,urusan.")
@click.option("--min-rows", type=click.IntRange(min=2), help="Training rows a unit needs; default by data size.")
def command(
    data: tuple[str, ...],
    name: str,
    text: str | None,
    unit: str | None,
    urgency: str | None,
    date: str | None,
    id: str | None,
    test_from: str | None,
    pool_places: bool,
    kantor: str | None,
    crosswalk: tuple[str, ...],
    min_rows: int | None,
) -> None:
    """Train, measure, log and register a model.

    DATA are files with the citizen's text and a unit or an urgency for each row; a SP4N-LAPOR export needs no
    column options. Where one of the two labels is absent, the starter model's half serves. Without DATA and with
    --name starter, the starter model is trained from the built-in corpus. Dated rows are measured on later rows
    than they are trained on.

    Rows of other offices help: write FILE=KANTOR and say with --kantor which office the model is for. Their units
    are matched by function (a crosswalk, else the unit's name). Without a file of that office, it gets a first
    model from the crosswalk and the other offices; docs/kantor.md tells more.
    """
    from pipeline.errors import OptionError
    from pipeline.retraining.corpus import STARTER
    from pipeline.retraining.reading import read_training
    from pipeline.retraining.starter import has_starter, train_starter
    from pipeline.retraining.train import train_model
    from pipeline.settings import load_settings
    from pipeline.tracking.registry import check_name

    settings = load_settings()
    check_name(name)
    if not data and kantor is None:
        if name != STARTER:
            raise OptionError("No DATA is given. Only --name starter trains from the built-in corpus.")
        _show(train_starter(settings.store))
        return
    start = _parse_day(test_from)
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    given = read_training(
        data, columns, need={"text", *named, *({"date"} if start is not None else ())}, kantor=kantor,
        crosswalks=crosswalk, pool_places=pool_places,
    )  # fmt: skip
    if given.rejected:
        click.echo(f"{given.rejected:,} unreadable rows were left out.", err=True)
    borrows = not len(given.home.units) or not len(given.home.urgencies)
    if borrows and not has_starter(settings.store):
        click.echo("No starter model yet: training it once from the built-in corpus ...", err=True)
        train_starter(settings.store)
    made = train_model(
        settings.store, name, given.home, test_from=start, min_rows=min_rows, pool_places=pool_places,
        elsewhere=given.elsewhere, starter_urgencies=given.starter_urgencies,
    )  # fmt: skip
    _show(made)


def _parse_day(day: str | None) -> Any:
    """Return the day as datetime64, ``None`` when none is given."""
    if day is None:
        return None
    import numpy as np

    from pipeline.errors import OptionError

    try:
        return np.datetime64(day, "D").astype("datetime64[us]")
    except ValueError as error:
        raise OptionError(f"--test-from {day!r}: write the day as YYYY-MM-DD.") from error


def _show(trained: Trained) -> None:
    from pipeline.cli.tables import unit_lines, urgency_lines
    from pipeline.retraining.risk import risk_lines
    from pipeline.routing.policy import load_policy

    click.echo(f"{trained.version.reference} is registered ({', '.join('@' + a for a in trained.version.aliases)}).")
    click.echo(f"{trained.read:,} rows read.")
    if trained.unit is not None:
        facts = trained.unit.facts
        click.echo(
            f"\nUnit: trained on {facts['rows']:,} rows of {facts['units']} units; measured on {facts['measured_on']}."
        )
        for line in unit_lines(trained.unit.metrics, trained.unit.table):
            click.echo(line)
        click.echo("\nRisk against coverage")
        for line in risk_lines(trained.unit.risk, load_policy()):
            click.echo(line)
    if trained.urgency is not None:
        facts = trained.urgency.facts
        click.echo(f"\nUrgency: trained on {facts['rows']:,} rows; measured on {facts['measured_on']}.")
        for line in urgency_lines(trained.urgency.metrics):
            click.echo(line)
    if trained.borrowed is not None:
        half = "unit" if trained.unit is None else "urgency"
        click.echo(f"\nNo {half} labels: the {half} half of {trained.borrowed} serves.")
    if "challenger" in trained.version.aliases:
        made = trained.version
        click.echo(f"\nScoring still uses the champion. To switch: disposisi promote {made.name} {made.version}")
