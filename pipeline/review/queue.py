"""The queue: waiting complaints by priority, deadline and confidence, filtered, paged and counted.

Pages follow each other by the sorting key of the last row (keyset), so that nothing is lost or shown twice while others
decide; what is imported after the queue was opened (``upto``) waits until it is opened anew.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from pipeline.errors import ReviewError
from pipeline.review import clock
from pipeline.review.choices import unit_choices
from pipeline.review.counting import counts, facets
from pipeline.review.filters import Filters, conditions
from pipeline.review.locks import free_for
from pipeline.review.people import Person
from pipeline.review.privacy import masked_text
from pipeline.review.store.tables import WAITING, Complaint, Officer

__all__ = ["Filters", "Page", "Row", "counts", "facets", "next_id", "page", "unit_choices"]

_ORDER = (Complaint.rank, Complaint.due, Complaint.confidence, Complaint.id)
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
) -> Page:
    """Return the *limit* rows of the queue that come after the cursor *after*.

    Raises :class:`ReviewError` where the cursor is damaged.
    """
    newest = session.scalar(select(func.max(Complaint.id))) or 0
    upto = newest if upto is None else min(upto, newest)
    wanted = conditions(session, person, filters)
    behind = [] if after is None else [_behind(_read_cursor(after))]
    found = session.scalars(
        select(Complaint).where(*wanted, Complaint.id <= upto, *behind).order_by(*_ORDER).limit(limit + 1)
    ).all()
    rows, has_more = found[:limit], len(found) > limit
    newer, urgent = (0, 0) if upto == newest else _newer(session, wanted, upto)
    return Page(_shown(session, person, rows), _cursor(rows[-1]) if has_more else None, upto, newer, urgent)


def next_id(
    session: Session, person: Person, filters: Filters, *, after_id: int | None = None, upto: int | None = None
) -> int | None:
    """Return the next waiting complaint in queue order that nobody else has open, ``None`` where there is none.

    It is looked for behind *after_id*; where nothing is left there, from the queue's beginning.
    """
    wanted = [*conditions(session, person, filters), Complaint.state == WAITING, free_for(person, clock.now())]
    if upto is not None:
        wanted.append(Complaint.id <= upto)
    first = select(Complaint.id).order_by(*_ORDER).limit(1)
    key = None if after_id is None else session.execute(select(*_ORDER).where(Complaint.id == after_id)).first()
    if key is not None:
        found = session.scalar(first.where(*wanted, _behind(key)))
        if found is not None:
            return found
        wanted.append(Complaint.id != after_id)
    return session.scalar(first.where(*wanted))


def _newer(session: Session, wanted: Sequence[ColumnElement[bool]], upto: int) -> tuple[int, int]:
    urgent = func.sum(case((Complaint.level == _URGENT, 1), else_=0))
    number, of_them = session.execute(select(func.count(), urgent).where(*wanted, Complaint.id > upto)).one()
    return number, int(of_them or 0)


def _shown(session: Session, person: Person, complaints: Sequence[Complaint]) -> list[Row]:
    now = clock.now()
    others = {
        complaint.id: complaint.locked_by
        for complaint in complaints
        if complaint.locked_by not in {None, person.id} and complaint.locked_until and complaint.locked_until > now
    }
    names = _names(session, set(others.values())) if others else {}
    return [
        Row(complaint, names.get(others.get(complaint.id)), masked_text(complaint.text, complaint.spans))
        for complaint in complaints
    ]


def _names(session: Session, numbers: set[int | None]) -> dict[int | None, str]:
    officers = session.scalars(select(Officer).where(Officer.id.in_(numbers)))
    return {officer.id: officer.name for officer in officers}


def _behind(key: Sequence[Any]) -> ColumnElement[bool]:
    return tuple_(*_ORDER) > tuple_(*(literal(value, column.type) for value, column in zip(key, _ORDER, strict=True)))


def _cursor(complaint: Complaint) -> str:
    key = [complaint.rank, complaint.due.isoformat(), complaint.confidence, complaint.id]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, dt.date, float, int]:
    try:
        rank, due, confidence, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = (_whole(rank), dt.date.fromisoformat(due), float(confidence), _whole(number))
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise ReviewError("Alamat halaman antrian ini rusak. Buka antrian dari awal.") from error
    return key


def _whole(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("no whole number of the database")
    return value
