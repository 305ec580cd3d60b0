"""Evidence in a complaint's text: the words that spoke for the unit and the urgency, the accused, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pipeline.catalogue.urgency import reasons

UNIT: Final = "unit"
URGENCY: Final = "urgensi"
ACCUSED: Final = "dituduh"
DATA: Final = "data"

LABELS: Final[Mapping[str, str]] = {
    UNIT: "kata penentu unit",
    URGENCY: "bukti urgensi",
    ACCUSED: "pihak yang dituduh",
    DATA: "data pribadi",
}
"""Kind of mark → what people read."""

_NO_WORDS = "tidak ada kata yang menentukan"
_NO_REASON = "tidak_ada"
_QUOTE = re.compile(r'"(.+?)"( \([^()"]*\))?(?=, "|$)')
_LONGEST = 80
"""Characters of a phrase at most; scoring writes shorter ones."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a text; ``kind``: ``""`` plain, :data:`UNIT`, :data:`URGENCY`, :data:`ACCUSED` or :data:`DATA`.

    ``text`` of personal data is ``[NIK]`` while it is masked. ``label``: what the mark means.
    """

    text: str
    kind: str
    label: str


@dataclass(frozen=True)
class Quote:
    """Words of the text that speak for a reason; ``note``: ``(dikhawatirkan)``, ``(sudah lewat)`` or ``""``."""

    text: str
    note: str


@dataclass(frozen=True)
class Reason:
    """One reason for the urgency: its code, the quotes for it, or else what is said of it in plain words."""

    code: str
    quotes: tuple[Quote, ...]
    words: str


def marked(text: str, spans: Sequence[Sequence[Any]], row: Mapping[str, Any], *, masked: bool = True) -> list[Segment]:
    """Return *text* in segments that, joined, give it again but for masked personal data.

    Personal data wins over the accused, these over urgency, that over the unit's words; no mark holds another.

    Args:
        text: The complaint as the store keeps it.
        spans: Personal data in it as [start, end, kind], in order, apart.
        row: The columns that scoring added; phrases that the text does not hold are passed over.
        masked: Whether personal data is shown by its kind only.
    """
    segments: list[Segment] = []
    done = 0
    for start, end, kind, data in _places(text, spans, row):
        if start > done:
            segments.append(Segment(text[done:start], "", ""))
        if data:
            shown = f"[{data.upper()}]" if masked else text[start:end]
            segments.append(Segment(shown, DATA, data))
        else:
            segments.append(Segment(text[start:end], kind, LABELS[kind]))
        done = end
    if done < len(text):
        segments.append(Segment(text[done:], "", ""))
    return segments


def split_reason(reason: str) -> tuple[str, str]:
    """Return what ``alasan`` tells the officer to ask or know (``""`` for none) and the unit's words after it."""
    told, divider, words = reason.rpartition(" | ")
    return (told, words) if divider else ("", reason)


def unit_words(reason: str) -> list[str]:
    """Return the words of ``alasan`` (or ``alasan_2``, …) as the citizen wrote them."""
    words = split_reason(reason)[1]
    return [] if words == _NO_WORDS else [word for word in words.split("; ") if word]


def urgency_reasons(reason: str) -> list[Reason]:
    """Return the reasons that ``alasan_urgensi`` gives; ``tidak_ada`` has the words that spoke for the level."""
    starts = list(_codes().finditer(reason))
    found = []
    for place, start in enumerate(starts):
        until = starts[place + 1].start() if place + 1 < len(starts) else len(reason)
        body = reason[start.end() : until]
        quotes = tuple(Quote(one[1], (one[2] or "").strip()) for one in _QUOTE.finditer(body))
        found.append(Reason(start[1], quotes, "" if quotes else body))
    return found


@cache
def _codes() -> re.Pattern[str]:
    # Only the rubric's own codes: a citizen's "tolong: segera" begins no reason.
    codes = "|".join(map(re.escape, (*reasons(), _NO_REASON)))
    return re.compile(rf"(?:^|; )({codes})(?:: |$)")


def is_bare(reason: Reason) -> bool:
    """Tell whether the rubric found no reason."""
    return reason.code == _NO_REASON


def _phrases(row: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the kinds of marks, the strongest first, with the phrases to look for."""
    yield ACCUSED, [part.strip() for part in str(row.get("dituduh") or "").split(";")]
    told = urgency_reasons(str(row.get("alasan_urgensi") or ""))
    yield URGENCY, [quote.text for reason in told for quote in reason.quotes]
    yield UNIT, unit_words(str(row.get("alasan") or ""))


def _places(text: str, spans: Sequence[Sequence[Any]], row: Mapping[str, Any]) -> list[tuple[int, int, str, str]]:
    """Return (start, end, kind, kind of personal data) of all marks, in order and apart."""
    taken = bytearray(len(text))
    places: list[tuple[int, int, str, str]] = []
    for start, end, data in spans:
        places.append((start, end, DATA, data))
        taken[start:end] = b"\x01" * (end - start)
    for kind, phrases in _phrases(row):
        wanted = {one for one in phrases if one.strip() and len(one) <= _LONGEST}
        for phrase in sorted(wanted, key=lambda one: (-len(one), one)):
            for start, end in _found(phrase, text):
                if not any(taken[start:end]):
                    places.append((start, end, kind, ""))
                    taken[start:end] = b"\x01" * (end - start)
    return sorted(places)


def _found(phrase: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where *phrase* stands in *text*, whatever its case and its spaces, at the borders of words."""
    pattern = r"\s+".join(map(re.escape, phrase.split()))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
        yield match.span()
