"""The pages over HTTP: queue, deciding, personal data, locks, groups."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from pipeline.review import locks, passwords
from pipeline.review.people import find_person
from pipeline.review.store import Store
from pipeline.review.store.tables import AuditEntry, Complaint, Decision
from pipeline.review.web.app import create_app
from tests.review.browser import Browse, Browser, browsers, csrf, decision, log_in, send, standing
from tests.review.examples import bring, fill, person, scored

NIK, PHONE = "9935017213900417", "081200004417"
HOSTILE = f"""<script>alert("x")</script> & 'kutip' "kejang" NIK {NIK}, hp {PHONE}"""


@pytest.fixture
def browse(store: Store, monkeypatch: pytest.MonkeyPatch) -> Browse:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return browsers(store)


# Queue


def test_the_queue_shows_masked_lines_and_keeps_its_filters(browse: Browse, store: Store) -> None:
    frame = scored(3, isi=f"{HOSTILE} lampu jalan", unit="itjen")
    bring(store, frame)
    client = browse("sari")
    page = client.get("/antrian?unit=itjen&kata=lampu").text
    assert page.count("data-baris") == 3
    assert NIK not in page
    assert "[NIK]" in page
    assert "<script>alert" not in page
    assert 'href="/aduan/1?unit=itjen&amp;kata=lampu&amp;upto=3"' in page
    assert client.get("/antrian?unit=pemda").text.count("data-baris") == 0


def test_more_rows_come_without_loss_or_repeat(browse: Browse, store: Store) -> None:
    fill(store, 120)
    client = browse("sari")
    seen: list[str] = []
    address, headers = "/antrian", {}
    while address:
        part = client.get(address, headers=headers).text
        seen += re.findall(r'href="/aduan/(\d+)\?', part)
        more = re.search(r'hx-get="(/antrian\?[^"]*setelah[^"]*)"', part)
        address, headers = (more[1].replace("&amp;", "&") if more else ""), {"HX-Request": "true"}
    assert len(seen) == 120 == len(set(seen))
    assert client.get("/antrian?setelah=rusak").status_code == 422


def test_newer_complaints_are_told_of(browse: Browse, store: Store) -> None:
    fill(store, 2)
    client = browse("sari")
    fill(store, 3, seed=1, urgensi="darurat", prioritas="1")
    page = client.get("/antrian?upto=2").text
    assert page.count("data-baris") == 2
    assert "3 aduan baru" in client.get("/antrian/baru?upto=2").text
    assert "3 darurat" in client.get("/antrian/baru?upto=2").text
    assert client.get("/antrian/baru?upto=5").text.strip() == ""


def test_people_see_what_their_role_and_units_allow(browse: Browse, store: Store) -> None:
    fill(store, 2, unit=["itjen", "pemda"])
    assert browse("adi", "admin").get("/antrian").status_code == 403
    limited = browse("budi", units=("pemda",))
    assert limited.get("/aduan/1").status_code == 404
    assert limited.get("/aduan/2").status_code == 200
    analyst = browse("ani", "analis")
    page = analyst.get("/aduan/2").text
    assert "Simpan keputusan" not in page
    assert "Buka data pribadi" not in page
    assert send(analyst, "/aduan/2/putuskan", **decision(store, 2)).status_code == 403
    assert send(analyst, "/aduan/2/buka").status_code == 403


# One complaint


def test_a_complaint_is_escaped_everywhere(browse: Browse, store: Store) -> None:
    evil = '"><script>alert(1)</script>'
    bring(
        store,
        scored(
            2, isi=HOSTILE, unit=evil, unit_2=evil + "2", alasan=evil, alasan_2=evil, dituduh=evil, wilayah=evil,
            alasan_urgensi=f'nyawa: "kejang", "{evil}"', kelompok=evil, bukan_kewenangan=evil, berkadar_pengawasan="ya",
            calon_wilayah=evil, aturan=evil, id=["<b>A", "<b>B"], versi_model=evil, mirip_dengan="<b>B", salinan=evil,
        ),
    )  # fmt: skip
    client = browse("sari")
    pages = [client.get("/antrian"), client.get("/aduan/1"), client.get("/kelompok?aduan=1")]
    pages.append(send(client, "/aduan/1/putuskan", **decision(store, 1, unit_lain=evil + "x", catatan=evil)))
    send(client, "/aduan/1/putuskan", **decision(store, 1, catatan=evil))
    pages.append(client.get("/aduan/1"))
    assert [page.status_code for page in pages] == [200, 200, 200, 422, 200]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<b>" not in page.text.replace("<b>1<", "").replace("<b>2<", "").replace("<b>0<", "")
    assert '<mark class="urgensi" title="bukti urgensi">kejang</mark>' in pages[1].text


def test_personal_data_is_shown_only_when_opened_and_that_is_logged(browse: Browse, store: Store) -> None:
    bring(store, scored(1, isi=HOSTILE))
    client = browse("sari")
    assert NIK not in client.get("/aduan/1").text
    opened = send(client, "/aduan/1/buka")
    assert NIK in opened.text
    assert "tercatat" in opened.text
    part = client.post("/aduan/1/buka", headers={"HX-Request": "true", "X-CSRF-Token": csrf(client)}).text
    assert part.lstrip().startswith("<section")
    assert PHONE in part
    assert NIK not in client.get("/aduan/1").text
    with store.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "buka_data")).all()
    assert len(entries) == 2
    assert NIK not in str(entries[0].details)


def test_deciding_goes_on_to_the_next_and_can_be_undone(browse: Browse, store: Store) -> None:
    fill(store, 3, unit="itjen", prioritas=["1", "2", "3"])
    client = browse("sari")
    answer = send(client, "/aduan/1/putuskan?unit=itjen&upto=3", **decision(store, 1))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/aduan/2?unit=itjen&upto=3&hasil=")
    assert standing(store, 1) == ("diputuskan", "itjen")
    page = client.get(answer.headers["location"]).text
    assert "A0-00001 diteruskan ke Inspektorat Jenderal" in page
    assert "Urungkan" in page
    back = send(client, "/urung?unit=itjen&upto=3&dari=2")
    assert back.headers["location"].startswith("/aduan/1?unit=itjen&upto=3&hasil=")
    assert "diurungkan" in client.get(back.headers["location"]).text
    assert standing(store, 1) == ("menunggu", None)
    with store.read() as session:
        assert session.get_one(Complaint, 2).locked_by is None
    assert "Tidak ada keputusan Anda" in send(client, "/urung").text


def test_a_message_cannot_be_made_by_others(browse: Browse, store: Store) -> None:
    fill(store, 2)
    send(browse("sari"), "/aduan/1/putuskan", **decision(store, 1))
    assert "diteruskan ke" not in browse("budi").get("/antrian?hasil=1").text


def test_the_whole_form_is_kept(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen", unit_2="pemda")
    client = browse("sari")
    send(
        client, "/aduan/1/putuskan",
        **decision(
            store, 1, unit="itjen", unit_lain="sekretariat jenderal", urgensi="darurat", catatan="catatan contoh",
            tembusan=["Inspektorat Jenderal", "", "Setjen"], salah_alamat_dari="pemda",
        ),
    )  # fmt: skip
    with store.read() as session:
        kept = session.scalars(select(Decision)).one()
    assert (kept.unit, kept.copies, kept.level, kept.note) == ("setjen", ["itjen"], "darurat", "catatan contoh")
    assert kept.returned_from == "pemda"
    page = client.get("/aduan/1").text
    assert "Ubah keputusan" in page
    assert "catatan contoh" in page


def test_who_is_too_late_sees_why_and_keeps_the_form(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    slow, quick = browse("sari"), browse("budi")
    seen = decision(store, 1, unit_lain="pemda", catatan="tulisan sari")
    send(quick, "/aduan/1/putuskan", **decision(store, 1))
    answer = send(slow, "/aduan/1/putuskan", **seen)
    assert answer.status_code == 409
    assert "belum tersimpan" in answer.text
    assert "Budi memutuskan meneruskan ke Inspektorat Jenderal" in answer.text
    assert "tulisan sari" in answer.text
    assert 'value="Pemerintah daerah"' in answer.text
    assert standing(store, 1) == ("diputuskan", "itjen")


def test_a_new_suggestion_is_shown_before_anything_is_decided(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen", unit_2="ditjen_otda", unit_3="")
    client = browse("sari")
    client.get("/aduan/1")
    seen = decision(store, 1, catatan="tulisan sari", urgensi="darurat")
    fill(store, 1, unit="pemda", unit_2="ditjen_pemdes", unit_3="", versi_model="contoh/2")
    answer = send(client, "/aduan/1/putuskan", **seen)
    assert answer.status_code == 409
    assert "Saran untuk aduan ini baru saja diganti oleh model contoh/2; periksa lagi." in answer.text
    assert "tulisan sari" in answer.text
    assert re.search(r'value="pemda" data-saran="1"', answer.text)
    # What was ticked is no suggestion any more: it stands in the field of other units, and is kept when sent again.
    assert re.search(r'name="unit" value="lain"[^>]* checked', answer.text)
    assert re.search(r'name="unit_lain"[^>]* value="Inspektorat Jenderal"', answer.text)
    assert standing(store, 1) == ("menunggu", None)
    again = decision(store, 1, unit="lain", unit_lain="Inspektorat Jenderal", catatan="tulisan sari")
    assert send(client, "/aduan/1/putuskan", **again).status_code == 303
    assert standing(store, 1) == ("diputuskan", "itjen")


def test_a_note_is_masked_when_it_is_kept(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    client = browse("sari")
    send(client, "/aduan/1/putuskan", **decision(store, 1, catatan=f"Telepon {PHONE}, NIK {NIK}."))
    page = client.get("/aduan/1").text
    assert "Telepon [TELEPON], NIK [NIK]." in page
    assert PHONE not in page
    with store.read() as session:
        assert session.scalars(select(Decision.note)).one() == "Telepon [TELEPON], NIK [NIK]."


@pytest.mark.parametrize(("zone", "name"), [("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")])
def test_times_in_refusals_are_the_offices(store: Store, zone: str, name: str) -> None:
    fill(store, 2, unit="itjen")
    app = create_app(store, timezone=zone, score=None)
    client, other = Browser(app), Browser(app)
    for browser, login in ((client, "sari"), (other, "budi")):
        person(store, login)
        log_in(browser, login)
    send(client, "/aduan/1/putuskan", **decision(store, 1))
    with store.write() as session:
        locks.take(session, find_person(session, "budi"), 1)
    refused = send(client, "/urung")
    assert refused.status_code == 423
    assert f" {name}." in refused.text
    assert "WIB" not in refused.text
    other.get("/aduan/2")
    assert f" {name}." in send(client, "/aduan/2/putuskan", **decision(store, 2)).text


def test_another_sites_link_locks_nothing(browse: Browse, store: Store) -> None:
    fill(store, 1)
    client = browse("sari")
    assert client.get("/aduan/1", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    with store.read() as session:
        assert session.get_one(Complaint, 1).locked_by is None
    client.get("/aduan/1", headers={"Sec-Fetch-Site": "same-origin"})
    with store.read() as session:
        assert session.get_one(Complaint, 1).locked_by is not None


def test_a_lock_is_respected_released_and_taken_over(browse: Browse, store: Store) -> None:
    fill(store, 2, unit="itjen", prioritas=["1", "2"])
    first, second, boss = browse("sari"), browse("budi"), browse("tuti", "penyelia")
    assert "Terkunci untuk Anda" in first.get("/aduan/1").text
    assert "sedang dibuka oleh Sari" in second.get("/antrian").text
    page = second.get("/aduan/1").text
    assert "sedang dibuka oleh" in page
    assert "Simpan keputusan" not in page
    assert send(second, "/aduan/1/putuskan", **decision(store, 1)).status_code == 423
    assert send(second, "/aduan/1/ambil").status_code == 403
    assert send(boss, "/aduan/1/ambil").status_code == 303
    assert "Terkunci untuk Anda" in boss.get("/aduan/1").text
    assert send(boss, "/aduan/1/lewati").headers["location"] == "/aduan/2"
    assert send(boss, "/aduan/2/tutup?unit=itjen").headers["location"] == "/antrian?unit=itjen#aduan-2"
    assert "Terkunci untuk Anda" in second.get("/aduan/1").text


def test_nothing_is_chosen_where_the_suggested_unit_is_accused(browse: Browse, store: Store) -> None:
    fill(store, 2, unit="itjen", tindakan="tinjau", aturan=["pengawasan:unit_dituduh", ""])
    client = browse("sari")
    assert not re.search(r"data-saran=\"\d\" checked", client.get("/aduan/1").text)
    assert re.search(r"data-saran=\"1\" checked", client.get("/aduan/2").text)


def test_the_last_of_a_queue_leads_back_to_it(browse: Browse, store: Store) -> None:
    fill(store, 1)
    client = browse("sari")
    target = send(client, "/aduan/1/putuskan", **decision(store, 1)).headers["location"]
    assert target.startswith("/antrian?")
    assert "Tidak ada aduan berikutnya" in client.get(target).text
