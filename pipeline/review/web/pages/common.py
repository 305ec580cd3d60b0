"""What every page uses: who asks, the store, rendering."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request as Asked

from pipeline.catalogue import unit_name
from pipeline.review.people import Person, Right
from pipeline.review.queue import Filters
from pipeline.review.store import Store
from pipeline.review.web import words
from pipeline.review.web.static_files import static

LOGIN, ACCOUNT = "/masuk", "/akun"
_FORM_OF_COMPLAINT = re.compile(r"(/aduan/\d+)/\w+")


class LoginNeeded(Exception):  # noqa: N818 — not an error: the browser is sent to *target*
    """Nobody is logged in, or the password must be changed first."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"Right": Right, "unit_name": unit_name, "static": static}
    env.filters |= {
        "angka": words.number,
        "persen": words.percent,
        "tanggal": words.day,
        "waktu": words.moment,
        "tanggal_setempat": words.local_day,
        "jam": words.hour,
        "ubah": words.replaced,
    }
    return env


environment = _environment()


def render(request: Asked, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return *template* as a page. It knows ``person``, ``csrf``, ``path``, ``zone`` beside *context*."""
    known = {
        "person": getattr(request.state, "person", None),
        "csrf": getattr(request.state, "csrf", ""),
        "path": request.url.path,
        "zone": request.app.state.timezone,
    }
    return HTMLResponse(environment.get_template(template).render(known | context), status)


def is_partial(request: Asked) -> bool:
    """Tell whether htmx asks for a part of the page."""
    return "hx-request" in request.headers


def store_of(request: Request) -> Store:
    """Return the triage store."""
    store: Store = request.app.state.store
    return store


def current(request: Request) -> Person:
    """Return who is logged in; sends others to the login, and those with a password to change to their account."""
    person: Person | None = request.state.person
    if person is None:
        raise LoginNeeded(_login_for(request))
    if person.must_change and request.url.path != ACCOUNT:
        raise LoginNeeded(ACCOUNT)
    return person


def _login_for(request: Request) -> str:
    """Return the login's address that leads back; who sends a form without a session is told that it ended."""
    path, ended = request.url.path, request.method != "GET"
    if ended and (sent := _FORM_OF_COMPLAINT.fullmatch(path)):
        path = sent[1]
    elif ended or is_partial(request) or path == "/":
        path = ""
    here = f"{path}?{request.url.query}" if path and request.url.query else path
    parts = [f"next={quote(here, safe='')}"] if here else []
    return "?".join([LOGIN, "&".join([*parts, *(["berakhir=1"] if ended else [])])]).rstrip("?")


def need(right: Right) -> Callable[[Person], Person]:
    """Return the dependency that gives the person, who must have *right*; raises :class:`ForbiddenError`."""

    def allowed(person: Annotated[Person, Depends(current)]) -> Person:
        person.require(right)
        return person

    return allowed


async def form_of(request: Request) -> FormData:
    """Return the form that was sent, text fields only, as a database can hold them."""
    form = await request.form()
    return FormData([(name, clean(value)) for name, value in form.multi_items() if isinstance(value, str)])


def clean(text: str) -> str:
    """Return *text* without what a database cannot hold: NUL characters and lone halves of emoji."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def query_of(request: Request) -> dict[str, str]:
    """Return the address's query without empty values."""
    return {name: found for name, value in request.query_params.items() if (found := clean(value).strip())}


def number_in(values: Mapping[str, Any], name: str) -> int | None:
    """Return the whole number under *name*, ``None`` where there is none that the store could hold."""
    text = str(values.get(name) or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def place_in_queue(query: Mapping[str, str]) -> dict[str, Any]:
    """Return the part of *query* that says where in the queue somebody is: filters, snapshot, and the page's cursor."""
    return {
        **Filters.from_query(query).to_query(),
        "upto": number_in(query, "upto") or "",
        "setelah": query.get("setelah", ""),
    }


def address(path: str, *queries: Mapping[str, Any]) -> str:
    """Return *path* with the queries joined, the later ones winning; empty values are left out."""
    joined = words.replaced({name: value for query in queries for name, value in query.items()})
    return f"{path}?{joined}" if joined else path


def local_path(text: str) -> str:
    """Return *text* where it is a path on this site, else ``/``; a login must not send people elsewhere."""
    plain = text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


SignedIn = Annotated[Person, Depends(current)]
Seeing = Annotated[Person, Depends(need(Right.SEE))]
Deciding = Annotated[Person, Depends(need(Right.DECIDE))]
TheStore = Annotated[Store, Depends(store_of)]
TheForm = Annotated[FormData, Depends(form_of)]
