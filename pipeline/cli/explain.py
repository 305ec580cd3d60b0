"""``disposisi explain``: one complaint's whole story on one screen."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import column_options, columns_from, decision_options, run_options
from pipeline.errors import InputError, OptionError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.scoring.story import Story
    from pipeline.settings import Settings

_WIDTH = 110
_ID = 12
"""Longer ids are not repeated in a message: an NIK has 16 digits."""


@click.command("explain")
@click.argument("complaint", metavar="ID|TEXT")
@click.option("--from", "inputs", metavar="FILE", multiple=True, help="File that the complaint with this ID is in.")
@click.option("--model", metavar="NAME[@alias|/version]", help="Model to use; default: the one that score uses.")
@column_options("text", "id", "date")
@decision_options("precision", "holidays", "today")
def command(
    complaint: str,
    inputs: tuple[str, ...],
    model: str | None,
    text: str | None,
    id: str | None,
    date: str | None,
    precision: float | None,
    holidays: str | None,
    today: dt.datetime | None,
) -> None:
    """Tell one complaint's whole story: the text as it was read, units, urgency, region, deadlines, rules.

    With --from, the argument is the ID of a row of that file; without it, it is the text itself. Personal data is
    masked.
    """
    import pandas as pd

    from pipeline import load_router
    from pipeline.scoring.story import tell
    from pipeline.settings import load_settings

    settings = load_settings()
    options = run_options(settings, precision=precision, holidays=holidays, today=today, whole=False)
    if inputs:
        frame, column = _find(settings, inputs, complaint, text=text, id=id, date=date)
    else:
        if complaint.strip().isalnum() and any(map(str.isdigit, complaint)):
            raise OptionError("This looks like an ID. Name the file that it is in: --from FILE.")
        frame, column = pd.DataFrame({"isi": [complaint]}), "isi"
    router = load_router(model or settings.scoring.model, store=settings.store)
    for line in _lines(tell(router, frame, column, options)):
        click.echo(line)


def _find(settings: Settings, inputs: Sequence[str], wanted: str, **named: str | None) -> tuple[pd.DataFrame, str]:
    """Return the row with the id *wanted* and the name of its text column."""
    from pipeline.intake import open_sources

    columns, roles = columns_from(settings, **named)
    for batch in open_sources(inputs, columns, need={"text", "id", *roles}):
        ids = batch.ids()
        if wanted.strip() in ids and batch.columns.text is not None:
            place = ids.index(wanted.strip())
            return batch.frame.iloc[[place]].reset_index(drop=True), batch.columns.text
    # A text given by mistake may hold personal data.
    shown = f"the id {wanted.strip()!r}" if len(wanted.split()) == 1 and len(wanted) <= _ID else "this id"
    raise InputError(f"no row has {shown}", file=", ".join(inputs), hint="Check it, or name its column with --id.")


def _lines(story: Story) -> list[str]:
    from pipeline.catalogue import unit_name
    from pipeline.catalogue.rules import rule_note
    from pipeline.routing import ACTIONS

    row = story.row
    lines = ["Text (personal data masked)", *_wrapped(story.text or "(empty)")]
    lines += ["", "Read as", *_wrapped(" ".join(story.stems) or "(nothing)")]
    lines += ["", f"Action: {row['tindakan']} ({ACTIONS[row['tindakan']]}), priority {row['prioritas']}"]
    lines += _wrapped(row["alasan"])
    lines += ["", f"Unit ({row['versi_model']})"]
    for label, probability, why in story.units:
        lines += _wrapped(f"{probability:>4.0%}  {unit_name(label)}: {why}", indent=8)
    levels = ", ".join(f"{name} {probability:.0%}" for name, probability in reversed(story.levels))
    lines += ["", f"Urgency: {row['urgensi']} ({levels})", *_wrapped(row["alasan_urgensi"])]
    for reason, words, status in story.evidence:
        lines += _wrapped(f'{reason} ({status}): "{" ".join(words.split())}"')
    lines += ["", "Found"]
    for name, what in _FOUND.items():
        if row[name]:
            lines += _wrapped(f"{what}: {row[name]}")
    lines += ["", "Deadlines"]
    deadlines = [f"{what}: {row[name]}" for name, what in _DEADLINES.items() if row[name]]
    lines += [f"  {line}" for line in deadlines] or [
        "  none (no date of receipt, no holidays of that year, or no complaint)"
    ]
    lines += ["", "Rules that spoke"]
    spoken = [rule for rule in row["aturan"].split("; ") if rule]
    for rule in spoken:
        lines += _wrapped(f"{rule}: {rule_note(rule)}")
    return lines if spoken else [*lines, "  none"]


_FOUND = {
    "jenis": "kind", "berkadar_pengawasan": "accuses holders of authority", "dituduh": "accused",
    "salinan": "copy to", "saran_kerahasiaan": "advice to hide", "bukan_kewenangan": "belongs to",
    "kurang": "missing", "wilayah": "region", "kode_wilayah": "code", "calon_wilayah": "one of these regions",
}  # fmt: skip
_DEADLINES = {
    "batas_teruskan": "forward until", "batas_jawab": "first answer until", "batas_waktu": "finish until",
    "terlambat": "late",
}  # fmt: skip


def _wrapped(text: str, indent: int = 4) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent=" " * indent) or [""]
