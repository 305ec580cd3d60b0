"""Officers' decisions: one at a time, or a group of similar complaints at once. The way back is in ``undoing``.

Each change is one ``UPDATE`` that names what was seen (version and suggestion, or the decision that stands) and that
nobody else has the complaint open: of two who decide at the same moment one is refused, and is told by whom. Every
change stands in the audit log, in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from pipeline.review import audit, clock
from pipeline.review.changing import add_decisions, change, decided, explain, log
from pipeline.review.choices import Choice, check_choice
from pipeline.review.history import HistoryItem, history
from pipeline.review.people import Person, Right, visible
from pipeline.review.refusals import out_of_sight
from pipeline.review.store.tables import DECISION, FORGOTTEN, WAITING, Complaint, Decision, Suggestion
from pipeline.review.undoing import UNDO_WITHIN, undo, undoable
from pipeline.routing.decision import FORWARD, REVIEW

__all__ = [
    "TOGETHER", "UNDO_WITHIN", "Choice", "HistoryItem", "decide", "decide_group", "history", "undo", "undoable",
]  # fmt: skip

TOGETHER = (FORWARD, REVIEW)
"""Suggested actions whose complaints may be forwarded as a group; the others do not end at a unit."""


@dataclass(frozen=True)
class _Case:
    """A complaint that is about to be decided: the suggestion that it shows and the decision that stands, if any."""

    complaint_id: int
    state: str
    previous_id: int | None
    suggestion: Suggestion


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
        suggestion_id: The suggestion that the person saw; default: the one that the complaint shows now.

    Raises:
        ForbiddenError: The person may not decide, or may not see the complaint.
        LockedError: Another one has it open.
        ConflictError: It was decided, or that was undone, or another suggestion came, since the person saw it.
        ReviewError: The choice cannot be made.
    """
    person.require(Right.DECIDE)
    choice = check_choice(session, choice)
    found = _cases(session, [Complaint.id == complaint_id, Complaint.state != FORGOTTEN, *visible(person)])
    if not found:
        raise out_of_sight()
    case, now = found[0], clock.now()
    seen = case.suggestion.id if suggestion_id is None else suggestion_id
    if seen != case.suggestion.id or not _take(session, person, case, choice, version, now, visible(person)):
        raise explain(session, person, complaint_id, version, seen)
    return _keep(session, person, [(case, choice)], now, None)[0]


def decide_group(
    session: Session, person: Person, group: str, *, seen: Mapping[int, tuple[int, int]]
) -> tuple[list[Decision], list[int]]:
    """Forward the waiting complaints of a group at once, each to the unit and level that is suggested for it.

    Args:
        session: A session of ``Store.write()``.
        person: Who decides.
        group: The group's name.
        seen: Complaint → its version and the number of its suggestion, of those that the person saw.

    Returns:
        The decisions, and the complaints that were left out: open elsewhere, changed, decided, suggested anew, not of
        the group, or to be looked at one by one (accusing an official, restricted, or suggested for none of
        :data:`TOGETHER`).

    Raises:
        ForbiddenError: The person may not decide.
        ReviewError: The choice cannot be made.
    """
    person.require(Right.DECIDE)
    if not group:
        return [], sorted(seen)
    wanted = [
        Complaint.group_name == group,
        Complaint.state == WAITING,
        Complaint.restricted.is_(False),
        Complaint.watched.is_(False),
        Complaint.action.in_(TOGETHER),
        *visible(person),
    ]
    now, choices, taken = clock.now(), {}, []
    for case in _cases(session, [*wanted, Complaint.id.in_(list(seen))]):
        version, suggestion_id = seen[case.complaint_id]
        if suggestion_id != case.suggestion.id:
            continue
        key = (case.suggestion.unit, case.suggestion.level)
        if key not in choices:
            choices[key] = check_choice(session, Choice(*key, FORWARD))
        if _take(session, person, case, choices[key], version, now, wanted):
            taken.append((case, choices[key]))
    decisions = _keep(session, person, taken, now, uuid.uuid4().hex) if taken else []
    return decisions, sorted(set(seen) - {decision.complaint_id for decision in decisions})


def _cases(session: Session, wanted: Sequence[ColumnElement[bool]]) -> list[_Case]:
    """Return the complaints that are *wanted*, in one order: two groups at once must not wait for each other."""
    rows = session.execute(
        select(Complaint.id, Complaint.state, Complaint.decision_id, Suggestion)
        .join(Suggestion, Suggestion.id == Complaint.suggestion_id)
        .where(*wanted)
        .order_by(Complaint.id)
    )
    return [_Case(*row) for row in rows]


def _take(
    session: Session,
    person: Person,
    case: _Case,
    choice: Choice,
    version: int,
    now: dt.datetime,
    wanted: Sequence[ColumnElement[bool]],
) -> bool:
    seen = [Complaint.version == version, Complaint.suggestion_id == case.suggestion.id, *wanted]
    return change(session, person, case.complaint_id, seen, now, decided(choice.unit, choice.action, person.id, now))


def _keep(
    session: Session, person: Person, taken: Sequence[tuple[_Case, Choice]], now: dt.datetime, bulk: str | None
) -> list[Decision]:
    """Write the decisions on complaints that were *taken*, and let these point to them."""
    rows = [
        {
            "complaint_id": case.complaint_id,
            "suggestion_id": case.suggestion.id,
            "officer_id": person.id,
            "at": now,
            "kind": DECISION,
            "unit": choice.unit,
            "copies": list(choice.copies),
            "level": choice.level,
            "action": choice.action,
            "note": choice.note,
            "returned_from": choice.returned_from,
            "rank": _rank(choice.unit, case.suggestion),
            "bulk": bulk,
            "previous_id": case.previous_id,
            "undoes_id": None,
        }
        for case, choice in taken
    ]
    decisions = add_decisions(session, rows)
    newest = select(func.max(Decision.id)).where(Decision.complaint_id == Complaint.id).scalar_subquery()
    session.execute(
        update(Complaint)
        .where(Complaint.id.in_([case.complaint_id for case, _ in taken]))
        .values(decision_id=newest)
        .execution_options(synchronize_session=False)
    )
    for decision, (case, _) in zip(decisions, taken, strict=True):
        before = None if case.state == WAITING else session.get(Decision, case.previous_id)
        log(session, audit.Event.DECIDE, person, decision, case.suggestion, before or case.suggestion, decision)
    return decisions


def _rank(unit: str | None, suggestion: Suggestion) -> int | None:
    """Return which of the suggestions *unit* is, 0 where it is none, ``None`` where nobody gets the complaint."""
    if unit is None:
        return None
    offered = [suggestion.row.get(name) for name in ("unit", "unit_2", "unit_3")]
    return offered.index(unit) + 1 if unit in offered else 0
