"""What a page says after a decision: the address names the decision, so nobody can put words into it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.catalogue import unit_name
from pipeline.review.people import Person
from pipeline.review.store.tables import UNDO, Complaint, Decision

_DONE = {"lengkapi": "dikembalikan untuk dilengkapi", "bukan_aduan": "ditandai bukan aduan"}


@dataclass(frozen=True)
class Outcome:
    """``text``: what was done; ``may_undo``: whether it is a decision that the person may still take back."""

    text: str
    may_undo: bool


def told(session: Session, person: Person, decision_id: int | None) -> Outcome | None:
    """Return what *person*'s own decision *decision_id* did, ``None`` where it is none of the person's."""
    decision = None if decision_id is None else session.get(Decision, decision_id)
    if decision is None or decision.officer_id != person.id:
        return None
    size = 1
    if decision.bulk:
        same = select(func.count()).where(Decision.bulk == decision.bulk, Decision.kind == decision.kind)
        size = session.scalar(same) or 1
    if decision.kind == UNDO:
        what = "Keputusan" if size == 1 else f"{size} keputusan"
        return Outcome(f"{what} diurungkan; aduannya kembali seperti sebelumnya.", False)
    if size > 1:
        return Outcome(f"{size} aduan sekelompok diteruskan menurut sarannya masing-masing.", True)
    number = session.scalar(select(Complaint.external_id).where(Complaint.id == decision.complaint_id))
    if decision.unit:
        return Outcome(f"Aduan {number} diteruskan ke {unit_name(decision.unit)}.", True)
    return Outcome(f"Aduan {number} {_DONE.get(decision.action, decision.action)}.", True)
