"""The queue: who waits, in what order, narrowed by filters; what came since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.catalogue import LEVELS
from pipeline.review import queue
from pipeline.review.queue import Filters
from pipeline.review.web.facet_cache import Facets
from pipeline.review.web.pages.common import (
    Seeing,
    TheStore,
    address,
    is_partial,
    number_in,
    query_of,
    render,
)
from pipeline.review.web.pages.outcome import told
from pipeline.review.web.pages.rows import lines
from pipeline.review.web.pages.undo import offer
from pipeline.review.web.security import POLLED
from pipeline.routing.decision import ACTIONS

router = APIRouter()


@router.get("/antrian")
def show_queue(request: Request, person: Seeing, store: TheStore) -> Response:
    """Show the queue, or with htmx its next rows. Who asks for a complaint by its number is sent to it."""
    query, zone = query_of(request), request.app.state.timezone
    filters = Filters.from_query(query)
    partial = is_partial(request)
    with store.read() as session:
        if filters.words and not partial:
            number = queue.numbered(session, person, filters.words)
            if number is not None:
                return RedirectResponse(address(f"/aduan/{number}", replace(filters, words="").to_query()), 303)
        facets = None
        if not partial and ("saring" in query or filters != Filters(words=filters.words)):
            facets = request.app.state.facets.of(session, person)
            filters = replace(filters, place=_whole_name(filters.place, facets))
        after = query.get("setelah")
        page = queue.page(session, person, filters, after=after, upto=number_in(query, "upto"), zone=zone)
        here = {**filters.to_query(), "upto": page.upto}
        shared: dict[str, Any] = {
            "page": page,
            "lines": lines(request, session, person, page.rows),
            "filters": filters,
            "query": filters.to_query(),
            "here": here,
            "from_here": {**here, "setelah": after},
        }
        if partial:
            return render(request, "_baris.html", **shared)
        return render(
            request,
            "antrian.html",
            counts=queue.counts(session, person, filters, zone=zone),
            facets=facets,
            undoable=offer(session, person),
            outcome=told(session, person, number_in(query, "hasil")),
            finished="habis" in query,
            continued=after is not None,
            **_FIELDS,
            **shared,
        )


@router.get("/antrian/saringan")
def show_filters(request: Request, person: Seeing, store: TheStore) -> Response:
    """Show the fields of the filters, which the queue's page fetches when they are opened."""
    with store.read() as session:
        facets = request.app.state.facets.of(session, person)
    return render(request, "_saringan.html", filters=Filters(), facets=facets, **_FIELDS)


@router.get(POLLED)
def newer(request: Request, person: Seeing, store: TheStore) -> Response:
    """Say how many complaints came since the queue was opened; asked every half minute."""
    query = query_of(request)
    filters, upto, came = Filters.from_query(query), number_in(query, "upto"), (0, 0)
    if upto is not None:
        with store.read() as session:
            came = queue.newer(session, person, filters, upto, zone=request.app.state.timezone)
    return render(request, "_baru.html", newer=came[0], newer_urgent=came[1], query=filters.to_query())


_FIELDS: Mapping[str, Any] = {"levels": LEVELS[::-1], "actions": ACTIONS}


def _whole_name(typed: str, facets: Facets) -> str:
    """Return the place that *typed* is part of the name of, where it is one only, else *typed* as it is."""
    places = [name for name, _ in facets["place"]]
    if not typed or typed in places:
        return typed
    near = [name for name in places if typed.casefold() in name.casefold()]
    return near[0] if len(near) == 1 else typed
