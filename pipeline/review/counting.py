"""How many complaints wait, are urgent, late or match: the figures beside the queue."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pipeline.review import clock
from pipeline.review.filters import Filters, conditions, standing
from pipeline.review.people import Person
from pipeline.review.store.tables import WAITING, Complaint

ZONE = "Asia/Jakarta"
"""Time zone that "today" is meant in where the caller names none."""


def counts(session: Session, person: Person, filters: Filters, *, zone: str = ZONE) -> dict[str, int]:
    """Return how many complaints wait, how many of them are urgent or late, and how many match *filters*.

    ``diputuskan_hari_ini``: those that *person* decided since midnight in the time zone *zone*.
    """
    late = func.sum(case((Complaint.due < clock.today(zone), 1), else_=0))
    levels = session.execute(
        select(Complaint.level, func.count(), late).where(*standing(person, WAITING)).group_by(Complaint.level)
    ).all()
    waiting = {level: number for level, number, _ in levels}
    midnight = clock.now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    decided = select(func.count()).where(Complaint.decided_by == person.id, Complaint.decided_at >= midnight)
    total = sum(waiting.values())
    if filters == Filters():
        matching = total
    else:
        matching = session.scalar(select(func.count(Complaint.id)).where(*conditions(session, person, filters))) or 0
    return {
        "menunggu": total,
        "darurat": waiting.get("darurat", 0),
        "tinggi": waiting.get("tinggi", 0),
        "lewat_batas": sum(int(number) for _, _, number in levels),
        "diputuskan_hari_ini": session.scalar(decided) or 0,
        "cocok": matching,
    }


def facets(session: Session, person: Person) -> dict[str, list[tuple[str, int]]]:
    """Return for unit, place, action and level how many waiting complaints have each value, the most first."""
    return {
        "unit": _values(session, person, Complaint.unit),
        "place": _values(session, person, Complaint.place),
        "action": _values(session, person, Complaint.action),
        "level": _values(session, person, Complaint.level),
    }


def _values(session: Session, person: Person, column: InstrumentedAttribute[str]) -> list[tuple[str, int]]:
    found = session.execute(select(column, func.count()).where(*standing(person, WAITING)).group_by(column))
    return sorted(((value, number) for value, number in found if value), key=lambda pair: (-pair[1], pair[0]))
