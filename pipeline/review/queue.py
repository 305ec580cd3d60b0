"""The queue: complaints in their order (see ``ordering``), filtered, paged and counted.

Pages follow each other by the sorting key of the last row (keyset), so that nothing is lost or shown twice while others
decide; what is imported after the queue was opened (``upto``) waits until it is opened anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select, union_all
from sqlalchemy.orm import Session

from pipeline.review import clock
from pipeline.review.choices import unit_choices
from pipeline.review.counting import counts, facets
from pipeline.review.filters import Filters, conditions
from pipeline.review.locks import free_for, held_by_other
from pipeline.review.ordering import order_of
from pipeline.review.people import Person, visible
from pipeline.review.privacy import masked_text
from pipeline.review.refusals import ZONE
from pipeline.review.store.tables import DECIDED, WAITING, Complaint, Officer

__all__ = ["Filters", "Page", "Row", "counts", "facets", "newer", "next_id", "numbered", "page", "unit_choices"]

_URGENT = "darurat"


@dataclass(frozen=True)
class Row:
    """A complaint of the queue. ``locked_by_name``: who else has it open; ``masked``: its text, masked."""

    complaint: Complaint
    locked_by_name: str | None
    masked: str


@dataclass(frozen=True)
class Page:
    """Rows of the queue. ``next``: cursor of the next page; ``upto``: the newest complaint when the queue was opened.

    ``newer``: matching rows that came since, ``newer_urgent``: those of them that are ``darurat``.
    """

    rows: list[Row]
    next: str | None
    upto: int
    newer: int
    newer_urgent: int


def page(
    session: Session,
    person: Person,
    filters: Filters,
    *,
    after: str | None = None,
    upto: int | None = None,
    limit: int = 50,
    zone: str = ZONE,
) -> Page:
    """Return the *limit* rows of the queue that come after the cursor *after*; *zone*: where "today" is meant.

    Raises :class:`ReviewError` where the cursor is damaged.
    """
    newest = session.scalar(select(func.max(Complaint.id))) or 0
    upto = newest if upto is None else min(upto, newest)
    wanted, order = conditions(session, person, filters, zone=zone), order_of(filters.state)
    behind = [] if after is None else [order.behind(order.read(after))]
    first = _first(person, filters, [*wanted, Complaint.id <= upto, *behind], limit + 1)
    found = session.scalars(select(Complaint).where(Complaint.id.in_(first)).order_by(*order.clauses())).all()
    rows, has_more = found[:limit], len(found) > limit
    newer, urgent = (0, 0) if upto == newest else _since(session, wanted, upto)
    return Page(_shown(session, person, rows), order.cursor(rows[-1]) if has_more else None, upto, newer, urgent)


def newer(session: Session, person: Person, filters: Filters, upto: int, *, zone: str = ZONE) -> tuple[int, int]:
    """Return how many matching complaints came since the queue was opened (*upto*), and how many are ``darurat``."""
    return _since(session, conditions(session, person, filters, zone=zone), upto)


def next_id(
    session: Session,
    person: Person,
    filters: Filters,
    *,
    after_id: int | None = None,
    upto: int | None = None,
    zone: str = ZONE,
) -> int | None:
    """Return the next complaint in queue order that nobody else has open, ``None`` where there is none.

    It is looked for behind *after_id*; where nothing waits there any more, from the queue's beginning.
    """
    wanted = [*conditions(session, person, filters, zone=zone), free_for(person, clock.now())]
    order = order_of(filters.state)
    if upto is not None:
        wanted.append(Complaint.id <= upto)
    key = None
    if after_id is not None:
        # The place of a complaint that the person may not see would tell of its urgency.
        key = session.execute(select(*order.columns).where(Complaint.id == after_id, *visible(person))).first()
    if key is not None:
        found = session.scalar(_first(person, filters, [*wanted, order.behind(key)], 1))
        if found is not None:
            return found
        if filters.state == DECIDED:
            return None
        wanted.append(Complaint.id != after_id)
    return session.scalar(_first(person, filters, wanted, 1))


def numbered(session: Session, person: Person, number: str) -> int | None:
    """Return the complaint, in any state, that the office gave *number*; capitals and small letters are the same.

    ``None`` where there is none that *person* may know of.
    """
    mine = select(Complaint.id).where(*visible(person)).order_by(Complaint.id).limit(1)
    found = session.scalar(mine.where(Complaint.external_id == number))
    # Without an index for it all numbers are read, which words need not wait for.
    if found is None and any(letter.isdigit() for letter in number):
        found = session.scalar(mine.where(func.lower(Complaint.external_id) == func.lower(number)))
    return found


def _first(person: Person, filters: Filters, wanted: Sequence[ColumnElement[bool]], limit: int) -> Select[int]:
    """Return the query for the first *limit* complaints, in no order where these are several."""
    order = order_of(filters.state)
    few = filters.unit or filters.words or filters.group or filters.mine or filters.watched
    if filters.state != WAITING or len(person.units) < 2 or few:
        return select(Complaint.id).where(*wanted).order_by(*order.clauses()).limit(limit)
    # The first of each unit by that unit's index: where a person's units are rare, all others would be read for them.
    parts = [
        select(*order.columns).where(Complaint.unit == unit, *wanted).order_by(*order.clauses()).limit(limit).subquery()
        for unit in sorted(person.units)
    ]
    merged = union_all(*(select(part) for part in parts)).subquery()
    return select(merged.c.id).order_by(*(merged.c[column.key] for column in order.columns)).limit(limit)


def _since(session: Session, wanted: Sequence[ColumnElement[bool]], upto: int) -> tuple[int, int]:
    urgent = func.sum(case((Complaint.level == _URGENT, 1), else_=0))
    number, of_them = session.execute(select(func.count(), urgent).where(*wanted, Complaint.id > upto)).one()
    return number, int(of_them or 0)


def _shown(session: Session, person: Person, complaints: Sequence[Complaint]) -> list[Row]:
    now = clock.now()
    others = {one.id: one.locked_by for one in complaints if held_by_other(person, one, now)}
    names = _names(session, set(others.values())) if others else {}
    return [
        Row(complaint, names.get(others.get(complaint.id)), masked_text(complaint.text, complaint.spans))
        for complaint in complaints
    ]


def _names(session: Session, numbers: set[int | None]) -> dict[int | None, str]:
    officers = session.scalars(select(Officer).where(Officer.id.in_(numbers)))
    return {officer.id: officer.name for officer in officers}
