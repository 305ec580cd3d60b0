"""What a report says, apart from how it looks: one document for HTML, PDF and xlsx (:mod:`pipeline.reports.forms`).

Texts are plain: no form reads markup in them. Values are raw; the forms write them as Indonesian readers do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "int", "share", "decimal", "day", "change"]
"""What a column's values are.

``share``: a float share of 1, shown in per cent. ``change``: an int difference of counts (``+12``) or a float
difference of two shares of 1, shown in points (``+3,2 poin``). ``day``: a ``datetime.date``. Whatever the kind,
``None`` and NaN are shown as a dash, and a ``str`` as it is ("terlalu sedikit").
"""


@dataclass(frozen=True)
class Heading:
    """A heading; levels 2 to 4 (1 is the document's title). *anchor*: its address in the page, default by its text."""

    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Note:
    """A remark that must be seen: a limit, a warning, how something was counted."""

    text: str


@dataclass(frozen=True)
class Card:
    """One figure that leads: its name, its value as text, and a line below."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Cards:
    """Figures side by side."""

    items: tuple[Card, ...]


@dataclass(frozen=True)
class Column:
    """A table's column. *digits* after the comma, default by kind; *heat*: coloured in a heat table (not a total)."""

    name: str
    kind: Kind = "text"
    digits: int | None = None
    heat: bool = True


@dataclass(frozen=True)
class Table:
    """Rows of raw values; the first column names the row. With *heat*, numbers are coloured by their size.

    Raises:
        ValueError: No column, or a row of another length than the columns.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    heat: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs a column")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table needs a value for each column")


@dataclass(frozen=True)
class Picture:
    """A chart as SVG that carries its own colours, what it shows in words, and the numbers behind it.

    *narrow* is the same chart for phones (:mod:`pipeline.reports.forms.charts` makes both); without it *svg* is scaled.
    Both go into the page as they are: only charts of this package may make them.
    """

    title: str
    svg: str
    description: str
    table: Table
    narrow: str = ""


@dataclass(frozen=True)
class Quotes:
    """Citizens' words, masked by whoever makes the block."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page; nothing on a screen."""


Block = Heading | Paragraph | Note | Cards | Table | Picture | Quotes | PageBreak


@dataclass(frozen=True)
class Document:
    """A report. *language*: its BCP 47 tag; *contents*: whether a table of contents comes first.

    Raises:
        ValueError: No title: readers of a page or a PDF are told it first.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    language: str = "id"
    contents: bool = True

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a document needs a title")
