"""Undoing one's last decision; a whole group's only after a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.catalogue import unit_short
from pipeline.errors import ReviewError
from pipeline.review import complaint, deciding, locks, refusals
from pipeline.review.people import Person
from pipeline.review.store.tables import Complaint, Decision
from pipeline.review.undoing import is_among
from pipeline.review.web.errors import answer, status_of
from pipeline.review.web.pages.common import (
    Deciding,
    TheForm,
    TheStore,
    address,
    number_in,
    place_in_queue,
    query_of,
    render,
)
from pipeline.review.web.pages.rows import outcome

router = APIRouter()
SHOWN: Final = 20
"""Decisions of a group that the question names."""


@dataclass(frozen=True)
class Offer:
    """What can be undone now. ``decision``: its number, or that of one of its group; ``text``: what the button says."""

    decision: int
    text: str


def offer(session: Session, person: Person) -> Offer | None:
    """Return what *person* can undo now, ``None`` where that is nothing."""
    meant = deciding.undoable(session, person)
    if not meant:
        return None
    if len(meant) > 1:
        return Offer(meant[-1].id, f"{len(meant)} aduan sekelompok")
    (decision,) = meant
    number = session.scalar(select(Complaint.external_id).where(Complaint.id == decision.complaint_id))
    return Offer(decision.id, f"{number} → {unit_short(decision.unit) if decision.unit else outcome(decision)}")


@router.post("/urung")
def undo(request: Request, person: Deciding, store: TheStore, form: TheForm) -> Response:
    """Undo one's last decision and go back to its complaint (to the queue where it was a whole group, or is hidden).

    ``putusan``: the decision that is meant; ``yakin``: a group's are to be undone without asking again; ``dari``: the
    complaint that was open, which is let go.
    """
    query = query_of(request)
    here, left, expected = place_in_queue(query), number_in(query, "dari"), number_in(form, "putusan")
    if "yakin" not in form:
        with store.read() as session:
            meant = deciding.undoable(session, person)
            as_expected = expected is None or is_among(session.get(Decision, expected), meant)
            if len(meant) > 1 and as_expected:
                return _question(request, session, meant, {**here, "dari": left})
    try:
        with store.write() as session:
            undone = deciding.undo(session, person, expected)
            if left is not None:
                locks.release(session, person, left)
            back = undone[0].complaint_id if len(undone) == 1 else None
            to_queue = back is None or complaint.find(session, person, back) is None
    except ReviewError as error:
        return answer(request, status_of(error), refusals.told(error, request.app.state.timezone))
    return RedirectResponse(address("/antrian" if to_queue else f"/aduan/{back}", here, {"hasil": undone[-1].id}), 303)


def _question(request: Request, session: Session, meant: list[Decision], here: dict[str, object]) -> Response:
    of_those = select(Complaint.id, Complaint.external_id).where(Complaint.id.in_([one.complaint_id for one in meant]))
    numbers = dict(session.execute(of_those).all())
    return render(
        request,
        "urung.html",
        size=len(meant),
        shown=[(numbers[one.complaint_id], outcome(one)) for one in meant[:SHOWN]],
        decision=meant[-1].id,
        here=here,
    )
