"""What the office changed because of a theme: the next report shows whether complaints on it fell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from pipeline.errors import ConflictError, ForbiddenError
from pipeline.review import audit, clock
from pipeline.review.monev.content import read_content
from pipeline.review.monev.digests import in_sight, newest_editions
from pipeline.review.monev.words import FieldError, masked, written
from pipeline.review.people import Person, Right
from pipeline.review.refusals import ZONE
from pipeline.review.store.monev_tables import MonevDigest, PolicyChange
from pipeline.review.store.tables import Officer


@dataclass(frozen=True)
class Change:
    """A change that stands. ``text`` is masked; ``definition`` as the report gave it; ``unit``: ``""``: nobody's."""

    id: int
    theme_id: str
    theme_name: str
    definition: Mapping[str, Any]
    unit: str
    text: str
    changed_on: dt.date
    officer_id: int
    by: str
    by_role: str
    at: dt.datetime


@dataclass(frozen=True)
class OpenTheme:
    """A theme of the newest digests, for which a change may be written. ``label``, ``period``: of its digest."""

    id: str
    name: str
    text: str
    unit: str
    definition: Mapping[str, Any]
    label: str
    period: str


def changes(session: Session, *, until: dt.date | None = None) -> list[Change]:
    """Return the changes that stand, by the day of the change; *until*: the last day of those that are wanted."""
    return _standing(session, *([] if until is None else [PolicyChange.changed_on <= until]))


def changes_for(session: Session, person: Person) -> list[Change]:
    """Return the changes that *person* may read, newest first: with unit limits those of the units alone."""
    person.require(Right.CHANGE)
    own = [PolicyChange.unit.in_(sorted(person.units))] if person.units else []
    return _standing(session, *own)[::-1]


def open_themes(session: Session, person: Person) -> list[OpenTheme]:
    """Return the themes of the newest digest of each unit that *person* may read, each once; growing ones first."""
    person.require(Right.CHANGE)
    digests = session.scalars(
        select(MonevDigest)
        .where(MonevDigest.id.in_(newest_editions()), *in_sight(person))
        .order_by(MonevDigest.as_of.desc(), MonevDigest.id.desc())
    )
    latest: dict[str, MonevDigest] = {}
    for digest in digests:
        latest.setdefault(digest.unit, digest)
    growing: dict[str, OpenTheme] = {}
    others: dict[str, OpenTheme] = {}
    for digest in sorted(latest.values(), key=lambda one: one.unit):
        content = read_content(digest.content)
        for theme in content.themes:
            if theme.id in content.definitions:
                definition = content.definitions[theme.id]
                unit = content.unit or theme.unit
                one = OpenTheme(theme.id, theme.name, theme.text, unit, definition, digest.label, digest.period)
                growing.setdefault(theme.id, one)
        names = masked([str(definition.get("nama") or theme) for theme, definition in content.definitions.items()])
        for (theme_id, definition), name in zip(content.definitions.items(), names, strict=True):
            one = OpenTheme(theme_id, name, "", content.unit, definition, digest.label, digest.period)
            others.setdefault(theme_id, one)
    return list((growing | {number: one for number, one in others.items() if number not in growing}).values())


def record_change(
    session: Session, person: Person, theme_id: str, text: str, changed_on: dt.date | None, *, zone: str = ZONE
) -> int:
    """Keep what was changed because of a theme, and since when; audited without its words. Return its number.

    *session* is one of ``Store.write()``; *zone*: IANA name of the time zone whose today is the last possible day.

    Raises:
        FieldError: The theme is in no newest digest, the text is missing or too long, or the day is missing or to come.
        ForbiddenError: *person* may not write changes.
    """
    theme = next((one for one in open_themes(session, person) if one.id == theme_id), None)
    if theme is None:
        raise FieldError("tema", "Tema ini tidak ada dalam ringkasan terbaru. Pilih dari daftar.")
    text = written(text, "perubahan", "Apa yang kami ubah")
    if changed_on is None:
        raise FieldError("tanggal", "Isi sejak tanggal berapa perubahannya berlaku.")
    if changed_on > clock.today(zone):
        raise FieldError("tanggal", "Perubahan dicatat setelah berlaku: pilih hari ini atau sebelumnya.")
    row = PolicyChange(
        theme_id=theme.id,
        theme_name=theme.name,
        definition=dict(theme.definition),
        unit=theme.unit,
        change=text,
        changed_on=changed_on,
        officer_id=person.id,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    details = {"nomor": row.id, "tema": row.theme_id, "unit": row.unit, "sejak": changed_on.isoformat(), "hal": "catat"}
    audit.write(session, audit.Event.CHANGE, person=person, details=details)
    return row.id


def may_withdraw(person: Person, officer_id: int) -> bool:
    """Tell whether *person* may take back a change of *officer_id*: one's own, without unit limits anybody's."""
    return person.may(Right.CHANGE) and (not person.units or person.id == officer_id)


def withdraw(session: Session, person: Person, number: int) -> None:
    """Take a change back by a later row; audited. *session* is one of ``Store.write()``.

    Raises:
        ForbiddenError: There is no such change, or *person* may not take it back.
        ConflictError: It was taken back already.
    """
    person.require(Right.CHANGE)
    # Locked on PostgreSQL: who takes it back at this moment, too, waits.
    change = session.scalar(select(PolicyChange).where(PolicyChange.id == number).with_for_update())
    if change is None or change.withdraws_id is not None or not may_withdraw(person, change.officer_id):
        raise ForbiddenError("Catatan perubahan ini tidak ada, atau bukan Anda yang boleh menariknya.")
    if session.scalar(select(PolicyChange.id).where(PolicyChange.withdraws_id == number)) is not None:
        raise ConflictError("Catatan perubahan ini sudah ditarik. Muat ulang halaman.")
    row = PolicyChange(
        theme_id=change.theme_id,
        theme_name=change.theme_name,
        definition=change.definition,
        unit=change.unit,
        change=change.change,
        changed_on=change.changed_on,
        withdraws_id=number,
        officer_id=person.id,
        at=clock.now(),
    )
    session.add(row)
    details = {"nomor": number, "tema": change.theme_id, "unit": change.unit, "hal": "tarik"}
    audit.write(session, audit.Event.CHANGE, person=person, details=details)


def _standing(session: Session, *where: ColumnElement[bool]) -> list[Change]:
    later = aliased(PolicyChange)
    taken_back = select(later.withdraws_id).where(later.withdraws_id.is_not(None))
    rows = session.execute(
        select(PolicyChange, Officer)
        .join(Officer, Officer.id == PolicyChange.officer_id)
        .where(PolicyChange.withdraws_id.is_(None), PolicyChange.id.not_in(taken_back), *where)
        .order_by(PolicyChange.changed_on, PolicyChange.id)
    ).all()
    texts = masked([change.change for change, _ in rows])
    return [
        Change(
            one.id,
            one.theme_id,
            one.theme_name,
            one.definition,
            one.unit,
            text,
            one.changed_on,
            officer.id,
            officer.name,
            officer.role,
            one.at,
        )
        for (one, officer), text in zip(rows, texts, strict=True)
    ]
