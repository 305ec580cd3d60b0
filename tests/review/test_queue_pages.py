"""The queue's page: finding by number, deadlines, decided complaints, going back to one's place, undoing, filters."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from pipeline.review import clock
from pipeline.review.store import Store
from pipeline.review.web import facet_cache
from tests.review.browser import Browse, Browser, browsers, decision, send, standing
from tests.review.examples import bring, fill, scored

MORNING = dt.datetime(2026, 11, 27, 2, 0, tzinfo=dt.UTC)
"""A Friday, 9.00 in Jakarta."""


@pytest.fixture
def browse(store: Store) -> Browse:
    return browsers(store)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def numbers(page: str) -> list[int]:
    """Return the complaints of a page in its order."""
    return [int(number) for number in re.findall(r'id="aduan-(\d+)"', page)]


def button(page: str) -> str:
    """Return what the undo button says, ``""`` where there is none."""
    found = re.search(r'<button class="tombol ringan urungkan">(.*?) <kbd', page)
    return found[1] if found else ""


def test_a_deadline_is_the_day_to_forward_until(browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    fill(
        store, 4, prioritas="3", batas_teruskan=["2026-11-25", "2026-11-30", "", ""],
        batas_waktu=["2026-12-30", "2026-11-01", "2026-11-26", ""],
    )  # fmt: skip
    client = browse("sari")
    page = client.get("/antrian").text
    assert numbers(page) == [1, 3, 2, 4]
    text = words(page)
    assert "teruskan paling lambat 25/11/2026 · lewat 2 hari kerja" in text
    assert "teruskan paling lambat 30/11/2026 · sisa 1 hari kerja" in text
    assert text.count("paling lambat") == 3
    assert "2 lewat batas" in text
    late = client.get("/antrian?batas=lewat").text
    assert numbers(late) == [1, 3]
    assert "2 aduan menunggu cocok dengan saringan" in late
    assert re.search(r'name="batas" value="lewat" checked', late)


@pytest.mark.parametrize("typed", ["A0-00002", "a0-00002", " A0-00002 "])
def test_a_number_leads_to_its_complaint(browse: Browse, store: Store, typed: str) -> None:
    fill(store, 3)
    client = browse("sari")
    for state in ("menunggu", "diputuskan"):
        answer = client.get("/antrian", params={"kata": typed, "urgensi": "tinggi"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/aduan/2?urgensi=tinggi")
        assert standing(store, 2)[0] == state
        send(client, "/aduan/2/putuskan", **decision(store, 2))
    assert client.get("/antrian?kata=A0-0000").status_code == 200


def test_a_number_in_mixed_letters(browse: Browse, store: Store) -> None:
    fill(store, 2, id=["Surat-7b", "SURAT-7B"])
    client = browse("sari")
    found = [client.get(f"/antrian?kata={typed}").headers["location"] for typed in ("Surat-7b", "SURAT-7B", "surat-7b")]
    assert found == ["/aduan/1", "/aduan/2", "/aduan/1"]


def test_a_hidden_number_is_told_to_nobody(browse: Browse, store: Store) -> None:
    fill(store, 2, unit=["itjen", "pemda"], saran_kerahasiaan=["", "rahasia"])
    budi = browse("budi", units=("pemda",))
    for answer in [budi.get(f"/antrian?kata=A0-0000{number}") for number in (1, 2)]:
        assert answer.status_code == 200
        assert numbers(answer.text) == []


def test_decided_ones_stand_newest_first_with_who_and_when(
    browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 4, unit="itjen", urgensi="sedang", batas_teruskan="2026-11-02", tindakan="tinjau")
    sari, budi = browse("sari"), browse("budi")
    for minutes, who, number, fields in (
        (0, sari, 3, {"urgensi": "tinggi"}),
        (5, budi, 1, {"tindakan": "bukan_aduan", "unit": ""}),
        (9, sari, 2, {"unit_lain": "pemda", "unit": ""}),
    ):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: MORNING + dt.timedelta(minutes=minutes))
        assert send(who, f"/aduan/{number}/putuskan", **decision(store, number, **fields)).status_code == 303
    page = sari.get("/antrian?status=diputuskan").text
    assert numbers(page) == [2, 1, 3]
    rows = [words(row) for row in page.split('class="aduan-baris"')[1:]]
    assert "Keputusan: Pemerintah daerah Diputuskan: 27/11/2026 09.09 oleh Sari" in rows[0]
    assert "Keputusan: bukan aduan Diputuskan: 27/11/2026 09.05 oleh Budi" in rows[1]
    assert "tinggi saran: sedang" in rows[2]
    assert "saran: sedang" not in rows[0]
    assert "paling lambat" not in page
    assert '<p class="lewat">' not in page
    assert numbers(sari.get("/antrian?status=diputuskan&batas=lewat").text) == [2, 1, 3]


def test_decided_ones_are_paged_and_gone_through(browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, 60, unit="itjen", tindakan="tinjau")
    client = browse("sari")
    for number in range(1, 61):
        # Every two of them at the same moment: the number then decides.
        monkeypatch.setattr(clock, "now", lambda number=number: MORNING + dt.timedelta(seconds=number // 2))
        send(client, f"/aduan/{number}/putuskan", **decision(store, number))
    first = client.get("/antrian?status=diputuskan").text
    more = re.search(r'hx-get="(/antrian\?[^"]*setelah[^"]*)"', first)
    assert more is not None
    rest = client.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).text
    assert numbers(first) + numbers(rest) == list(range(60, 0, -1))
    assert client.get("/antrian?status=diputuskan&setelah=WzEsMV0").status_code == 422
    here = "status=diputuskan&upto=60"
    assert send(client, f"/aduan/60/lewati?{here}").headers["location"] == f"/aduan/59?{here}"
    # Deciding again moves a complaint to the front; one goes on from where it stood.
    answer = send(client, f"/aduan/40/putuskan?{here}", **decision(store, 40, urgensi="darurat"))
    assert answer.headers["location"].startswith("/aduan/39?")
    for cursor in ("", "&setelah=abc"):  # the beginning of the queue, not the page that the last one stood on
        assert send(client, f"/aduan/1/lewati?{here}{cursor}").headers["location"] == f"/antrian?{here}&habis=1"


def test_one_goes_back_to_one_s_place(browse: Browse, store: Store) -> None:
    fill(store, 120)
    client = browse("sari")
    first = client.get("/antrian").text
    more = re.search(r'<a class="tombol" href="(/antrian\?[^"]*setelah[^"]*)"', first)
    assert more is not None
    second = client.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).text
    number = numbers(second)[10]
    link = re.search(rf'id="aduan-{number}" href="([^"]+)"', second)
    assert link is not None
    opened = client.get(link[1].replace("&amp;", "&")).text
    leave = re.search(r'action="([^"]*/tutup[^"]*)"', opened)
    assert leave is not None
    back = send(client, leave[1].replace("&amp;", "&")).headers["location"]
    assert back.endswith(f"#aduan-{number}")
    page = client.get(back).text
    assert numbers(page) == numbers(second)
    assert "Ke awal antrian" in page
    # From the first page there is no cursor to take along.
    assert send(client, "/aduan/1/tutup?unit=itjen").headers["location"] == "/antrian?unit=itjen#aduan-1"


def test_the_button_names_what_it_undoes(browse: Browse, store: Store) -> None:
    fill(store, 3, unit="itjen", tindakan="tinjau")
    client = browse("sari")
    assert button(client.get("/antrian").text) == ""
    send(client, "/aduan/1/putuskan", **decision(store, 1, unit="", unit_lain="Pemerintah daerah"))
    assert button(client.get("/antrian").text) == "Urungkan: A0-00001 → Pemda"
    send(client, "/aduan/2/putuskan", **decision(store, 2, unit="", tindakan="bukan_aduan"))
    page = client.get("/antrian").text
    assert button(page) == "Urungkan: A0-00002 → bukan aduan"
    meant = re.search(r'name="putusan" value="(\d+)"', page)
    assert meant is not None
    send(client, "/aduan/3/putuskan", **decision(store, 3))
    assert send(client, "/urung", putusan=meant[1]).status_code == 409  # another one is the newest by now
    assert standing(store, 3)[0] == standing(store, 2)[0] == "diputuskan"
    assert button(browse("budi").get("/antrian").text) == ""
    assert button(browse("ani", "analis").get("/antrian").text) == ""


def test_a_group_is_undone_only_after_a_question(browse: Browse, store: Store) -> None:
    fill(store, 24, unit="itjen", tindakan="tinjau", kelompok="A0-00001")
    client = browse("sari")
    group = client.get("/kelompok?aduan=1").text
    ticked = re.findall(r'name="pilih"[^>]* value="([^"]+)"', group)
    assert len(ticked) == 24
    send(client, "/kelompok?aduan=1", pilih=ticked)
    page = client.get("/antrian?urgensi=tinggi").text
    assert button(page) == "Urungkan: 24 aduan sekelompok"
    asked = send(client, "/urung?urgensi=tinggi")
    assert asked.status_code == 200
    text = words(asked.text)
    assert "Urungkan 24 keputusan?" in text
    assert "A0-00001 → Inspektorat Jenderal" in text
    assert "dan 4 lagi" in text
    assert 'href="/antrian?urgensi=tinggi"' in asked.text
    assert standing(store, 1)[0] == "diputuskan"
    meant = re.search(r'name="putusan" value="(\d+)"', asked.text)
    assert meant is not None
    done = send(client, "/urung?urgensi=tinggi", putusan=meant[1], yakin="ya")
    assert done.headers["location"].startswith("/antrian?urgensi=tinggi&hasil=")
    assert {standing(store, number)[0] for number in range(1, 25)} == {"menunggu"}


def test_columns_are_named_and_only_unusual_actions_are_told(browse: Browse, store: Store) -> None:
    fill(store, 4, tindakan=["tinjau", "teruskan", "lengkapi", "bukan_aduan"])
    page = browse("sari").get("/antrian").text
    head = re.search(r'<div class="antrian-judul".*?</div>', page, re.DOTALL)
    assert head is not None
    assert words(head[0]) == "Urgensi Aduan Saran unit Wilayah dan batas"
    told = sorted(re.findall(r"<strong>(saran: [^<]+)</strong>", page))
    assert told == ["saran: bukan aduan", "saran: minta pelapor melengkapi", "saran: teruskan tanpa diperiksa"]
    assert "perlu ditinjau" not in page


def test_figures_are_filters(browse: Browse, store: Store) -> None:
    fill(store, 6, urgensi=["darurat", "darurat", "tinggi", "sedang", "sedang", "sedang"])
    client = browse("sari")
    tiles = client.get("/antrian").text.split('<ul class="hitungan">')[1].split("</ul>")[0]
    links = dict(re.findall(r'<a href="([^"]+)"><b>(\d+)</b>', tiles))
    assert set(links) == {"/antrian", "/antrian?urgensi=darurat", "/antrian?urgensi=tinggi", "/antrian?batas=lewat"}
    for address, number in links.items():
        assert len(numbers(client.get(address).text)) == int(number)


def test_filters_are_folded_until_they_are_used(browse: Browse, store: Store) -> None:
    fill(store, 4, unit="itjen", berkadar_pengawasan=["ya", "tidak", "ya", "tidak"], wilayah="Kab. Sikka, NTT")
    client = browse("sari")
    for address, is_open in (
        ("/antrian", False), ("/antrian?kata=jalan", False),
        ("/antrian?pengawasan=ya", True), ("/antrian?saring=1", True),
    ):  # fmt: skip
        page = client.get(address).text
        assert ("<details open>" in page) == ('name="unit"' in page) == is_open
        assert ("Hapus saringan" in page) == ("=ya" in address or "kata" in address)
    assert sorted(numbers(client.get("/antrian?pengawasan=ya").text)) == [1, 3]
    part = client.get("/antrian/saringan", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div class="saring">')
    assert '<option value="itjen">Inspektorat Jenderal (4)</option>' in part
    assert '<option value="Kab. Sikka">4 menunggu</option>' in part


def test_a_part_of_a_place_s_name_is_enough(browse: Browse, store: Store) -> None:
    fill(store, 3, wilayah=["Kab. Sikka, Nusa Tenggara Timur", "Kota Makassar, Sulawesi Selatan", "Kota Malang, Jatim"])
    client = browse("sari")
    page = client.get("/antrian?wilayah=sikka").text
    assert numbers(page) == [1]
    assert 'value="Kab. Sikka"' in page
    assert numbers(client.get("/antrian?wilayah=kota").text) == []  # two of them


def test_filter_values_are_kept_for_a_while(browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, 2, unit=["itjen", "pemda"])
    sari, budi = browse("sari"), browse("budi", units=("itjen",))

    def units(client: Browser) -> list[str]:
        return re.findall(
            r"<option value=\"\w+\">([^<]+\(\d+\))", client.get("/antrian/saringan").text.split("s-urg")[0]
        )

    assert units(sari) == ["Inspektorat Jenderal (1)", "Pemerintah daerah (1)"]
    assert units(budi) == ["Inspektorat Jenderal (1)"]
    fill(store, 2, seed=1, unit="itjen")
    assert units(sari) == ["Inspektorat Jenderal (1)", "Pemerintah daerah (1)"]
    monkeypatch.setattr(facet_cache, "SECONDS", 0.0)
    assert units(sari) == ["Inspektorat Jenderal (3)", "Pemerintah daerah (1)"]
    assert units(budi) == ["Inspektorat Jenderal (3)"]


def test_an_empty_queue_says_so(browse: Browse, store: Store) -> None:
    client = browse("sari")
    assert "Antrian kosong. Tidak ada aduan yang menunggu." in client.get("/antrian").text
    bring(store, scored(1, urgensi="sedang"))
    page = client.get("/antrian?urgensi=darurat").text
    assert "Tidak ada aduan di sini." in page
    assert "Antrian kosong" not in page
