"""The pages over HTTP: a group of similar complaints, and undoing what a message tells."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from pipeline.review import locks, undoing
from pipeline.review.people import find_person
from pipeline.review.store import Store
from tests.review.browser import Browse, browsers, decision, send, standing
from tests.review.examples import fill


@pytest.fixture
def browse(store: Store) -> Browse:
    return browsers(store)


# Groups


def test_a_group_is_accepted_at_once_and_says_what_was_left_out(browse: Browse, store: Store) -> None:
    fill(store, 4, unit="itjen", tindakan="tinjau", kelompok=["G/1", "G/1", "G/1", ""])
    client, other = browse("sari"), browse("budi")
    page = client.get("/kelompok?aduan=1").text
    assert "<title>Kelompok aduan serupa G/1" in page
    seen = ticked(page)
    assert [value.split(":")[0] for value in seen] == ["1", "2", "3"]
    other.get("/aduan/2")
    answer = send(client, "/kelompok?aduan=1", pilih=[*seen, "4:1:4", "x", "9:y:1", "3", "3:1"])
    page = client.get(answer.headers["location"]).text
    assert "2 aduan sekelompok diteruskan" in page
    assert "2 aduan dilewati" in page
    assert [standing(store, number)[0] for number in (1, 2, 3, 4)] == [
        "diputuskan",
        "menunggu",
        "diputuskan",
        "menunggu",
    ]
    assert send(client, "/kelompok?aduan=1").status_code == 422
    assert "2 keputusan diurungkan" in client.get(send(client, "/urung", yakin="ya").headers["location"]).text


def ticked(page: str, mark: str = " checked") -> list[str]:
    return re.findall(rf'name="pilih" id="pilih-\d+" value="([\d:]+)"{mark}>', page)


def test_a_group_offers_only_what_may_be_forwarded_together(browse: Browse, store: Store) -> None:
    fill(
        store, 6, unit="itjen", kelompok="G/1",
        tindakan=["teruskan", "tinjau", "lengkapi", "bukan_aduan", "tinjau", "tinjau"],
        saran_kerahasiaan=["", "", "", "", "rahasia", ""], aturan=["", "", "", "", "", "pengawasan:unit_dituduh"],
    )  # fmt: skip
    client, other = browse("sari"), browse("budi")
    other.get("/aduan/2")
    page = client.get("/kelompok?aduan=3").text
    assert [value.split(":")[0] for value in ticked(page)] == ["1"]
    assert [value.split(":")[0] for value in ticked(page, " disabled")] == ["2"]
    assert page.count("sarannya bukan untuk diteruskan: putuskan satu per satu") == 2
    assert page.count("unit sarannya dituduh atau aduannya rahasia: putuskan satu per satu") == 2
    everything = [f"{number}:1:{number}" for number in range(1, 7)]
    page = client.get(send(client, "/kelompok?aduan=3", pilih=everything).headers["location"]).text
    assert "5 aduan dilewati" in page
    assert [standing(store, number)[0] for number in range(1, 7)] == ["diputuskan", *["menunggu"] * 5]
    assert "Terima saran" not in browse("ani", "analis").get("/kelompok?aduan=3").text


def test_a_group_is_not_forwarded_to_units_that_nobody_saw(browse: Browse, store: Store) -> None:
    fill(store, 2, unit="itjen", tindakan="tinjau", kelompok="G/1")
    client = browse("sari")
    seen = ticked(client.get("/kelompok?aduan=1").text)
    fill(store, 1, unit="pemda", tindakan="tinjau", kelompok="G/1", versi_model="contoh/2")
    page = client.get(send(client, "/kelompok?aduan=1", pilih=seen).headers["location"]).text
    assert "1 aduan dilewati karena sudah diputuskan, sarannya sudah diganti" in page
    assert [standing(store, number) for number in (1, 2)] == [("menunggu", None), ("diputuskan", "itjen")]


def test_a_hidden_complaint_gives_its_group_no_name(browse: Browse, store: Store) -> None:
    units = ["itjen", "pemda", "pemda"]
    fill(store, 3, unit=units, kelompok="A0-00001", mirip_dengan="A0-00001; A0-00002; A0-00003", isi="Sama.")
    limited = browse("budi", units=("pemda",))
    pages = [limited.get(address) for address in ("/antrian", "/aduan/2", "/kelompok?aduan=2")]
    assert [page.status_code for page in pages] == [200] * 3
    assert "2 aduan" in pages[2].text
    for page in pages:
        assert "A0-00001" not in page.text
    for address in ("/kelompok?aduan=1", "/kelompok?aduan=99", "/kelompok?aduan=x", "/kelompok"):
        assert limited.get(address).status_code == 404
    assert send(limited, "/kelompok?aduan=1", pilih=["2:1:2"]).status_code == 404
    assert "Kelompok A0-00001" in browse("sari").get("/kelompok?aduan=2").text
    fill(store, 1, seed=1)
    assert browse("tono").get("/kelompok?aduan=4").status_code == 404  # it is in no group


# Undoing


def undoes(page: str) -> str:
    """Return the decision that the button beside a message names, "" where there is none."""
    found = re.search(r'<div class="pesan">.*?name="putusan" value="(\d+)".*?</div>', page, re.DOTALL)
    return found[1] if found else ""


def test_the_button_beside_a_message_undoes_what_the_message_tells(browse: Browse, store: Store) -> None:
    fill(store, 4, unit="itjen")
    client = browse("sari")
    first = send(client, "/aduan/1/putuskan", **decision(store, 1)).headers["location"]
    meant = undoes(client.get(first).text)
    assert meant == "1"
    second = send(client, "/aduan/2/putuskan", **decision(store, 2)).headers["location"]
    assert undoes(client.get(first).text) == ""  # no longer the newest
    refused = send(client, "/urung", putusan=meant)
    assert refused.status_code == 409
    assert "sesudahnya Anda sudah memutuskan aduan lain" in refused.text
    assert [standing(store, number)[0] for number in (1, 2)] == ["diputuskan"] * 2
    assert send(client, "/urung", putusan=undoes(client.get(second).text)).status_code == 303
    assert undoes(client.get(second).text) == ""  # undone
    assert undoes(client.get(first).text) == "1"
    assert [standing(store, number)[0] for number in (1, 2)] == ["diputuskan", "menunggu"]
    send(browse("budi"), "/aduan/1/putuskan", **decision(store, 1, unit="itjen"))
    assert undoes(client.get(first).text) == ""  # somebody decided it anew


def test_a_message_is_too_old_to_be_undone(browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, 2, unit="itjen")
    client = browse("sari")
    told = send(client, "/aduan/1/putuskan", **decision(store, 1)).headers["location"]
    monkeypatch.setattr(undoing, "UNDO_WITHIN", dt.timedelta(0))
    page = client.get(told).text
    assert "diteruskan ke" in page
    assert undoes(page) == ""


def test_a_groups_undo_tells_what_stayed_and_why(browse: Browse, store: Store) -> None:
    fill(store, 4, unit="itjen", tindakan="tinjau", kelompok="G/1")
    client, other = browse("sari"), browse("budi")
    seen = ticked(client.get("/kelompok?aduan=1").text)
    page = client.get(send(client, "/kelompok?aduan=1", pilih=seen).headers["location"]).text
    send(other, "/aduan/2/putuskan", **decision(store, 2, unit="itjen"))
    with store.write() as session:
        locks.take(session, find_person(session, "budi"), 3)
    page = client.get(send(client, "/urung", putusan=undoes(page), yakin="ya").headers["location"]).text
    assert "2 keputusan diurungkan" in page
    assert (
        "2 tidak diurungkan: 1 aduannya sudah diputuskan lagi, "
        "1 sedang dibuka petugas lain atau tidak lagi dapat Anda lihat." in page
    )


def test_undoing_what_is_then_hidden_leads_to_the_queue(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="pemda")
    client = browse("budi", units=("pemda",))
    told = send(client, "/aduan/1/putuskan", **decision(store, 1, unit="itjen", unit_lain="pemda")).headers["location"]
    fill(store, 1, unit="itjen", versi_model="contoh/2")
    back = send(client, "/urung").headers["location"]
    assert back.startswith("/antrian?hasil=")
    assert "Keputusan diurungkan" in client.get(back).text
    page = client.get(told).text
    assert "A0-00001" not in page
    assert undoes(page) == ""
