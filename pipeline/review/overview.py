"""What the supervisor's page counts: the queue by age, agreement with the suggestions, the work of each officer.

Agreement is measured on *standing* decisions only (those that a complaint has now) that give the complaint to a unit:
the share whose unit is the first suggestion. It goes by the unit that was *suggested*, so that it tells how far the
suggestions of a unit can be relied on. Decisions that were undone count nowhere but as undone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import ColumnElement, Select, String, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from pipeline.review import clock
from pipeline.review.people import Person, visible
from pipeline.review.store.tables import DECISION, UNDO, WAITING, Complaint, Decision, Officer, Suggestion
from pipeline.routing.curve import wilson_lower

AGES: Final = (("hari ini", 0), ("1–3 hari", 3), ("4–7 hari", 7), ("8–14 hari", 14), ("lebih dari 14 hari", None))
"""Classes of age: name, and the last day in it."""
DAYS: Final = 30
"""Days that the page shows decisions of, today included."""
_Z_TWO_SIDED = 1.959964
_MANY = 0.1
"""Share of complaints from which on it is quicker to read all rows than to look the waiting ones up by the index."""


@dataclass(frozen=True)
class Share:
    """``hits`` of ``n`` decisions."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """``hits / n``, ``None`` of nothing."""
        return self.hits / self.n if self.n else None

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Wilson's two-sided 95 % interval (1927) of the share; 0 to 1 of nothing."""
        n = np.array([self.n])
        low, rest = (wilson_lower(np.array([hits]), n, _Z_TWO_SIDED)[0] for hits in (self.hits, self.n - self.hits))
        return float(low), float(1 - rest)


@dataclass(frozen=True)
class UnitFigures:
    """One unit. ``waiting``, ``overdue`` and the ages (whole days, ``None`` with none waiting) by its suggestion now.

    ``decided``: decisions that gave it a complaint. ``agreement``: of the decided complaints suggested for it, those
    that it got. ``away``: those that another unit got. ``returned``: what it sent back as wrongly addressed.
    """

    unit: str
    waiting: int
    overdue: int
    median_age: float | None
    oldest_age: int | None
    decided: int
    agreement: Share
    returned: int

    @property
    def away(self) -> int:
        """Complaints suggested for it that officers gave to another unit."""
        return self.agreement.n - self.agreement.hits


@dataclass(frozen=True)
class OfficerFigures:
    """What an officer decided today and in the period, undone ones left out, and how many were undone."""

    name: str
    today: int
    decided: int
    undone: int


@dataclass(frozen=True)
class VersionFigures:
    """Decisions on the suggestions that one model version made for one unit."""

    version: str
    unit: str
    agreement: Share
    urgency: Share


@dataclass(frozen=True)
class Overview:
    """All figures of the page. What concerns decisions is of the period from ``since`` on (``None``: from the start).

    ``ages``: waiting complaints of each class of :data:`AGES`. ``without_unit``: standing decisions that ask the
    citizen for more or that dismiss the complaint. ``grouped``: standing decisions made for a whole group at once.
    ``days``: the last :data:`DAYS` days with what was decided on each, whatever the period.
    """

    today: dt.date
    since: dt.date | None
    waiting: int
    overdue: int
    ages: tuple[tuple[str, int], ...]
    decided: int
    without_unit: int
    grouped: int
    undone: int
    agreement: Share
    urgency: Share
    units: tuple[UnitFigures, ...]
    officers: tuple[OfficerFigures, ...]
    versions: tuple[VersionFigures, ...]
    days: tuple[tuple[dt.date, int], ...]


@dataclass
class _Judged:
    """Sums over standing decisions on suggestions for one unit by one model version."""

    n: int = 0
    hits: int = 0
    same_level: int = 0

    def add(self, n: int, hits: int, same_level: int) -> None:
        self.n, self.hits, self.same_level = self.n + n, self.hits + hits, self.same_level + same_level

    def shares(self) -> tuple[Share, Share]:
        """Agreement on the unit and on the urgency."""
        return Share(self.hits, self.n), Share(self.same_level, self.n)


