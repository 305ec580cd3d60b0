"""Leaders' decisions as they are read: texts masked, with who decided, what followed, and whether it was in time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from pipeline.review.monev.decisions import State
from pipeline.review.monev.words import masked
from pipeline.review.refusals import ZONE
from pipeline.review.store.monev_tables import MonevDecision, MonevFollowUp
from pipeline.review.store.tables import Officer

_REPLACED = "diganti"
_OPEN = "belum ada laporan"


@dataclass(frozen=True)
class Report:
    """One report on a follow-up. ``state``: a code of :class:`~pipeline.review.monev.decisions.State`."""

    state: str
    status: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Decided:
    """A leader's decision. Texts are masked; ``about`` is ``""`` where it is about no theme or waiting item.

    ``by_units``: what its leader leads now, empty at the minister's level. ``replaced_by``: the decision that stands
    for it. ``done_on``: the local day on which the follow-up was reported done, ``None`` while it is not.
    """

    id: int
    period: str
    unit: str
    theme_id: str | None
    about: str
    decided: str
    follow_up: str
    responsible: str
    due: dt.date | None
    officer_id: int
    by: str
    by_role: str
    by_units: tuple[str, ...]
    at: dt.datetime
    replaces: int | None
    replaced_by: int | None
    reports: tuple[Report, ...]
    done_on: dt.date | None

    @property
    def stands(self) -> bool:
        """Whether no other decision stands for it."""
        return self.replaced_by is None

    @property
    def state(self) -> str:
        """How far it is, in a word or three; ``""`` where it asks for no follow-up."""
        if not self.stands:
            return _REPLACED
        if not self.follow_up:
            return ""
        return self.reports[-1].state if self.reports else _OPEN

    @property
    def in_time(self) -> bool:
        """Whether the follow-up was done by its deadline."""
        return self.done_on is not None and self.due is not None and self.done_on <= self.due

    def overdue(self, day: dt.date) -> bool:
        """Tell whether the follow-up was not done on *day* although its deadline had passed."""
        return self.stands and self.due is not None and self.done_on is None and self.due < day


def list_decisions(
    session: Session, *where: ColumnElement[bool], zone: str = ZONE, until: dt.datetime | None = None
) -> list[Decided]:
    """Return the decisions of *where* (conditions on :class:`MonevDecision`), the oldest first, also replaced ones.

    Args:
        session: A session of the triage store.
        where: Conditions.
        zone: IANA name of the time zone that ``done_on`` is a day of.
        until: What was done at this moment or later is left out; ``None``: nothing is.
    """
    given = list(where) if until is None else [*where, MonevDecision.at < until]
    rows = session.execute(
        select(MonevDecision, Officer)
        .join(Officer, Officer.id == MonevDecision.officer_id)
        .where(*given)
        .order_by(MonevDecision.id)
    ).all()
    numbers = [decision.id for decision, _ in rows]
    reports = _reports(session, numbers, until)
    replacing = select(MonevDecision.replaces_id, MonevDecision.id).where(MonevDecision.replaces_id.in_(numbers))
    if until is not None:
        replacing = replacing.where(MonevDecision.at < until)
    replaced: dict[int | None, int] = {row.replaces_id: row.id for row in session.execute(replacing)}
    texts = iter(masked([text for one, _ in rows for text in (one.about, one.decided, one.follow_up, one.responsible)]))
    return [
        Decided(
            one.id,
            one.period,
            one.unit,
            one.theme_id,
            next(texts),
            next(texts),
            next(texts),
            next(texts),
            one.due,
            officer.id,
            officer.name,
            officer.role,
            tuple(officer.units),
            one.at,
            one.replaces_id,
            replaced.get(one.id),
            tuple(reports[one.id]),
            _done_on(reports[one.id], zone),
        )
        for one, officer in rows
    ]


def for_page(session: Session, period: str, unit: str, *, zone: str) -> list[Decided]:
    """Return the decisions shown beside a digest, also replaced ones, the oldest first.

    Beside a unit's digest stand those of the minister's level for the same period that the unit has to carry out.
    """
    own = MonevDecision.unit == unit
    handed_down = and_(MonevDecision.unit == "", MonevDecision.responsible == unit)
    return list_decisions(session, MonevDecision.period == period, or_(own, handed_down) if unit else own, zone=zone)


def _reports(session: Session, numbers: Sequence[int], until: dt.datetime | None) -> dict[int, list[Report]]:
    query = (
        select(MonevFollowUp.decision_id, MonevFollowUp.state, MonevFollowUp.status, Officer.name, MonevFollowUp.at)
        .join(Officer, Officer.id == MonevFollowUp.officer_id)
        .where(MonevFollowUp.decision_id.in_(numbers))
        .order_by(MonevFollowUp.id)
    )
    rows = session.execute(query if until is None else query.where(MonevFollowUp.at < until)).all()
    found: dict[int, list[Report]] = defaultdict(list)
    for row, status in zip(rows, masked([row.status for row in rows]), strict=True):
        found[row.decision_id].append(Report(row.state, status, row.name, row.at))
    return found


def _done_on(reports: Sequence[Report], zone: str) -> dt.date | None:
    """Return the day since which every report says that it is done."""
    since: dt.datetime | None = None
    for one in reports:
        if one.state != State.DONE:
            since = None
        elif since is None:
            since = one.at
    return None if since is None else since.astimezone(ZoneInfo(zone)).date()
