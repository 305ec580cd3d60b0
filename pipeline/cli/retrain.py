"""``disposisi retrain``: history and officers' decisions → a challenger, compared with the champion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.training import (
    parse_day,
    read_given,
    read_officers,
    show_comparison,
    show_trained,
    training_options,
)

if TYPE_CHECKING:
    from pipeline.retraining.joining import Joined
    from pipeline.retraining.retrain import Window


@click.command("retrain")
@click.argument("data", metavar="[DATA[=KANTOR]]...", nargs=-1)
@click.option("--name", required=True, metavar="NAME", help="Name of the model that gets a new version.")
@click.option(
    "--decisions", required=True, multiple=True, metavar="FILE|URL",
    help="Officers' decisions: a file of `disposisi review export`, or the triage store's URL.",
)  # fmt: skip
@click.option("--trust", metavar="TOML", help="What each label counts, in place of the shipped models/retrain.toml.")
@training_options
def command(
    data: tuple[str, ...],
    name: str,
    decisions: tuple[str, ...],
    trust: str | None,
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
    """Train a challenger on history and officers' decisions; compare it with the champion on later rows.

    DATA are the rows that the model was trained on before, with text, unit or urgency, and date. A decision takes
    the place of the row with its id or its text; it counts by how it was made (docs/retraining.md). Without DATA
    the decisions must suffice.

    The latest rows are measured on and never trained on: from --test-from, else those after the champion's
    training rows where there are enough, else the last fifth. Scoring uses the champion until `disposisi promote`.
    """
    from pipeline.errors import DataError
    from pipeline.retraining.decisions import named
    from pipeline.retraining.patches import patch_record
    from pipeline.retraining.retrain import present_champion, retrain_model
    from pipeline.retraining.trust import load_trust
    from pipeline.settings import load_settings
    from pipeline.tracking.registry import check_name

    settings = load_settings()
    check_name(name)
    weights = load_trust(None if trust is None else Path(trust).expanduser())
    start = parse_day(test_from)
    champion = present_champion(settings.store, name)
    # Classes that were pooled stay pooled: else the two models would not name the same units.
    pooled = pool_places or (champion is not None and bool(champion.manifest.get("pool_places")))
    given = read_given(
        settings, data, {"text": text, "unit": unit, "urgency": urgency, "date": date, "id": id},
        dated=True, kantor=kantor, crosswalk=crosswalk, pool_places=pooled, patch=patch,
    )  # fmt: skip
    officers = read_officers(settings, decisions, texts=True)
    if not officers.rows:
        raise DataError(
            "no decision to learn from", file=named(decisions), hint="Decide some complaints, or use disposisi train."
        )
    made = retrain_model(
        settings.store, name, given.home, officers, trust=weights,
        test_from=start, min_rows=min_rows, pool_places=pooled, elsewhere=given.elsewhere,
        starter_urgencies=given.starter_urgencies, record=patch_record(given.patches),
    )  # fmt: skip
    _show_joined(made.joined, made.window)
    show_trained(made.trained)
    show_comparison(made.trained, made.comparison)


def _show_joined(joined: Joined, window: Window) -> None:
    from pipeline.retraining.decided import Kind

    found = joined.decisions
    kinds = found.kinds()
    click.echo(
        f"History: {joined.history_units:,} labels of the unit, {joined.history_urgencies:,} of the urgency. "
        f"Decisions: {found.read:,} read, {len(found.rows):,} used."
    )
    for kind in Kind:
        click.echo(f"  {kinds[kind]:>7,}  {kind}")
    for reason, rows in sorted(found.left_out.items()):
        click.echo(f"  {rows:>7,}  left out: {reason}")
    click.echo(
        f"  {joined.replaced_units:>7,}  unit labels of history replaced: {joined.changed_units:,} by another unit, "
        f"{joined.removed_units:,} by none"
    )
    click.echo(f"  {joined.replaced_urgencies:>7,}  urgency labels of history replaced")
    if joined.other_texts:
        click.echo(
            f"Note: {joined.other_texts:,} decisions have the id of a row with another text. If the ids of DATA and of "
            "the triage store number different complaints, name another column with --id.",
            err=True,
        )
    click.echo(f"Measured on rows from {str(window.start)[:10]} on ({window.why}).\n")
