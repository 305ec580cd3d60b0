"""Take the pictures of docs/panduan-petugas.md: the sample complaints, scored by the starter model, some decided.

    python docs/make_pictures.py               # docs/gambar/*.png
    python docs/make_pictures.py --all DIR     # every page at 1280 and 390 pixels, to look at

Needs Chromium. Store and people are made up and thrown away; the day in the pictures is always the same.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from pipeline.cli import main as disposisi
from pipeline.review import clock
from pipeline.review.deciding import Choice, decide
from pipeline.review.importing import import_scored
from pipeline.review.people import Role, add_person
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import Complaint, Suggestion
from pipeline.review.web.app import create_app
from pipeline.settings import ColumnNames, data_dir

PICTURES = Path(__file__).resolve().parent / "gambar"
ZONE = "Asia/Jakarta"
TODAY = dt.datetime(2026, 11, 27, 3, 15, tzinfo=dt.UTC)
"""10.15 in Jakarta, a week after the last of the sample complaints."""
PASSWORD = "sandi-contoh-2026"
OPENED = "A-0015"
"""The complaint in the picture: personal data, evidence of urgency, a place."""
KEPT = {"A-0005", "A-0011", "A-0016", OPENED, "A-0018", "A-0024"}
"""Early complaints that still wait."""
DECIDED = 26
PHONE, DESK, WINDOW = 390, 1280, 820
"""Widths of a telephone and of a desk's screen, height of the window, in pixels."""


class _Hands:
    """The clock in the pictures; the pipeline's is set to it."""

    at = TODAY

    def now(self) -> dt.datetime:
        return self.at


def main() -> None:
    """Fill a throwaway store, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", metavar="DIR", type=Path, help="take every page instead, into DIR")
    every: Path | None = parser.parse_args().all
    hands = _Hands()
    clock.now = hands.now
    with tempfile.TemporaryDirectory() as folder:
        scored = Path(folder) / "skor.csv"
        disposisi(["score", str(data_dir() / "samples" / "aduan_contoh.csv"), "-o", str(scored)])
        store = open_store(f"sqlite:///{folder}/triase.db")
        try:
            fill(store, scored, hands)
            with served(store) as address, browser() as chromium:
                if every is None:
                    take_guide(chromium, address)
                else:
                    take_every_page(chromium, address, every)
        finally:
            store.close()


def fill(store: Store, scored: Path, hands: _Hands) -> None:
    """Import the scored complaints; two officers decide some of them over the weeks before."""
    import_scored(store, [str(scored)], ColumnNames(), actor="cli:contoh", rejects=None)
    with store.write() as session:
        officers = [
            add_person(session, login, name, Role(role), PASSWORD, must_change=False, actor="cli:contoh")
            for login, name, role in (
                ("satu", "Petugas Satu", "petugas"),
                ("dua", "Petugas Dua", "petugas"),
                ("penyelia", "Penyelia Contoh", "penyelia"),
            )
        ]
        rows = session.execute(
            select(Complaint.id, Suggestion.row)
            .join(Suggestion, Suggestion.id == Complaint.suggestion_id)
            .where(Complaint.external_id.not_in(KEPT))
            .order_by(Complaint.id)
            .limit(DECIDED)
        ).all()
        for place, (number, row) in enumerate(rows):
            # More from week to week, as where people begin to use it.
            age = int(16 * (1 - place / DECIDED) ** 1.4)
            hands.at = TODAY - dt.timedelta(days=age, hours=place % 2)
            decide(session, officers[place % 2], number, choice_of(row, place), version=1)
        hands.at = TODAY


def choice_of(row: dict[str, object], place: int) -> Choice:
    """Return what the officer decides: mostly what is suggested, now and then the second unit or another urgency."""
    level, action = str(row["urgensi"]), str(row["tindakan"])
    if action in {"lengkapi", "bukan_aduan"}:
        return Choice(None, level, action)
    unit = row["unit_2"] if place % 6 == 5 else row["unit"]
    return Choice(str(unit), "tinggi" if place % 9 == 8 else level, "teruskan")


@contextmanager
def served(store: Store) -> Iterator[str]:
    """Serve the pages from a thread; yield their address."""
    app = create_app(store, timezone=ZONE, score=None, secure_cookie=False)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def browser() -> Iterator[Browser]:
    """Give Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


def page_of(chromium: Browser, address: str, login: str, width: int) -> Page:
    """Return a page of *login*, who is logged in."""
    context = chromium.new_context(base_url=address, viewport={"width": width, "height": WINDOW}, locale="id-ID")
    page = context.new_page()
    page.goto("/masuk")
    page.fill("#login", login)
    page.fill("#sandi", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def open_complaint(page: Page, external_id: str) -> None:
    """Find a complaint in the queue and open it."""
    page.goto("/antrian")
    with page.expect_navigation():
        page.locator("[data-baris]", has_text=external_id).locator("a.isi").click()


def shoot(page: Page, height: int | None = None) -> bytes:
    """Return the picture of the upper *height* pixels of *page*, or of all of it.

    The window is made that high: what sticks to its lower edge stands at the end then.
    """
    window = page.viewport_size or {"width": DESK, "height": WINDOW}
    tall = height or page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(tall, height or WINDOW)})
    picture = page.screenshot()
    page.set_viewport_size(window)
    return picture


def take_guide(chromium: Browser, address: str) -> None:
    """Write the three pictures of the guide: what matters of each page, in few colours."""
    officer, boss = (page_of(chromium, address, login, DESK) for login in ("satu", "penyelia"))
    officer.goto("/antrian")
    save(officer, "antrian", WINDOW)
    open_complaint(officer, OPENED)
    save(officer, "aduan", 1130)
    boss.goto("/penyelia")
    save(boss, "ikhtisar", 1000)


def save(page: Page, name: str, height: int) -> None:
    """Write the upper *height* pixels of *page* as a small PNG."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    picture = Image.open(io.BytesIO(shoot(page, height))).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def take_every_page(chromium: Browser, address: str, folder: Path) -> None:
    """Write each page at the width of a desk and of a telephone into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in (DESK, PHONE):
        officer, boss = (page_of(chromium, address, login, width) for login in ("satu", "penyelia"))
        nobody = chromium.new_context(base_url=address, viewport={"width": width, "height": WINDOW}).new_page()

        def keep(name: str, page: Page, width: int = width) -> None:
            (folder / f"{name}-{width}.png").write_bytes(shoot(page))

        for name, page, path in (
            ("masuk", nobody, "/masuk"), ("antrian", officer, "/antrian"), ("akun", officer, "/akun"),
            ("diputuskan", officer, "/antrian?status=diputuskan"), ("kosong", officer, "/antrian?kata=tidakada"),
            ("ikhtisar", boss, "/penyelia"), ("audit", boss, "/audit"), ("tidak-ada", boss, "/tidak-ada"),
            ("api", nobody, "/api/docs"),
        ):  # fmt: skip
            page.goto(path)
            if name == "api":
                page.wait_for_selector(".opblock")
            keep(name, page)
        open_complaint(officer, OPENED)
        keep("aduan", officer)
        boss.goto(officer.url)
        keep("terkunci", boss)
        officer.get_by_role("button", name="Buka data pribadi").click()
        officer.wait_for_selector(".data.terbuka")
        keep("terbuka", officer)
        officer.goto("/antrian?status=diputuskan")
        with officer.expect_navigation():
            officer.locator("a.isi").first.click()
        keep("putusan", officer)


if __name__ == "__main__":
    main()
