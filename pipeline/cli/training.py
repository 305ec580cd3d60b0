"""What ``train`` and ``retrain`` share: options, reading DATA, showing what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import column_options, columns_from

if TYPE_CHECKING:
    from pipeline.retraining.compare import Comparison
    from pipeline.retraining.decided import Decisions
    from pipeline.retraining.reading import Given
    from pipeline.retraining.train import Trained
    from pipeline.settings import Settings

_OPTIONS = (
    column_options("text", "unit", "urgency", "date", "id"),
    click.option("--test-from", metavar="DATE", help="Rows from this day on teach no unit: they are measured on."),
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


def read_officers(settings: Settings, sources: Sequence[str], *, texts: bool) -> Decisions:
    """Read the officers' decisions of *sources* (each a FILE or URL), with the complaints' *texts* or without."""
    from pipeline.cli.review_options import os_actor
    from pipeline.retraining.decisions import combined, read_decisions

    zone, actor = settings.review.timezone, os_actor()
    return combined([read_decisions(source, zone=zone, actor=actor, texts=texts) for source in sources])


def tell_left_out(decisions: Decisions) -> None:
    """Say on stderr which decisions were of no use; that a later one took an earlier one's place is as it should be."""
    from pipeline.retraining.decisions import OLDER

    for reason, rows in sorted(decisions.left_out.items()):
        if reason != OLDER:
            click.echo(f"{rows:,} decisions left out: {reason}", err=True)


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
    """Print the challenger beside the champion where they were compared, then what can be done next."""
    if comparison is not None:
        click.echo("")
        for line in comparison.lines():
            click.echo(line)
    if "challenger" not in trained.version.aliases:
        return
    made = f"{trained.version.name} {trained.version.version}"
    click.echo("\nScoring still uses the champion.", nl=False)
    if comparison is None or comparison.passed:
        click.echo(f" To switch: disposisi promote {made}")
    else:
        failed = ", ".join(gate.name for gate in comparison.failed)
        unjudged = ", ".join(gate.name for gate in comparison.unjudged)
        told = [f" {what}: {gates}." for what, gates in (("Failed gates", failed), ("Not judged", unjudged)) if gates]
        click.echo(
            f"{''.join(told)}\n"
            f"To compare on other later rows: disposisi compare {made} DATA\n"
            f'To switch all the same, saying why: disposisi promote {made} --because "…"'
        )
