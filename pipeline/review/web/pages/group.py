"""A group of similar complaints: read them together, accept what is suggested for those that are ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from pipeline.errors import ReviewError
from pipeline.review import clock, complaint, deciding
from pipeline.review.locks import held_by_other
from pipeline.review.people import Person, visible
from pipeline.review.privacy import masked_text
from pipeline.review.store.tables import WAITING, Complaint
from pipeline.review.web.pages.common import (
    Deciding,
    Seeing,
    TheForm,
    TheStore,
    address,
    number_in,
    place_in_queue,
    query_of,
    render,
)
from pipeline.review.web.pages.outcome import told
from pipeline.routing.decision import ACTIONS

router = APIRouter()
PAGE = "/kelompok"
"""The group is named by one of its complaints (``aduan``): its own name may be the id of one that is hidden."""
MOST = 200
"""Complaints shown, and decided, at once."""


@dataclass(frozen=True)
class Member:
    """A waiting complaint of the group. ``alone``: why it cannot be forwarded with the others, ``""`` where it can.

    ``locked``: somebody else has it open.
    """

    complaint: Complaint
    masked: str
    locked: bool
    alone: str


@router.get(PAGE)
def show_group(request: Request, person: Seeing, store: TheStore) -> Response:
    """Show the waiting complaints of a group in full, masked."""
    query, now = query_of(request), clock.now()
    with store.read() as session:
        name = _group_of(session, person, query)
        mine = [Complaint.group_name == name, *visible(person)]
        waiting = session.scalars(
            select(Complaint).where(*mine, Complaint.state == WAITING).order_by(Complaint.id).limit(MOST + 1)
        ).all()
        size = session.scalar(select(func.count()).where(*mine)) or 0
        may_name = not person.units or name in complaint.known_names(session, person, [name])
        outcome = told(session, person, number_in(query, "hasil"))
    members = [
        Member(one, masked_text(one.text, one.spans), held_by_other(person, one, now), _alone(one))
        for one in waiting[:MOST]
    ]
    return render(
        request,
        "kelompok.html",
        name=name if may_name else "",
        number=number_in(query, "aduan"),
        members=members,
        size=size,
        more=len(waiting) > MOST,
        here=place_in_queue(query),
        outcome=outcome,
        left_out=number_in(query, "dilewati") or 0,
        actions=ACTIONS,
    )


@router.post(PAGE)
def accept(request: Request, person: Deciding, store: TheStore, form: TheForm) -> Response:
    """Forward the ticked complaints, each to its own first suggestion."""
    query = query_of(request)
    seen = _ticked(form)
    if not seen:
        raise ReviewError("Pilih dulu aduan yang sarannya diterima.")
    with store.write() as session:
        name = _group_of(session, person, query)
        done, left_out = deciding.decide_group(session, person, name, seen=seen)
    result = {"hasil": done[-1].id if done else "", "dilewati": len(left_out) or ""}
    return RedirectResponse(address(PAGE, {"aduan": number_in(query, "aduan")}, place_in_queue(query), result), 303)


def _group_of(session: Session, person: Person, query: Mapping[str, str]) -> str:
    """Return the name of the group of the complaint that the address names; not found where the person sees none."""
    number = number_in(query, "aduan")
    found = None if number is None else complaint.find(session, person, number)
    if found is None or not found.group_name:
        raise HTTPException(404)
    return found.group_name


def _alone(one: Complaint) -> str:
    if one.restricted:
        return "unit sarannya dituduh atau aduannya rahasia"
    if one.watched:
        return "berkadar pengawasan"
    return "" if one.action in deciding.TOGETHER else "sarannya bukan untuk diteruskan"


def _ticked(form: FormData) -> dict[int, tuple[int, int]]:
    """Return the ticked complaints with version and suggestion that were seen: fields ``pilih`` like ``12:1:40``."""
    seen = {}
    for value in form.getlist("pilih")[:MOST]:
        parts = dict(zip(("number", "version", "suggestion"), str(value).split(":"), strict=False))
        number, version, suggestion = (number_in(parts, name) for name in ("number", "version", "suggestion"))
        if number is not None and version is not None and suggestion is not None:
            seen[number] = (version, suggestion)
    return seen
