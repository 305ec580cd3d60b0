"""What a page says after a decision: the address names the decision, so nobody can put words into it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.catalogue import unit_name
from pipeline.review.people import Person, visible
from pipeline.review.store.tables import DECISION, UNDO, Complaint, Decision
from pipeline.review.undoing import is_among, undoable

_DONE = {"lengkapi": "dikembalikan untuk dilengkapi", "bukan_aduan": "ditandai bukan aduan"}


@dataclass(frozen=True)
class Outcome:
    """``text``: what was done; ``undoes``: the decision that its button takes back, ``None`` where that cannot be."""

    text: str
    undoes: int | None


def told(session: Session, person: Person, decision_id: int | None) -> Outcome | None:
    """Return what *person*'s own decision *decision_id* did.

    ``None`` where it is none of the person's, or about a complaint that the person may no longer know of.
    """
    decision = None if decision_id is None else session.get(Decision, decision_id)
    if decision is None or decision.officer_id != person.id:
        return None
    if decision.kind == UNDO:
        return Outcome(_undone(session, person, decision), None)
    text = _forwarded(session, decision) if decision.bulk else _decided(session, person, decision)
    if not text:
        return None
    return Outcome(text, decision.id if is_among(decision, undoable(session, person)) else None)


def _forwarded(session: Session, decision: Decision) -> str:
    size = session.scalar(select(func.count()).where(Decision.bulk == decision.bulk, Decision.kind == DECISION))
    return f"{size} aduan sekelompok diteruskan menurut sarannya masing-masing."


def _decided(session: Session, person: Person, decision: Decision) -> str:
    seen = select(Complaint.external_id).where(Complaint.id == decision.complaint_id, *visible(person))
    number = session.scalar(seen)
    if number is None:
        return ""
    done = f"diteruskan ke {unit_name(decision.unit)}" if decision.unit else _DONE.get(decision.action, decision.action)
    return f"Aduan {number} {done}."


def _undone(session: Session, person: Person, undoing: Decision) -> str:
    """Return what was undone at the same moment, and of a group what was not and why."""
    if undoing.bulk is None:
        return "Keputusan diurungkan; aduannya kembali seperti sebelumnya."
    of_group = Decision.bulk == undoing.bulk
    at_once = select(func.count()).where(of_group, Decision.kind == UNDO, Decision.at == undoing.at)
    text = f"{session.scalar(at_once)} keputusan diurungkan; aduannya kembali seperti sebelumnya."
    taken_back = select(Decision.undoes_id).where(of_group, Decision.kind == UNDO)
    stayed = (of_group, Decision.kind == DECISION, Decision.id.not_in(taken_back))
    left = session.scalar(select(func.count()).where(*stayed)) or 0
    again = session.scalar(
        select(func.count())
        .select_from(Decision)
        .join(Complaint, Complaint.id == Decision.complaint_id)
        .where(*stayed, Complaint.decision_id != Decision.id, *visible(person))
    )
    why = [
        f"{number} {reason}"
        for number, reason in (
            (again, "aduannya sudah diputuskan lagi"),
            (left - (again or 0), "sedang dibuka petugas lain atau tidak lagi dapat Anda lihat"),
        )
        if number
    ]
    return f"{text} {left} tidak diurungkan: {', '.join(why)}." if left else text
