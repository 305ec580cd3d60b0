"""One complaint: read it, see why the units are suggested, decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from pipeline.catalogue import LEVELS
from pipeline.errors import ConflictError, ReviewError
from pipeline.review import clock, complaint, deciding, locks, queue, refusals
from pipeline.review.choices import DECIDABLE
from pipeline.review.people import Person, Right
from pipeline.review.privacy import reveal
from pipeline.review.queue import Filters
from pipeline.review.store import Store
from pipeline.review.store.tables import WAITING, Complaint
from pipeline.review.web.errors import status_of
from pipeline.review.web.pages.common import (
    Deciding,
    Seeing,
    TheForm,
    TheStore,
    address,
    is_partial,
    number_in,
    place_in_queue,
    query_of,
    render,
)
from pipeline.review.web.pages.decision_form import (
    Draft,
    FormError,
    check_accused,
    check_units,
    read_form,
    read_version,
)
from pipeline.review.web.pages.outcome import told
from pipeline.review.web.pages.unit_search import unit_options
from pipeline.routing.decision import ACTIONS

router = APIRouter()
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_RELOAD = " Muat ulang halaman."
"""What a refusal advises elsewhere; here the page is as new as can be, and what was typed stands in it."""


@router.get("/aduan/{number}")
def show(request: Request, number: Number, person: Seeing, store: TheStore) -> Response:
    """Show a complaint; who may decide takes its lock where it is free."""
    return _page(request, store, person, number)


@router.post("/aduan/{number}/buka")
def show_personal(request: Request, number: Number, person: Seeing, store: TheStore) -> Response:
    """Show the text once with its personal data; that is logged."""
    with store.write() as session:
        opened = reveal(session, person, number)
    if not is_partial(request):
        return _page(request, store, person, number, revealed=True)
    with store.read() as session:
        shown = _view(request, session, person, opened, masked=False)
    return render(request, "_teks.html", view=shown, revealed=True, here=_here(request))


@router.post("/aduan/{number}/putuskan")
def decide(request: Request, number: Number, person: Deciding, store: TheStore, form: TheForm) -> Response:
    """Keep the decision and go on to the next complaint; where it is refused, show why and what was typed."""
    with store.read() as session:
        labels = queue.unit_choices(session)
        draft = read_form(form, labels)
    version, suggestion_id = read_version(form)
    following = _following(request, store, person, number)  # before: deciding again moves a decided one to the front
    try:
        choice = draft.choice()
        check_units(draft, labels)
        with store.write() as session:
            seen = complaint.find(session, person, number)
            check_accused(session, seen, suggestion_id, choice, knows=draft.knows)
            done = deciding.decide(session, person, number, choice, version=version, suggestion_id=suggestion_id)
    except ReviewError as error:
        return _page(request, store, person, number, draft.again(), error)
    return _go_on(number, following, {**_here(request), "hasil": done.id})


@router.get("/aduan/{number}/putuskan")
def reload(request: Request, number: Number) -> Response:
    """Send who reloads a refused decision's page to the complaint."""
    return RedirectResponse(address(f"/aduan/{number}", _here(request)), 303)


@router.post("/aduan/{number}/lewati")
def skip(request: Request, number: Number, person: Seeing, store: TheStore) -> Response:
    """Go on to the next complaint without deciding; the lock is given up."""
    with store.write() as session:
        locks.release(session, person, number)
    return _go_on(number, _following(request, store, person, number), _here(request))


@router.post("/aduan/{number}/tutup")
def leave(request: Request, number: Number, person: Seeing, store: TheStore) -> Response:
    """Go back to the queue, to the complaint's place in it; the lock is given up."""
    with store.write() as session:
        locks.release(session, person, number)
    return RedirectResponse(f"{address('/antrian', _here(request))}#aduan-{number}", 303)


@router.post("/aduan/{number}/ambil")
def take_over(request: Request, number: Number, person: Deciding, store: TheStore) -> Response:
    """Take the lock from whoever has it; logged."""
    with store.write() as session:
        locks.take(session, person, number, force=True)
    return RedirectResponse(address(f"/aduan/{number}", _here(request)), 303)


def _here(request: Request) -> dict[str, Any]:
    """Return the queue that the complaint was opened from, as an address has it."""
    return place_in_queue(query_of(request))


def _following(request: Request, store: Store, person: Person, number: int) -> int | None:
    query, zone = query_of(request), request.app.state.timezone
    filters, upto = Filters.from_query(query), number_in(query, "upto")
    with store.read() as session:
        return queue.next_id(session, person, filters, after_id=number, upto=upto, zone=zone)


def _go_on(number: int, following: int | None, here: Mapping[str, Any]) -> Response:
    """Go to the complaint that follows *number*, to the queue's beginning where none does."""
    if following is None or following == number:
        return RedirectResponse(address("/antrian", here, {"setelah": "", "habis": 1}), 303)
    return RedirectResponse(address(f"/aduan/{following}", here), 303)


def _view(
    request: Request, session: Session, person: Person, found: Complaint, *, masked: bool = True
) -> complaint.View:
    state = request.app.state
    return complaint.view(session, person, found, state.calendar, clock.today(state.timezone), masked=masked)


def _page(
    request: Request,
    store: Store,
    person: Person,
    number: int,
    draft: Draft | None = None,
    refused: ReviewError | None = None,
    *,
    revealed: bool = False,
) -> Response:
    """Return the complaint's page; *draft*: what the officer typed before it was *refused*."""
    with store.read() as session:
        seen = complaint.find(session, person, number)
    if seen is None:
        raise HTTPException(404)
    # A page of another site must not lock complaints by way of an officer's browser; and whoever only looks a decided
    # complaint up keeps nobody from correcting it.
    asked_here = request.headers.get("sec-fetch-site") != "cross-site"
    if person.may(Right.DECIDE) and asked_here and seen.state == WAITING:
        with store.write() as session:
            lock = locks.take(session, person, number)
    else:
        with store.read() as session:
            lock = locks.holder(session, person, number)
    with store.read() as session:
        found = complaint.find(session, person, number)
        if found is None:
            raise HTTPException(404)
        view = _view(request, session, person, found, masked=not revealed)
        outcome = told(session, person, number_in(query_of(request), "hasil"))
        options = unit_options(queue.unit_choices(session))
    standing = next((item for item in view.history if item.id == found.decision_id), None)
    return render(
        request,
        "aduan.html",
        status=200 if refused is None else status_of(refused),
        view=view,
        revealed=revealed,
        lock=lock,
        here=_here(request),
        draft=(draft or Draft.of(view, standing)).beside(view),
        refused="" if refused is None else refusals.told(refused, request.app.state.timezone).replace(_RELOAD, ""),
        fault=refused.field if isinstance(refused, FormError) else "",
        conflict=isinstance(refused, ConflictError) and standing is not None,
        standing=standing,
        outcome=outcome,
        options=options,
        levels=LEVELS[::-1],
        actions=ACTIONS,
        decidable=DECIDABLE,
    )
