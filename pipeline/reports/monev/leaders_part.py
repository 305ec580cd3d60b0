"""How leaders took part, as far as the triage store tells: in the period, and on what was still open before it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.reports.monev.period import Period
from pipeline.review.monev import LeadersRecord, leaders_record
from pipeline.review.monev.listing import Decided, list_decisions
from pipeline.review.people import Role
from pipeline.review.store import Store
from pipeline.review.store.monev_tables import MonevDecision, MonevDigest
from pipeline.review.store.tables import Officer


@dataclass(frozen=True)
class LeadersPart:
    """The period's record; ``carried``: follow-ups of earlier periods, open or done since *period* began.
    ``newest_read``: digests of which a leader has read the newest edition.

    ``record.as_of`` is the day of the last act that the store holds, at the earliest the period's last: the same store
    gives the same record on any day.
    """

    record: LeadersRecord
    carried: tuple[Decided, ...]
    newest_read: int


def leaders_part(session: Session, period: Period, zone: str) -> LeadersPart:
    """Return how leaders took part in *period*; *zone* is the IANA name of the time zone of days."""
    newest = leaders_record(session, period.name, zone=zone)
    earlier = [
        one
        for one in list_decisions(session, MonevDecision.period != period.name, zone=zone)
        if one.stands
        and one.follow_up
        and one.at.astimezone(ZoneInfo(zone)).date() <= period.last
        and (one.done_on is None or one.done_on >= period.first)
    ]
    acts = [reading.at for reading in newest.readings]
    acts += [at for one in (*newest.decisions, *earlier) for at in (one.at, *(report.at for report in one.reports))]
    editions = dict(
        session.execute(
            select(MonevDigest.unit, func.max(MonevDigest.edition))
            .where(MonevDigest.period == period.name)
            .group_by(MonevDigest.unit)
        ).all()
    )
    published = session.scalar(select(func.max(MonevDigest.published_at)).where(MonevDigest.period == period.name))
    days = [at.astimezone(ZoneInfo(zone)).date() for at in (*acts, *([published] if published else []))]
    record = leaders_record(session, period.name, as_of=max([period.last, *days]), zone=zone)
    newest_read = {one.unit for one in record.readings if one.edition == editions[one.unit]}
    return LeadersPart(record, tuple(earlier), len(newest_read))


def decided_themes(session: Session, period: Period, zone: str) -> frozenset[str]:
    """Return the themes on which a decision of an earlier period stands: they wait for no other."""
    earlier = list_decisions(session, MonevDecision.period != period.name, zone=zone)
    days = {one.id: one.at.astimezone(ZoneInfo(zone)).date() for one in earlier}
    standing = [one for one in earlier if one.stands and one.theme_id and days[one.id] <= period.last]
    return frozenset(one.theme_id for one in standing if one.theme_id)


def led_units(store: Store) -> tuple[str, ...]:
    """Return the units that an active leader has: their heads get a digest however small the unit is."""
    with store.read() as session:
        units = session.scalars(select(Officer.units).where(Officer.role == Role.LEADER.value, Officer.active))
        return tuple(sorted({unit for some in units for unit in some}))
