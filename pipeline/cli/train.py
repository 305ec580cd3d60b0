"""``disposisi train``: train, measure, log and register a model."""

from __future__ import annotations

import click

from pipeline.cli.training import parse_day, read_given, show_comparison, show_trained, training_options


@click.command("train")
@click.argument("data", metavar="[DATA[=KANTOR]]...", nargs=-1)
@click.option("--name", required=True, metavar="NAME", help="Name of the model; a known name gets a new version.")
@training_options
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
    patch: tuple[str, ...],
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
    from pipeline.retraining.patches import patch_record
    from pipeline.retraining.retrain import compare_trained
    from pipeline.retraining.starter import has_starter, train_starter
    from pipeline.retraining.train import train_model
    from pipeline.settings import load_settings
    from pipeline.tracking.registry import check_name

    settings = load_settings()
    check_name(name)
    if not data and kantor is None and not patch:
        if name != STARTER:
            raise OptionError("No DATA is given. Only --name starter trains from the built-in corpus.")
        made = train_starter(settings.store)
        show_trained(made)
        show_comparison(made, None)
        return
    start = parse_day(test_from)
    given = read_given(
        settings, data, {"text": text, "unit": unit, "urgency": urgency, "date": date, "id": id},
        dated=start is not None, kantor=kantor, crosswalk=crosswalk, pool_places=pool_places, patch=patch,
    )  # fmt: skip
    borrows = not len(given.home.units) or not len(given.home.urgencies)
    if borrows and not has_starter(settings.store):
        click.echo("No starter model yet: training it once from the built-in corpus ...", err=True)
        train_starter(settings.store)
    made = train_model(
        settings.store, name, given.home, test_from=start, min_rows=min_rows, pool_places=pool_places,
        elsewhere=given.elsewhere, starter_urgencies=given.starter_urgencies, record=patch_record(given.patches),
    )  # fmt: skip
    show_trained(made)
    show_comparison(made, compare_trained(settings.store, made, start=start))
