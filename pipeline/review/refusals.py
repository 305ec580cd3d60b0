"""Why a complaint cannot be opened or decided, told so that officers know who, what and when."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.catalogue import unit_name
from pipeline.errors import ConflictError, ForbiddenError, LockedError, ReviewError
from pipeline.review import clock
from pipeline.review.people import Person, visible
from pipeline.review.store.tables import DECISION, Complaint, Decision, Officer
from pipeline.routing import ACTIONS

ZONE = "Asia/Jakarta"
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
    *("September", "Oktober", "November", "Desember"),
)


class HeldError(LockedError):
    """*by* (a name) has the complaint open until *until* (UTC)."""

    def __init__(self, by: str, until: dt.datetime) -> None:
        super().__init__(f"Aduan ini sedang dibuka oleh {by} sampai {moment(until)}.")
        self.by, self.until = by, until


class ChangedError(ConflictError):
    """*by* (a name) was quicker, at *at* (UTC), and decided *what*."""

    def __init__(self, by: str, what: str, at: dt.datetime) -> None:
        super().__init__(f"Aduan ini sudah diputuskan oleh {by} pada {moment(at)}: {what}. Muat ulang halaman.")
        self.by, self.what, self.at = by, what, at


def moment(at: dt.datetime, zone: str = ZONE) -> str:
    """Return a moment as people read it in the time zone *zone*: ``27 November 2026 pukul 14.05 WIB``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {local.tzname()}"


def outcome(action: str, unit: str | None) -> str:
    """Return in words what was decided: ``teruskan ke Inspektorat Jenderal``."""
    return f"{action} ke {unit_name(unit)}" if unit else ACTIONS.get(action, action)


def explain(session: Session, person: Person, complaint_id: int) -> ReviewError:
    """Return why *person* could not change a complaint: out of sight, open elsewhere, or changed meanwhile."""
    found = session.execute(
        select(Complaint.locked_by, Complaint.locked_until, Complaint.decision_id, Officer.name)
        .outerjoin(Officer, Officer.id == Complaint.locked_by)
        .where(Complaint.id == complaint_id, *visible(person))
    ).first()
    if found is None:
        return out_of_sight()
    holder, until, decision_id, name = found
    if holder not in {None, person.id} and until is not None and until > clock.now():
        return HeldError(name, until)
    return changed(session, complaint_id, decision_id)


def changed(session: Session, complaint_id: int, decision_id: int | None) -> ConflictError:
    """Return that a complaint, whose decision that stands is *decision_id*, is not as it was seen."""
    newest = select(Decision.id).where(Decision.complaint_id == complaint_id).order_by(Decision.id.desc()).limit(1)
    found = session.execute(
        select(Decision.kind, Decision.action, Decision.unit, Decision.at, Officer.name)
        .join(Officer, Officer.id == Decision.officer_id)
        .where(Decision.id.in_(newest.scalar_subquery() if decision_id is None else [decision_id]))
    ).first()
    if found is None:
        return ConflictError("Aduan ini sudah berubah sejak Anda membukanya. Muat ulang halaman.")
    kind, action, unit, at, name = found
    if kind == DECISION:
        return ChangedError(name, outcome(action, unit), at)
    return ConflictError(f"Keputusan aduan ini diurungkan oleh {name} pada {moment(at)}. Muat ulang halaman.")


def out_of_sight() -> ForbiddenError:
    """Return that a complaint is none that the person may see, or none at all: which of them is not told."""
    return ForbiddenError("Aduan ini tidak ada atau di luar unit Anda.")
