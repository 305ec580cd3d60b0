"""Personal data in stored complaints: shown as ``[NIK]``; who may open it does so on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review import audit
from pipeline.review.people import Person, Right, visible
from pipeline.review.refusals import out_of_sight
from pipeline.review.store.tables import Complaint, Suggestion


@dataclass(frozen=True)
class Piece:
    """A stretch of a masked text; ``kind`` is "" where it is as the citizen wrote it, else what was masked there."""

    text: str
    kind: str


def pieces(text: str, spans: Sequence[Sequence[Any]]) -> Iterator[Piece]:
    """Yield *text* in pieces, each of the personal *spans* (start, end, kind; in order, apart) as ``[KIND]``."""
    done = 0
    for start, end, kind in spans:
        if start > done:
            yield Piece(text[done:start], "")
        yield Piece(f"[{kind.upper()}]", kind)
        done = end
    if done < len(text):
        yield Piece(text[done:], "")


def masked_text(text: str, spans: Sequence[Sequence[Any]]) -> str:
    """Return *text* as :func:`pipeline.text.mask` gives it, from the *spans* found at the import."""
    return "".join(piece.text for piece in pieces(text, spans))


def reveal(session: Session, person: Person, complaint_id: int) -> Complaint:
    """Return a complaint whose text *person* is then shown unmasked; audited by kind, place and keyed hash.

    Raises :class:`ForbiddenError` where the role lacks the right or the complaint is none that the person may see.
    """
    person.require(Right.REVEAL)
    complaint = session.scalar(select(Complaint).where(Complaint.id == complaint_id, *visible(person)))
    if complaint is None:
        raise out_of_sight()
    shown = [
        {"jenis": kind, "awal": start, "akhir": end, "hmac": audit.keyed_hash(session, complaint.text[start:end])}
        for start, end, kind in complaint.spans
    ]
    version = select(Suggestion.model_version).where(Suggestion.id == complaint.suggestion_id)
    audit.write(
        session,
        audit.Event.REVEAL,
        person=person,
        complaint_id=complaint.id,
        model_version=session.scalar(version),
        details={"data": shown},
    )
    return complaint
