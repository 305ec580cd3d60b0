"""The web application: pages, API, static files, and what guards them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI

from pipeline.catalogue.holidays import Calendar
from pipeline.review.store import Store
from pipeline.review.web import api, errors, limits, security
from pipeline.review.web.facet_cache import FacetCache
from pipeline.review.web.pages import account, audit, changes, complaint, group, leaders, overview, queue, undo
from pipeline.review.web.static_files import CachedFiles

Score = Callable[[list[str]], list[dict[str, Any]]]
"""Texts → the columns that scoring adds, one dict a text."""


def create_app(
    store: Store,
    *,
    timezone: str,
    score: Score | None,
    secure_cookie: bool = True,
    calendar: Calendar | None = None,
) -> FastAPI:
    """Return the application that serves the triage pages and the API from *store*.

    Args:
        store: The open triage store; the caller closes it.
        timezone: IANA name of the zone that times are shown in and that days begin in.
        score: Scores texts for ``POST /api/skor``; ``None``: the API says that it cannot.
        secure_cookie: ``False`` only where the page is served without TLS on this machine.
        calendar: Working days with the office's own holidays; default: those that lokal-id ships.
    """
    app = FastAPI(title="Disposisi", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.store = store
    app.state.timezone = timezone
    app.state.score = score
    app.state.secure_cookie = secure_cookie
    app.state.facets = FacetCache()
    app.state.calendar = calendar or Calendar()
    errors.install(app)
    limits.install(app)
    app.add_middleware(security.SecurityHeaders, hsts=secure_cookie)  # added last: outermost
    guards = [Depends(security.load_session), Depends(security.check_request)]
    for page in (account, queue, undo, complaint, group, overview, leaders, changes, audit):
        app.include_router(page.router, dependencies=guards, include_in_schema=False)
    app.include_router(api.router)
    app.mount("/static", CachedFiles(directory=Path(__file__).parent / "static"))
    return app
