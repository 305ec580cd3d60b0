"""Who has a complaint open: a lock that expires by itself, taken in one statement, so that one person gets it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, aliased

from pipeline.review import audit, clock
from pipeline.review.people import Person, Right, give_up_locks, visible
from pipeline.review.refusals import out_of_sight
from pipeline.review.store.tables import Complaint, Officer

LOCK = dt.timedelta(minutes=10)
"""How long a complaint stays locked after it was opened, or opened again."""
MOST_LOCKS = 10
"""Complaints that a person has open at once; one more, and the oldest of them is let go."""


@dataclass(frozen=True)
class Lock:
    """Who has a complaint open (``by``: the name) and until when, in UTC."""

    mine: bool
    by: str
    until: dt.datetime


def free_for(person: Person, now: dt.datetime) -> ColumnElement[bool]:
    """Return the condition that nobody but *person* has a complaint open."""
    return or_(Complaint.locked_by.is_(None), Complaint.locked_by == person.id, Complaint.locked_until <= now)


def held_by_other(person: Person, complaint: Complaint, now: dt.datetime) -> bool:
    """Tell whether somebody else than *person* has *complaint* open."""
    until = complaint.locked_until
    return complaint.locked_by not in {None, person.id} and until is not None and until > now


def holder(session: Session, person: Person, complaint_id: int) -> Lock | None:
    """Return who has a complaint open, ``None`` where nobody has.

    Raises :class:`ForbiddenError` where *person* may not see the complaint.
    """
    found = session.execute(
        select(Complaint.locked_by, Complaint.locked_until, Officer.name)
        .outerjoin(Officer, Officer.id == Complaint.locked_by)
        .where(Complaint.id == complaint_id, *visible(person))
    ).first()
    if found is None:
        raise out_of_sight()
    by, until, name = found
    if by is None or until is None or until <= clock.now():
        return None
    return Lock(by == person.id, name, until)


def take(session: Session, person: Person, complaint_id: int, *, force: bool = False) -> Lock | None:
    """Open a complaint: lock it where it is free, and return who has it now.

    Whoever has more than :data:`MOST_LOCKS` open then loses the oldest, else one person could lock the whole queue.

    Args:
        session: A session of ``Store.write()``.
        person: Who opens it; one who may not decide locks nothing.
        complaint_id: The complaint.
        force: Take it from whoever has it open; audited.

    Returns:
        The lock, ``None`` where nobody has the complaint open.

    Raises:
        ForbiddenError: The person may not see the complaint, or take over a lock.
    """
    person.require(Right.SEE)
    if force:
        person.require(Right.TAKE_OVER)
    now = clock.now()
    if not person.may(Right.DECIDE):
        return holder(session, person, complaint_id)
    if _lock(session, person, complaint_id, now, free_for(person, now)):
        return Lock(True, person.name, now + LOCK)
    held = holder(session, person, complaint_id)
    if held is None or not force:
        return held
    taken = _lock(session, person, complaint_id, now)
    if not taken:
        raise out_of_sight()
    audit.write(
        session,
        audit.Event.TAKE_OVER,
        person=person,
        complaint_id=complaint_id,
        before={"pemegang": held.by},
        after={"pemegang": person.name},
    )
    return Lock(True, person.name, now + LOCK)


def release(session: Session, person: Person, complaint_id: int) -> None:
    """Give up *person*'s lock on a complaint; without effect where another has it."""
    give_up_locks(session, person.id, Complaint.id == complaint_id)


def _lock(session: Session, person: Person, complaint_id: int, now: dt.datetime, *free: ColumnElement[bool]) -> bool:
    locked_id = session.scalar(
        update(Complaint)
        .where(Complaint.id == complaint_id, *visible(person), *free)
        .values(locked_by=person.id, locked_until=now + LOCK)
        .returning(Complaint.id)
        .execution_options(synchronize_session=False)
    )
    if locked_id is None:
        return False
    _let_go(session, person, complaint_id)
    return True


def _let_go(session: Session, person: Person, complaint_id: int) -> None:
    """Release what *person* has open beside *complaint_id*, but for the newest ones."""
    other = aliased(Complaint)
    oldest = (
        select(other.id)
        .where(other.locked_by == person.id, other.id != complaint_id)
        .order_by(other.locked_until.desc(), other.id.desc())
        .offset(MOST_LOCKS - 1)
    )
    give_up_locks(session, person.id, Complaint.id.in_(oldest))
