"""An officer's day in a real browser: the first login, ten complaints by keyboard alone, the same without scripts."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from pipeline.review import audit
from pipeline.review.store.tables import AuditEntry, Complaint
from tests.review.chromium.conftest import Visit
from tests.review.chromium.visitor import Office, Visitor
from tests.review.examples import PASSWORD, scored

FIRST, SECOND, THIRD = "ditjen_dukcapil", "pemda", "itjen"
OTHER, OTHER_NAME = "ditjen_otda", "Direktorat Jenderal Otonomi Daerah"
NIK, PHONE = "9935017213900417", "081200004417"


def receive(office: Office, size: int, seed: int, unit: str = FIRST, **columns: object) -> list[str]:
    """Import complaints that stand in the queue in the order of their numbers; return these."""
    frame = scored(
        size, seed, unit=unit, unit_2=SECOND, unit_3=THIRD, urgensi="sedang", prioritas="3",
        batas_teruskan="2026-12-24", tindakan="tinjau", keyakinan=[0.3 + 0.01 * number for number in range(size)],
        **columns,
    )  # fmt: skip
    office.receive(frame)
    return list(frame["id"])


def test_the_first_login_asks_for_another_password(visit: Visit, office: Office):
    office.hire("baru", must_change=True)
    visitor = visit()
    visitor.log_in("baru")
    assert visitor.heading() == "Akun saya"
    assert "Ganti kata sandi sementara" in visitor.message()
    visitor.page.goto("/antrian")
    assert visitor.page.url.endswith("/akun")
    for field, password in (("#lama", PASSWORD), ("#baru", "sandi-baru-2026"), ("#ulang", "sandi-baru-2026")):
        visitor.page.fill(field, password)
    visitor.press("Enter")
    assert "Kata sandi baru tersimpan" in visitor.message()
    visitor.click("Ke antrian", "link")
    assert visitor.heading() == "Antrian aduan"
    visitor.click("Keluar")
    assert "Anda sudah keluar" in visitor.message()
    visitor.refusals.add(403)
    visitor.log_in("baru")
    assert visitor.heading() == "Masuk"
    visitor.log_in("baru", "sandi-baru-2026")
    assert visitor.heading() == "Antrian aduan"


def test_ten_complaints_by_keyboard(visit: Visit, office: Office):
    sari = visit("sari", units=(FIRST,))
    ids = receive(office, 12, seed=1)
    sari.page.goto("/antrian")
    sari.page.keyboard.press("j")
    sari.press("Enter")
    done = ("1", "2", "3", other_by_name, urgent, more_urgent, "n", "1", other_by_code, "2", "3", "1")
    for id, keys in zip(ids, done, strict=True):
        assert sari.heading().startswith(f"Aduan {id} ")
        sari.ready()
        if callable(keys):
            keys(sari)
        else:
            sari.press(keys)
    # The last one is followed by the one that was skipped.
    assert sari.heading().startswith(f"Aduan {ids[6]} ")
    assert f"Aduan {ids[11]} diteruskan" in sari.message()
    sari.press("z")
    assert sari.heading().startswith(f"Aduan {ids[11]} ")
    assert "Keputusan diurungkan" in sari.message()
    assert office.standing(ids[11]) == ("menunggu", None, None)
    sari.press("q")
    lines = sari.page.locator("[data-baris]")
    expect(lines).to_have_count(2)
    assert [id in text for id, text in zip((ids[6], ids[11]), lines.all_inner_texts(), strict=True)] == [True, True]
    assert sari.page.locator(".hitungan li", has_text="Anda putuskan hari ini").locator("b").inner_text() == "10"

    kept = office.decisions("sari")
    assert [(one.kind, one.unit, one.level, one.action, one.rank) for one in kept] == [
        ("putusan", FIRST, "sedang", "teruskan", 1),
        ("putusan", SECOND, "sedang", "teruskan", 2),
        ("putusan", THIRD, "sedang", "teruskan", 3),
        ("putusan", OTHER, "sedang", "teruskan", 0),
        ("putusan", FIRST, "tinggi", "teruskan", 1),
        ("putusan", FIRST, "darurat", "teruskan", 1),
        ("putusan", FIRST, "sedang", "teruskan", 1),
        ("putusan", OTHER, "sedang", "teruskan", 0),
        ("putusan", SECOND, "sedang", "teruskan", 2),
        ("putusan", THIRD, "sedang", "teruskan", 3),
        ("putusan", FIRST, "sedang", "teruskan", 1),
        ("urung", FIRST, "sedang", "teruskan", None),
    ]
    decided = [*ids[:6], *ids[7:], ids[11]]
    with office.store.read() as session:
        found = {one.id: one for one in session.scalars(select(Complaint).where(Complaint.external_id.in_(ids)))}
    assert [found[one.complaint_id].external_id for one in kept] == decided
    assert all(found[one.complaint_id].suggestion_id == one.suggestion_id for one in kept)
    assert {found[one.complaint_id].locked_by for one in kept} == {None}


def other_by_name(sari: Visitor) -> None:
    """Search a unit that is not suggested by a part of its name: Enter takes it, Enter again saves."""
    sari.page.keyboard.press("/")
    expect(sari.page.locator("#unit-lain")).to_be_focused()
    assert sari.page.is_checked("#unit-lain-pilih")
    sari.page.keyboard.type("otonomi")
    expect(sari.page.locator("#unit-cocok")).to_contain_text("Enter memilih Ditjen Otda")
    sari.page.keyboard.press("Enter")
    assert sari.page.input_value("#unit-lain") == OTHER_NAME
    sari.press("Enter")
    assert f"diteruskan ke {OTHER_NAME}" in sari.message()


def other_by_code(sari: Visitor) -> None:
    """Type the code, leave the field, save."""
    sari.page.keyboard.press("/")
    sari.page.keyboard.type(OTHER)
    sari.page.keyboard.press("Escape")
    sari.press("Control+Enter")


def urgent(sari: Visitor) -> None:
    """Raise the urgency by one level, save with Enter."""
    sari.page.keyboard.press("u")
    assert level(sari) == "tinggi"
    sari.press("Enter")


def more_urgent(sari: Visitor) -> None:
    """Raise the urgency by two levels, one of them back and forth; keys do nothing while the help is open."""
    sari.page.keyboard.press("?")
    expect(sari.page.locator("#bantuan")).to_be_visible()
    sari.page.keyboard.press("2")
    sari.page.keyboard.press("Escape")
    expect(sari.page.locator("#bantuan")).to_be_hidden()
    for key in ("u", "Shift+U", "u", "u"):
        sari.page.keyboard.press(key)
    assert level(sari) == "darurat"
    sari.press("Control+Enter")


def level(visitor: Visitor) -> str:
    return visitor.page.locator("[name=urgensi]:checked").input_value()


def test_typing_a_shortcut_into_a_field_decides_nothing(visit: Visit, office: Office):
    (id,) = receive(office, 1, seed=2, unit="itjen")
    sari = visit("rini", units=("itjen",))
    sari.open(id)
    sari.page.click("summary:has-text('Tembusan dan catatan')")
    sari.page.locator("#catatan").press_sequentially("1 2 3 n q z u / ?")
    assert sari.page.input_value("#catatan") == "1 2 3 n q z u / ?"
    assert sari.heading().startswith(f"Aduan {id} ")
    assert office.standing(id)[0] == "menunggu"
    sari.press("Control+Enter")
    assert [one.note for one in office.decisions("rini")] == ["1 2 3 n q z u / ?"]


def test_personal_data_is_opened_on_record(visit: Visit, office: Office):
    text = f"NIK saya {NIK} tidak dikenali, hubungi {PHONE}. Mohon dibantu."
    (id,) = receive(office, 1, seed=3, isi=text)
    wati, boss = visit("wati"), visit("tuti", "penyelia")
    wati.open(id)
    assert "[NIK]" in wati.page.inner_text("#teks")
    assert not {NIK, PHONE} & set(wati.page.content().split())
    assert NIK not in wati.page.content()
    wati.page.get_by_role("button", name="Buka data pribadi").click()
    expect(wati.page.locator("#teks")).to_contain_text(NIK)
    assert PHONE in wati.page.inner_text("#teks")
    assert "tercatat" in wati.page.inner_text("#teks")
    wati.page.reload()
    assert NIK not in wati.page.content()

    boss.page.goto(f"/audit?aduan={id}")
    (line,) = boss.page.locator("tbody tr").all_inner_texts()
    assert f"Wati membuka data pribadi aduan {id} (NIK, telepon)" in line
    with office.store.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.event == audit.Event.REVEAL, AuditEntry.actor == "wati")
        ).one()
    for hidden in (NIK, PHONE):
        assert hidden not in boss.page.content()
        assert hidden not in str(entry.details)


def test_everything_works_without_scripts(visit: Visit, office: Office):
    ids = receive(office, 3, seed=4, unit="ditjen_pemdes", isi=["Air irigasi", "Pasar desa", "Air bersih"])
    dewi = visit("dewi", units=("ditjen_pemdes",), java_script_enabled=False)
    page = dewi.page
    assert dewi.heading() == "Antrian aduan"
    page.fill("#s-kata", "air")
    dewi.click("Saring")
    assert page.locator("[data-baris]").count() == 2
    with page.expect_navigation():
        page.click("a.isi >> nth=0")
    assert dewi.heading().startswith(f"Aduan {ids[0]} ")
    page.fill("#unit-lain", OTHER_NAME)
    page.check("[name=urgensi][value=tinggi]")
    dewi.click("Simpan keputusan")
    # The filter goes along: the second complaint does not fit it.
    assert dewi.heading().startswith(f"Aduan {ids[2]} ")
    assert f"Aduan {ids[0]} diteruskan ke {OTHER_NAME}" in dewi.message()
    page.check("[name=tindakan][value=bukan_aduan]")
    dewi.click("Simpan keputusan")
    assert "Tidak ada aduan berikutnya" in dewi.message()
    dewi.click("Urungkan")
    dewi.click("Ke antrian")
    assert page.locator("[data-baris]").count() == 1
    made = [(one.kind, one.unit, one.level, one.action) for one in office.decisions("dewi")]
    assert made == [
        ("putusan", OTHER, "tinggi", "teruskan"),
        ("putusan", None, "sedang", "bukan_aduan"),
        ("urung", None, "sedang", "bukan_aduan"),
    ]
    assert [office.standing(id)[0] for id in ids] == ["diputuskan", "menunggu", "menunggu"]
