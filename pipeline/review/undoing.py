"""The way back: an officer's newest decision that still stands, or a whole group's, is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.errors import ConflictError, ReviewError
from pipeline.review import audit, clock
from pipeline.review.changing import add_decisions, change, decided, explain, log
from pipeline.review.people import Person, Right, visible
from pipeline.review.scored_rows import replaces, shown
from pipeline.review.store.tables import UNDO, WAITING, Complaint, Decision, Suggestion

UNDO_WITHIN = dt.timedelta(minutes=60)
"""How long a decision can be undone by who made it."""

_WAITS: Final[Mapping[str, Any]] = {
    "state": WAITING,
    "decided_unit": None,
    "decided_action": None,
    "decided_by": None,
    "decided_at": None,
}


def undoable(session: Session, person: Person) -> list[Decision]:
    """Return what :func:`undo` takes back now: the newest decision of *person* that still stands.

    Where it was a group's: all of the group's that still stand. What was decided anew, is older than
    :data:`UNDO_WITHIN` or is out of the person's sight does not count.
    """
    if not person.may(Right.DECIDE):
        return []
    own = (
        select(Decision)
        .join(Complaint, (Complaint.id == Decision.complaint_id) & (Complaint.decision_id == Decision.id))
        .where(Decision.officer_id == person.id, Decision.at >= clock.now() - UNDO_WITHIN, *visible(person))
    )
    newest = session.scalar(own.order_by(Decision.id.desc()).limit(1))
    if newest is None:
        return []
    if newest.bulk is None:
        return [newest]
    # In one order, so that two who undo at once cannot wait for each other.
    return list(session.scalars(own.where(Decision.bulk == newest.bulk).order_by(Decision.complaint_id)))


def is_among(decision: Decision | None, decisions: Sequence[Decision]) -> bool:
    """Tell whether *decision* is one of *decisions*, or was made together with them."""
    return decision is not None and any(
        one.id == decision.id or (decision.bulk is not None and one.bulk == decision.bulk) for one in decisions
    )


def undo(session: Session, person: Person, expected: int | None = None) -> list[Decision]:
    """Take back the newest decision of *person* that still stands, or all of its group, of :data:`UNDO_WITHIN`.

    A complaint goes back to the decision before, or waits again with the newest suggestion that it has. Of a group,
    what others changed or have open meanwhile stays.

    Args:
        session: A session of ``Store.write()``.
        person: Who undoes.
        expected: The decision, or one of the group, that the person means; ``None``: whichever is the newest.

    Returns:
        The undoings, one a complaint.

    Raises:
        ForbiddenError: The person may not decide.
        LockedError: Another one has the complaint open.
        ConflictError: *expected* is another decision, or somebody decided the complaint anew at this moment.
        ReviewError: There is nothing to undo.
    """
    person.require(Right.DECIDE)
    decisions = undoable(session, person)
    if not decisions:
        raise ReviewError("Tidak ada keputusan Anda dalam 60 menit terakhir yang dapat diurungkan.")
    if expected is not None and not is_among(session.get(Decision, expected), decisions):
        raise ConflictError(
            "Keputusan itu tidak diurungkan: ia tidak berlaku lagi, atau sesudahnya Anda sudah memutuskan aduan lain."
        )
    now = clock.now()
    earlier = _earlier(session, decisions)
    taken = [one for one in decisions if _take_back(session, person, one, earlier.get(one.previous_id), now)]
    if not taken:
        raise explain(session, person, decisions[-1].complaint_id)
    return _keep(session, person, taken, earlier, now)


def _earlier(session: Session, decisions: Sequence[Decision]) -> dict[int | None, Decision]:
    numbers = [one.previous_id for one in decisions if one.previous_id is not None]
    return {one.id: one for one in session.scalars(select(Decision).where(Decision.id.in_(numbers)))}


def _take_back(
    session: Session, person: Person, decision: Decision, earlier: Decision | None, now: dt.datetime
) -> bool:
    values = decided(earlier.unit, earlier.action, earlier.officer_id, earlier.at) if earlier else _WAITS
    seen = [Complaint.decision_id == decision.id, *visible(person)]
    return change(session, person, decision.complaint_id, seen, now, {**values, "decision_id": decision.previous_id})


def _keep(
    session: Session,
    person: Person,
    taken: Sequence[Decision],
    earlier: Mapping[int | None, Decision],
    now: dt.datetime,
) -> list[Decision]:
    """Write the undoings of decisions that were *taken* back, and show the newest suggestions where nothing stands."""
    rows = [
        {
            "complaint_id": one.complaint_id,
            "suggestion_id": one.suggestion_id,
            "officer_id": person.id,
            "at": now,
            "kind": UNDO,
            "unit": one.unit,
            "copies": one.copies,
            "level": one.level,
            "action": one.action,
            "note": "",
            "returned_from": one.returned_from,
            "rank": None,
            "bulk": one.bulk,
            "previous_id": one.id,
            "undoes_id": one.id,
        }
        for one in taken
    ]
    undone = add_decisions(session, rows)
    suggestions = _suggestions(session, [one.complaint_id for one in taken])
    for one, decision in zip(undone, taken, strict=True):
        suggested = suggestions[one.complaint_id]
        on = next(each for each in suggested if each.id == decision.suggestion_id)
        stands: Decision | Suggestion | None = earlier.get(decision.previous_id)
        if stands is None:
            stands = _show_newest(session, suggested)
        log(session, audit.Event.UNDO, person, one, on, decision, stands)
    return undone


def _suggestions(session: Session, numbers: Sequence[int]) -> dict[int, list[Suggestion]]:
    """Return complaint → its suggestions in the order of their import."""
    found: dict[int, list[Suggestion]] = {number: [] for number in numbers}
    wanted = select(Suggestion).where(Suggestion.complaint_id.in_(numbers)).order_by(Suggestion.id)
    for suggestion in session.scalars(wanted):
        found[suggestion.complaint_id].append(suggestion)
    return found


def _show_newest(session: Session, suggested: Sequence[Suggestion]) -> Suggestion:
    """Let a complaint show the suggestion that it would show had it waited all the time; return that one."""
    newest = suggested[0]
    for one in suggested[1:]:
        if replaces(newest.model_version, one.model_version):
            newest = one
    if len(suggested) > 1:
        session.execute(
            update(Complaint)
            .where(Complaint.id == newest.complaint_id)
            .values(suggestion_id=newest.id, **shown(newest.row))
            .execution_options(synchronize_session=False)
        )
    return newest
