"""Why: the words and phrases, as the citizen wrote them, that carry the decision."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.contributions import Contributions
from pipeline.text import TokenRows
from pipeline.text.split import NEWLINE

MAX_PHRASES = 5
MAX_PHRASE_CHARS = 60
_HEAVIEST = np.int32(np.iinfo(np.int32).max)
"""Positive floats are ordered as their bits are; taken from this, the heaviest comes first."""
_WEIGHT_BITS = 31
_LOOKED_AT = 7
"""Stretches of a text that are made into phrases; some say the same."""


def find_phrases(rows: TokenRows, parts: Contributions, wanted: NDArray[np.bool_]) -> dict[int, list[str]]:
    """Return for each *wanted* text at most :data:`MAX_PHRASES` phrases, the weightiest first, as written.

    A pair of stems counts for the stretch from its first to its second word and takes its words' own weights
    along; what speaks against is left out. Masked personal data is never part of a phrase.
    """
    word = np.flatnonzero(~rows.table.is_number(rows.stem) & wanted[rows.row])
    text, start, end = rows.row[word], rows.start[word], rows.end[word]
    shown = ~rows.masked[word]
    single = np.where(shown, np.maximum(parts.single[word], 0), 0)
    breaks = np.cumsum((rows.gap & NEWLINE) != 0)[word]
    follows = np.append((text[1:] == text[:-1]) & (breaks[1:] == breaks[:-1]) & shown[1:], False)[: len(word)]
    pair = np.where(shown & follows, np.maximum(parts.pair[word], 0), 0)
    paired = pair > 0
    length = np.where(paired, np.append(end[1:], 0)[: len(word)] - start, 0)
    before = np.append(0, length[:-1])[: len(word)]
    # A word between two pairs counts for the longer one.
    begins = paired & (length >= before)
    ends = ~begins & (before > 0)
    pair_weight = pair + np.where(begins, single, 0) + np.append(np.where(ends, single, 0)[1:], 0.0)[: len(word)]
    pairs, alone = np.flatnonzero(paired), np.flatnonzero((single > 0) & ~begins & ~ends)
    first = np.concatenate([pairs, alone])
    stop = end.copy()
    stop[pairs] = end[pairs + 1]
    weight = np.concatenate([pair_weight[pairs], single[alone]])
    texts, first = _ordered(text[first], weight, first)
    if not len(texts):
        return {}
    starts, stops = start[first].tolist(), stop[first].tolist()
    borders = np.flatnonzero(np.append(True, texts[1:] != texts[:-1])).tolist()
    found: dict[int, list[str]] = {}
    for row, begin, until in zip(texts[borders].tolist(), borders, [*borders[1:], len(texts)], strict=True):
        until = min(until, begin + _LOOKED_AT)
        found[row] = _distinct(rows.texts[row], starts[begin:until], stops[begin:until])
    return found


def _ordered(
    text: NDArray[np.int32], weight: NDArray[np.float64], place: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return texts and places, the weightiest of each text first, of equal ones the earlier."""
    bits = (_HEAVIEST - weight.astype(np.float32).view(np.int32)).astype(np.int64)
    texts, places = int(text.max(initial=0)).bit_length(), int(place.max(initial=0)).bit_length()
    if texts + _WEIGHT_BITS + places >= 64:
        order = np.lexsort((place, bits, text))
        return text[order].astype(np.int64), place[order]
    # Text, weight and place in one number: sorting numbers is several times quicker than finding an order.
    packed = np.sort(text.astype(np.int64) << (_WEIGHT_BITS + places) | bits << places | place)
    return packed >> (_WEIGHT_BITS + places), packed & ((1 << places) - 1)


def _distinct(text: str, starts: list[int], ends: list[int]) -> list[str]:
    """Return the stretches of *text* that differ, with single spaces."""
    ragged = "  " in text or not text.isprintable()
    found: dict[str, str] = {}
    for start, end in zip(starts, ends, strict=True):
        phrase = text[start:end]
        if ragged:
            phrase = " ".join(phrase.split())
        if len(phrase) <= MAX_PHRASE_CHARS:
            found.setdefault(phrase.lower(), phrase)
            if len(found) == MAX_PHRASES:
                break
    return list(found.values())
