"""``disposisi promote``: make a version the champion."""

from __future__ import annotations

import click


@click.command("promote")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
def command(name: str, version: int) -> None:
    """Make VERSION of model NAME the one that scoring uses (@champion)."""
    from pipeline.settings import load_settings
    from pipeline.tracking.registry import promote

    promoted = promote(load_settings().store, name, version)
    click.echo(f"{promoted.reference} is now @champion.")
