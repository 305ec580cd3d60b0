"""Somebody with a browser, and the office whose pages are open in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import pandas as pd
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from sqlalchemy import select

from pipeline.review.people import Person, Role, add_person
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint, Decision, Officer
from tests.review.chromium.server import PATIENCE
from tests.review.examples import PASSWORD, bring

_REFUSED = re.compile(r"status of (4\d\d)")
"""Chromium puts a page that is answered with 4.. into the console as an error."""

expect.set_options(timeout=1000 * PATIENCE)


@dataclass(frozen=True)
class Office:
    """The store and the address of the server on it."""

    store: Store
    address: str

    def hire(
        self, login: str, role: str = "petugas", units: Sequence[str] = (), *, must_change: bool = False
    ) -> Person:
        """Add a person named like the login name, whose password is that of the examples."""
        with self.store.write() as session:
            return add_person(
                session, login, login.title(), Role(role), PASSWORD, units, must_change=must_change
            )  # fmt: skip

    def receive(self, frame: pd.DataFrame) -> None:
        """Import scored complaints."""
        bring(self.store, frame)

    def number(self, external_id: str) -> int:
        """Return the number that a complaint has in addresses."""
        with self.store.read() as session:
            return session.scalars(select(Complaint.id).where(Complaint.external_id == external_id)).one()

    def standing(self, external_id: str) -> tuple[str, str | None, str | None]:
        """Return state, decided unit and the login of who decided."""
        with self.store.read() as session:
            state, unit, login = session.execute(
                select(Complaint.state, Complaint.decided_unit, Officer.login)
                .outerjoin(Officer, Officer.id == Complaint.decided_by)
                .where(Complaint.external_id == external_id)
            ).one()
        return state, unit, login

    def decisions(self, *logins: str) -> list[Decision]:
        """Return what these officers decided and undid, the oldest first."""
        with self.store.read() as session:
            mine = select(Decision).join(Officer, Officer.id == Decision.officer_id).where(Officer.login.in_(logins))
            return list(session.scalars(mine.order_by(Decision.id)))


class Visitor:
    """A browser with one page. ``faults``: what must not happen; ``refusals``: statuses that a test expects."""

    def __init__(self, office: Office, context: BrowserContext, *, scripts: bool = True) -> None:
        self.office, self.context, self._scripts = office, context, scripts
        self.faults: list[str] = []
        self.refusals: set[int] = set()
        context.set_default_timeout(1000 * PATIENCE)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.page: Page = context.new_page()

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme != "data" and f"{url.scheme}://{url.netloc}" != self.office.address:
            self.faults.append(f"asked elsewhere: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        refused = _REFUSED.search(message.text)
        if message.type in {"error", "warning"} and not (refused and int(refused[1]) in self.refusals):
            self.faults.append(f"console: {message.text}")

    def log_in(self, login: str, password: str = PASSWORD) -> None:
        """Log in by the form."""
        self.page.goto("/masuk")
        self.page.fill("#login", login)
        self.page.fill("#sandi", password)
        self.press("Enter")

    def ready(self) -> None:
        """Wait until the page takes decisions: for a moment after it came up it takes none, against double taps."""
        if self._scripts:
            self.page.wait_for_selector("html[data-siap]", state="attached")

    def press(self, key: str) -> None:
        """Press a key that leads to another page, and wait until that one is whole."""
        self.ready()
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def click(self, name: str, role: Literal["button", "link"] = "button") -> None:
        """Click what leads to another page, and wait until that one is whole."""
        self.ready()
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).first.click()

    def open(self, external_id: str) -> None:
        """Open a complaint by its address."""
        self.page.goto(f"/aduan/{self.office.number(external_id)}")

    def heading(self) -> str:
        """Return the page's main heading."""
        return self.page.inner_text("h1")

    def message(self) -> str:
        """Return what the page says about what was done."""
        return self.page.inner_text("#pesan")

    def suggestion(self, rank: int) -> str:
        """Return the label of a suggested unit."""
        return self.page.locator(f"[data-saran='{rank}']").input_value()
