"""Two officers on one complaint: who is slower is told so, loses nothing that was typed, and overwrites nothing."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect
from sqlalchemy import update

from pipeline.review import clock
from pipeline.review.store.tables import Complaint
from tests.review.chromium.conftest import Visit
from tests.review.chromium.visitor import Office, Visitor
from tests.review.examples import scored

NOTE = "sudah ditelepon, menunggu jawaban kecamatan"


def receive(office: Office, seed: int) -> str:
    office.receive(scored(1, seed, unit="itjen", unit_2="pemda", unit_3="ditjen_otda", urgensi="sedang"))
    return f"A{seed}-00001"


def let_expire(office: Office, id: str) -> None:
    with office.store.write() as session:
        session.execute(
            update(Complaint)
            .where(Complaint.external_id == id)
            .values(locked_until=clock.now() - dt.timedelta(seconds=1))
        )


def type_a_decision(visitor: Visitor) -> None:
    visitor.page.click("summary:has-text('Tembusan dan catatan')")
    visitor.page.fill("#catatan", NOTE)
    visitor.page.fill("#unit-lain", "Pemerintah daerah")
    visitor.page.check("[name=urgensi][value=tinggi]")


def check_what_was_typed(visitor: Visitor) -> None:
    assert visitor.page.input_value("#catatan") == NOTE
    assert visitor.page.locator("#catatan").is_visible()
    assert visitor.page.input_value("#unit-lain") == "Pemerintah daerah"
    assert visitor.page.is_checked("#unit-lain-pilih")
    assert visitor.page.is_checked("[name=urgensi][value=tinggi]")


def test_the_slower_of_two_is_told_and_nothing_is_overwritten(visit: Visit, office: Office):
    id = receive(office, 1)
    sari, budi = visit("sari"), visit("budi")
    sari.open(id)
    assert "Terkunci untuk Anda" in sari.page.inner_text("main")
    budi.page.goto("/antrian")
    assert "sedang dibuka oleh Sari sampai pukul" in budi.page.inner_text("#antrian")
    budi.open(id)
    assert "sedang dibuka oleh Sari sampai pukul" in budi.message()
    expect(budi.page.locator("#putusan")).to_have_count(0)
    type_a_decision(sari)

    let_expire(office, id)
    budi.page.reload()
    budi.press("1")
    assert f"Aduan {id} diteruskan ke Inspektorat Jenderal" in budi.message()

    sari.refusals.add(409)
    sari.click("Simpan keputusan")
    told = sari.message()
    assert "Keputusan Anda belum tersimpan" in told
    assert "Budi memutuskan meneruskan ke Inspektorat Jenderal" in told
    check_what_was_typed(sari)
    assert office.standing(id) == ("diputuskan", "itjen", "budi")
    assert [one.unit for one in office.decisions("sari", "budi")] == ["itjen"]

    # Having read it, the slower one may correct the decision; both stand in the history.
    sari.click("Simpan keputusan saya")
    assert office.standing(id) == ("diputuskan", "pemda", "sari")
    first, second = office.decisions("sari", "budi")
    assert (second.previous_id, second.note, second.level) == (first.id, NOTE, "tinggi")


def test_a_supervisor_takes_over(visit: Visit, office: Office):
    id = receive(office, 2)
    rini, tuti = visit("rini"), visit("tuti", "penyelia")
    rini.open(id)
    type_a_decision(rini)
    tuti.open(id)
    assert "sedang dibuka oleh Rini" in tuti.message()
    tuti.click("Ambil alih")
    assert "Terkunci untuk Anda" in tuti.page.inner_text("main")

    rini.refusals |= {409, 423}
    rini.click("Simpan keputusan")
    assert "Keputusan Anda belum tersimpan" in rini.message()
    assert "sedang dibuka oleh Tuti" in rini.message()
    check_what_was_typed(rini)
    assert office.standing(id) == ("menunggu", None, None)

    tuti.press("2")
    assert office.standing(id) == ("diputuskan", "pemda", "tuti")
    rini.click("Simpan keputusan")
    assert "Tuti memutuskan meneruskan ke Pemerintah daerah" in rini.message()
    check_what_was_typed(rini)
    assert [one.unit for one in office.decisions("rini", "tuti")] == ["pemda"]

    tuti.page.goto(f"/audit?aduan={id}")
    lines = tuti.page.locator("tbody tr").all_inner_texts()
    assert len(lines) == 2
    assert f"Tuti mengambil alih aduan {id} dari Rini" in lines[1]


def test_a_page_that_was_left_open_cannot_decide_twice(visit: Visit, office: Office):
    """Two pages of the same officer: the version that was seen is what counts, not who holds the lock."""
    id = receive(office, 3)
    wati = visit("wati")
    wati.open(id)
    other = wati.context.new_page()
    other.goto(wati.page.url)
    other.wait_for_selector("html[data-siap]", state="attached")
    with other.expect_navigation():
        other.keyboard.press("1")
    wati.refusals.add(409)
    wati.press("2")
    assert "Keputusan Anda belum tersimpan" in wati.message()
    assert [one.unit for one in office.decisions("wati")] == ["itjen"]
