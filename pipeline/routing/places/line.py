"""One text as the search for places sees it: words in small letters, what stands before each, masked data left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.places.flags import (
    CITY,
    CITY_START,
    CUES,
    DIRECTION,
    GLUED,
    NAME,
    OFFICE,
    ORDINARY_NAME,
)
from pipeline.routing.places.vocabulary import Vocabulary
from pipeline.text.split import BLANK, CLAUSE, COLON, DOT, END, NEWLINE, SPACED

HARD = END | NEWLINE
MARKED = CUES | OFFICE | CITY | CITY_START
HIDDEN = ""
"""Stands for masked personal data, which no name reaches over."""
_PIECES = re.compile(r"[A-Za-z0-9]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
__all__ = ["BLANK", "CLAUSE", "COLON", "DOT", "HARD", "HIDDEN", "MARKED", "SPACED", "Line", "expanded"]


class Line(NamedTuple):
    """Words and the flags of :mod:`pipeline.text.split` for what stands before each; 0 within a written word."""

    words: Sequence[str]
    gaps: Sequence[int]
    flags: Sequence[int]
    text: str
    starts: Sequence[int] | NDArray[np.int32]
    marks: Sequence[int]
    """Places of the words that may be cues or begin a city's name."""
    names: Sequence[int]
    """Places of the words that may begin the name of a kecamatan or desa without a cue."""

    def soft(self, place: int) -> bool:
        """Tell whether the word at *place* follows the one before it without a mark, or after a dash or slash."""
        return 0 < place < len(self.words) and not self.gaps[place] & (HARD | CLAUSE | COLON)

    def capital(self, place: int) -> bool:
        """Tell whether the word at *place* is written like a name: a capital first, then a small letter."""
        start = int(self.starts[place])
        return self.text[start].isupper() and self.text[start + 1 : start + 2].islower()


def expanded(line: Line, ends: Sequence[int], vocabulary: Vocabulary) -> Line:
    """Return *line* with words that were written together set apart (``BandungTerima``, ``kecrungkut``)."""
    parts: list[tuple[str, int, int, int]] = []
    text = line.text
    for word, gap, flag, start, end in zip(line.words, line.gaps, line.flags, map(int, line.starts), ends, strict=True):
        if not flag & GLUED:
            parts.append((word, gap, flag, start))
            continue
        for piece in _PIECES.finditer(text, start, end):
            place = piece.start()
            for part in _parts(piece.group(), vocabulary):
                parts.append((part, gap, vocabulary.flags(part), place))
                place += len(part)
                gap = 0
    words, gaps, flags, starts = zip(*parts, strict=True)
    marks = [place for place, flag in enumerate(flags) if flag & MARKED]
    names = [place for place, flag in enumerate(flags) if flag & (NAME | ORDINARY_NAME)]
    return Line(words, gaps, flags, text, starts, marks, names)


def _parts(piece: str, vocabulary: Vocabulary) -> list[str]:
    form = piece.lower()
    if vocabulary.flags(form) & (CITY | CUES | NAME):
        return [form]
    unglued = vocabulary.unglued(form) or vocabulary.before_label(form)
    if unglued:
        return list(unglued)
    camel = [part.lower() for part in _CAMEL.findall(piece)]
    if len(camel) > 1 and any(vocabulary.flags(part) & (CITY | CUES | NAME | DIRECTION) for part in camel):
        return camel
    bare = vocabulary.without_clitic(form)
    return [bare]
