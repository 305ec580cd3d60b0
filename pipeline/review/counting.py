"""How many complaints wait, are urgent, late or match: the figures beside the queue.

All are read from an index alone, in its order: ``ix_complaint_level`` or, for people limited to units,
``ix_complaint_scope``. 100,000 rows would have to be read otherwise.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pipeline.review import clock
from pipeline.review.filters import Filters, conditions, standing
from pipeline.review.people import Person
from pipeline.review.refusals import ZONE
from pipeline.review.store.tables import WAITING, Complaint

_SCOPE = (Complaint.restricted, Complaint.unit, Complaint.level)


def counts(session: Session, person: Person, filters: Filters, *, zone: str = ZONE) -> dict[str, int]:
    """Return how many complaints wait, how many of them are urgent or late, and how many match *filters*.

    ``diputuskan_hari_ini``: those that *person* decided since midnight in the time zone *zone*.
    """
    late = func.sum(case((Complaint.due < clock.today(zone), 1), else_=0))
    levels = session.execute(
        select(Complaint.level, func.count(), late)
        .where(*standing(person, WAITING))
        .group_by(*(_SCOPE if person.units else (Complaint.level,)))
    ).all()
    waiting: Counter[str] = Counter()
    for level, number, _ in levels:
        waiting[level] += number
    midnight = clock.now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    decided = select(func.count()).where(Complaint.decided_by == person.id, Complaint.decided_at >= midnight)
    total, overdue = sum(waiting.values()), sum(int(number) for _, _, number in levels)
    counted = {Filters(level=level): number for level, number in waiting.items()}
    matching = ({Filters(): total, Filters(late=True): overdue} | counted).get(filters)
    if matching is None:
        wanted = conditions(session, person, filters, zone=zone)
        matching = session.scalar(select(func.count(Complaint.id)).where(*wanted)) or 0
    return {
        "menunggu": total,
        "darurat": waiting["darurat"],
        "tinggi": waiting["tinggi"],
        "lewat_batas": overdue,
        "diputuskan_hari_ini": session.scalar(decided) or 0,
        "cocok": matching,
    }


def facets(session: Session, person: Person) -> dict[str, list[tuple[str, int]]]:
    """Return for unit, place, action and level how many waiting complaints have each value, the most first."""
    own = standing(person, WAITING)
    groups = session.execute(
        select(Complaint.unit, Complaint.level, Complaint.action, func.count())
        .where(*own)
        .group_by(*_SCOPE, Complaint.action)
    ).all()
    # With unit limits SQLite must not take the index of the places, which does not know the units.
    place: Any = Complaint.place.concat("") if person.units else Complaint.place
    places = session.execute(select(place, func.count()).where(*own).group_by(place)).all()
    found = {name: Counter[str]() for name in ("unit", "level", "action", "place")}
    for unit, level, action, number in groups:
        found["unit"][unit] += number
        found["level"][level] += number
        found["action"][action] += number
    found["place"].update({value: number for value, number in places if value})
    return {name: sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])) for name, numbers in found.items()}
