"""Every page for everybody: nothing serious that axe-core finds, nothing wider than a telephone, nothing too small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.review import clock
from pipeline.review.deciding import Choice, decide
from pipeline.review.people import find_person
from pipeline.review.store.tables import Complaint
from tests.review.chromium.conftest import Visit
from tests.review.chromium.visitor import Office, Visitor
from tests.review.examples import scored

AXE = Path(__file__).parent / "axe"
PHONE = {"width": 390, "height": 844}
TOUCH = 40
"""Height in pixels that a finger needs."""
PRESSED = "header button:visible, main .tombol:visible, main summary:visible, .pilihan label:visible"
TEXT = (
    "Petugas loket bernama Umbarsengkala meminta uang untuk akta kelahiran. NIK saya 9935017213900417, "
    "hp 081200004417. Anak saya kejang dan belum dilayani: alamatsangatpanjangtanpaspasiyangtidakbolehmelebarkanhalaman"
    + "a"
    * 60
)


@pytest.fixture(scope="module")
def lively(office: Office) -> Office:
    """An office with complaints of every kind: accused officials, groups, places, deadlines, decided ones."""
    frame = scored(
        60, seed=5, unit="itjen", unit_2="pemda", unit_3="ditjen_dukcapil",
        kelompok=["G/1"] * 3 + [""] * 4 + ["G/8"] * 2 + ["G/10"] * 2 + [""] * 49, tindakan="tinjau",
        berkadar_pengawasan=["ya", "tidak"] * 3 + ["tidak"] * 54, dituduh=["petugas loket"] * 3 + [""] * 57,
        aturan=["pengawasan:unit_dituduh", ""] * 2 + [""] * 56, isi=[TEXT] * 4 + ["Jalan rusak."] * 56,
        alasan_urgensi='nyawa: "kejang"', calon_wilayah="Kab. Sikka; Kab. Ende",
        mirip_dengan=["", "A5-00001"] * 30, bukan_kewenangan=["", "pln"] * 30, salinan=["", "pemda"] * 30,
    )  # fmt: skip
    office.receive(frame)
    sari = office.hire("sari")
    with office.store.write() as session:
        for number in range(20, 40):
            unit = "itjen" if number % 3 else "pemda"
            decide(session, sari, number, Choice(unit, "sedang", "teruskan", note="catatan"), version=1)
    return office


def every_page(visit: Visit, office: Office, contested: int, **options: Any) -> Iterator[tuple[str, Visitor]]:
    """Open one page after the other; yield its name and the visitor who sees it.

    *contested*: the complaint that another one decides first, 5 or 6; a group of its own is decided, too.
    """
    nobody = visit(**options)
    boss = visit(f"bos{contested}", "penyelia", **options)
    slow = visit(f"lambat{contested}", **options)
    nobody.page.goto("/masuk")
    yield "login", nobody
    nobody.page.goto("/api/docs")
    nobody.page.wait_for_selector(".swagger-ui .opblock")
    yield "API", nobody
    boss.refusals |= {404}
    for name, path in (
        ("account", "/akun"), ("queue", "/antrian"), ("decided queue", "/antrian?status=diputuskan&unit=itjen"),
        ("empty queue", "/antrian?kata=tidakadakatainidimanapun"),
        ("filters", "/antrian?saring=1"), ("complaint", "/aduan/1"), ("decided complaint", "/aduan/20"),
        ("group", "/kelompok?aduan=1"), ("overview", "/penyelia"), ("audit", "/audit"), ("not found", "/tidak-ada"),
    ):  # fmt: skip
        boss.page.goto(path)
        yield name, boss
    boss.page.goto("/aduan/2")
    boss.page.get_by_role("button", name="Buka data pribadi").click()
    boss.page.wait_for_selector(".data.terbuka")
    yield "opened", boss
    boss.page.goto(f"/kelompok?aduan={2 * contested - 2}")
    boss.click("Terima saran untuk yang dipilih")
    boss.click("Urungkan")
    yield "group to be undone", boss
    slow.refusals |= {403, 409}
    slow.page.goto("/penyelia")
    yield "forbidden", slow
    slow.page.goto("/aduan/1")
    yield "locked", slow
    slow.page.goto(f"/aduan/{contested}")
    decide_first(office, contested)
    slow.click("Simpan keputusan")
    yield "conflict", slow
    slow.page.keyboard.press("?")
    yield "help", slow


def decide_first(office: Office, number: int) -> None:
    """Another officer decides a complaint that the visitor has open, as after an expired lock."""
    with office.store.write() as session:
        session.execute(update(Complaint).values(locked_until=clock.now() - dt.timedelta(seconds=1)))
        version = session.get_one(Complaint, number).version
        decide(session, find_person(session, "sari"), number, Choice("pemda", "sedang", "teruskan"), version=version)


def test_axe_finds_nothing_serious(visit: Visit, lively: Office):
    script = (AXE / "axe.min.js").read_text("utf-8")
    found = []
    for name, visitor in every_page(visit, lively, 5, bypass_csp=True):
        visitor.page.evaluate(script)
        result = visitor.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{name}: {fault['id']} ({fault['impact']}) in {node['html'][:200]}"
            for fault in result["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]
    assert not found, "\n".join(found)


def test_axe_is_the_file_that_its_readme_names():
    digest = sha256((AXE / "axe.min.js").read_bytes()).hexdigest()
    assert f"`{digest}`" in (AXE / "README.md").read_text("utf-8")


def test_everything_fits_a_telephone(visit: Visit, lively: Office):
    """No page scrolls sideways, and what is pressed is high enough for a finger."""
    wide, small = [], []
    for name, visitor in every_page(visit, lively, 6, viewport=PHONE):
        width = visitor.page.evaluate("document.scrollingElement.scrollWidth")
        if width > PHONE["width"]:
            wide.append((name, width))
        if name == "API":
            continue  # drawn by Swagger UI
        for button in visitor.page.locator(PRESSED).all():
            box = button.bounding_box()
            if box is not None and box["height"] < TOUCH:
                small.append((name, button.inner_text()[:40], round(box["height"])))
    assert wide == []
    assert not small, small
