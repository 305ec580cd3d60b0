"""What ``train`` and ``retrain`` share: options, reading DATA, showing what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import column_options, columns_from

if TYPE_CHECKING:
    from pipeline.retraining.compare import Comparison
    from pipeline.retraining.reading import Given
    from pipeline.retraining.train import Trained
    from pipeline.settings import Settings

_OPTIONS = (
    column_options("text", "unit", "urgency", "date", "id"),
    click.option("--test-from", metavar="DATE", help="Rows from this day on are measured on and never trained on."),
    click.option(
        "--pool-places", is_flag=True, help="Join Kelurahan …, Kecamatan …, Desa … units into one class each."
    ),
    click.option("--kantor", metavar="KANTOR", help="The office to serve, where DATA or the crosswalk name several."),
    click.option("--crosswalk", metavar="CSV", multiple=True, help="Units and their functions: kantor,unit,urusan."),
    click.option("--min-rows", type=click.IntRange(min=2), help="Training rows a unit needs; default by data size."),
    click.option("--patch", metavar="FILE", multiple=True, help="Corrected labels, from `disposisi audit --accept`."),
)


def training_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on DATA and on the training to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def read_given(
    settings: Settings,
    data: Sequence[str],
    columns: dict[str, str | None],
    *,
    dated: bool,
    kantor: str | None,
    crosswalk: Sequence[str],
    pool_places: bool,
    patch: Sequence[str],
) -> Given:
    """Read DATA with the user's column options *columns* and tell what was left out; *dated*: every file has a date."""
    from pipeline.errors import OptionError
    from pipeline.retraining.reading import read_training

    if patch and not data:
        raise OptionError("--patch corrects labels of DATA, and none is given.")
    names, named = columns_from(settings, **columns)
    given = read_training(
        data, names, need={"text", *named, *({"date"} if dated else ())}, kantor=kantor, crosswalks=crosswalk,
        pool_places=pool_places, patches=patch,
    )  # fmt: skip
    for applied in given.patches:
        for line in applied.lines():
            click.echo(line, err=True)
    if given.rejected:
        click.echo(f"{given.rejected:,} unreadable rows were left out.", err=True)
    return given


def parse_day(day: str | None, option: str = "--test-from") -> Any:
    """Return the day as datetime64, ``None`` when none is given; *option* named it."""
    if day is None:
        return None
    import numpy as np

    from pipeline.errors import OptionError

    try:
        return np.datetime64(day, "D").astype("datetime64[us]")
    except ValueError as error:
        raise OptionError(f"{option} {day!r}: write the day as YYYY-MM-DD.") from error


def show_trained(trained: Trained) -> None:
    """Print what one training gave: its reference, both halves' figures, which half is lent."""
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
        click.echo(f"\nNo {half} labels to learn from: the {half} half of {trained.borrowed} serves.")


def show_comparison(trained: Trained, comparison: Comparison | None) -> None:
    """Print the challenger beside the champion where they were compared, then the next step."""
    if comparison is not None:
        click.echo("")
        for line in comparison.lines():
            click.echo(line)
    if "challenger" in trained.version.aliases:
        made = trained.version
        click.echo(f"\nScoring still uses the champion. To switch: disposisi promote {made.name} {made.version}")
