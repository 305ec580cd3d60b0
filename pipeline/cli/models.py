"""``disposisi models``: list the registered models."""

from __future__ import annotations

import click

_SHOWN = ("unit_accuracy", "unit_macro_f1", "unit_top3", "urgency_qwk", "urgency_auc_tinggi")


@click.command("models")
@click.option("--card", metavar="MODEL", help="Print the model card of NAME[@alias|/version].")
@click.option("--steps", "moved", metavar="NAME", help="Print who promoted and rolled back NAME's versions, and why.")
def command(card: str | None, moved: str | None) -> None:
    """List the registered models with their aliases and main figures, or print one's model card or promotions."""
    import datetime as dt

    from pipeline.errors import ModelError
    from pipeline.retraining.card import FILE
    from pipeline.settings import load_settings
    from pipeline.tracking.champions import steps
    from pipeline.tracking.registry import find, models

    settings = load_settings()
    if card is not None:
        version, folder = find(settings.store, card)
        if not (folder / FILE).is_file():
            raise ModelError(f"{version.reference} has no model card: an older disposisi made it. Train it again.")
        click.echo((folder / FILE).read_text(encoding="utf-8"), nl=False)
        return
    if moved is not None:
        for step in steps(settings.store, moved):
            instead = f" in place of {step.before}" if step.before else ""
            click.echo(f"{step.at}  {step.by}  {step.kind}: {step.after}{instead}")
            for what, said in (("because", step.because), ("not passed", step.failed_gates)):
                if said:
                    click.echo(f"    {what}: {said}")
        return
    found = models(settings.store)
    click.echo(f"Store: {settings.store}")
    if not found:
        click.echo("No model yet. Train one: disposisi train --name NAME DATA, or: disposisi train --name starter")
        return
    for version in found:
        created = dt.datetime.fromtimestamp(version.created / 1000).strftime("%Y-%m-%d %H:%M")
        aliases = " ".join(f"@{alias}" for alias in version.aliases)
        click.echo(f"{version.reference:<24} {created}  {aliases}")
        figures = [f"{name} {version.metrics[name]:.3f}" for name in _SHOWN if name in version.metrics]
        if figures:
            click.echo(f"    {', '.join(figures)}")
