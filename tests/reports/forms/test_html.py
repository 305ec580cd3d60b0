"""The page: one file, nothing fetched, nothing that runs, every text escaped."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from pipeline.reports.blocks import Document, Heading
from pipeline.reports.forms.colours import FAINT, INK, LINES, luminance
from pipeline.reports.forms.html import to_html
from tests.reports.forms.made import SPECIAL, document
from tests.reports.model.reading import Page


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(to_html(document()))


def test_nothing_runs_and_nothing_is_fetched(page: Page):
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert all(address.startswith("#") for address in page.addresses)
    assert "@import" not in page.styles
    assert "url(" not in page.styles
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]


def test_every_text_is_there_as_it_is(page: Page):
    # Title (twice), paragraph, quote, table's name (three times), header, cell.
    assert page.text.count(SPECIAL) >= 7
    assert page.all("html")[0]["lang"] == "id"


def test_anchors_are_unique_and_the_contents_lead_to_them(page: Page):
    assert len(set(page.ids)) == len(page.ids)
    assert {address.removeprefix("#") for address in page.addresses} == {"ringkasan", "ringkasan-2"}
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_headers_and_scroll_by_keyboard(page: Page):
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(
        found.get("tabindex") == "0" and found.get("aria-label") for found in page.all("div") if found.get("role")
    )
    assert {found.get("scope") for found in page.all("th")} == {"col", "row"}
    assert "Tidak ada baris." in page.text


def test_values_are_indonesian(page: Page):
    for said in (
        "86,88\N{NO-BREAK SPACE}%",
        "+3,2\N{NO-BREAK SPACE}poin",
        "1.234.567",
        "28/11/2026",
        "terlalu sedikit",
    ):
        assert said in page.text


def test_a_picture_is_drawn_twice_with_its_numbers(page: Page):
    assert len(page.all("svg")) == 2
    assert len(page.all("details")) == 1
    assert all(found["role"] == "img" for found in page.all("svg"))


def test_colours_stand_out_on_white():
    for colour in (INK, FAINT, *LINES):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_the_same_document_gives_the_same_page():
    assert to_html(document()) == to_html(document())


def test_without_contents_there_is_no_list():
    assert not Page(to_html(Document("a", "", (Heading("b"),), contents=False))).all("nav")
    assert Page(to_html(Document("a", "", ()))).all("h1")
