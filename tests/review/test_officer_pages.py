"""The complaint page as a triage officer uses it, over HTTP: units by what is typed, the accused unit, corrections."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.catalogue import unit_name
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint
from pipeline.review.web.pages.unit_search import find_units
from tests.review.browser import Browse, browsers, decision, send, standing
from tests.review.examples import bring, fill, scored

UNITS = ["bpsdm", "ditjen_dukcapil", "ditjen_keuda", "ditjen_otda", "instansi_lain", "itjen", "pemda", "Dinas Contoh"]


@pytest.fixture
def browse(store: Store) -> Browse:
    return browsers(store)


def decide(client: Any, store: Store, number: int = 1, **fields: Any) -> Any:
    return send(client, f"/aduan/{number}/putuskan", **decision(store, number, **fields))


# Units


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ditjen Dukcapil", ["ditjen_dukcapil"]),
        ("direktorat  jenderal otonomi daerah", ["ditjen_otda"]),
        ("dukcapil", ["ditjen_dukcapil"]),
        ("capil", ["ditjen_dukcapil"]),
        ("KTP", ["ditjen_dukcapil"]),
        ("ditjen_otda", ["ditjen_otda"]),
        ("contoh", ["Dinas Contoh"]),
        ("pajak", ["ditjen_keuda", "instansi_lain"]),
        ("tidakada", []),
        ("  ", []),
    ],
)
def test_units_are_found_by_parts_of_names_codes_and_duties(typed: str, found: list[str]) -> None:
    assert find_units(typed, UNITS) == found


def test_a_part_that_fits_one_unit_is_taken(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    assert decide(browse("sari"), store, unit_lain="dukcapil", tembusan=["otonomi"]).status_code == 303
    assert standing(store, 1) == ("diputuskan", "ditjen_dukcapil")


def test_of_several_units_the_officer_picks_one(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    client = browse("sari")
    answer = decide(client, store, unit_lain="pajak")
    assert answer.status_code == 422
    assert "cocok dengan 2 unit" in answer.text
    assert re.findall(r'name="unit_cocok" value="(\w+)"', answer.text) == ["ditjen_keuda", "instansi_lain"]
    assert re.search(r'id="unit-lain"[^>]*value="pajak"[^>]*autofocus', answer.text)
    assert standing(store, 1)[0] == "menunggu"
    assert decide(client, store, unit="lain", unit_lain="pajak", unit_cocok="itjen").status_code == 422
    assert decide(client, store, unit="lain", unit_lain="pajak", unit_cocok="ditjen_keuda").status_code == 303
    assert standing(store, 1)[1] == "ditjen_keuda"


def test_an_unknown_unit_or_copy_is_told_beside_its_field(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    client = browse("sari")
    assert "Tidak ada unit yang cocok dengan “kantor pos”" in decide(client, store, unit_lain="kantor pos").text
    assert "Tembusan “pajak” tidak cocok" in decide(client, store, tembusan=["pajak"]).text
    assert "Ketik nama unit" in decide(client, store, unit="lain").text
    assert standing(store, 1)[0] == "menunggu"


def test_the_list_of_units_shows_no_codes(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    units = re.search(r'<datalist id="semua-unit">(.*?)</datalist>', browse("sari").get("/aduan/1").text, re.DOTALL)
    assert units is not None
    assert ">Ditjen Dukcapil</option>" in units[1]
    assert ">ditjen_dukcapil<" not in units[1]
    assert 'value="ditjen_dukcapil"' not in units[1]


# A unit against the action


@pytest.mark.parametrize("action", ["lengkapi", "bukan_aduan"])
def test_a_typed_unit_is_not_dropped_silently(browse: Browse, store: Store, action: str) -> None:
    fill(store, 1, unit="itjen", tindakan=action)
    client = browse("sari")
    page = client.get("/aduan/1").text
    assert not re.search(r'name="unit"[^>]* checked', page)
    assert re.search(rf'name="tindakan" value="{action}"[^>]* checked', page)
    for _ in range(2):
        answer = decide(client, store, unit="", unit_lain="pemda", tindakan=action, unit_awal="")
        assert answer.status_code == 422
        assert "Anda memilih Pemerintah daerah, tetapi tindakannya" in answer.text
    assert standing(store, 1)[0] == "menunggu"
    assert decide(client, store, unit="", tindakan=action, unit_awal="").status_code == 303
    assert standing(store, 1) == ("diputuskan", None)


def test_a_ticked_unit_against_the_action_is_asked_about_once(browse: Browse, store: Store) -> None:
    fill(store, 2, unit="itjen", tindakan=["lengkapi", "tinjau"])
    client = browse("sari")
    answer = decide(client, store, unit="itjen", tindakan="lengkapi", unit_awal="")
    assert answer.status_code == 422
    assert 'name="unit_awal" value="itjen"' in answer.text
    assert decide(client, store, unit="itjen", tindakan="lengkapi", unit_awal="itjen").status_code == 303
    # The page ticked the unit itself: without scripts it cannot be taken back.
    assert decide(client, store, 2, tindakan="bukan_aduan", unit_awal="itjen").status_code == 303


# The accused unit


def test_the_accused_unit_needs_a_tick_of_its_own(browse: Browse, store: Store) -> None:
    fill(store, 2, unit="itjen", unit_2="pemda", aturan="pengawasan:unit_dituduh")
    client = browse("sari")
    page = client.get("/aduan/1").text
    assert re.findall(r'data-dituduh value="(\w+)" data-saran="1"', page) == ["itjen"]
    assert 'class="larang" id="larangan"' in page
    assert "Saya tahu unit ini yang dituduh" in page
    for fields in ({}, {"unit": "", "unit_lain": "inspektorat"}, {"unit": "pemda", "tembusan": ["itjen"]}):
        answer = decide(client, store, **fields)
        assert answer.status_code == 422
        assert "Inspektorat Jenderal adalah pihak yang dituduh" in answer.text
    assert standing(store, 1)[0] == "menunggu"
    assert decide(client, store, tahu_dituduh="ya").status_code == 303
    assert decide(client, store, 2, unit="pemda").status_code == 303


def test_hidden_complaints_tell_nothing_of_whom_they_accuse(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen", aturan="pengawasan:unit_dituduh")
    assert decide(browse("budi", units=("pemda",)), store).status_code == 404


# Decided complaints and conflicts


def test_a_correction_starts_with_what_stands(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen", urgensi="sedang")
    client, other = browse("sari"), browse("budi")
    note = "baris satu\nbaris dua"
    decide(client, store, unit="pemda", urgensi="tinggi", catatan=note, tembusan=["Itjen"])
    page = client.get("/aduan/1").text
    assert f">{note}</textarea>" in page
    assert 'name="tembusan" list="semua-unit" value="Inspektorat Jenderal"' in page
    assert re.search(r'name="urgensi" value="tinggi" checked', page)
    assert '<span class="lencana tinggi">tinggi</span>' in page
    assert re.search(r"<strong>diteruskan ke Pemerintah daerah</strong>, urgensi tinggi · Sari, \d\d/\d\d/\d{4}", page)
    assert "Saran model:" in page
    # Looking it up locks nothing.
    assert "Terkunci untuk Anda" not in page
    assert "Simpan perubahan" in other.get("/aduan/1").text
    with store.read() as session:
        assert session.get_one(Complaint, 1).locked_by is None


def test_a_conflict_is_told_once_and_leaves_two_ways(browse: Browse, store: Store) -> None:
    fill(store, 2, unit="itjen")
    slow, quick = browse("sari"), browse("budi")
    seen = decision(store, 1, unit="pemda", catatan="tulisan sari")
    decide(quick, store)
    page = send(slow, "/aduan/1/putuskan", **seen).text
    assert page.count("Budi memutuskan meneruskan ke Inspektorat Jenderal") == 1
    assert "Muat ulang halaman" not in page
    assert "sudah diputuskan oleh" not in page
    for button in ("Simpan keputusan saya", "Biarkan keputusan mereka"):
        assert page.count(button) == 1
    assert 'id="biarkan" method="post" action="/aduan/1/lewati?' in page
    refused = decide(slow, store, 2, unit_lain="tidakada").text
    assert "Biarkan keputusan mereka" not in refused
    assert "memutuskan" not in refused[: refused.index("<h1>")].replace("tersimpan", "")


# Sessions


def test_who_sends_after_the_session_ended_comes_back_to_the_complaint(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    client = browse()
    answer = client.post("/aduan/1/putuskan?unit=itjen&upto=3", data={"catatan": "x"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/masuk?next=%2Faduan%2F1%3Funit%3Ditjen%26upto%3D3&berakhir=1"
    page = client.get(answer.headers["location"]).text
    assert "Sesi Anda berakhir. Masuk lagi." in page
    assert 'name="next" value="/aduan/1?unit=itjen&amp;upto=3"' in page
    assert client.post("/urung").headers["location"] == "/masuk?berakhir=1"
    assert client.get("/aduan/1").headers["location"] == "/masuk?next=%2Faduan%2F1"
    assert "berakhir" not in client.get("/masuk").text


# What is shown


def test_who_may_not_decide_gets_no_keys_and_no_banner(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen")
    browse("sari").get("/aduan/1")
    page = browse("ani", "analis").get("/aduan/1").text
    assert "sedang dibuka oleh" not in page
    for key in ("teruskan ke unit itu", "simpan isian", "urungkan keputusan terakhir"):
        assert key not in page
    assert "aduan berikutnya" in page


def test_rules_and_reasons_are_sentences(browse: Browse, store: Store) -> None:
    row = {
        "tindakan": "tinjau", "berkadar_pengawasan": "ya", "kurang": "di_mana", "alasan": "KTP; blangko",
        "bukan_kewenangan": "pemerintah daerah (wilayah tidak disebut)",
        "aturan": "kebijakan:wajib; kebijakan:unit_lemah; kebijakan:keyakinan; pungutan-01; pungutan-02",
    }  # fmt: skip
    fill(store, 1, unit="itjen", **row)
    page = browse("sari").get("/aduan/1").text
    for said in (
        "Menuduh pejabat: selalu diperiksa.", "Saran untuk unit ini sering keliru: periksa.",
        "Keyakinan rendah: periksa.", "Yang kurang: lokasi (nama jalan", "melainkan pemerintah daerah.",
        ">kata yang menuduh pemegang wewenang: pungutan</li>",
    ):  # fmt: skip
        assert said in page
    shown = re.sub(r'title="[^"]*"', "", page)
    for hidden in ("pungutan-01", "kebijakan:", ".tsv", "ambangnya sendiri", "tidak disebut)", "2020-01-01"):
        assert hidden not in shown
    assert "pungutan-02: pengawasan.tsv, berlaku sejak 01/01/2020" in page


def test_an_empty_text_says_so(browse: Browse, store: Store) -> None:
    bring(store, scored(1, isi=" ", unit="itjen"))
    assert "(tanpa teks, atau isinya sudah dihapus)" in browse("sari").get("/aduan/1").text


def test_where_nothing_is_forwarded_the_keys_say_what_enter_does(browse: Browse, store: Store) -> None:
    fill(store, 1, unit="itjen", tindakan="lengkapi")
    page = browse("sari").get("/aduan/1").text
    assert '<b id="arti-enter">minta pelapor melengkapi</b>' in page
    assert unit_name("itjen") in page
