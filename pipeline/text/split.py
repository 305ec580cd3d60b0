"""From repaired texts to words: where each begins and ends and what stands before it, for a whole batch at once.

The texts are looked at as one array of characters. A word is ``[A-Za-z0-9]+``, several of them joined by apostrophes
or dashes count as one; a mark that hides personal data is one, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.text.table import MASK_KINDS, MASK_START, Numbers, WordTable

_BREAK = "\x00"
"""Stands between two texts; no repaired text holds it, nor the marks."""
MASK_BODY = "\x01"
_TYPOGRAPHIC_APOSTROPHE = 0x2019
_OTHER = 128
"""Stands for every character that is not ASCII."""

BLANK, NEWLINE, END, DOT, SPACED, CLAUSE = (1 << bit for bit in range(6))
"""Flags of what stands before a word: nothing but white space; a line break in it; a mark that ends every sentence
(``! ? ;`` or a line break); just one full stop; white space at its end; a comma, colon, full stop or bracket."""
COLON = 1 << 6
"""A colon or an equals sign."""

_WORD, _MARK, _BODY, _JOINER, _UPPER = (1 << bit for bit in range(5))
_FILLED = 1 << 7

_Bytes = NDArray[np.uint8]


def _table(tell: Callable[[str], int]) -> _Bytes:
    return np.array([tell(chr(code)) for code in range(_OTHER + 1)], dtype=np.uint8)


def _class(char: str) -> int:
    if char == MASK_BODY:
        return _BODY
    if 0 <= ord(char) - MASK_START < len(MASK_KINDS):
        return _MARK
    if char in "'`-":
        return _JOINER
    if not char.isascii() or not char.isalnum():
        return 0
    return _WORD | (_UPPER if char.isupper() else 0)


def _flags(char: str) -> int:
    filled = 0 if char.isspace() else _FILLED
    flags = {"\n": NEWLINE | END, "!": END, "?": END, ";": END, ".": CLAUSE, ",": CLAUSE, "(": CLAUSE}
    return filled | flags.get(char, 0) | (CLAUSE | COLON if char == ":" else COLON if char == "=" else 0)


_CLASSES, _FLAGS, _LOWER = _table(_class), _table(_flags), _table(lambda char: ord(char.lower()) & 0xFF)


@dataclass(frozen=True)
class WordRows:
    """The words of a batch of repaired texts, one array a property, by text and place.

    ``row``: number of the text; ``form``: number in ``table``; ``start``, ``end``: in the text; ``gap``: flags of what
    stands before it; ``case``: 2 for ``CAPITALS``, 1 for ``Capital`` (and a lone capital letter), else 0. For each
    text ``stops`` and ``questions``: its runs of ``.`` and ``?``, and how many of them have a ``?``.
    """

    table: WordTable
    texts: list[str]
    row: Numbers
    form: Numbers
    start: Numbers
    end: Numbers
    gap: _Bytes
    case: _Bytes
    stops: Numbers
    questions: Numbers

    def __len__(self) -> int:
        return len(self.texts)

    def parts(self, chosen: Any) -> dict[str, NDArray[Any]]:
        """Return the words' properties for a selection of words."""
        return {name: getattr(self, name)[chosen] for name in ("row", "form", "start", "end", "gap", "case")}


def split(texts: Sequence[str], table: WordTable) -> WordRows:
    """Return the words of repaired *texts*."""
    joined = _BREAK.join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    small = np.minimum(codes, _OTHER).astype(np.uint8)
    small[codes == _TYPOGRAPHIC_APOSTROPHE] = ord("'")
    kind = _CLASSES[small]
    starts, ends = _borders(kind)
    forms = table.numbers(_LOWER[small], starts, ends)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    text_starts = np.cumsum(sizes + 1) - sizes - 1
    row = np.repeat(
        np.arange(len(texts), dtype=np.int32), np.diff(np.searchsorted(starts, [*text_starts, len(codes) + 1]))
    )
    upper = (kind & _UPPER) != 0
    capital = upper[starts]
    second = np.minimum(starts + 1, max(len(codes) - 1, 0))
    case = capital.astype(np.uint8) + (capital & upper[second] & (second < ends))
    offset = text_starts[row]
    return WordRows(
        table, list(texts), row, forms, (starts - offset).astype(np.int32), (ends - offset).astype(np.int32),
        _gaps(small, starts, ends, row), case, *_stops(small, text_starts),
    )  # fmt: skip


def _borders(kind: _Bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where words begin and end."""
    is_word = (kind & _WORD) != 0
    begins, stops = is_word.copy(), is_word.copy()
    begins[1:] &= ~is_word[:-1]
    stops[:-1] &= ~is_word[1:]
    is_mark = kind == _MARK
    if is_mark.any():
        is_body = kind == _BODY
        last = is_mark | is_body
        last[:-1] &= ~is_body[1:]
        begins |= is_mark
        stops |= last
    starts, ends = np.flatnonzero(begins), np.flatnonzero(stops) + 1
    if len(starts) < 2:
        return starts, ends
    # Words with nothing but apostrophes and dashes between them are one.
    joined = ((kind[ends[:-1]] & _JOINER) != 0) & is_word[starts[1:]] & is_word[ends[:-1] - 1]
    for gap in np.flatnonzero(joined & (starts[1:] - ends[:-1] > 1)).tolist():
        joined[gap] = bool(((kind[ends[gap] : starts[gap + 1]] & _JOINER) != 0).all())
    return starts[np.append(True, ~joined)], ends[np.append(~joined, True)]


def _gaps(small: _Bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], row: Numbers) -> _Bytes:
    """Return the flags of what stands before each word in its text."""
    gap = np.zeros(len(starts), dtype=np.uint8)
    if len(starts) < 2:
        return gap
    flags = _FLAGS[small]
    borders = np.stack([ends[:-1], starts[1:]], axis=1).ravel()
    found = np.bitwise_or.reduceat(flags, borders)[::2]
    dots = np.append(np.int32(0), np.cumsum(small == ord("."), dtype=np.int32))
    found |= np.where(found & _FILLED, 0, BLANK).astype(np.uint8)
    found &= np.uint8(~_FILLED & 0xFF)
    found |= np.where(dots[starts[1:]] - dots[ends[:-1]] == 1, DOT, 0).astype(np.uint8)
    found |= np.where(flags[starts[1:] - 1] & _FILLED, 0, SPACED).astype(np.uint8)
    found[(starts[1:] == ends[:-1]) | (row[1:] != row[:-1])] = 0
    gap[1:] = found
    return gap


def _stops(small: _Bytes, text_starts: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Count each text's runs of full stops and question marks, and those with a question mark."""
    asks = small == ord("?")
    is_stop = asks | (small == ord("."))
    begins = is_stop.copy()
    begins[1:] &= ~is_stop[:-1]
    runs = np.flatnonzero(begins)
    size = len(text_starts)
    if not len(runs):
        return np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32)
    asked = np.logical_or.reduceat(asks, runs)
    text = np.searchsorted(text_starts, runs, side="right") - 1
    return np.bincount(text, minlength=size).astype(np.int32), np.bincount(text[asked], minlength=size).astype(np.int32)
