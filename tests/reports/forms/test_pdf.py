"""The PDF, read back: all texts, page numbers, repeated headers, turned pages, vector charts, the same bytes."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from pipeline.reports.blocks import Card, Cards, Column, Document, Heading, Quotes, Table
from pipeline.reports.forms import charts
from pipeline.reports.forms.pdf import to_pdf
from tests.reports.forms.made import SPECIAL, document


def texts(content: bytes) -> list[str]:
    """Each page's text without breaks of lines."""
    pages = pdfium.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


@pytest.fixture(scope="module")
def content() -> bytes:
    return to_pdf(document())


@pytest.fixture(scope="module")
def pages(content: bytes) -> list[str]:
    return texts(content)


def test_pages_are_numbered_and_carry_the_title(pages: list[str]):
    for place, text in enumerate(pages, start=1):
        assert f"Halaman {place} dari {len(pages)}" in text
        assert "Laporan =1+1" in text


def test_no_text_is_read_as_markup(pages: list[str]):
    # A line may break, and a long word be parted, anywhere.
    whole = "".join("".join(pages).replace("\u200b", "").split())
    wanted = "".join(SPECIAL.split())
    assert whole.count(wanted) >= 4
    assert "“https://contoh.go.id/" in whole


def test_values_are_indonesian(pages: list[str]):
    for said in ("86,88 %", "+3,2 poin", "1.234.567", "28/11/2026", "terlalu sedikit", "Tidak ada baris."):
        assert said in " ".join(pages)


def test_a_long_table_repeats_its_header(pages: list[str]):
    assert sum("Unit Bulan 0 Bulan 1" in text for text in pages) == 2
    assert sum("Unit dan bulan Unit" in text for text in pages) == 1


def test_a_wide_table_lies_across_and_is_cut(content: bytes, pages: list[str]):
    sizes = [page.get_size() for page in pdfium.PdfDocument(content)]
    across = [place for place, (width, height) in enumerate(sizes) if width > height]
    assert across
    wide = "".join(pages[place] for place in across)
    assert wide.count("Sangat lebar") == 3
    assert wide.count("Sangat lebar (lanjutan)") == 2
    assert "1.059" in wide
    assert {(round(min(size)), round(max(size))) for size in sizes} == {(595, 842)}


def test_charts_are_drawn_and_not_pixels(content: bytes):
    kinds = {one.type for page in pdfium.PdfDocument(content) for one in page.get_objects()}
    assert pdfium.raw.FPDF_PAGEOBJ_IMAGE not in kinds
    assert pdfium.raw.FPDF_PAGEOBJ_PATH in kinds


def test_only_fonts_that_come_along(content: bytes):
    assert b"DejaVuSans" in content
    assert b"Libertinus" not in content


def test_it_is_titled_tagged_and_has_no_time(content: bytes):
    found = pdfium.PdfDocument(content)
    assert found.get_metadata_value("Title").startswith("Laporan =1+1")
    assert not found.get_metadata_value("CreationDate")
    assert b"pdfuaid" in content
    assert [entry.get_title() for entry in found.get_toc()][:2] == ["Ringkasan", "Ringkasan"]


def test_the_same_document_gives_the_same_bytes(content: bytes):
    assert to_pdf(document()) == content


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (Cards(()), Quotes(())),
        (Heading("", 4), Heading("\x00")),
        (Table("", (Column(""),), (("",), (None,))),),
        (Cards(tuple(Card("nama", "1.234.567.890.123") for _ in range(7))),),
        (Table("x", (Column("a"),), (("\n" * 300,),)),),
    ],
    ids=["none", "empty", "headings", "nameless", "cards", "lines"],
)
def test_odd_documents_have_a_page_too(blocks: tuple):
    assert len(texts(to_pdf(Document("a", "", blocks, "id-ID")))) >= 1


def test_letters_that_no_font_has_do_not_stop_it():
    picture = charts.bars("x", ["\U000118ca", "Dinas Air"], [1, 2])
    assert "Dinas Air" in texts(to_pdf(Document("a", "", (picture, Quotes(("\U000118ca kata",))))))[0]
