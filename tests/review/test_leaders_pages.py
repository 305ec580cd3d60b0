"""The leaders' pages and the page of changes over HTTP: who gets in, what is sent, what is shown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipeline.review.store import Store, open_store
from pipeline.review.store.monev_tables import MonevDecision, MonevFollowUp, MonevReading, PolicyChange
from tests.review.browser import Browse, browsers, csrf, send
from tests.review.monev.examples import LAMPS, PERIOD, digest, issue

UNIT = "ditjen_dukcapil"
HERE = f"/pimpinan/{PERIOD}"
MENU = ("/antrian", "/penyelia", "/pimpinan", "/kebijakan", "/audit")
FORMS = {
    f"{HERE}/baca": {"ringkasan": "1"},
    f"{HERE}/keputusan": {"keputusan": "Perbaiki"},
    f"{HERE}/tindak-lanjut": {"nomor": "1", "keadaan": "selesai", "status": "beres"},
    "/kebijakan": {"tema": LAMPS, "perubahan": "Perda diubah", "tanggal": "2026-01-01"},
    "/kebijakan/tarik": {"nomor": "1"},
}


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """On SQLite alone: tests/review/monev asks both kinds of database what these pages ask."""
    path = tmp_path / "triase.db"
    shutil.copy(sqlite_template, path)
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def browse(store: Store) -> Browse:
    issue(store, digest(), digest(unit=UNIT), digest(unit="itjen"))
    return browsers(store)


def counted(store: Store) -> list[int | None]:
    tables = (MonevReading, MonevDecision, MonevFollowUp, PolicyChange)
    with store.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.parametrize(
    ("role", "seen", "start"),
    [
        ("petugas", {"/antrian"}, "/antrian"),
        ("penyelia", {"/antrian", "/penyelia", "/kebijakan", "/audit"}, "/antrian"),
        ("analis", {"/antrian", "/penyelia", "/kebijakan"}, "/antrian"),
        ("admin", {"/audit"}, "/audit"),
        ("pimpinan", {"/pimpinan", "/kebijakan"}, "/pimpinan"),
    ],
)
def test_each_role_gets_the_pages_that_its_menu_names(
    browse: Browse, store: Store, role: str, seen: set[str], start: str
):
    client = browse("sari", role)
    assert client.get("/").headers["location"] == start
    assert {page for page in (*MENU, HERE) if client.get(page).status_code == 200} == (
        seen | {HERE} if "/pimpinan" in seen else seen
    )
    menu = client.get(start).text.partition("</nav>")[0]
    assert {page for page in MENU if f'href="{page}"' in menu} == seen
    assert client.get("/aduan/1").status_code == (403 if "/antrian" not in seen else 404)
    token = csrf(client)
    for form, fields in FORMS.items():
        page = "/kebijakan" if form.startswith("/kebijakan") else "/pimpinan"
        if page not in seen:
            assert client.post(form, data={**fields, "csrf": token}).status_code == 403
    if not {"/pimpinan", "/kebijakan"} & seen:
        assert counted(store) == [0, 0, 0, 0]


def test_forged_forms_change_nothing(browse: Browse, store: Store):
    client, other = browse("menteri", "pimpinan"), browse("lain", "pimpinan")
    own, foreign = csrf(client), csrf(other)
    for form, fields in FORMS.items():
        for token in ("", foreign):
            assert client.post(form, data={**fields, "csrf": token}).status_code == 403
        answer = client.post(form, data={**fields, "csrf": own}, headers={"Origin": "https://jahat.example"})
        assert answer.status_code == 403
    assert counted(store) == [0, 0, 0, 0]


def test_reading_counts_by_the_button_and_once(browse: Browse, store: Store):
    client = browse("menteri", "pimpinan")
    page = client.get(HERE).text
    for text in ("86,88 %", "lampu jalan mati", "12 aduan lewat 60 hari", "Saya sudah membaca"):
        assert text in page
    assert counted(store)[0] == 0
    for _ in range(2):
        assert send(client, f"{HERE}/baca", ringkasan="1").status_code == 303
    assert counted(store)[0] == 1
    assert "Saya sudah membaca" not in client.get(HERE).text
    assert "dibaca" in client.get("/pimpinan").text


def test_a_units_head_comes_to_the_own_digest_only(browse: Browse):
    client = browse("kepala", "pimpinan", (UNIT,))
    assert "Kependudukan" in client.get(HERE).text
    listed = client.get("/pimpinan").text
    assert f"{HERE}?unit={UNIT}" in listed
    assert "Pimpinan tertinggi" not in listed
    for other in ("itjen", "tidak-ada"):
        assert client.get(f"{HERE}?unit={other}").status_code == 403
    assert send(client, f"{HERE}/baca", ringkasan="1").status_code == 403
    assert send(client, f"{HERE}/keputusan", unit="", keputusan="x").status_code == 403


def test_a_decision_its_follow_up_and_its_replacement(browse: Browse, store: Store):
    client = browse("menteri", "pimpinan")
    fields = {
        "perihal": f"tema:{LAMPS}",
        "keputusan": "Perbaiki <b>segera</b>, telepon 081234567890",
        "tindak_lanjut": "Surat edaran",
        "penanggung_jawab": "ditjen dukcapil",
        "tenggat": "2026-10-30",
    }
    done = send(client, f"{HERE}/keputusan", **fields)
    assert done.headers["location"] == f"{HERE}?tersimpan=keputusan#keputusan"
    with store.read() as session:
        assert session.scalars(select(MonevDecision.responsible)).one() == UNIT
    page = client.get(HERE).text
    assert "Perbaiki &lt;b&gt;segera&lt;/b&gt;, telepon [TELEPON]" in page
    assert "lewat tenggat" in page
    assert send(client, f"{HERE}/tindak-lanjut", nomor="1", keadaan="selesai", status="beres").status_code == 303
    assert "terlambat" in client.get(HERE).text
    assert 'value="semula" selected' in client.get(f"{HERE}?ganti=1").text
    done = send(client, f"{HERE}/keputusan", keputusan="Perbaiki dalam 3 hari", perihal="semula", mengganti="1")
    assert done.status_code == 303
    page = client.get(HERE).text
    assert "mengganti keputusan 1" in page
    paper = client.get(f"{HERE}?cetak=1").text.partition("<main")[2]
    assert "Perbaiki dalam 3 hari" in paper
    assert "<form" not in paper


def test_a_refused_form_keeps_what_was_typed(browse: Browse, store: Store):
    client = browse("menteri", "pimpinan")
    answer = send(client, f"{HERE}/keputusan", keputusan="Perbaiki semua", tenggat="besok")
    assert answer.status_code == 422
    assert 'id="salah-tenggat"' in answer.text
    assert ">Perbaiki semua</textarea>" in answer.text
    send(client, f"{HERE}/keputusan", keputusan="x", tindak_lanjut="y", penanggung_jawab="Bagian Umum")
    answer = send(client, f"{HERE}/tindak-lanjut", nomor="1", keadaan="lain", status="sudah rapat")
    assert answer.status_code == 422
    assert ">sudah rapat</textarea>" in answer.text
    answer = send(client, "/kebijakan", tema=LAMPS, perubahan="Perda diubah", tanggal="2999-01-01")
    assert answer.status_code == 422
    assert ">Perda diubah</textarea>" in answer.text
    assert counted(store) == [0, 1, 0, 0]


def test_a_change_is_written_shown_audited_and_withdrawn(browse: Browse):
    analyst, supervisor = browse("ani", "analis"), browse("sari", "penyelia")
    assert send(analyst, "/kebijakan", **FORMS["/kebijakan"]).headers["location"] == "/kebijakan?tersimpan=catat"
    assert "sejak 01/01/2026" in supervisor.get("/kebijakan").text
    assert send(supervisor, "/kebijakan/tarik", nomor="1").status_code == 303
    assert "Perda diubah" not in analyst.get("/kebijakan").text
    log = supervisor.get("/audit").text
    for text in (f"menarik perubahan 1 untuk tema {LAMPS}", f"ringkasan {PERIOD} pimpinan tertinggi, edisi 1"):
        assert text in log
    assert "Perda" not in log


def test_the_audit_log_tells_what_leaders_did(browse: Browse):
    client, supervisor = browse("menteri", "pimpinan"), browse("sari", "penyelia")
    send(client, f"{HERE}/baca", ringkasan="2", unit=UNIT)
    send(client, f"{HERE}/keputusan", keputusan="x", tindak_lanjut="y", penanggung_jawab="z")
    send(client, f"{HERE}/keputusan", keputusan="x2", tindak_lanjut="y", penanggung_jawab="z", mengganti="1")
    send(client, f"{HERE}/tindak-lanjut", nomor="2", keadaan="terhambat", status="s")
    log = supervisor.get("/audit").text
    for text in (
        f"Menteri menyatakan sudah membaca ringkasan {PERIOD} untuk Ditjen Dukcapil, edisi 1",
        f"Menteri mencatat keputusan 2 atas ringkasan {PERIOD} pimpinan tertinggi, menggantikan keputusan 1",
        "Menteri melaporkan tindak lanjut keputusan 2: terhambat",
    ):
        assert text in log


def test_pages_hold_nothing_inline(browse: Browse):
    client = browse("menteri", "pimpinan")
    send(client, f"{HERE}/keputusan", keputusan="x", tindak_lanjut="y", penanggung_jawab="z")
    for address in ("/pimpinan", HERE, f"{HERE}?cetak=1", "/kebijakan"):
        page = client.get(address).text
        assert not re.search(r"<[^>]+ style=|<style|<script(?! src=)|<[^>]+ on\w+=|https?://", page), address
