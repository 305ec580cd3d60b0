"""``disposisi rollback``: the champion before the present one serves again."""

from __future__ import annotations

import click


@click.command("rollback")
@click.argument("name")
@click.option("--because", metavar="REASON", default="", help="Why; kept with the version.")
def command(name: str, because: str) -> None:
    """Make the champion before the present one of model NAME serve again."""
    from pipeline.settings import load_settings
    from pipeline.text import mask, repair
    from pipeline.tracking.champions import rollback

    gone, back = rollback(load_settings().store, name, because=mask(repair(because.strip())))
    click.echo(f"{back.reference} is @champion again in place of {gone.reference}.")
