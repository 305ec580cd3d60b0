"""What leaders decide on a digest, and how far its follow-up is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import ConflictError, ForbiddenError
from pipeline.review import audit, clock
from pipeline.review.monev.content import Content
from pipeline.review.monev.digests import opened, require
from pipeline.review.monev.words import FieldError, short_enough, written
from pipeline.review.people import Person, Right
from pipeline.review.refusals import digest_out_of_sight
from pipeline.review.store.monev_tables import MonevDecision, MonevFollowUp

KEPT: Final = "semula"
"""Subject of a decision that replaces another: what that one was about."""
LONGEST_OFFICE = 200


class State(StrEnum):
    """How far a follow-up is."""

    RUNNING = "berjalan"
    STUCK = "terhambat"
    DONE = "selesai"


@dataclass(frozen=True)
class Subject:
    """What of a digest a decision may be about. ``value``: its name in the form."""

    value: str
    theme_id: str | None
    name: str


@dataclass(frozen=True)
class Resolution:
    """What a leader decides. ``subject``: a :class:`Subject`'s value, :data:`KEPT`, or ``""`` for neither.

    ``responsible``: a unit's label or another office's name; ``due``: the last day of the follow-up; ``replaces``: id
    of the decision that this one stands for from now on.
    """

    decided: str
    subject: str = ""
    follow_up: str = ""
    responsible: str = ""
    due: dt.date | None = None
    replaces: int | None = None


def subjects(content: Content) -> list[Subject]:
    """Return what a decision on the digest may be about: its themes, then what waits."""
    themes = [Subject(f"tema:{theme.id}", theme.id, theme.name) for theme in content.themes]
    return themes + [Subject(f"menunggu:{one.title}", None, one.title) for one in content.waiting]


def decide(session: Session, person: Person, period: str, unit: str, resolution: Resolution) -> int:
    """Keep a leader's decision on a digest; audited without its words. Return the decision's number.

    *session* is one of ``Store.write()``.

    Raises:
        FieldError: A text is missing or too long, the subject is not in the newest edition, or the day is too early.
        ForbiddenError: *person* may not read the digest, or may not replace that decision.
        ConflictError: The decision to be replaced was replaced already.
    """
    _, content = opened(session, person, period, unit)
    old = None if resolution.replaces is None else _replaceable(session, person, period, unit, resolution.replaces)
    theme_id, about = _subject(content, resolution.subject, old)
    follow_up = short_enough(resolution.follow_up, "tindak_lanjut", "Tindak lanjut")
    responsible = short_enough(resolution.responsible, "penanggung_jawab", "Penanggung jawab", LONGEST_OFFICE)
    decided = written(resolution.decided, "keputusan", "Keputusan")
    if follow_up and not responsible:
        raise FieldError("penanggung_jawab", "Isi siapa yang bertanggung jawab atas tindak lanjutnya.")
    if resolution.due is not None and not follow_up:
        raise FieldError("tindak_lanjut", "Isi tindak lanjut yang bertenggat itu, atau kosongkan tenggatnya.")
    if resolution.due is not None and resolution.due < content.as_of:
        raise FieldError("tenggat", f"Tenggat lebih awal dari tanggal ringkasan ({content.as_of:%d/%m/%Y}).")
    row = MonevDecision(
        period=period,
        unit=unit,
        theme_id=theme_id,
        about=about,
        decided=decided,
        follow_up=follow_up,
        responsible=responsible if follow_up else "",  # the form of a unit's head names the unit beforehand
        due=resolution.due,
        replaces_id=resolution.replaces,
        officer_id=person.id,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    details = {"nomor": row.id, "periode": period, "unit": unit, "tema": theme_id, "mengganti": resolution.replaces}
    audit.write(session, audit.Event.LEAD, person=person, details=details)
    return row.id


def may_replace(person: Person, officer_id: int) -> bool:
    """Tell whether *person* may replace a decision of *officer_id*: one's own, at the minister's level anybody's."""
    return person.may(Right.LEAD) and (not person.units or person.id == officer_id)


def may_report(person: Person, unit: str, responsible: str) -> bool:
    """Tell whether *person* may report on a decision: who reads the digest it is on, and the unit that has to act."""
    return person.may(Right.LEAD) and (not person.units or not person.units.isdisjoint({unit, responsible}))


def report(session: Session, person: Person, decision_id: int, state: str, status: str) -> MonevDecision:
    """Keep how far the follow-up of a decision is; audited without its words. Return the decision.

    *session* is one of ``Store.write()``.

    Raises:
        FieldError: The state is none of :class:`State`, or the text is missing or too long.
        ForbiddenError: There is no such decision, or *person* may not report on it.
        ConflictError: Another decision stands for it by now.
    """
    person.require(Right.LEAD)
    decision = _locked(session, decision_id)
    if decision is None or not may_report(person, decision.unit, decision.responsible):
        raise digest_out_of_sight()
    _refuse_replaced(session, decision)
    if not decision.follow_up:
        raise FieldError("status", "Keputusan ini tidak meminta tindak lanjut.")
    if state not in list(State):
        raise FieldError("keadaan", f"Pilih keadaan tindak lanjut: {', '.join(State)}.")
    status = written(status, "status", "Laporan tindak lanjut")
    session.add(
        MonevFollowUp(decision_id=decision.id, state=str(state), status=status, officer_id=person.id, at=clock.now())
    )
    details = {"nomor": decision.id, "periode": decision.period, "unit": decision.unit, "keadaan": str(state)}
    audit.write(session, audit.Event.FOLLOW_UP, person=person, details=details)
    return decision


def _subject(content: Content, value: str, old: MonevDecision | None) -> tuple[str | None, str]:
    if value == KEPT and old is not None:
        return old.theme_id, old.about
    if not value:
        return None, ""
    for subject in subjects(content):
        if subject.value == value:
            return subject.theme_id, subject.name
    raise FieldError("perihal", "Perihal ini tidak ada lagi dalam ringkasan terbaru. Pilih lagi dari daftar.")


def _replaceable(session: Session, person: Person, period: str, unit: str, number: int) -> MonevDecision:
    old = _locked(session, number)
    if old is None or (old.period, old.unit) != (period, unit):
        raise digest_out_of_sight()
    require(person, old.unit)
    if not may_replace(person, old.officer_id):
        raise ForbiddenError("Keputusan pimpinan lain hanya dapat diganti oleh pimpinan tertinggi.")
    _refuse_replaced(session, old)
    return old


def _locked(session: Session, number: int) -> MonevDecision | None:
    """Return the decision, locked on PostgreSQL: who replaces it at this moment waits, and finds what stands then."""
    return session.scalar(select(MonevDecision).where(MonevDecision.id == number).with_for_update())


def _refuse_replaced(session: Session, decision: MonevDecision) -> None:
    if session.scalar(select(MonevDecision.id).where(MonevDecision.replaces_id == decision.id)) is not None:
        raise ConflictError("Keputusan ini sudah diganti keputusan lain. Muat ulang halaman.")
