"""A store without time, a browser that went away: what is answered, and what the log tells of it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from pipeline.review import sessions
from pipeline.review.store import Store, engine, open_store
from pipeline.review.web.app import create_app
from tests.review.asgi import Client
from tests.review.browser import Browser, browsers, csrf, log_in
from tests.review.examples import fill, person


@pytest.fixture
def hasty(database: str, monkeypatch: pytest.MonkeyPatch):
    """A store with one connection that waits for nothing longer than 0.2 s."""
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0.2)
    url = make_url(database)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-c lock_timeout=200"})
    opened = open_store(url, size=2)
    yield opened
    opened.close()


def officer(store: Store) -> Browser:
    fill(store, 2)
    person(store)
    client = Browser(create_app(store, timezone="Asia/Jakarta", score=None))
    assert log_in(client, "sari").status_code == 303
    return client


def test_another_writer_makes_it_busy(hasty: Store, caplog: pytest.LogCaptureFixture):
    client = officer(hasty)
    token = csrf(client)
    lock = "BEGIN IMMEDIATE" if hasty.dialect == "sqlite" else "LOCK TABLE login_session, complaint"
    with hasty.engine.connect() as other:
        if hasty.dialect == "sqlite":
            raw = sqlite3.connect(str(hasty.engine.url.database), isolation_level=None)
            raw.execute(lock)
        else:
            other.execute(text(lock))
        answer = client.post("/keluar", data={"csrf": token})
        if hasty.dialect == "sqlite":
            raw.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Layanan sedang sibuk" in answer.text
    assert [record.levelname for record in caplog.records if record.name == "disposisi.web"] == ["WARNING"]
    assert client.get("/antrian").status_code == 200


def test_no_connection_is_free(hasty: Store):
    client = officer(hasty)
    with hasty.write() as session:
        key = sessions.make_api_token(session, "sari", "uji", 1)
    api = Client(create_app(hasty, timezone="Asia/Jakarta", score=None), {"Authorization": f"Bearer {key}"})
    with hasty.engine.connect(), hasty.engine.connect():
        page, answer = client.get("/antrian"), api.get("/api/antrian")
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "Sedang sibuk" in page.text
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["galat"]["kode"] == "sibuk"
    assert (client.get("/antrian").status_code, api.get("/api/antrian").status_code) == (200, 200)


def test_other_faults_of_the_store_are_faults(store: Store, monkeypatch: pytest.MonkeyPatch):
    client = browsers(store)("sari")
    cause = sqlite3.OperationalError("no such table: 9901011203900001")
    cause.sqlite_errorcode = sqlite3.SQLITE_ERROR

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, cause)

    monkeypatch.setattr("pipeline.review.web.pages.queue.queue.page", broken)
    answer = client.get("/antrian")
    assert answer.status_code == 500
    assert "9901" not in answer.text


def test_nobody_is_answered_who_went_away(store: Store, caplog: pytest.LogCaptureFixture):
    client = browsers(store)("sari")
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {
        "host": "testserver",
        "origin": "https://testserver",
        "cookie": cookie,
        "content-type": "application/x-www-form-urlencoded",
    }
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
        "path": "/keluar", "raw_path": b"/keluar", "query_string": b"", "root_path": "", "client": ("127.0.0.1", 9),
        "server": ("testserver", 443),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    messages = [{"type": "http.request", "body": b"csrf=", "more_body": True}, {"type": "http.disconnect"}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with caplog.at_level(logging.INFO):
        asyncio.run(create_app(store, timezone="Asia/Jakarta", score=None)(scope, receive, send))
    assert sent == []
    assert [record for record in caplog.records if record.name.startswith("disposisi")] == []
