"""The supervisor's page, its downloads, and the audit log: who may see what, and what is written there."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from pipeline.review import audit, deciding, sessions
from pipeline.review.deciding import Choice
from pipeline.review.people import Person
from pipeline.review.privacy import reveal
from pipeline.review.store import Store
from pipeline.review.store.tables import AuditEntry, Complaint
from pipeline.review.web.app import create_app
from pipeline.review.web.pages.audit import PAGE, sentence
from tests.review.asgi import Client
from tests.review.examples import fill, person

NIK = "9901011203900001"


def browser(store: Store, who: Person) -> Client:
    """A browser in which *who* is logged in."""
    with store.write() as session:
        token, _ = sessions.begin(session, who)
    app = create_app(store, timezone="Asia/Jakarta", score=None)
    return Client(app, {"cookie": f"__Host-sesi={token}"})


@pytest.fixture
def sari(store: Store) -> Person:
    """Decided four of six complaints: pemda, itjen (suggested: pemda), itjen, none; the last one has an NIK."""
    fill(
        store, 6, unit=["pemda", "pemda", "itjen", "itjen", "pemda", "itjen"], unit_2="ditjen_otda", urgensi="sedang",
        tindakan="tinjau", isi=[f"Jalan nomor {place} rusak, NIK {NIK}." for place in range(6)],
    )  # fmt: skip
    who = person(store)
    with store.read() as session:
        rows = list(session.scalars(select(Complaint).order_by(Complaint.id)))
    for row, unit in zip(rows, ("pemda", "itjen", "itjen", None), strict=False):
        action = "teruskan" if unit else "lengkapi"
        with store.write() as session:
            deciding.decide(session, who, row.id, Choice(unit, "sedang", action), version=row.version)
    return who


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_overview_shows_figures_and_charts(store: Store, sari: Person):
    answer = browser(store, person(store, "tuti", "penyelia")).get("/penyelia")
    assert answer.status_code == 200
    text = words(answer.text)
    assert "2 menunggu" in text
    assert "4 diputuskan" in text
    assert "67 % saran unit disetujui" in text
    assert "Sari 4 4 0" in text
    assert answer.text.count('<svg class="grafik"') == 3
    assert "style=" not in answer.text
    assert '<a href="/antrian?unit=pemda">1</a>' in answer.text
    assert "/penyelia/unduh?bentuk=xlsx" in answer.text


def test_the_period_is_chosen_by_the_address(store: Store, sari: Person):
    tuti = browser(store, person(store, "tuti", "penyelia"))
    assert "4 diputuskan" in words(tuti.get("/penyelia?sejak=semua").text)
    assert "0 diputuskan" in words(tuti.get("/penyelia?sejak=2099-01-01").text)
    for broken in ("kemarin", "0001-01-01", "2026-13-01"):
        answer = tuti.get(f"/penyelia?sejak={broken}")
        assert (answer.status_code, "Tanggal awal tidak dapat dibaca" in answer.text) == (422, True)


def test_an_empty_store_has_a_page(store: Store):
    answer = browser(store, person(store, "tuti", "penyelia")).get("/penyelia")
    assert answer.status_code == 200
    assert "Belum ada aduan." in answer.text


@pytest.mark.parametrize(
    ("role", "overview", "download", "log"),
    [("petugas", 403, 403, 403), ("penyelia", 200, 200, 200), ("analis", 200, 200, 403), ("admin", 403, 403, 200)],
)
def test_roles(store: Store, role: str, overview: int, download: int, log: int):
    who = browser(store, person(store, "orang", role))
    found = [who.get(path).status_code for path in ("/penyelia", "/penyelia/unduh", "/audit")]
    assert found == [overview, download, log]


def test_nobody_gets_anything_without_a_login(store: Store):
    client = Client(create_app(store, timezone="Asia/Jakarta", score=None))
    for path in ("/penyelia", "/penyelia/unduh?bentuk=csv", "/audit"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/masuk")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_download_is_masked_recorded_and_left_nowhere(
    store: Store, sari: Person, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = browser(store, person(store, "tuti", "penyelia")).get(f"/penyelia/unduh?bentuk={ending}&sejak=semua")
    assert answer.status_code == 200
    assert re.search(rf'filename="keputusan-\d{{4}}-\d\d-\d\d\.{ending}"', answer.headers["content-disposition"])
    readers = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}
    table = readers[ending](io.BytesIO(answer.content))
    assert len(table) == 4
    assert table["isi"].str.contains(re.escape("[NIK]")).all()
    assert not table["isi"].str.contains(NIK).any()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("disposisi-")]
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "ekspor")).one()
    assert (entry.actor, entry.details) == (
        "tuti",
        {"baris": 4, "disamarkan": True, "bentuk": ending, "sejak": None},
    )


def test_a_download_of_one_s_units_only(store: Store, sari: Person):
    agus = browser(store, person(store, "agus", "penyelia", ("pemda",)))
    table = pd.read_csv(io.BytesIO(agus.get("/penyelia/unduh").content))
    assert len(table) == 2
    assert set(table["unit_saran"]) == {"pemda"}


def test_another_form_of_download_is_refused(store: Store):
    answer = browser(store, person(store, "tuti", "penyelia")).get("/penyelia/unduh?bentuk=exe")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_another_site_s_link_downloads_nothing(store: Store, site: str, status: int):
    tuti = browser(store, person(store, "tuti", "penyelia"))
    assert tuti.get("/penyelia/unduh", headers={"Sec-Fetch-Site": site}).status_code == status
    with store.read() as session:
        written = session.scalars(select(AuditEntry.id).where(AuditEntry.event == "ekspor")).all()
    assert len(written) == (status == 200)


def test_the_log_tells_decisions_in_words(store: Store, sari: Person):
    with store.write() as session:
        deciding.undo(session, sari)
        reveal(session, sari, 1)
    page = browser(store, person(store, "tuti", "penyelia")).get("/audit").text
    text = words(page)
    assert "Sari meneruskan A0-00001 ke Pemda" in text
    assert "ke Pemda (saran" not in text
    assert "Sari meneruskan A0-00002 ke Itjen (saran: Pemda)" in text
    assert "Sari meminta pelapor A0-00004 melengkapi (saran: ke Itjen)" in text
    assert "Sari mengurungkan keputusan aduan A0-00004 (minta pelapor melengkapi), sehingga menunggu lagi" in text
    assert "Sari membuka data pribadi aduan A0-00001 (NIK)" in text
    assert "cli:uji mengimpor skor.csv: 6 baru, 0 diperbarui, 0 sama, 0 ditolak" in text
    assert NIK not in page


def test_the_log_is_filtered(store: Store, sari: Person):
    tuti = browser(store, person(store, "tuti", "penyelia"))
    text = words(tuti.get("/audit?peristiwa=impor").text)
    assert "mengimpor" in text
    assert "meneruskan" not in text
    text = words(tuti.get("/audit?aduan=A0-00002").text)
    assert "A0-00002" in text
    assert "A0-00001" not in text
    assert "meneruskan" not in words(tuti.get("/audit?petugas=tuti").text)
    assert "Tidak ada catatan yang cocok" in tuti.get("/audit?aduan=tidak-ada").text
    assert tuti.get("/audit?peristiwa=lain").status_code == 422


def test_older_entries_follow_without_gaps(store: Store):
    with store.write() as session:
        for number in range(2 * PAGE):
            audit.write(session, audit.Event.SCORE, actor=f"uji-{number}", details={"baris": 1})
    tuti = browser(store, person(store, "tuti", "penyelia"))
    seen: list[str] = []
    path = "/audit?peristiwa=skor"
    for _ in range(2):
        page = tuti.get(path).text
        seen += re.findall(r"uji-\d+", page)
        older = re.search(r'href="(/audit\?[^"]*sebelum=\d+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"uji-{number}" for number in reversed(range(2 * PAGE))]
    assert path == ""


def test_the_log_hides_complaints_outside_one_s_units(store: Store, sari: Person):
    agus = browser(store, person(store, "agus", "penyelia", ("pemda",)))
    text = words(agus.get("/audit").text)
    assert "A0-00001" in text
    assert "A0-00003" not in text
    assert "A0-00003" not in words(agus.get("/audit?peristiwa=putuskan").text)
    assert "meneruskan" not in words(agus.get("/audit?aduan=A0-00003").text)


@pytest.mark.parametrize("event", list(audit.Event))
def test_every_event_has_a_sentence(event: audit.Event):
    entry = AuditEntry(event=str(event), actor="sari", before=None, after=None, details=None)
    assert sentence(entry, "Sari", "A-1")


def test_sentences_name_what_matters():
    def told(event: str, **parts: dict[str, object]) -> str:
        return sentence(AuditEntry(event=event, actor="x", **parts), "Tuti", "A-1")

    assert told("ekspor", details={"baris": 1200, "disamarkan": False, "bentuk": "xlsx", "sejak": "2026-11-01"}) == (
        "Tuti mengunduh 1.200 keputusan sejak 01/11/2026 (xlsx, TIDAK disamarkan)"
    )
    assert told("ambil_alih", before={"pemegang": "Sari"}) == "Tuti mengambil alih aduan A-1 dari Sari"
    assert told("gagal_masuk", details={"pengguna": "sari"}) == "Gagal masuk sebagai sari"
    assert told("ubah_pengguna", details={"pengguna": "sari", "hal": "nonaktifkan"}) == (
        "Tuti menonaktifkan pengguna sari"
    )
    after = {"unit": "itjen", "urgensi": "tinggi", "tindakan": "teruskan", "salah_alamat_dari": "pemda"}
    before = {"unit": "pemda", "urgensi": "sedang", "tindakan": "teruskan"}
    assert told("putuskan", before=before, after=after, details={"kelompok_putusan": "x"}) == (
        "Tuti meneruskan A-1 ke Itjen (saran: Pemda), urgensi tinggi (saran: sedang), salah alamat di Pemda, "
        "bersama kelompoknya"
    )
    suggested = {"status": "menunggu", "unit": "itjen", "urgensi": "tinggi", "tindakan": "bukan_aduan", "tembusan": []}
    decided = {"status": "diputuskan", "unit": "pemda", "urgensi": "sedang", "tindakan": "teruskan",
               "tembusan": ["setjen", "Kecamatan Contoh"]}  # fmt: skip
    nowhere = {**decided, "unit": None, "urgensi": "tinggi", "tindakan": "bukan_aduan", "tembusan": []}
    assert told("putuskan", before=suggested, after={**decided, "urgensi": "tinggi"}) == (
        "Tuti meneruskan A-1 ke Pemda (saran: bukan aduan), tembusan Setjen, Kecamatan Contoh"
    )
    assert told("putuskan", before=suggested, after=nowhere) == "Tuti menyatakan A-1 bukan aduan"
    assert told("putuskan", before=decided, after=nowhere) == (
        "Tuti menyatakan A-1 bukan aduan (sebelumnya: ke Pemda), urgensi tinggi (sebelumnya: sedang), tanpa tembusan"
    )
    assert told("urungkan", before=decided, after=nowhere) == "Tuti mengurungkan keputusan aduan A-1 (ke Pemda)"
