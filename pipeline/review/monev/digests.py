"""The digests of the periods: published by the report, read by leaders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from pipeline.review import audit, clock
from pipeline.review.monev.content import Content, checksum, read_content
from pipeline.review.people import Person, Right
from pipeline.review.refusals import digest_out_of_sight
from pipeline.review.store.monev_tables import MonevDigest, MonevReading

_PUBLISH_LOCK = 7_421_906_333
"""Number of PostgreSQL's advisory lock: two publishers at once would both add the same edition."""


@dataclass(frozen=True)
class Published:
    """What publishing did: digests that became a new edition, and those that stood so already."""

    new: int
    same: int


@dataclass(frozen=True)
class Listed:
    """The newest edition of a digest. ``read_at``: when the person read it; ``read_before``: an older edition was."""

    id: int
    period: str
    unit: str
    edition: int
    label: str
    as_of: dt.date
    read_at: dt.datetime | None
    read_before: bool


def publish(session: Session, digests: Iterable[Mapping[str, Any]], actor: str) -> Published:
    """Add each of *digests* as a new edition, unless the newest one of its period and unit says the same; audited.

    Args:
        session: A session of ``Store.write()``.
        digests: As in :mod:`pipeline.review.monev.content`.
        actor: Who publishes, for the audit log (``cli:<os user>``).

    Raises ``ValueError`` where a digest has another form; then nothing is kept.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _PUBLISH_LOCK})
    new = same = 0
    for digest in digests:
        content, mark = read_content(digest), checksum(digest)
        newest = find(session, content.period, content.unit)
        if newest is not None and newest.sha256 == mark:
            same += 1
            continue
        edition = 1 if newest is None else newest.edition + 1
        session.add(
            MonevDigest(
                period=content.period,
                unit=content.unit,
                edition=edition,
                label=content.label,
                as_of=content.as_of,
                content=dict(digest),
                sha256=mark,
                published_at=clock.now(),
                published_by=actor[:100],
            )
        )
        session.flush()
        details = {"periode": content.period, "unit": content.unit, "edisi": edition, "sha256": mark}
        audit.write(session, audit.Event.PUBLISH, actor=actor, details=details)
        new += 1
    return Published(new, same)


def known_themes(session: Session) -> dict[str, Mapping[str, Any]]:
    """Return theme's id → its definition for every theme that a digest ever had; of several the newest stands."""
    contents = session.scalars(select(MonevDigest.content).order_by(MonevDigest.id))
    return {theme: one for content in contents for theme, one in (content.get("definisi_tema") or {}).items()}


def find(session: Session, period: str, unit: str) -> MonevDigest | None:
    """Return the newest edition of the digest, ``None`` where there is none."""
    editions = select(MonevDigest).where(MonevDigest.period == period, MonevDigest.unit == unit)
    return session.scalar(editions.order_by(MonevDigest.edition.desc()).limit(1))


def require(person: Person, unit: str) -> None:
    """Raise :class:`ForbiddenError` where *person* is no leader, or leads other units than *unit*."""
    person.require(Right.LEAD)
    if person.units and unit not in person.units:
        raise digest_out_of_sight()


def newest_editions() -> Select[int]:
    """Return the query for the ids of the newest editions."""
    return select(func.max(MonevDigest.id)).group_by(MonevDigest.period, MonevDigest.unit)


def digest_units(session: Session) -> list[str]:
    """Return the labels of the units that a digest was ever published for."""
    return list(session.scalars(select(MonevDigest.unit).where(MonevDigest.unit != "").distinct()))


def in_sight(person: Person) -> list[ColumnElement[bool]]:
    """Return the conditions on :class:`MonevDigest` under which *person* may read it; none without unit limits."""
    return [MonevDigest.unit.in_(sorted(person.units))] if person.units else []


def list_digests(session: Session, person: Person) -> list[Listed]:
    """Return the newest editions that *person* may read: the latest period first, in it the minister's level first."""
    person.require(Right.LEAD)
    rows = session.execute(
        select(
            MonevDigest.id,
            MonevDigest.period,
            MonevDigest.unit,
            MonevDigest.edition,
            MonevDigest.label,
            MonevDigest.as_of,
        )
        .where(MonevDigest.id.in_(newest_editions()), *in_sight(person))
        .order_by(MonevDigest.as_of.desc(), MonevDigest.period.desc(), MonevDigest.unit)
    ).all()
    readings = session.execute(
        select(MonevReading.digest_id, MonevReading.at, MonevDigest.period, MonevDigest.unit)
        .join(MonevDigest, MonevDigest.id == MonevReading.digest_id)
        .where(MonevReading.officer_id == person.id)
    ).all()
    read_at = {row.digest_id: row.at for row in readings}
    before = {(row.period, row.unit) for row in readings}
    return [Listed(*row, read_at.get(row.id), (row.period, row.unit) in before) for row in rows]


def opened(session: Session, person: Person, period: str, unit: str) -> tuple[MonevDigest, Content]:
    """Return the newest edition of a digest, and what is in it.

    Raises :class:`ForbiddenError` where there is none or *person* may not read it: which of them is not told.
    """
    require(person, unit)
    digest = find(session, period, unit)
    if digest is None:
        raise digest_out_of_sight()
    return digest, read_content(digest.content)


def read_at(session: Session, person: Person, digest_id: int) -> dt.datetime | None:
    """Return when *person* read this edition, ``None`` where that was not said."""
    wanted = select(MonevReading.at).where(MonevReading.digest_id == digest_id, MonevReading.officer_id == person.id)
    return session.scalar(wanted)


def mark_read(session: Session, person: Person, digest_id: int) -> bool:
    """Keep that *person* read this edition; once only, audited. Return whether it is new.

    *session* is one of ``Store.write()``. Raises :class:`ForbiddenError` where there is none or *person* may not read
    it.
    """
    person.require(Right.LEAD)
    # Locked on PostgreSQL: a second press of the button at this moment waits, and finds the first.
    digest = session.scalar(select(MonevDigest).where(MonevDigest.id == digest_id).with_for_update())
    if digest is None:
        raise digest_out_of_sight()
    require(person, digest.unit)
    if read_at(session, person, digest_id) is not None:
        return False
    units = sorted(person.units)
    session.add(MonevReading(digest_id=digest_id, officer_id=person.id, units=units, at=clock.now()))
    details = {"periode": digest.period, "unit": digest.unit, "edisi": digest.edition}
    audit.write(session, audit.Event.READ_DIGEST, person=person, details=details)
    return True
