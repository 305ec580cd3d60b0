"""What decisions and their undoing share: the one statement that changes a complaint, its log entry, its refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from pipeline.errors import ConflictError, ReviewError
from pipeline.review import audit
from pipeline.review.locks import free_for, holder
from pipeline.review.people import Person
from pipeline.review.refusals import ChangedError, HeldError, outcome
from pipeline.review.store.tables import DECIDED, DECISION, WAITING, Complaint, Decision, Officer, Suggestion


def change(
    session: Session,
    person: Person,
    complaint_id: int,
    seen: Sequence[ColumnElement[bool]],
    now: dt.datetime,
    values: Mapping[str, Any],
) -> bool:
    """Write *values* where the complaint still is as *seen* and nobody else has it open; tell whether it was.

    Its version grows and its lock is given up.
    """
    changed_id = session.scalar(
        update(Complaint)
        .where(Complaint.id == complaint_id, *seen, free_for(person, now))
        .values(version=Complaint.version + 1, locked_by=None, locked_until=None, **values)
        .returning(Complaint.id)
        .execution_options(synchronize_session=False)
    )
    return changed_id is not None


def decided(unit: str | None, action: str, by: int, at: dt.datetime) -> dict[str, Any]:
    """Return the columns of a complaint that is decided, but for the decision's number."""
    return {
        "state": DECIDED,
        "decided_unit": unit,
        "decided_action": action,
        "decided_by": by,
        "decided_at": at,
    }


def add_decisions(session: Session, rows: Sequence[dict[str, Any]]) -> list[Decision]:
    """Write *rows* (columns of decisions or undoings, one a complaint) at once; return them in their order."""
    written = session.scalars(insert(Decision).returning(Decision), rows, execution_options={"render_nulls": True})
    found = {decision.complaint_id: decision for decision in written}
    return [found[row["complaint_id"]] for row in rows]


def explain(
    session: Session, person: Person, complaint_id: int, version: int | None = None, suggestion_id: int | None = None
) -> ReviewError:
    """Return why *person* could not change a complaint: open elsewhere, changed meanwhile, or suggested anew.

    *version*, *suggestion_id*: what the person saw. Raises :class:`ForbiddenError` where it is out of sight.
    """
    held = holder(session, person, complaint_id)
    if held is not None and not held.mine:
        return HeldError(held.by, held.until)
    now_version, decision_id, current_id, model = session.execute(
        select(Complaint.version, Complaint.decision_id, Suggestion.id, Suggestion.model_version)
        .join(Suggestion, Suggestion.id == Complaint.suggestion_id)
        .where(Complaint.id == complaint_id)
    ).one()
    if now_version == version and current_id != suggestion_id:
        return ConflictError(f"Saran untuk aduan ini baru saja diganti oleh model {model}; periksa lagi.")
    return _changed(session, complaint_id, decision_id)


def _changed(session: Session, complaint_id: int, decision_id: int | None) -> ConflictError:
    newest = select(Decision.id).where(Decision.complaint_id == complaint_id).order_by(Decision.id.desc()).limit(1)
    found = session.execute(
        select(Decision.kind, Decision.action, Decision.unit, Decision.at, Officer.name)
        .join(Officer, Officer.id == Decision.officer_id)
        .where(Decision.id.in_(newest.scalar_subquery() if decision_id is None else [decision_id]))
    ).first()
    if found is None:
        return ConflictError("Aduan ini sudah berubah sejak Anda membukanya. Muat ulang halaman.")
    kind, action, unit, at, name = found
    return ChangedError(name, outcome(action, unit) if kind == DECISION else "", at)


def state_of(stands: Decision | Suggestion) -> dict[str, Any]:
    """Return what stands, for the audit log: a decision, or the suggestion of a complaint that waits."""
    decision = stands if isinstance(stands, Decision) else None
    return {
        "status": WAITING if decision is None else DECIDED,
        "unit": stands.unit,
        "urgensi": stands.level,
        "tindakan": stands.action,
        "tembusan": [] if decision is None else decision.copies,
        "salah_alamat_dari": None if decision is None else decision.returned_from,
    }


def log(
    session: Session,
    event: audit.Event,
    person: Person,
    decision: Decision,
    suggestion: Suggestion,
    before: Decision | Suggestion,
    after: Decision | Suggestion,
) -> None:
    """Add the audit entry of *decision*, a decision or an undoing made on *suggestion*."""
    details: dict[str, Any] = {"putusan": decision.id, "panjang_catatan": len(decision.note)}
    if decision.rank is not None:
        details["peringkat_saran"] = decision.rank
    if decision.bulk is not None:
        details["kelompok_putusan"] = decision.bulk
    audit.write(
        session,
        event,
        person=person,
        complaint_id=decision.complaint_id,
        model_version=suggestion.model_version,
        before=state_of(before),
        after=state_of(after),
        details=details,
    )
