"""What every form needs of a document beyond its blocks: headings without skipped levels, colours of heat tables."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reports.blocks import Block, Document, Heading, Picture, Table
from pipeline.reports.forms.formats import plain, raw, slug


@dataclass(frozen=True)
class Place:
    """A block with its address in the page (``""``: none); headings with a level that skips none before it."""

    block: Block
    anchor: str = ""
    level: int = 0


def places(document: Document) -> list[Place]:
    """Return the blocks of *document* in order; addresses are unique."""
    found, taken, above = [], {"isi", "atas"}, 1
    for block in document.blocks:
        if isinstance(block, Heading):
            above = min(max(block.level, 2), above + 1, 4)
            found.append(Place(block, _unique(slug(block.anchor or block.text), taken), above))
        elif isinstance(block, Table | Picture):
            kind = "tabel" if isinstance(block, Table) else "grafik"
            found.append(Place(block, _unique(f"{kind}-{slug(plain(block.title))}", taken)))
        else:
            found.append(Place(block))
    return found


def heat_shares(table: Table) -> list[list[float | None]]:
    """Return how dark each cell is, 0 to 1; ``None`` where it has no colour.

    Counts differ by powers of ten between units: their colour follows the square root. Shares are dark at 1,
    everything else at the table's highest value; what is below zero is white.
    """
    coloured = [table.heat and place > 0 and column.heat for place, column in enumerate(table.columns)]
    numbers = [[_number(value) if on else None for value, on in zip(row, coloured, strict=True)] for row in table.rows]
    most = max((value for row in numbers for value in row if value is not None), default=0.0)

    def dark(value: float | None, kind: str) -> float | None:
        if value is None or kind in {"text", "day"}:
            return None
        if kind == "share":
            return min(max(value, 0.0), 1.0)
        part = max(value, 0.0) / most if most > 0 else 0.0
        return part**0.5 if kind == "int" else part

    return [[dark(value, column.kind) for value, column in zip(row, table.columns, strict=True)] for row in numbers]


def _number(value: object) -> float | None:
    found = raw(value)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _unique(wanted: str, taken: set[str]) -> str:
    found, count = wanted, 1
    while found in taken:
        count += 1
        found = f"{wanted}-{count}"
    taken.add(found)
    return found
