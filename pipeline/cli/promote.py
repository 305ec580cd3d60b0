"""``disposisi promote``: make a version the champion."""

from __future__ import annotations

import click


@click.command("promote")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--because", metavar="REASON", default="", help="Why; promotes it against its gates, too. It is kept.")
def command(name: str, version: int, because: str) -> None:
    """Make VERSION of model NAME the one that scoring uses (@champion), if it passed its gates.

    The gates (models/gates.toml) compare it with the present champion on later rows; `disposisi retrain`, `train
    --test-from` and `compare` do that. `disposisi rollback NAME` takes the step back.
    """
    from pipeline.retraining.promotion import promote
    from pipeline.settings import load_settings
    from pipeline.tracking.registry import champion_of

    def warn(line: str) -> None:
        click.echo(f"Warning: {line}", err=True)

    store = load_settings().store
    before = champion_of(store, name)
    promoted = promote(store, name, version, because=because, say=warn)
    if before is not None and before.version == promoted.version:
        click.echo(f"{promoted.reference} is the champion already: nothing changed.")
    else:
        click.echo(f"{promoted.reference} is now @champion.")
