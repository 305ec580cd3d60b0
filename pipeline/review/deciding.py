"""Officers' decisions: one at a time, a group of similar complaints at once, and the way back.

Each change is one ``UPDATE`` that names what was seen (version, or the decision that stands) and that nobody else has
the complaint open: of two who decide at the same moment one is refused, and is told by whom. Every change stands in
the audit log, in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, aliased

from pipeline.errors import ConflictError, LockedError, ReviewError
from pipeline.review import audit, clock
from pipeline.review.choices import Choice, check_choice
from pipeline.review.history import HistoryItem, history
from pipeline.review.locks import free_for
from pipeline.review.people import Person, Right, visible
from pipeline.review.refusals import changed, explain, out_of_sight
from pipeline.review.store.tables import DECIDED, DECISION, UNDO, WAITING, Complaint, Decision, Suggestion

__all__ = ["UNDO_WITHIN", "Choice", "HistoryItem", "decide", "decide_group", "history", "undo"]

UNDO_WITHIN = dt.timedelta(minutes=60)
"""How long a decision can be undone by who made it."""


def decide(
    session: Session,
    person: Person,
    complaint_id: int,
    choice: Choice,
    *,
    version: int,
    suggestion_id: int | None = None,
) -> Decision:
    """Decide a complaint, or decide it again; its lock is given up.

    Args:
        session: A session of ``Store.write()``.
        person: Who decides.
        complaint_id: The complaint.
        choice: What is decided.
        version: The complaint's version that the person saw.
        suggestion_id: The suggestion that the person saw; default: the current one.

    Raises:
        ForbiddenError: The person may not decide, or may not see the complaint.
        LockedError: Another one has it open.
        ConflictError: It was decided, or that was undone, since the person saw it.
        ReviewError: The choice cannot be made.
    """
    person.require(Right.DECIDE)
    return _decide(session, person, complaint_id, check_choice(session, choice), version, suggestion_id, None)


def decide_group(
    session: Session, person: Person, group: str, choice_action: str = "teruskan", *, seen: Mapping[int, int]
) -> tuple[list[Decision], list[int]]:
    """Decide the waiting complaints of a group at once, each to the unit and level that is suggested for it.

    Args:
        session: A session of ``Store.write()``.
        person: Who decides.
        group: The group's name.
        choice_action: What is done with all of them.
        seen: Complaint → its version, of those that the person saw.

    Returns:
        The decisions, and the complaints that were left out: open elsewhere, changed, decided, or not of the group.

    Raises:
        ForbiddenError: The person may not decide.
        ReviewError: The choice cannot be made.
    """
    person.require(Right.DECIDE)
    rows = session.execute(
        select(Complaint.id, Complaint.unit, Complaint.level)
        .where(
            Complaint.group_name == group,
            Complaint.id.in_(list(seen)),
            Complaint.state == WAITING,
            *visible(person),
        )
        .order_by(Complaint.id)  # in one order, so that two groups at once cannot wait for each other
    ).all()
    bulk = uuid.uuid4().hex
    decisions = []
    for number, unit, level in rows if group else ():
        choice = check_choice(session, Choice(unit, level, choice_action))
        try:
            decisions.append(_decide(session, person, number, choice, seen[number], None, bulk))
        except (LockedError, ConflictError):
            continue  # nothing was written: it counts as left out
    done = {decision.complaint_id for decision in decisions}
    return decisions, sorted(set(seen) - done)


def undo(session: Session, person: Person) -> list[Decision]:
    """Take back *person*'s newest decision, or all of a group's, of the last :data:`UNDO_WITHIN`.

    A complaint goes back to the decision before, or waits again. Of a group what others changed meanwhile stays.

    Returns:
        The undoings, one a complaint.

    Raises:
        ForbiddenError: The person may not decide.
        LockedError: Another one has the complaint open.
        ConflictError: Somebody decided the complaint anew since.
        ReviewError: There is nothing to undo.
    """
    person.require(Right.DECIDE)
    newest = session.scalar(_own_decisions(person).order_by(Decision.id.desc()).limit(1))
    if newest is None:
        raise ReviewError("Tidak ada keputusan Anda dalam 60 menit terakhir yang dapat diurungkan.")
    decisions: Sequence[Decision] = [newest]
    if newest.bulk is not None:
        own = _own_decisions(person).where(Decision.bulk == newest.bulk)
        decisions = session.scalars(own.order_by(Decision.complaint_id)).all()
    undone = [taken for taken in (_take_back(session, person, decision) for decision in decisions) if taken]
    if not undone:
        raise _why_not(session, person, newest)
    return undone


def _decide(
    session: Session,
    person: Person,
    complaint_id: int,
    choice: Choice,
    version: int,
    suggestion_id: int | None,
    bulk: str | None,
) -> Decision:
    found = session.execute(
        select(Complaint.state, Complaint.suggestion_id, Complaint.decision_id).where(
            Complaint.id == complaint_id, *visible(person)
        )
    ).first()
    if found is None:
        raise out_of_sight()
    state, current_id, previous_id = found
    suggestion = session.get(Suggestion, suggestion_id or current_id)
    if suggestion is None or suggestion.complaint_id != complaint_id:
        raise ReviewError("Saran yang dilihat bukan saran untuk aduan ini. Muat ulang halaman.")
    now = clock.now()
    values = _standing(choice.unit, choice.action, person.id, now)
    if not _change(session, person, complaint_id, [Complaint.version == version, *visible(person)], now, values):
        raise explain(session, person, complaint_id)
    decision = Decision(
        complaint_id=complaint_id,
        suggestion_id=suggestion.id,
        officer_id=person.id,
        at=now,
        kind=DECISION,
        unit=choice.unit,
        copies=list(choice.copies),
        level=choice.level,
        action=choice.action,
        note=choice.note,
        returned_from=choice.returned_from,
        rank=_rank(choice.unit, suggestion),
        bulk=bulk,
        previous_id=previous_id,
    )
    session.add(decision)
    session.flush()
    _point_to(session, complaint_id, decision.id)
    before = None if state == WAITING else session.get(Decision, previous_id)
    _log(session, audit.Event.DECIDE, person, decision, suggestion, _state_of(before, suggestion), _state_of(decision))
    return decision


def _take_back(session: Session, person: Person, decision: Decision) -> Decision | None:
    """Undo one decision, ``None`` where it no longer stands or the complaint is open elsewhere."""
    now = clock.now()
    earlier = session.get(Decision, decision.previous_id) if decision.previous_id is not None else None
    if earlier is None:
        values: dict[str, Any] = {**_standing(None, None, None, None), "state": WAITING}
    else:
        values = _standing(earlier.unit, earlier.action, earlier.officer_id, earlier.at)
    if not _change(session, person, decision.complaint_id, [Complaint.decision_id == decision.id], now, values):
        return None
    _point_to(session, decision.complaint_id, decision.previous_id)
    suggestion = session.get_one(Suggestion, decision.suggestion_id)
    undone = Decision(
        complaint_id=decision.complaint_id,
        suggestion_id=decision.suggestion_id,
        officer_id=person.id,
        at=now,
        kind=UNDO,
        unit=decision.unit,
        copies=decision.copies,
        level=decision.level,
        action=decision.action,
        note="",
        returned_from=decision.returned_from,
        rank=None,
        bulk=decision.bulk,
        previous_id=decision.id,
        undoes_id=decision.id,
    )
    session.add(undone)
    session.flush()
    after = _state_of(earlier, suggestion)
    _log(session, audit.Event.UNDO, person, undone, suggestion, _state_of(decision), after)
    return undone


def _change(
    session: Session,
    person: Person,
    complaint_id: int,
    seen: Sequence[ColumnElement[bool]],
    now: dt.datetime,
    values: Mapping[str, Any],
) -> bool:
    changed_id = session.scalar(
        update(Complaint)
        .where(Complaint.id == complaint_id, *seen, free_for(person, now))
        .values(version=Complaint.version + 1, locked_by=None, locked_until=None, **values)
        .returning(Complaint.id)
        .execution_options(synchronize_session=False)
    )
    return changed_id is not None


def _point_to(session: Session, complaint_id: int, decision_id: int | None) -> None:
    session.execute(
        update(Complaint)
        .where(Complaint.id == complaint_id)
        .values(decision_id=decision_id)
        .execution_options(synchronize_session=False)
    )


def _standing(unit: str | None, action: str | None, by: int | None, at: dt.datetime | None) -> dict[str, Any]:
    return {
        "state": DECIDED,
        "decided_unit": unit,
        "decided_action": action,
        "decided_by": by,
        "decided_at": at,
    }


def _rank(unit: str | None, suggestion: Suggestion) -> int | None:
    if unit is None:
        return None
    offered = [suggestion.row.get(name) for name in ("unit", "unit_2", "unit_3")]
    return offered.index(unit) + 1 if unit in offered else 0


def _own_decisions(person: Person) -> Any:
    """Return the query for *person*'s decisions of late that were not undone."""
    taken_back = aliased(Decision)
    return select(Decision).where(
        Decision.officer_id == person.id,
        Decision.kind == DECISION,
        Decision.at >= clock.now() - UNDO_WITHIN,
        ~select(taken_back.id)
        .where(taken_back.complaint_id == Decision.complaint_id, taken_back.undoes_id == Decision.id)
        .exists(),
    )


def _why_not(session: Session, person: Person, decision: Decision) -> ReviewError:
    standing = session.scalar(select(Complaint.decision_id).where(Complaint.id == decision.complaint_id))
    if standing != decision.id:
        return changed(session, decision.complaint_id, standing)
    return explain(session, person, decision.complaint_id)


def _state_of(decision: Decision | None, suggestion: Suggestion | None = None) -> dict[str, Any]:
    """Return what stands, for the audit log: a decision, or where none does the suggestion of a waiting complaint."""
    if decision is not None:
        return {
            "status": DECIDED,
            "unit": decision.unit,
            "urgensi": decision.level,
            "tindakan": decision.action,
            "tembusan": decision.copies,
            "salah_alamat_dari": decision.returned_from,
        }
    if suggestion is None:
        raise ValueError("a waiting complaint has a suggestion")
    return {
        "status": WAITING,
        "unit": suggestion.unit,
        "urgensi": suggestion.level,
        "tindakan": suggestion.action,
        "tembusan": [],
        "salah_alamat_dari": None,
    }


def _log(
    session: Session,
    event: audit.Event,
    person: Person,
    decision: Decision,
    suggestion: Suggestion,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
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
        before=before,
        after=after,
        details=details,
    )
