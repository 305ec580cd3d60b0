"""The period's record of leaders taking part: who read which digest when, what was decided, what followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review import clock
from pipeline.review.monev.listing import Decided, list_decisions
from pipeline.review.people import Role
from pipeline.review.refusals import ZONE
from pipeline.review.store.monev_tables import MonevDecision, MonevDigest, MonevReading
from pipeline.review.store.tables import Officer


@dataclass(frozen=True)
class Leader:
    """A leader: name, role (``pimpinan``) and units, which are empty at the minister's level."""

    name: str
    role: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class DigestRead:
    """That *leader* read edition ``edition`` of the digest for ``unit`` (``""``: the minister's level) at ``at`` (UTC).

    The leader's units are those of that moment.
    """

    leader: Leader
    unit: str
    edition: int
    at: dt.datetime


@dataclass(frozen=True)
class NotRead:
    """A leader who is active and has not read any edition of the own digest, the one for ``unit``."""

    leader: Leader
    unit: str


@dataclass(frozen=True)
class LeadersRecord:
    """The record of a period as of the end of the day ``as_of``.

    ``published``: units that a digest was published for, ``""`` being the minister's level; ``unled``: those of them
    that no active leader has. ``decisions``: also those that were replaced (``stands`` is false). Names and roles are
    those of officers; the texts are masked.
    """

    period: str
    label: str
    as_of: dt.date
    published: tuple[str, ...]
    readings: tuple[DigestRead, ...]
    not_read: tuple[NotRead, ...]
    unled: tuple[str, ...]
    decisions: tuple[Decided, ...]

    @property
    def read(self) -> int:
        """How many of the published digests at least one leader read, in whichever edition."""
        return len({reading.unit for reading in self.readings})

    @property
    def read_share(self) -> float | None:
        """Digests read per digest published, ``None`` where none was."""
        return self.read / len(self.published) if self.published else None

    @property
    def standing(self) -> tuple[Decided, ...]:
        """The decisions that no later one stands for."""
        return tuple(one for one in self.decisions if one.stands)

    @property
    def follow_ups(self) -> int:
        """Standing decisions that ask for a follow-up."""
        return sum(bool(one.follow_up) for one in self.standing)

    @property
    def done(self) -> int:
        """Follow-ups that are reported done."""
        return sum(one.done_on is not None for one in self.standing)

    @property
    def due(self) -> int:
        """Follow-ups with a deadline that are done, or whose deadline has passed: those that :attr:`in_time` is of."""
        return sum(one.due is not None and (one.done_on is not None or one.due < self.as_of) for one in self.standing)

    @property
    def in_time(self) -> int:
        """Follow-ups that were done by their deadline."""
        return sum(one.in_time for one in self.standing)

    @property
    def in_time_share(self) -> float | None:
        """:attr:`in_time` per :attr:`due`, ``None`` where no deadline has passed and nothing is done."""
        return self.in_time / self.due if self.due else None


def leaders_record(
    session: Session, period: str, *, as_of: dt.date | None = None, zone: str = ZONE, unit: str | None = None
) -> LeadersRecord:
    """Return the record of *period*; empty where no digest was published for it.

    Args:
        session: A session of ``Store.read()``.
        period: As in the digest's ``periode``.
        as_of: The last day of what counts, also of which deadlines have passed; ``None``: today. The same day gives the
            same record again, as long as nobody is added, disabled or renamed.
        zone: IANA name of the time zone of days.
        unit: Only the digest for this unit (``""``: the minister's level); ``None``: all of the period.
    """
    day = as_of or clock.today(zone)
    until = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    wanted = [MonevDigest.period == period, MonevDigest.published_at < until]
    if unit is not None:
        wanted.append(MonevDigest.unit == unit)
    digests = session.execute(
        select(MonevDigest.unit, MonevDigest.label).where(*wanted).order_by(MonevDigest.unit, MonevDigest.edition)
    ).all()
    published = list(dict.fromkeys(row.unit for row in digests))
    rows = session.execute(
        select(MonevReading, MonevDigest.unit, MonevDigest.edition, Officer)
        .join(MonevDigest, MonevDigest.id == MonevReading.digest_id)
        .join(Officer, Officer.id == MonevReading.officer_id)
        .where(*wanted, MonevReading.at < until)
        .order_by(MonevDigest.unit, MonevReading.at, MonevReading.id)
    ).all()
    readings = [
        DigestRead(Leader(officer.name, officer.role, tuple(reading.units)), of_unit, edition, reading.at)
        for reading, of_unit, edition, officer in rows
    ]
    leaders = session.scalars(
        select(Officer)
        .where(Officer.role == Role.LEADER.value, Officer.active, Officer.created_at < until)
        .order_by(Officer.name, Officer.id)
    ).all()
    already = {(officer.id, of_unit) for _, of_unit, _, officer in rows}
    own = [(leader, of_unit) for leader in leaders for of_unit in leader.units or [""] if of_unit in published]
    decided = [MonevDecision.period == period, *([] if unit is None else [MonevDecision.unit == unit])]
    return LeadersRecord(
        period,
        digests[0].label if digests else period,
        day,
        tuple(published),
        tuple(readings),
        tuple(
            NotRead(Leader(leader.name, leader.role, tuple(leader.units)), of_unit)
            for leader, of_unit in own
            if (leader.id, of_unit) not in already
        ),
        _unled(published, [of_unit for _, of_unit in own]),
        tuple(list_decisions(session, *decided, zone=zone, until=until)),
    )


def _unled(published: Sequence[str], led: Sequence[str]) -> tuple[str, ...]:
    return tuple(unit for unit in published if unit not in led)
