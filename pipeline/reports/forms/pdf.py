"""A document as an A4 PDF, set by Typst from one fixed template (``templates/laporan.typ``).

All texts reach the template as the strings of one JSON value, so nothing in them is ever read as markup. Only fonts
that come with the packages are used: the same document gives the same bytes wherever the packages are the same.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import typst

from pipeline.reports.blocks import Cards, Document, Heading, Note, PageBreak, Paragraph, Picture, Quotes, Table
from pipeline.reports.forms.colours import heat, ink
from pipeline.reports.forms.fit import PORTRAIT, Part, fit
from pipeline.reports.forms.formats import DASH, NO_ROWS, cell, plain
from pipeline.reports.forms.outline import Place, heat_shares, places
from pipeline.reports.forms.svg import text_width

_TALLEST: Final = 600.0
"""A picture's height in points at most: one page with its heading and description."""
_BIG: Final = 15.0
_CARDS: Final = 5
_LONG_CELL, _LINE = 600, 40
"""Rows with a text of more characters, a line counting for some, may go on on the next page."""
_ENDLESS: Final = re.compile(r"\S{25,}")
_SIZE: Final = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def to_pdf(document: Document) -> bytes:
    """Return the PDF. The same document gives the same bytes.

    It is tagged for screen readers: PDF/UA-1, unless a text holds letters that none of the fonts has.
    """
    data = {
        # PDF/UA refuses a document or a heading without a text.
        "title": _words(document.title).strip() or DASH,
        "subtitle": _words(document.subtitle),
        "language": document.language.split("-")[0],
        "contents": document.contents,
        "blocks": [_block(place) for place in places(document)],
    }
    try:
        return _compile(data, "ua-1")
    except typst.TypstError:
        # The standard refuses, among others, letters that no font has: rare scripts in a citizen's words.
        return _compile(data, [])


def _compile(data: dict[str, Any], standard: Literal["ua-1"] | list[Any]) -> bytes:
    return typst.compile(
        Path(__file__).parent / "templates" / "laporan.typ",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards=standard,
        format="pdf",
    )


@cache
def _fonts() -> typst.Fonts:
    """Return DejaVu Sans, which comes with matplotlib, and the fonts inside Typst for what DejaVu Sans lacks."""
    found = find_spec("matplotlib")
    folders = (
        [Path(place) / "mpl-data" / "fonts" / "ttf" for place in (found.submodule_search_locations or [])]
        if found
        else []
    )
    paths: list[str] = [str(folder) for folder in folders if folder.is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)


def _block(place: Place) -> dict[str, Any]:
    match place.block:
        case Heading(text=text):
            return {"kind": "heading", "text": _words(text).strip() or DASH, "level": place.level - 1}
        case Paragraph(text=text):
            return {"kind": "paragraph", "text": _words(text)}
        case Note(text=text):
            return {"kind": "note", "text": _words(text)}
        case Cards() as cards:
            return _cards(cards)
        case Table() as table:
            return _table(table)
        case Picture() as picture:
            return _picture(picture)
        case Quotes(items=items):
            return {"kind": "quotes", "items": [_words(item) for item in items]}
        case PageBreak():
            return {"kind": "pagebreak"}


def _cards(cards: Cards) -> dict[str, Any]:
    columns = max(min(len(cards.items), _CARDS), 1)
    room = PORTRAIT / columns - 22
    widest = max((text_width(plain(card.value), 1) for card in cards.items), default=1) * 1.13
    return {
        "kind": "cards",
        "columns": columns,
        "size": max(min(_BIG, room / max(widest, 0.1)), 8.0),
        "items": [[_words(card.label), _words(card.value), _words(card.detail)] for card in cards.items],
    }


def _table(table: Table) -> dict[str, Any]:
    header = [_words(column.name) for column in table.columns]
    numeric = [column.kind != "text" for column in table.columns]
    texts = [
        [_words(cell(value, column, heat=table.heat)) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    shades = heat_shares(table)
    nothing = [[NO_ROWS, *[""] * (len(header) - 1)]]
    parts = fit(header, texts or nothing, numeric)
    return {
        "kind": "table",
        "title": _words(table.title),
        "note": _words(table.note),
        "empty": NO_ROWS,
        "heat": table.heat,
        "landscape": parts[0].landscape,
        "parts": [_part(part, header, texts, numeric, shades) for part in parts],
    }


def _part(
    part: Part, header: list[str], texts: list[list[str]], numeric: list[bool], shades: list[list[float | None]]
) -> dict[str, Any]:
    rows = []
    for row, dark in zip(texts, shades, strict=True):
        cells = []
        for place in part.columns:
            share = dark[place]
            colours = [heat(share), ink(share)] if share is not None else [None, None]
            cells.append([row[place], *colours])
        rows.append(
            {"cells": cells, "long": any(len(text) + _LINE * text.count("\n") > _LONG_CELL for text, *_ in cells)}
        )
    return {
        "header": [header[place] for place in part.columns],
        "numeric": [numeric[place] for place in part.columns],
        "widths": part.widths,
        "size": part.size,
        "rows": rows,
    }


def _picture(picture: Picture) -> dict[str, Any]:
    size = _SIZE.search(picture.svg)
    wide, tall = (float(size[1]), float(size[2])) if size else (PORTRAIT, _TALLEST)
    scale = min(PORTRAIT / wide, _TALLEST / tall)
    return {
        "kind": "picture",
        "title": _words(picture.title),
        "description": _words(picture.description),
        "alt": plain(picture.description or picture.title or "Gambar"),
        "svg": picture.svg,
        "width": round(wide * scale, 2),
    }


def _words(text: str) -> str:
    """Return *text* with places where words without an end, such as addresses, may break."""
    return _ENDLESS.sub(
        lambda found: "\u200b".join(found[0][i : i + 12] for i in range(0, len(found[0]), 12)), plain(text)
    )
