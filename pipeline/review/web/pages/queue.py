"""The queue: who waits, in what order, narrowed by filters; what came since; undoing one's last decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.catalogue import LEVELS
from pipeline.review import clock, deciding, locks, queue
from pipeline.review.complaint import days_left
from pipeline.review.people import Person, Right, visible
from pipeline.review.queue import Filters
from pipeline.review.store.tables import NO_DUE, Complaint
from pipeline.review.web.pages.common import (
    TheStore,
    address,
    is_partial,
    need,
    number_in,
    query_of,
    render,
)
from pipeline.review.web.pages.outcome import told
from pipeline.review.web.security import POLLED
from pipeline.routing.decision import ACTIONS

router = APIRouter()
Seeing = Annotated[Person, Depends(need(Right.SEE))]
Deciding = Annotated[Person, Depends(need(Right.DECIDE))]


@dataclass(frozen=True)
class Line:
    """A row of the queue with what is shown beside it: working days left, and how many reports its group has."""

    row: queue.Row
    left: str
    late: bool
    group_size: int


@router.get("/antrian")
def show_queue(request: Request, person: Seeing, store: TheStore) -> Response:
    """Show the queue, or with htmx its next rows."""
    query = query_of(request)
    filters = Filters.from_query(query)
    with store.read() as session:
        page = queue.page(session, person, filters, after=query.get("setelah"), upto=number_in(query, "upto"))
        lines = _lines(session, person, page, request)
        shared: dict[str, Any] = {
            "page": page,
            "lines": lines,
            "filters": filters,
            "query": filters.to_query(),
            "here": {**filters.to_query(), "upto": page.upto},
            "actions": ACTIONS,
        }
        if is_partial(request):
            return render(request, "_baris.html", **shared)
        return render(
            request,
            "antrian.html",
            counts=queue.counts(session, person, filters, zone=request.app.state.timezone),
            facets=queue.facets(session, person),
            levels=LEVELS[::-1],
            outcome=told(session, person, number_in(query, "hasil")),
            finished="habis" in query,
            continued="setelah" in query,
            **shared,
        )


@router.get(POLLED)
def newer(request: Request, person: Seeing, store: TheStore) -> Response:
    """Say how many complaints came since the queue was opened; asked every half minute."""
    query = query_of(request)
    filters = Filters.from_query(query)
    with store.read() as session:
        page = queue.page(session, person, filters, upto=number_in(query, "upto"), limit=1)
    return render(request, "_baru.html", page=page, query=filters.to_query(), upto=page.upto)


@router.post("/urung")
def undo(request: Request, person: Deciding, store: TheStore) -> Response:
    """Undo one's last decision and go back to its complaint (to the queue where it was a whole group).

    ``dari``: the complaint that was open, which is let go.
    """
    query = query_of(request)
    here = {**Filters.from_query(query).to_query(), "upto": number_in(query, "upto")}
    left = number_in(query, "dari")
    with store.write() as session:
        undone = deciding.undo(session, person)
        if left is not None:
            locks.release(session, person, left)
    result = {"hasil": undone[-1].id}
    if len(undone) == 1:
        return RedirectResponse(address(f"/aduan/{undone[0].complaint_id}", here, result), 303)
    return RedirectResponse(address("/antrian", here, result), 303)


def _lines(session: Session, person: Person, page: queue.Page, request: Request) -> list[Line]:
    names = {row.complaint.group_name for row in page.rows if row.complaint.group_name}
    sizes: dict[str, int] = {}
    if names:
        grouped = select(Complaint.group_name, func.count()).where(Complaint.group_name.in_(names), *visible(person))
        sizes = dict(session.execute(grouped.group_by(Complaint.group_name)).all())
    calendar, today = request.app.state.calendar, clock.today(request.app.state.timezone)
    lines = []
    for row in page.rows:
        due = row.complaint.due
        left, late = ("", False) if due == NO_DUE else days_left(calendar, today, due)
        lines.append(Line(row, left, late, sizes.get(row.complaint.group_name, 0)))
    return lines
