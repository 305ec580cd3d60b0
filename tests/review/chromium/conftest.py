"""Chromium on a running server: each module has both of its own; each visitor has a browser of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from pipeline.review.store import open_store
from tests.review.chromium.server import serving
from tests.review.chromium.visitor import Office, Visitor


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A store and the server on it; a fault that the server logs fails the module."""
    folder = tmp_path_factory.mktemp("kantor")
    database = f"sqlite:///{folder / 'triase.db'}"
    store = open_store(database)
    try:
        with serving(database, folder) as server:
            yield Office(store, server.address)
        assert server.faults() == []
    finally:
        store.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is installed under that name."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium here (CI installs it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=Path(path), args=["--no-sandbox"])
        yield browser
        browser.close()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(office: Office, chromium: Browser) -> Iterator[Visit]:
    """Return a function that gives a browser of its own, of a new person who is logged in; of nobody without a login.

    At the end no page may have asked for anything elsewhere or put an error into the console.
    """
    visitors: list[Visitor] = []

    def come(login: str = "", role: str = "petugas", units: tuple[str, ...] = (), **options: Any) -> Visitor:
        context = chromium.new_context(base_url=office.address, locale="id-ID", **options)
        visitor = Visitor(office, context, scripts=options.get("java_script_enabled", True))
        visitors.append(visitor)
        if login:
            office.hire(login, role, units)
            visitor.log_in(login)
        return visitor

    yield come
    for visitor in visitors:
        visitor.context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []
