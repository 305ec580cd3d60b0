"""Rows of the queue as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.catalogue import unit_name
from pipeline.review import clock
from pipeline.review.complaint import days_left
from pipeline.review.people import Person, visible
from pipeline.review.queue import Row
from pipeline.review.store.tables import DECIDED, NO_DUE, Complaint, Decision, Officer
from pipeline.routing.decision import ACTIONS, FORWARD, REVIEW

_ACTIONS: Final = {**ACTIONS, FORWARD: "teruskan tanpa diperiksa", REVIEW: ""}
"""Suggested action → what the queue says of it: what is to be looked at, as nearly all are, needs no word."""


@dataclass(frozen=True)
class Decided:
    """What stands of a decided complaint: its level, where it went or what became of it, and who decided."""

    level: str
    outcome: str
    by: str


@dataclass(frozen=True)
class Line:
    """A row of the queue with what is shown beside it.

    ``left``: working days until the deadline in words; ``action``: what is suggested, ``""`` where it is to look at
    it; ``group_size``: reports of its group; ``decided``: ``None`` while it waits.
    """

    row: Row
    left: str
    late: bool
    action: str
    group_size: int
    decided: Decided | None


def lines(request: Request, session: Session, person: Person, rows: Sequence[Row]) -> list[Line]:
    """Return *rows* with what the page shows beside them."""
    sizes, decided = _sizes(session, person, rows), _decided(session, rows)
    calendar, today = request.app.state.calendar, clock.today(request.app.state.timezone)
    found = []
    for row in rows:
        one = row.complaint
        left, late = ("", False) if one.due == NO_DUE else days_left(calendar, today, one.due)
        action = _ACTIONS.get(one.action, one.action)
        found.append(Line(row, left, late, action, sizes.get(one.group_name, 0), decided.get(one.id)))
    return found


def _sizes(session: Session, person: Person, rows: Sequence[Row]) -> dict[str, int]:
    names = {row.complaint.group_name for row in rows if row.complaint.group_name}
    if not names:
        return {}
    grouped = select(Complaint.group_name, func.count()).where(Complaint.group_name.in_(names), *visible(person))
    return dict(session.execute(grouped.group_by(Complaint.group_name)).all())


def _decided(session: Session, rows: Sequence[Row]) -> dict[int, Decided]:
    standing = [row.complaint.decision_id for row in rows if row.complaint.state == DECIDED]
    if not standing:
        return {}
    found = session.execute(
        select(Decision, Officer.name).join(Officer, Officer.id == Decision.officer_id).where(Decision.id.in_(standing))
    )
    return {one.complaint_id: Decided(one.level, outcome(one), name) for one, name in found}


def outcome(decision: Decision) -> str:
    """Return where a decision sends its complaint, or what it makes of it."""
    return unit_name(decision.unit) if decision.unit else ACTIONS.get(decision.action, decision.action)
