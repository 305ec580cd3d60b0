"""``disposisi audit``: labels that are likely wrong, for officers to decide; their decisions become a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.cli.options import check_outputs, column_options, columns_from
from pipeline.cli.training import read_officers, tell_left_out

if TYPE_CHECKING:
    from pipeline.retraining.audit.findings import Audit, Finding
    from pipeline.retraining.audit.rows import AuditRow
    from pipeline.settings import Settings

_SHOWN = 3
_SHOWN_UNITS = 10


@click.command("audit")
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="OUT", required=True, help="The list: csv, xlsx, parquet or jsonl; a PATCH: csv."
)
@column_options("text", "unit", "urgency", "date", "id")
@click.option("--pool-places", is_flag=True, help="Join Kelurahan …, Kecamatan …, Desa … units, as train does.")
@click.option("--min-rows", type=click.IntRange(min=2), help="Training rows a unit needs; default by data size.")
@click.option(
    "--top", metavar="N", type=click.IntRange(min=1), help="List the N most doubtful rows only; default: all."
)
@click.option("--triage", metavar="FILE", help="Write the findings, too, for `disposisi review import`.")
@click.option("--name", metavar="NAME", help="Name of this audit in the triage page; default: OUT's name.")
@click.option("--with-cleanlab", is_flag=True, help="Let cleanlab judge and rank (pip install 'disposisi[audit]').")
@click.option(
    "--accept", metavar="FILE|URL",
    help="Turn officers' decisions on an audit (an export of `disposisi review`, or the store) into the patch OUT.",
)  # fmt: skip
def command(
    data: tuple[str, ...],
    output: str,
    text: str | None,
    unit: str | None,
    urgency: str | None,
    date: str | None,
    id: str | None,
    pool_places: bool,
    min_rows: int | None,
    top: int | None,
    triage: str | None,
    name: str | None,
    with_cleanlab: bool,
    accept: str | None,
) -> None:
    """List the rows of DATA whose labels are in doubt, the most doubtful first.

    Found are: labels that a model contradicts which has not seen the row, equal texts with different labels, texts that
    staff wrote, units too small or of one period only. DATA is never changed. Officers decide in the triage page:
    --triage FILE, then `disposisi review import FILE`. With --accept (the triage store's URL, or what
    `disposisi review export` wrote) and the same DATA, OUT is a patch that `disposisi train --patch OUT` applies;
    docs/audit.md tells more.
    """
    from pipeline.errors import DataError, OptionError
    from pipeline.intake import read_all
    from pipeline.retraining.audit.rows import audit_rows
    from pipeline.settings import load_settings

    check_outputs([output, triage], (*data, accept))
    settings = load_settings()
    columns, named = columns_from(settings, text=text, unit=unit, urgency=urgency, date=date, id=id)
    batches = read_all(data, columns, need={"text", *named})
    rejected = sum(len(batch.rejects) for batch in batches)
    if rejected:
        click.echo(f"{rejected:,} unreadable rows were left out.", err=True)
    rows = audit_rows(batches)
    if not rows:
        raise DataError("no row has a text and a label", file=data[0], hint="Name the labels with --unit or --urgency.")
    if accept is not None:
        if triage is not None or top is not None or with_cleanlab:
            raise OptionError("--accept writes a patch: --triage, --top and --with-cleanlab belong to an audit.")
        _accept(settings, accept, rows, output, pool_places)
        return
    from pipeline.retraining.audit.findings import audit
    from pipeline.retraining.audit.sheet import check_output, write_list, write_triage

    label = _audit_name(name, output)
    for path in filter(None, (output, triage)):
        check_output(path)
    found = audit(rows, pool_places=pool_places, min_rows=min_rows, with_cleanlab=with_cleanlab)
    write_list(found, output, label, top)
    _show(found, output)
    if triage is not None:
        written, left = write_triage(found, triage, label, top)
        click.echo(f"\n{written:,} rows for the triage page: {triage} (versi_model audit-{label}; holds personal data)")
        if left:
            click.echo(f"{left:,} findings on urgency are in {output} only: their rows have no unit to show.")


def _audit_name(name: str | None, output: str) -> str:
    from pathlib import Path

    from pipeline.errors import OptionError
    from pipeline.tracking.registry import check_name

    if name is not None:
        return check_name(name)
    stem = Path(output).stem.lower()
    try:
        return check_name(stem)
    except OptionError:
        return "data"


def _accept(settings: Settings, decisions: str, rows: list[AuditRow], output: str, pool_places: bool) -> None:
    from pipeline.errors import DataError, OptionError
    from pipeline.retraining.audit.accepting import accept, on_audit_rows, write_patch
    from pipeline.retraining.decisions import named

    if not output.lower().endswith(".csv"):
        raise OptionError(f"{output}: a patch is a csv; give it that ending.")
    found = read_officers(settings, (decisions,), texts=False)
    tell_left_out(found)
    decided = on_audit_rows(found.rows)
    if not decided:
        raise DataError(
            "no decision on an audit row",
            file=named((decisions,)),
            hint="Import an audit's --triage FILE and decide first.",
        )
    done = accept(decided, rows, pool_places=pool_places)
    write_patch(output, done.fixes)
    click.echo(f"{len(decided):,} decisions on audit rows: {len(done.fixes):,} labels to correct, "
               f"{done.confirmed:,} confirmed, {done.undecided:,} without a label (lengkapi).")  # fmt: skip
    if done.unknown:
        click.echo(f"{done.unknown:,} decisions fit no row of DATA as it is now: give the files that were audited.")
    click.echo(f"Patch: {output}. To train with it: disposisi train --patch {output} ...")


def _show(found: Audit, output: str) -> None:
    from pipeline.retraining.audit.findings import CONFLICT, WRONG
    from pipeline.retraining.audit.staff import STAFF

    click.echo(f"{len(found.rows):,} labels looked at.")
    for kind in (WRONG, CONFLICT, STAFF):
        click.echo(f"  {kind:<22} {found.count(kind):>7,}")
    for role in found.unjudged:
        click.echo(f"Too few rows for a model to judge the {role}: only the other findings are listed.")
    for finding in _examples(found):
        click.echo(f"\n{finding.score:.3f}  {finding.row.file}, row {finding.row.number}: "
                   f"{finding.given} → {finding.proposed or '(no label)'}")  # fmt: skip
        for reason in finding.reasons:
            click.echo(f"  {reason}")
    if found.units:
        click.echo(f"\n{len(found.units):,} units:")
        for one in found.units[:_SHOWN_UNITS]:
            click.echo(f"  {one.kind:<19} {one.unit}: {one.reason}")
        if len(found.units) > _SHOWN_UNITS:
            click.echo(f"  ... and {len(found.units) - _SHOWN_UNITS:,} more (at the end of the list)")
    click.echo(f"\nThe list: {output}")


def _examples(found: Audit) -> list[Finding]:
    """Return the first rows with a finding."""
    return [finding for finding in found.rows if finding.kinds][:_SHOWN]
