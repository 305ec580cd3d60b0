"""What the triage store tells of a period: how often officers corrected the model, and what came back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from pipeline.reports.monev.definitions import Definition, Definitions, load_definitions
from pipeline.reports.monev.number import Number, percentile, proportion
from pipeline.reports.monev.period import Period
from pipeline.retraining.stored_decisions import existing_store
from pipeline.review.overview import not_undone, standing, start_of
from pipeline.review.store.tables import FORGOTTEN, WAITING, Complaint, Decision
from pipeline.routing.decision import FORWARD

_DAY = 86_400


@dataclass(frozen=True)
class StoreFacts:
    """Figures of the triage store, by key of ``monev_angka.tsv``; ``decided``: standing decisions of the period.

    ``undone`` decisions count nowhere. ``numbers`` is empty where nobody decided and nothing was received.
    """

    numbers: dict[str, Number]
    decided: int
    definitions: tuple[Definition, ...]


@dataclass(frozen=True)
class _Counts:
    """Sums of one period; pairs are (hits, n). ``waited``: days from receipt to the decision."""

    corrected: tuple[int, int]
    returned: tuple[int, int]
    automatic: tuple[int, int]
    waited: np.ndarray
    decided: int


def store_facts(url: str, period: Period, zone: ZoneInfo, as_of: dt.date | None = None) -> StoreFacts:
    """Return the figures of *period* from the triage store at *url*; nothing is written but the store's own upgrade.

    Decisions count in the period in which they were made, in *zone*; complaints decided by nobody in that of receipt.
    What happened after *as_of* (default: the last day of *period*) is left out, the period before as far as to the same
    day after its end. No text is read.

    Raises :class:`OptionError` when there is no such store.
    """
    day = as_of or period.last
    definitions = load_definitions(period.last)
    with existing_store(url) as store, store.read() as session:
        now = _counts(session, period, zone, day)
        before = _counts(session, period.previous, zone, period.previous.last + (day - period.last))
    numbers = _numbers(now, before if before.decided or before.automatic[1] else None, definitions)
    found = {number.key: number for number in numbers}
    return StoreFacts(found, now.decided, tuple(definitions[key] for key in found))


def _numbers(now: _Counts, before: _Counts | None, definitions: Definitions) -> list[Number]:
    found = []
    for key, pair in (
        ("dikoreksi", attrgetter("corrected")),
        ("dikembalikan", attrgetter("returned")),
        ("diputuskan_otomatis", attrgetter("automatic")),
    ):
        if pair(now)[1]:
            found.append(proportion(definitions[key], pair(now), None if before is None else pair(before)))
    if len(now.waited):
        earlier = None if before is None else before.waited
        found.append(percentile(definitions["waktu_putusan_median"], 0.5, now.waited, earlier))
    return found


def _counts(session: Session, period: Period, zone: ZoneInfo, as_of: dt.date) -> _Counts:
    last = min(period.last, as_of)
    end = start_of(last + dt.timedelta(days=1), zone.key)
    inside = [Decision.at >= start_of(period.first, zone.key), Decision.at < end]
    query = standing().add_columns(Decision.rank, func.count()).where(*inside).group_by(Decision.rank)
    by_rank: Counter[int | None] = Counter()
    for rank, n in session.execute(query):
        by_rank[rank] += n
    with_unit = sum(n for rank, n in by_rank.items() if rank is not None)
    made = _count(session, *not_undone(), *inside)
    returned = _count(session, *not_undone(), *inside, Decision.returned_from.is_not(None))
    received = _received_in(period, last, zone)
    untouched = _complaints(session, received, Complaint.state == WAITING, Complaint.action == FORWARD)
    by_people = _complaints(
        session, received, Complaint.decision_id.is_not(None), Complaint.decided_at < _after(as_of, zone)
    )
    return _Counts(
        corrected=(with_unit - by_rank[1], with_unit),
        returned=(returned, made),
        automatic=(untouched, untouched + by_people),
        waited=_waited(session, inside, zone),
        decided=sum(by_rank.values()),
    )


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Decision).where(*where)) or 0


def _complaints(session: Session, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Complaint).where(Complaint.state != FORGOTTEN, *where)
    return session.scalar(query) or 0


def _received_in(period: Period, last: dt.date, zone: ZoneInfo) -> ColumnElement[bool]:
    """Return the condition that a complaint was received in *period* up to *last*; without a date: imported."""
    first, end = (dt.datetime.combine(day, dt.time()) for day in (period.first, last + dt.timedelta(days=1)))
    start, stop = (moment.replace(tzinfo=zone) for moment in (first, end))
    dated = and_(Complaint.received >= first, Complaint.received < end)
    undated = and_(Complaint.received.is_(None), Complaint.imported_at >= start, Complaint.imported_at < stop)
    return or_(dated, undated)


def _after(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return start_of(day + dt.timedelta(days=1), zone.key)


def _waited(session: Session, inside: list[Any], zone: ZoneInfo) -> np.ndarray:
    """Return the days from receipt (where unknown: import) to each standing decision; a negative time is a slip."""
    columns = (Decision.at, Complaint.received, Complaint.imported_at)
    rows = session.execute(standing().add_columns(*columns).where(*inside))
    seconds = [
        (at - (imported if received is None else received.replace(tzinfo=zone))).total_seconds()
        for at, received, imported in rows
    ]
    days = np.array(seconds, dtype=np.float64) / _DAY
    return days[days >= 0]
