"""Keys on a complaint's page: what they choose, what they never do in one stroke, what a lost session keeps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.review.chromium.conftest import Visit
from tests.review.chromium.visitor import Office, Visitor
from tests.review.examples import PASSWORD, scored

ALWAYS_QUIET = "const wait = window.setTimeout; window.setTimeout = (run, ms) => ms === 800 ? 0 : wait(run, ms);"
"""Keeps a page in the state of its first 800 ms."""


def receive(office: Office, seed: int, size: int = 1, **columns: object) -> list[str]:
    given = {
        "unit": "itjen", "unit_2": "pemda", "unit_3": "ditjen_otda", "urgensi": "tinggi", "tindakan": "tinjau",
        "isi": [f"Jalan rusak nomor {seed}-{number}." for number in range(size)], **columns,
    }  # fmt: skip
    frame = scored(size, seed, **given)
    office.receive(frame)
    return list(frame["id"])


def open_ready(visitor: Visitor, id: str) -> None:
    """Open a complaint and wait until the page takes keys."""
    visitor.open(id)
    visitor.page.wait_for_selector("html[data-siap]")


def action(visitor: Visitor) -> str:
    return visitor.page.locator("[name=tindakan]:checked").input_value()


def test_choosing_a_unit_forwards_and_not_forwarding_takes_it_back(visit: Visit, office: Office):
    (id,) = receive(office, 11, tindakan="lengkapi")
    sari = visit("sari")
    open_ready(sari, id)
    expect(sari.page.locator("[name=unit]:checked")).to_have_count(0)
    expect(sari.page.locator("#arti-enter")).to_have_text("minta pelapor melengkapi")
    sari.page.check("[data-saran='2']")
    assert action(sari) == "teruskan"
    expect(sari.page.locator("#arti-enter")).to_have_text("teruskan ke Pemda")
    sari.page.check("[name=tindakan][value=bukan_aduan]")
    expect(sari.page.locator("[name=unit]:checked")).to_have_count(0)
    sari.page.fill("#unit-lain", "otonomi")
    assert action(sari) == "teruskan"
    expect(sari.page.locator("#arti-enter")).to_have_text("teruskan ke Ditjen Otda")


def test_enter_in_the_unit_field_chooses_first_and_saves_then(visit: Visit, office: Office):
    (id,) = receive(office, 12)
    rini = visit("rini")
    open_ready(rini, id)
    rini.page.keyboard.press("/")
    rini.page.keyboard.type("pajak")
    expect(rini.page.locator("#unit-cocok")).to_contain_text("Enter memilih Ditjen Bina Keuda")
    rini.page.keyboard.press("Enter")
    expect(rini.page.locator("#unit-lain")).to_have_value("Direktorat Jenderal Bina Keuangan Daerah")
    assert office.standing(id)[0] == "menunggu"
    rini.press("Enter")
    assert office.standing(id) == ("diputuskan", "ditjen_keuda", "rini")


def test_the_accused_unit_is_never_one_key_away(visit: Visit, office: Office):
    (id,) = receive(office, 13, aturan="pengawasan:unit_dituduh")
    wati = visit("wati")
    wati.refusals.add(422)
    open_ready(wati, id)
    wati.page.keyboard.press("1")
    expect(wati.page.locator("#tahu-dituduh")).to_be_focused()
    assert wati.page.is_checked("[data-saran='1']")
    wati.press("Enter")
    assert "adalah pihak yang dituduh" in wati.page.inner_text("#awas-dituduh")
    assert office.standing(id)[0] == "menunggu"
    wati.page.wait_for_selector("html[data-siap]")
    wati.page.keyboard.press("Space")
    wati.press("Enter")
    assert office.standing(id) == ("diputuskan", "itjen", "wati")


@pytest.mark.parametrize("key", ["1", "Enter", "Control+Enter", "z"])
def test_a_page_that_just_came_up_decides_nothing(visit: Visit, office: Office, key: str):
    login = f"tuti{'1ecz'.index(key[0].lower())}"
    (id,) = receive(office, 14 + "1ecz".index(key[0].lower()))
    tuti = visit(login)
    tuti.context.add_init_script(ALWAYS_QUIET)
    tuti.open(id)
    tuti.page.keyboard.press(key)
    tuti.page.locator("#putusan button.utama").click()
    tuti.page.keyboard.press("u")
    expect(tuti.page.locator("#urgensi-berubah")).to_have_text("urgensi tinggi → darurat")
    assert tuti.heading().startswith(f"Aduan {id} ")
    assert office.standing(id)[0] == "menunggu"


def test_u_raises_the_urgency_and_shift_u_lowers_it(visit: Visit, office: Office):
    (id,) = receive(office, 18)
    dewi = visit("dewi")
    dewi.open(id)
    for key, level in (("u", "darurat"), ("u", "rendah"), ("Shift+U", "darurat"), ("Shift+U", "tinggi")):
        dewi.page.keyboard.press(key)
        assert dewi.page.locator("[name=urgensi]:checked").input_value() == level
    expect(dewi.page.locator("#urgensi-berubah")).to_have_text("")


def test_a_note_outlives_the_session_and_is_dropped_once_saved(visit: Visit, office: Office):
    (id,) = receive(office, 19)
    lina = visit("lina")
    open_ready(lina, id)
    lina.page.click("summary:has-text('Tembusan dan catatan')")
    lina.page.fill("#catatan", "sudah ditelepon")
    lina.context.clear_cookies()
    lina.press("Control+Enter")
    assert "Sesi Anda berakhir. Masuk lagi." in lina.message()
    lina.page.fill("#login", "lina")
    lina.page.fill("#sandi", PASSWORD)
    lina.press("Enter")
    assert lina.heading().startswith(f"Aduan {id} ")
    assert lina.page.input_value("#catatan") == "sudah ditelepon"
    assert "belum tersimpan dipasang lagi" in lina.message()
    lina.page.wait_for_selector("html[data-siap]")
    lina.press("Control+Enter")
    assert [one.note for one in office.decisions("lina")] == ["sudah ditelepon"]
    assert lina.page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('catatan'))") == []


def test_what_the_keyboard_reaches_is_not_under_the_save_bar(visit: Visit, office: Office):
    (id,) = receive(office, 20)
    mira = visit("mira", viewport={"width": 1366, "height": 500})
    mira.open(id)
    mira.page.keyboard.press("/")
    boxes = [mira.page.locator(one).bounding_box() for one in ("#unit-lain", "#putusan .keputusan-kaki")]
    field, bar = boxes
    assert field is not None
    assert bar is not None
    assert bar["y"] + bar["height"] <= 500
    assert field["y"] + field["height"] <= bar["y"]
