"""``disposisi evaluate``: measure a model on labelled rows."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import check_outputs, column_options, columns_from


@click.command("evaluate")
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option("--model", required=True, metavar="NAME[@alias|/version]", help="Model to measure.")
@column_options("text", "unit", "urgency", "date", "id")
@click.option(
    "--json", "json_out", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here."
)
def command(
    data: tuple[str, ...],
    model: str,
    text: str | None,
    unit: str | None,
    urgency: str | None,
    date: str | None,
    id: str | None,
    json_out: Path | None,
) -> None:
    """Measure a model on labelled rows it has not been trained on.

    Short and repeated texts are left out, and so are rows of units that the model does not know (their number is
    shown).
    """
    from pipeline import load_router
    from pipeline.cli.tables import unit_lines, urgency_lines
    from pipeline.intake import read_all
    from pipeline.retraining.evaluate import evaluate
    from pipeline.retraining.risk import risk_lines
    from pipeline.routing.policy import load_policy
    from pipeline.scoring.writer import write_json
    from pipeline.settings import load_settings

    check_outputs([json_out], data)
    settings = load_settings()
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    batches = read_all(data, columns, need={"text", *named})
    router = load_router(model, store=settings.store)
    report = evaluate(router, batches)
    click.echo(f"{router.version} on {report.read:,} rows")
    if report.unit is not None:
        click.echo(f"\nUnit ({report.unknown_unit_rows:,} rows of units that the model does not know are left out)")
        for line in unit_lines(report.unit, report.table):
            click.echo(line)
    if report.risk is not None:
        click.echo("\nRisk against coverage (held-out rows of training; uji: these rows)")
        for line in risk_lines(report.risk, load_policy()):
            click.echo(line)
    if report.urgency is not None:
        click.echo("\nUrgency")
        for line in urgency_lines(report.urgency):
            click.echo(line)
    if json_out is not None:
        write_json(json_out, report.to_dict())
        click.echo(f"\nAll figures: {json_out}")
