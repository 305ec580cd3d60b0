"""What guards the pages: headers, cookie, login, origin and CSRF checks, faults."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from argon2 import PasswordHasher

from pipeline.review import passwords
from pipeline.review.people import add_person
from pipeline.review.store import Store
from tests.review.browser import HERE, Browse, browsers, csrf, decision, log_in, send, standing
from tests.review.examples import PASSWORD, fill, person

NIK = "9935017213900417"


@pytest.fixture
def browse(store: Store, monkeypatch: pytest.MonkeyPatch) -> Browse:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return browsers(store)


def test_every_answer_carries_the_headers(browse: Browse) -> None:
    client = browse("sari")
    for address in ("/masuk", "/antrian", "/tidak-ada", "/aduan/99", "/static/app.css", "/aduan/1/putuskan"):
        headers = client.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "max-age" in headers["strict-transport-security"]
    assert client.get("/antrian").headers["cache-control"] == "no-store"


def test_static_files_with_their_mark_may_be_kept(browse: Browse) -> None:
    client = browse()
    address = re.search(r'href="(/static/app\.css\?v=\w+)"', client.get("/masuk").text)
    assert address is not None
    assert "immutable" in client.get(address[1]).headers["cache-control"]
    assert client.get("/static/app.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/../app.py").status_code == 404


def test_pages_hold_nothing_inline(browse: Browse, store: Store) -> None:
    fill(store, 3)
    client = browse("sari", "penyelia")
    for address in ("/antrian", "/aduan/1", "/akun", "/penyelia", "/audit"):
        page = client.get(address).text
        assert not re.search(r"<[^>]+ style=|<style|<script(?! src=)|<[^>]+ on\w+=|https?://(?!www\.w3\.org)", page), (
            address
        )


def test_the_cookie_is_pinned_and_out_of_reach_of_scripts(browse: Browse, store: Store) -> None:
    person(store)
    cookie = log_in(browse(), "sari").headers["set-cookie"]
    assert cookie.startswith("__Host-sesi=")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie


def test_nobody_gets_in_without_a_login(browse: Browse) -> None:
    client = browse()
    answer = client.get("/antrian?unit=itjen")
    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk?next=%2Fantrian%3Funit%3Ditjen")
    partial = client.get("/antrian", headers={"HX-Request": "true"})
    assert partial.headers["hx-redirect"] == "/masuk"
    assert client.post("/urung").headers["location"] == "/masuk?berakhir=1"


@pytest.mark.parametrize(
    "target", ["https://jahat.example", "//jahat.example", "/\\jahat.example", "/\tx", "javascript:x"]
)
def test_a_login_sends_nobody_elsewhere(browse: Browse, store: Store, target: str) -> None:
    client = browse()
    person(store)
    assert log_in(client, "sari", next=target).headers["location"] == "/"


def test_a_login_goes_on_to_what_was_asked(browse: Browse, store: Store) -> None:
    client = browse()
    person(store)
    assert log_in(client, "sari", next="/antrian?unit=itjen").headers["location"] == "/antrian?unit=itjen"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://jahat.example"},
        {"Origin": "null"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "", "Referer": "https://jahat.example/testserver"},
    ],
)
def test_another_site_cannot_log_in(browse: Browse, store: Store, headers: dict[str, str]) -> None:
    client = browse()
    person(store)
    answer = client.post("/masuk", data={"login": "sari", "sandi": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_browser_that_tells_no_origin_may_log_in_from_our_page(browse: Browse, store: Store) -> None:
    client = browse()
    person(store)
    del client.headers["Origin"]
    assert log_in(client, "sari").status_code == 403
    client.headers["Referer"] = f"{HERE}/masuk"
    assert log_in(client, "sari").status_code == 303


def test_a_form_needs_the_sessions_own_token(browse: Browse, store: Store) -> None:
    fill(store, 1)
    client, other = browse("sari"), browse("budi")
    fields = decision(store, 1)
    for token in ("", "x", csrf(other)):
        assert client.post("/aduan/1/putuskan", data={**fields, "csrf": token}).status_code == 403
    assert standing(store, 1) == ("menunggu", None)
    assert client.post("/keluar", headers={"X-CSRF-Token": csrf(client)}).status_code == 303
    assert client.get("/antrian").status_code == 303


def test_wrong_passwords_are_refused_and_counted(browse: Browse, store: Store) -> None:
    client = browse()
    person(store)
    for _ in range(5):
        answer = log_in(client, "sari", "bukan-sandinya")
        assert answer.status_code == 403
        assert "salah" in answer.text
        assert "bukan-sandinya" not in answer.text
    answer = log_in(client, "sari")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_a_first_password_must_be_changed(browse: Browse, store: Store) -> None:
    client = browse()
    with store.write() as session:
        add_person(session, "ani", "Ani", "petugas", PASSWORD)
    assert log_in(client, "ani").headers["location"] == "/akun"
    assert client.get("/antrian").headers["location"] == "/akun"
    assert "tidak sama" in send(client, "/akun", lama=PASSWORD, baru="sandi-lain-2026", ulang="x").text
    assert "minimal" in send(client, "/akun", lama=PASSWORD, baru="pendek", ulang="pendek").text
    assert "salah" in send(client, "/akun", lama="x", baru="sandi-lain-2026", ulang="sandi-lain-2026").text
    done = send(client, "/akun", lama=PASSWORD, baru="sandi-lain-2026", ulang="sandi-lain-2026")
    assert done.headers["location"] == "/akun?tersimpan=1"
    assert client.get("/antrian").status_code == 200
    assert log_in(browse(), "ani", "sandi-lain-2026").headers["location"] == "/"


def test_a_fault_shows_and_logs_nothing_of_a_complaint(
    browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, 1)
    client = browse("sari")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"isi aduan {NIK}")

    monkeypatch.setattr("pipeline.review.web.pages.queue.queue.page", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"/antrian?kata={NIK}")
    assert answer.status_code == 500
    assert "Terjadi gangguan" in answer.text
    assert "content-security-policy" in answer.headers
    assert "RuntimeError" in caplog.text
    assert NIK not in answer.text + caplog.text


@pytest.mark.parametrize(
    "address", ["/tidak-ada", "/aduan/0", "/aduan/x", "/aduan/99999999999999999999", "/kelompok?aduan=1", "/kelompok/x"]
)
def test_what_is_not_there_is_a_plain_page(browse: Browse, address: str) -> None:
    answer = browse("sari").get(address)
    assert answer.status_code == 404
    assert "tidak ditemukan" in answer.text
