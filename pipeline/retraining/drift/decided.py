"""The units that officers decided on, by complaint id: from an export of the triage page, or from its store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.errors import DataError, InputError
from pipeline.intake import read_all
from pipeline.intake.batch import cell_text
from pipeline.retraining.stored_decisions import existing_store
from pipeline.review.exporting import as_given
from pipeline.review.overview import standing
from pipeline.review.store.tables import Complaint, Decision
from pipeline.routing.decision import ROUTED
from pipeline.settings import ColumnNames

_MOMENT = "diputuskan_pada"


def decided_units(sources: Sequence[str]) -> dict[str, str]:
    """Return id → unit of the decisions that give the complaint to a unit; of several on one id the latest.

    A source is a FILE or a database URL. Ids and units are read, no texts. Raises :class:`DataError` when there is no
    such decision, :class:`InputError` for what cannot be read.
    """
    found: dict[str, tuple[str, dt.datetime]] = {}
    for source in sources:
        for key, unit, moment in _of_store(source) if "://" in source else _of_file(source):
            if key not in found or moment >= found[key][1]:
                found[key] = (unit, moment)
    if not any(unit for unit, _ in found.values()):
        raise DataError(
            "no decision gives a complaint to a unit", file=sources[0], hint="Decide some, or name another."
        )
    return {key: unit for key, (unit, _) in found.items() if unit}


def _of_store(url: str) -> list[tuple[str, str, dt.datetime]]:
    query = standing().add_columns(Complaint.external_id, Decision.unit, Decision.action, Decision.at)
    with existing_store(url) as store, store.read() as session:
        rows = session.execute(query).all()
    return [(str(row[-4]), str(row[-3] or "") if row[-2] in ROUTED else "", row[-1]) for row in rows]


def _of_file(path: str) -> list[tuple[str, str, dt.datetime]]:
    columns = ColumnNames(id="id", unit="unit", date=_MOMENT)
    rows = []
    for batch in read_all([path], columns, need={"id", "unit", "date"}):
        actions = batch.frame["tindakan"].tolist() if "tindakan" in batch.frame else [None] * len(batch)
        cells = zip(
            batch.rows.tolist(), batch.ids(), batch.units(), actions, batch.frame[_MOMENT].tolist(), strict=True
        )
        for number, key, unit, action, moment in cells:
            if key:
                routed = action is None or cell_text(action) in ROUTED
                unit = (unit or "") if routed else ""
                rows.append((as_given(key), unit, _moment(moment, path, number)))
    return rows


def _moment(cell: object, path: str, row: int) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(cell_text(cell))
    except ValueError as error:
        hint = "Write moments as 2026-11-28T09:15:00+07:00, as the export does."
        raise InputError("this is no moment", file=path, row=row, column=_MOMENT, hint=hint) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