def figures(session: Session, person: Person, *, zone: str, since: dt.date | None = None) -> Overview:
    """Return the figures of what *person* may see.

    Args:
        session: Read only.
        person: Complaints that are hidden from them count nowhere.
        zone: IANA name of the time zone that days begin in.
        since: First day of the decisions that count; ``None``: all.
    """
    today = clock.today(zone)
    seen = visible(person)
    days_of, overdue = _waiting(session, seen, zone, today)
    ages = sum(days_of.values(), Counter[int]())
    period = [*seen, Decision.at >= start_of(since, zone)] if since else seen
    by_version, decided, without_unit, grouped = _judged(session, period)
    officers, days = _officers(session, seen, zone, today, since)
    by_unit: dict[str, _Judged] = defaultdict(_Judged)
    total = _Judged()
    for (_, unit), judged in by_version.items():
        for sums in (by_unit[unit], total):
            sums.add(judged.n, judged.hits, judged.same_level)
    agreement, urgency = total.shares()
    return Overview(
        today=today,
        since=since,
        waiting=sum(ages.values()),
        overdue=sum(overdue.values()),
        ages=_classes(ages),
        decided=sum(decided.values()) + without_unit,
        without_unit=without_unit,
        grouped=grouped,
        undone=sum(officer.undone for officer in officers),
        agreement=agreement,
        urgency=urgency,
        units=_units(days_of, overdue, decided, by_unit, _returned(session, period)),
        officers=officers,
        versions=tuple(
            VersionFigures(version, unit, *judged.shares()) for (version, unit), judged in sorted(by_version.items())
        ),
        days=days,
    )


def start_of(day: dt.date, zone: str) -> dt.datetime:
    """Return the moment at which *day* begins in the time zone *zone*."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone))


def not_undone() -> list[ColumnElement[bool]]:
    """Return the conditions that a decision is one and was not taken back."""
    taken_back = select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
    return [Decision.kind == DECISION, Decision.id.not_in(taken_back)]


def standing() -> Select[Any]:
    """Return the choice of the standing decisions with their complaints and suggestions, columns still to be added."""
    return (
        select()
        .select_from(Decision)
        .join(Complaint, (Complaint.id == Decision.complaint_id) & (Complaint.decision_id == Decision.id))
        .join(Suggestion, Suggestion.id == Decision.suggestion_id)
        .where(Decision.kind == DECISION)
    )


def _waiting(
    session: Session, seen: list[ColumnElement[bool]], zone: str, today: dt.date
) -> tuple[dict[str, Counter[int]], Counter[str]]:
    """Return unit → age in days → waiting complaints, and unit → those whose deadline is over."""
    waiting = session.scalar(select(func.count()).where(Complaint.state == WAITING)) or 0
    every = session.scalar(select(func.max(Complaint.id))) or 0
    # An expression keeps SQLite from the index, by which many rows are read one by one: half the time.
    state = func.coalesce(Complaint.state, "") if waiting > _MANY * every else Complaint.state
    day = _day_received(session, zone)
    late = func.sum(case((Complaint.due < today, 1), else_=0))
    found = session.execute(
        select(Complaint.unit, day, func.count(), late).where(state == WAITING, *seen).group_by(Complaint.unit, day)
    )
    ages: dict[str, Counter[int]] = defaultdict(Counter)
    overdue: Counter[str] = Counter()
    for unit, received, count, late_ones in found:
        # A date in the future is the sender's slip.
        ages[unit][max((today - dt.date.fromisoformat(received)).days, 0)] += count
        overdue[unit] += late_ones
    return ages, overdue


def _day_received(session: Session, zone: str) -> ColumnElement[str]:
    """Return the ISO day on which a complaint was received, else imported."""
    if session.get_bind().dialect.name == "sqlite":
        imported = func.datetime(Complaint.imported_at, _shift(zone))
        return func.substr(func.coalesce(type_coerce(Complaint.received, String), imported), 1, 10)
    imported = func.timezone(zone, Complaint.imported_at)
    return func.to_char(func.coalesce(Complaint.received, imported), "YYYY-MM-DD")


def _day_decided(session: Session, zone: str) -> ColumnElement[str]:
    """Return the ISO day of a decision."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(Decision.at, _shift(zone), type_=String)
    return func.to_char(func.timezone(zone, Decision.at), "YYYY-MM-DD")


def _shift(zone: str) -> str:
    """Return how SQLite, which knows no time zones, gets from UTC to *zone*; no Indonesian zone has summer time."""
    offset = clock.now().astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()
    return f"{offset // dt.timedelta(minutes=1):+d} minutes"


def _classes(ages: Mapping[int, int]) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for age, count in ages.items():
        counts[next(name for name, last in AGES if last is None or age <= last)] += count
    return tuple((name, counts[name]) for name, _ in AGES)


