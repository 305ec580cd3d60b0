"""A browser of the triage pages for tests, and what officers do with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx

from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint
from pipeline.review.web.app import create_app
from tests.review.asgi import HERE, Client
from tests.review.examples import PASSWORD, person


class Browser(Client):
    """A browser that keeps cookies and follows nothing; it sends what browsers send from a page of ours."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, {"Origin": HERE})
        self.cookies: httpx.Cookies = httpx.Cookies()


Browse = Callable[..., Browser]


def browsers(store: Store) -> Browse:
    """Return a function that gives the browser of a new person, logged in; of nobody without a login name."""
    app = create_app(store, timezone="Asia/Jakarta", score=None)

    def browser(login: str = "", role: str = "petugas", units: tuple[str, ...] = ()) -> Browser:
        opened = Browser(app)
        if login:
            person(store, login, role, units)
            assert log_in(opened, login).status_code == 303
        return opened

    return browser


def log_in(client: Browser, login: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return client.post("/masuk", data={"login": login, "sandi": password, **fields})


def csrf(client: Browser) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/akun").text)
    assert found is not None
    return found[1]


def send(client: Browser, address: str, **fields: Any) -> httpx.Response:
    return client.post(address, data={"csrf": csrf(client), **fields})


def decision(store: Store, number: int, **fields: Any) -> dict[str, Any]:
    with store.read() as session:
        found = session.get_one(Complaint, number)
        given = {"versi": found.version, "saran": found.suggestion_id, "unit": found.unit, "urgensi": found.level}
    return {**given, "tindakan": "teruskan", **fields}


def standing(store: Store, number: int) -> tuple[str, str | None]:
    with store.read() as session:
        found = session.get_one(Complaint, number)
        return found.state, found.decided_unit
