"""A document as one HTML page: styles and charts inside, no script, nothing fetched, fit for paper, too."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.reports.blocks import Block, Document, Heading, Table
from pipeline.reports.forms.colours import heat, ink
from pipeline.reports.forms.formats import NO_ROWS, cell, plain, raw
from pipeline.reports.forms.outline import heat_shares, places

_MEDIUM, _LONG = 24, 120
"""Characters of a column's longest text."""


def to_html(document: Document) -> str:
    """Return the page. The same document gives the same text."""
    found = places(document)
    contents = [place for place in found if isinstance(place.block, Heading) and place.level == 2]
    return (
        _environment()
        .get_template("halaman.html")
        .render(document=document, places=found, contents=contents if document.contents else [], no_rows=NO_ROWS)
    )


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    env.filters |= {"jenis": _kind, "baris": _rows, "lebar": _room, "gambar": Markup}
    return env


def _finalize(value: Any) -> Any:
    """Clean every text that is written; what is markup already came from a template or a chart."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _kind(block: Block) -> str:
    return type(block).__name__


def _room(table: Table) -> list[str]:
    """Return the class of each column's header: numbers at the right, long texts with room also on a phone."""
    found = []
    for place, column in enumerate(table.columns):
        if column.kind != "text":
            found.append("a")
            continue
        longest = max((len(str(row[place])) for row in table.rows), default=0)
        found.append("t3" if longest > _LONG else "t2" if longest > _MEDIUM else "")
    return found


def _rows(table: Table) -> list[list[tuple[str, str, str]]]:
    """Return each cell's (text, class, style)."""
    found = []
    for row, dark in zip(table.rows, heat_shares(table), strict=True):
        cells = []
        for value, column, share in zip(row, table.columns, dark, strict=True):
            number = column.kind != "text"
            faint = number and (raw(value) is None or isinstance(raw(value), str))
            style = f"background:{heat(share)};color:{ink(share)}" if share is not None else ""
            kind = " ".join(name for name, on in (("a", number), ("r", faint)) if on)
            cells.append((cell(value, column, heat=table.heat), kind, style))
        found.append(cells)
    return found