def _judged(
    session: Session, period: list[ColumnElement[bool]]
) -> tuple[dict[tuple[str, str], _Judged], Counter[str], int, int]:
    """Return (model version, suggested unit) → sums, unit → decisions, those without a unit, those of groups."""
    hit, same = (
        case((condition, 1), else_=0) for condition in (Decision.rank == 1, Decision.level == Suggestion.level)
    )
    keys = (Suggestion.model_version, Suggestion.unit, Decision.unit)
    rows = session.execute(
        standing()
        .add_columns(*keys, func.count(), func.sum(hit), func.sum(same), func.count(Decision.bulk))
        .where(*period)
        .group_by(*keys)
    )
    judged: dict[tuple[str, str], _Judged] = defaultdict(_Judged)
    decided: Counter[str] = Counter()
    without_unit = grouped = 0
    for version, suggested, unit, count, hits, same_level, bulk in rows:
        grouped += bulk
        if unit is None:
            without_unit += count
            continue
        decided[unit] += count
        judged[version, suggested].add(count, hits, same_level)
    return judged, decided, without_unit, grouped


def _returned(session: Session, period: list[ColumnElement[bool]]) -> dict[str, int]:
    """Return unit → complaints that it sent back; also those that were decided once more since."""
    rows = session.execute(
        select(Decision.returned_from, func.count())
        .join(Complaint, Complaint.id == Decision.complaint_id)
        .where(Decision.returned_from.is_not(None), *not_undone(), *period)
        .group_by(Decision.returned_from)
    )
    return {unit: count for unit, count in rows if unit is not None}


def _work(
    session: Session, seen: list[ColumnElement[bool]], zone: str, first: dt.date | None
) -> Iterator[tuple[int, bool, dt.date, int]]:
    """Yield officer, whether these are undos, day and count of all decisions (undone ones left out) and undos.

    *first*: the first day that is wanted.
    """
    day = _day_decided(session, zone)
    keys = (Decision.officer_id, Decision.kind, day)
    query = select(*keys, func.count()).where(or_(Decision.kind == UNDO, and_(*not_undone()))).group_by(*keys)
    if first is not None:
        query = query.where(Decision.at >= start_of(first, zone))
    if seen:
        query = query.join(Complaint, Complaint.id == Decision.complaint_id).where(*seen)
    for officer, kind, found, count in session.execute(query):
        yield officer, kind == UNDO, dt.date.fromisoformat(found), count


def _officers(
    session: Session, seen: list[ColumnElement[bool]], zone: str, today: dt.date, since: dt.date | None
) -> tuple[tuple[OfficerFigures, ...], tuple[tuple[dt.date, int], ...]]:
    """Return the figures of each officer who did something in the period, and the decisions of the last days."""
    first = today - dt.timedelta(days=DAYS - 1)
    of_today, decided, undone = Counter[int](), Counter[int](), Counter[int]()
    by_day: Counter[dt.date] = Counter()
    for officer, is_undo, day, count in _work(session, seen, zone, since and min(since, first)):
        if not is_undo:
            by_day[day] += count
        if since is not None and day < since:
            continue
        (undone if is_undo else decided)[officer] += count
        if day == today and not is_undo:
            of_today[officer] += count
    names = session.execute(select(Officer.id, Officer.name).order_by(Officer.name, Officer.id))
    officers = tuple(
        OfficerFigures(name, of_today[number], decided[number], undone[number])
        for number, name in names
        if decided[number] or undone[number]
    )
    days = (first + dt.timedelta(days=number) for number in range(DAYS))
    return officers, tuple((day, by_day[day]) for day in days)


def _units(
    ages: Mapping[str, Counter[int]],
    overdue: Mapping[str, int],
    decided: Mapping[str, int],
    judged: Mapping[str, _Judged],
    returned: Mapping[str, int],
) -> tuple[UnitFigures, ...]:
    """Return the units with the most waiting complaints first."""
    found = [
        UnitFigures(
            unit=unit,
            waiting=sum(ages.get(unit, {}).values()),
            overdue=overdue.get(unit, 0),
            median_age=median(ages[unit].elements()) if unit in ages else None,
            oldest_age=max(ages.get(unit, {}), default=None),
            decided=decided.get(unit, 0),
            agreement=judged.get(unit, _Judged()).shares()[0],
            returned=returned.get(unit, 0),
        )
        for unit in ages.keys() | decided.keys() | judged.keys() | returned.keys()
    ]
    return tuple(sorted(found, key=lambda unit: (-unit.waiting, -unit.decided, unit.unit)))
