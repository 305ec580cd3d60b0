"""``disposisi report``: reports for people who were not there."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli import report_monev
from pipeline.cli.options import check_outputs, column_options, columns_from


@click.group("report")
def command() -> None:
    """Write a report."""


command.add_command(report_monev.command)


@command.command("model")
@click.argument("model", metavar="NAME[@alias|/version]")
@click.argument("data", metavar="[DATA]...", nargs=-1)
@click.option(
    "-o", "--out", metavar="OUT", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The HTML file."
)
@click.option(
    "--new", metavar="FILE", multiple=True, help="Newer rows, labelled or not, to compare DATA with; repeatable."
)
@click.option("--learning-curve", "curve", is_flag=True, help="Train on parts of DATA, too; takes minutes.")
@click.option("--unseen", is_flag=True, help="The model was trained on no row of DATA, whatever its day.")
@click.option("--no-log", is_flag=True, help="Keep no copy in the model's MLflow run.")
@column_options("text", "unit", "urgency", "date", "id")
def model_report(
    model: str,
    data: tuple[str, ...],
    out: Path,
    new: tuple[str, ...],
    curve: bool,
    unseen: bool,
    no_log: bool,
    text: str | None,
    unit: str | None,
    urgency: str | None,
    date: str | None,
    id: str | None,
) -> None:
    """Write all about one model version as a single HTML file that opens without a network.

    DATA are the labelled rows that it was trained and measured on: figures with intervals, confusion and worst mistakes
    are of those after its days of training. Without DATA the report holds what the training kept, and says what is
    missing. The mistakes' texts are masked; the copy in MLflow (laporan_model.html) leaves them out.
    """
    import datetime as dt
    from functools import partial

    from pipeline.intake import read_all
    from pipeline.reports.model import collect, page
    from pipeline.reports.model.record import FILE, log_report, read_record
    from pipeline.scoring.writer import write_text
    from pipeline.settings import load_settings

    check_outputs([out], (*data, *new))
    settings = load_settings()
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    labelled = read_all(data, columns, need={"text", *named}) if data else ()
    newer = read_all(new, columns, need={"text"}) if new else ()
    record = read_record(settings.store, model)
    report = collect(
        record,
        labelled,
        newer,
        new_name=", ".join(Path(name).name for name in new),
        curve=curve,
        unseen=unseen,
        say=partial(click.echo, err=True),
    )
    made, zone = dt.datetime.now(dt.UTC), settings.review.timezone
    write_text(out, page(report, made=made, zone=zone))
    click.echo(f"Laporan {record.version.reference}: {out}")
    if not no_log:
        log_report(settings.store, record.version, page(report, made=made, zone=zone, texts=False))
        click.echo(f"Salinan tanpa teks aduan di MLflow: {FILE}")
