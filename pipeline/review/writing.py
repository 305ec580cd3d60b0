"""Keep scored rows in the triage store: new complaints, new suggestions for known ones.

The suggestion imported last is shown, unless it is of an older version of the same model; decided complaints keep the
one that was decided on. What was restricted once stays so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.intake import Reject
from pipeline.review import clock
from pipeline.review.privacy import masked_text
from pipeline.review.scored_rows import ScoredRow, replaces
from pipeline.review.store.search import add_texts
from pipeline.review.store.tables import WAITING, Complaint, Suggestion, UnitChoice

_IMPORT_LOCK = 7_421_906_332
"""Number of PostgreSQL's advisory lock: two imports at once would both bring in what neither has seen."""

_OTHER_TEXT = "id sudah dikenal dengan teks lain; aduan yang tersimpan tidak diubah"
_NO_TEXT = "id sudah dikenal tanpa teks: isinya kosong sejak awal atau sudah dihapus"


@dataclass
class Outcome:
    """What became of the rows of one chunk."""

    new: int = 0
    updated: int = 0
    same: int = 0
    rejects: list[Reject] = field(default_factory=list)


def keep_rows(session: Session, rows: Sequence[ScoredRow]) -> Outcome:
    """Write *rows*; a known id with another text is rejected, a known (id, model version) is left as it is."""
    outcome = Outcome()
    if rows and session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _IMPORT_LOCK})
    while rows:
        first: dict[str, ScoredRow] = {}
        repeated = [row for row in rows if first.setdefault(row.external_id, row) is not row]
        _keep_distinct(session, first, outcome)
        rows = repeated
    return outcome


def _keep_distinct(session: Session, rows: dict[str, ScoredRow], outcome: Outcome) -> None:
    """Write rows that each have an id of their own."""
    known = {
        external_id: (number, body, version)
        for number, external_id, body, version in session.execute(
            select(Complaint.id, Complaint.external_id, Complaint.text, Suggestion.model_version)
            .join(Suggestion, Suggestion.id == Complaint.suggestion_id)
            .where(Complaint.external_id.in_(list(rows)))
            # Locked on PostgreSQL, in the order that groups are: an undo at this moment waits, and finds what is new.
            .order_by(Complaint.id)
            .with_for_update(of=Complaint)
        )
    }
    scored = _versions_of(session, (number for number, *_ in known.values()))
    new, changed, newest = [], [], set()
    for external_id, row in rows.items():
        if external_id not in known:
            new.append(row)
            continue
        number, body, version = known[external_id]
        if body != row.text:
            outcome.rejects.append(row.reject(_OTHER_TEXT if body else _NO_TEXT))
        elif (number, row.model_version) in scored:
            outcome.same += 1
        else:
            changed.append((number, row))
            if replaces(version, row.model_version):
                newest.add(number)
    _add_new(session, new)
    _add_versions(session, changed, newest)
    _offer_units(session, (unit for row in [*new, *(row for _, row in changed)] for unit in row.units))
    outcome.new += len(new)
    outcome.updated += len(changed)


def _versions_of(session: Session, numbers: Iterable[int]) -> set[tuple[int, str]]:
    found = select(Suggestion.complaint_id, Suggestion.model_version).where(Suggestion.complaint_id.in_(list(numbers)))
    return {(number, version) for number, version in session.execute(found)}


def _add_new(session: Session, rows: Sequence[ScoredRow]) -> None:
    if not rows:
        return
    now = clock.now()
    numbers, suggestions = _new_ids(session, "complaint", len(rows)), _new_ids(session, "suggestion", len(rows))
    complaints = [
        {
            "id": number,
            "external_id": row.external_id,
            "text": row.text,
            "spans": row.spans,
            "received": row.received,
            "imported_at": now,
            "suggestion_id": suggestion,
            "restricted": row.restricted,
            **row.shown,
        }
        for number, suggestion, row in zip(numbers, suggestions, rows, strict=True)
    ]
    session.connection().execute(insert(Complaint), complaints)
    _add_suggestions(session, zip(suggestions, numbers, rows, strict=True))
    masked = ((number, masked_text(row.text, row.spans)) for number, row in zip(numbers, rows, strict=True))
    add_texts(session, masked)


def _add_versions(session: Session, rows: Sequence[tuple[int, ScoredRow]], newest: Collection[int]) -> None:
    """Add suggestions of another model version; those of *newest* complaints are shown where these wait."""
    if not rows:
        return
    suggestions = _new_ids(session, "suggestion", len(rows))
    found = [(suggestion, number, row) for suggestion, (number, row) in zip(suggestions, rows, strict=True)]
    _add_suggestions(session, found)
    columns = list(rows[0][1].shown)
    values = [
        {"number": number, "own": suggestion, **{f"new_{name}": row.shown[name] for name in columns}}
        for suggestion, number, row in found
        if number in newest
    ]
    if values:
        change = (
            update(Complaint)
            .where(Complaint.id == bindparam("number"), Complaint.state == WAITING)
            .values(suggestion_id=bindparam("own"), **{name: bindparam(f"new_{name}") for name in columns})
        )
        session.connection().execute(change, values)
    secret = [number for number, row in rows if row.restricted]
    if secret:
        hide = update(Complaint).where(Complaint.id.in_(secret)).values(restricted=True)
        session.execute(hide.execution_options(synchronize_session=False))


def _add_suggestions(session: Session, rows: Iterable[tuple[int, int, ScoredRow]]) -> None:
    now = clock.now()
    values: list[dict[str, Any]] = [
        {
            "id": suggestion,
            "complaint_id": number,
            "model_version": row.model_version,
            "imported_at": now,
            **{name: row.shown[name] for name in ("unit", "confidence", "level", "action")},
            "row": row.row,
        }
        for suggestion, number, row in rows
    ]
    session.connection().execute(insert(Suggestion), values)


def _new_ids(session: Session, table: str, count: int) -> list[int]:
    """Return ids that nobody has or gets: known beforehand, many rows go in with one statement."""
    if session.get_bind().dialect.name == "postgresql":
        numbers = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return sorted(session.scalars(numbers, {"table": table, "count": count}))
    # On SQLite nobody else writes until this transaction ends.
    last = session.scalar(text(f"SELECT max(id) FROM {table}")) or 0
    return list(range(last + 1, last + 1 + count))


def _offer_units(session: Session, labels: Iterable[str]) -> None:
    """Let officers choose *labels* from now on."""
    values = [{"label": label, "added_by_hand": False} for label in sorted(set(labels))]
    if not values:
        return
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite.insert(UnitChoice).on_conflict_do_nothing(), values)
    else:
        session.execute(postgresql.insert(UnitChoice).on_conflict_do_nothing(), values)
