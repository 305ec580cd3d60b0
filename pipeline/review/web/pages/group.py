"""A group of similar complaints: read them together, accept what is suggested for those that are ticked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from pipeline.errors import ReviewError
from pipeline.review import clock, deciding
from pipeline.review.people import Person, Right, visible
from pipeline.review.privacy import masked_text
from pipeline.review.queue import Filters
from pipeline.review.store.tables import WAITING, Complaint
from pipeline.review.web.pages.common import (
    TheForm,
    TheStore,
    address,
    clean,
    need,
    number_in,
    query_of,
    render,
)
from pipeline.review.web.pages.outcome import told
from pipeline.routing.decision import ACTIONS

router = APIRouter()
MOST = 200
"""Complaints shown, and decided, at once."""


@dataclass(frozen=True)
class Member:
    """A waiting complaint of the group; ``locked``: somebody else has it open."""

    complaint: Complaint
    masked: str
    locked: bool


@router.get("/kelompok/{name:path}")
def show_group(
    request: Request, name: str, person: Annotated[Person, Depends(need(Right.SEE))], store: TheStore
) -> Response:
    """Show the waiting complaints of a group in full, masked."""
    query, now, name = query_of(request), clock.now(), clean(name)
    mine = [Complaint.group_name == name, *visible(person)]
    with store.read() as session:
        waiting = session.scalars(
            select(Complaint).where(*mine, Complaint.state == WAITING).order_by(Complaint.id).limit(MOST + 1)
        ).all()
        size = session.scalar(select(func.count()).where(*mine)) or 0
        outcome = told(session, person, number_in(query, "hasil"))
    if not name or not size:
        raise HTTPException(404)
    members = [
        Member(
            one,
            masked_text(one.text, one.spans),
            one.locked_by not in {None, person.id} and one.locked_until is not None and one.locked_until > now,
        )
        for one in waiting[:MOST]
    ]
    return render(
        request,
        "kelompok.html",
        name=name,
        members=members,
        size=size,
        more=len(waiting) > MOST,
        here={**Filters.from_query(query).to_query(), "upto": number_in(query, "upto") or ""},
        outcome=outcome,
        left_out=number_in(query, "dilewati") or 0,
        actions=ACTIONS,
    )


@router.post("/kelompok/{name:path}")
def accept(
    request: Request, name: str, person: Annotated[Person, Depends(need(Right.DECIDE))], store: TheStore, form: TheForm
) -> Response:
    """Forward the ticked complaints, each to its own first suggestion."""
    query, name = query_of(request), clean(name)
    here = {**Filters.from_query(query).to_query(), "upto": number_in(query, "upto") or ""}
    seen = _ticked(form)
    if not seen:
        raise ReviewError("Pilih dulu aduan yang sarannya diterima.")
    with store.write() as session:
        done, left_out = deciding.decide_group(session, person, name, seen=seen)
    result = {"hasil": done[-1].id if done else "", "dilewati": len(left_out) or ""}
    return RedirectResponse(address(request.url.path, here, result), 303)


def _ticked(form: FormData) -> dict[int, int]:
    """Return the ticked complaints with the version that was seen: fields ``pilih`` of the form ``12:1``."""
    seen = {}
    for value in form.getlist("pilih")[:MOST]:
        number, _, version = str(value).partition(":")
        given = {"number": number, "version": version}
        found, at = number_in(given, "number"), number_in(given, "version")
        if found is not None and at is not None:
            seen[found] = at
    return seen
