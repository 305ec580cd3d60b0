"""How a table fits on paper: widths of columns, size of the letters, upright or across, or in several parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.reports.forms.svg import text_width

PORTRAIT: Final = 493.0
LANDSCAPE: Final = 739.0
"""Widths of A4's text in points, with margins of 18 mm."""
INSET: Final = 3.5
"""Left and right of a cell, in points."""
_SIZES: Final = ((PORTRAIT, 8.5), (PORTRAIT, 7.5), (LANDSCAPE, 8.0), (LANDSCAPE, 7.0), (LANDSCAPE, 6.0))
_BOLD: Final = 1.13
"""DejaVu Sans Bold against DejaVu Sans."""
_TEXT: Final = 11.0
_LONG: Final = 60.0
"""A column of texts has at least so many em where its texts need them, and is taken for at most so long."""


@dataclass(frozen=True)
class Part:
    """Some columns of a table with their widths, all in points."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    size: float
    landscape: bool


def fit(header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[Part]:
    """Return the parts that a table of these texts is shown in: one where it fits, upright in normal size if possible.

    A table too wide even for small letters on a page across is cut between columns; each part repeats the first one.
    """
    needs = [_need(name, [row[i] for row in rows], numeric[i]) for i, name in enumerate(header)]
    every = tuple(range(len(header)))
    for room, size in _SIZES:
        if sum(_least(needs, every, size)) <= room:
            return [_part(needs, every, size, room)]
    size = _SIZES[-1][1]
    first, parts, taken = _least(needs, (0,), size)[0], [], [0]
    for place in every[1:]:
        if len(taken) > 1 and first + sum(_least(needs, [*taken[1:], place], size)) > LANDSCAPE:
            parts.append(_part(needs, tuple(taken), size, LANDSCAPE))
            taken = [0]
        taken.append(place)
    return [*parts, _part(needs, tuple(taken), size, LANDSCAPE)]


def _need(name: str, cells: Sequence[str], numeric: bool) -> tuple[float, float]:
    """Return the least and the wanted width of a column in em."""
    head = max((text_width(word, 1) for word in name.split()), default=0) * _BOLD
    whole = max((text_width(line, 1) for text in cells for line in text.split("\n")), default=0)
    if numeric:
        return (max(head, whole),) * 2
    word = max((text_width(word, 1) for text in cells for word in text.replace("\u200b", " ").split()), default=0)
    wanted = max(head, min(text_width(name, 1) * _BOLD, _TEXT), min(whole, _LONG))
    return max(head, word, min(whole, _TEXT)), max(wanted, word)


def _least(needs: Sequence[tuple[float, float]], columns: Sequence[int], size: float) -> list[float]:
    return [needs[i][0] * size + 2 * INSET + 0.5 for i in columns]


def _part(needs: Sequence[tuple[float, float]], columns: tuple[int, ...], size: float, room: float) -> Part:
    least = _least(needs, columns, size)
    more = [(needs[i][1] - needs[i][0]) * size for i in columns]
    spare = max(room - sum(least), 0.0)
    part = min(spare / sum(more), 1.0) if sum(more) > 0 else 0.0
    widths = tuple(round(low + part * extra, 2) for low, extra in zip(least, more, strict=True))
    if sum(widths) > room:  # a single column of one endless word
        widths = tuple(round(width * room / sum(widths), 2) for width in widths)
    return Part(columns, widths, size, room == LANDSCAPE)
