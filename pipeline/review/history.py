"""What was decided on a complaint, and what was undone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.store.tables import Decision, Officer, Suggestion


@dataclass(frozen=True)
class HistoryItem:
    """One decision, or one undoing (``kind``) with what it took back. ``name``: who; ``at``: when, in UTC."""

    id: int
    at: dt.datetime
    name: str
    kind: str
    unit: str | None
    level: str
    action: str
    note: str
    copies: list[str]
    returned_from: str | None
    model_version: str
    rank: int | None


def history(session: Session, complaint_id: int) -> list[HistoryItem]:
    """Return a complaint's decisions and undoings, the oldest first.

    Whether the person may see the complaint is for the caller to check.
    """
    found = session.execute(
        select(Decision, Officer.name, Suggestion.model_version)
        .join(Officer, Officer.id == Decision.officer_id)
        .join(Suggestion, Suggestion.id == Decision.suggestion_id)
        .where(Decision.complaint_id == complaint_id)
        .order_by(Decision.id)
    )
    return [
        HistoryItem(
            id=decision.id,
            at=decision.at,
            name=name,
            kind=decision.kind,
            unit=decision.unit,
            level=decision.level,
            action=decision.action,
            note=decision.note,
            copies=decision.copies,
            returned_from=decision.returned_from,
            model_version=version,
            rank=decision.rank,
        )
        for decision, name, version in found
    ]
