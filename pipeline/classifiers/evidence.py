"""Evidence of the urgency rubric: phrases of ``data/lexicons/bukti.tsv`` found in a text, with their status.

A phrase is ordinary Indonesian, stemmed here by the project's own preprocessor, so slang and affixes meet it.
In a phrase ``|`` parts alternatives, ``..`` is a gap of at most :data:`GAP` words, ``#`` is a number, and
``=word`` asks for this very form (``=meninggal``, whose stem is that of *tinggal*). A row of kind ``abai`` is
no evidence: it hides phrases of its reason that share a word with it (``pemadam kebakaran``).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.urgency import reasons
from pipeline.classifiers.context import context_status
from pipeline.classifiers.scene import Scene, StandardForms
from pipeline.settings import data_dir
from pipeline.text import Token
from pipeline.text.lexicons import read_table
from pipeline.text.words import WordStemmer

GAP = 3
"""Words that ``..`` may skip."""
HELPERS: tuple[str, ...] = ("tanya", "saran", "keluhan")
STATUSES: tuple[str, ...] = ("terjadi", "mungkin", "lewat", "negasi")
COUNT_CAP = 3

_Slot = dict[str, frozenset[str] | None]
"""Stem → the standard forms that are meant, or None for any form."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One phrase ``text[start:end]`` of the repaired text that speaks for *reason*.

    ``status`` is one of :data:`STATUSES`. ``grave``: the rubric's test of the highest level names it.
    """

    reason: str
    start: int
    end: int
    status: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A stemmed phrase: slots, the gap allowed before each slot, and the slot that starts the search."""

    reason: str
    kind: str
    grave: bool
    slots: tuple[_Slot, ...]
    gaps: tuple[int, ...]
    anchor: int


class EvidenceFinder:
    """Loads and stems the table once; :meth:`find` then runs once over a text's tokens."""

    def __init__(self) -> None:
        words = WordStemmer()
        self._forms = StandardForms()
        rows = [row for row in read_table(data_dir() / "lexicons" / "bukti.tsv") if row["pola"]]
        drafts = [(row, *draft) for row in rows for draft in _drafts(row["pola"], words)]
        frequency = Counter(stem for _, slots, _ in drafts for slot in slots for stem in slot)
        self._index: dict[str, list[Pattern]] = defaultdict(list)
        for row, slots, gaps in drafts:
            # The slot whose commonest stem is rarest in the table is looked up; numbers stand for many words.
            cost = [max(1000 if stem == "#" else frequency[stem] for stem in slot) for slot in slots]
            anchor = cost.index(min(cost))
            grave = "gawat" in (row["catatan"] or "").split()
            pattern = Pattern(row["alasan"], row["sifat"], grave, slots, gaps, anchor)
            for stem in slots[anchor]:
                self._index[stem].append(pattern)
        self.patterns = len(rows)

    def find(self, tokens: list[Token], text: str) -> list[Evidence]:
        """Return the evidence in the repaired *text*, by place; phrases of one reason do not overlap."""
        scene = Scene(tokens, text, self._forms)
        found = list(self._matches(scene))
        hiders: dict[tuple[str, int], list[set[int]]] = defaultdict(list)
        for places, pattern in found:
            for place in places if pattern.kind == "abai" else ():
                hiders[pattern.reason, place].append(set(places))
        owners: dict[tuple[str, int], int] = {}
        result: list[Evidence] = []
        # The longest phrase of a reason wins: `rawan kecelakaan` covers `kecelakaan`.
        shown = (match for match in found if match[1].kind != "abai")
        for places, pattern in sorted(shown, key=lambda m: (m[0][0] - m[0][-1], m[0], m[1].kind)):
            stretch = range(places[0], places[-1] + 1)
            # A hider goes unheeded where the phrase itself names all its words (`dirawat di rumah sakit`).
            over = (hider for place in stretch for hider in hiders.get((pattern.reason, place), ()))
            if not all(hider < set(places) for hider in over):
                continue
            rivals = {owners[pattern.reason, place] for place in stretch if (pattern.reason, place) in owners}
            if rivals:
                for rival in rivals if pattern.grave else ():
                    result[rival] = replace(result[rival], grave=True)
                continue
            owners.update(dict.fromkeys(((pattern.reason, place) for place in stretch), len(result)))
            status = context_status(scene, places, pattern.kind, pattern.reason)
            start, end = tokens[places[0]].start, tokens[places[-1]].end
            result.append(Evidence(pattern.reason, start, end, status, pattern.grave))
        return sorted(result, key=lambda e: (e.start, e.end, e.reason))

    def _matches(self, scene: Scene) -> Iterator[tuple[list[int], Pattern]]:
        for place, token in enumerate(scene.tokens):
            for pattern in () if token.masked else self._index.get(token.stem, ()):
                if not scene.fits(place, pattern.slots[pattern.anchor]):
                    continue
                after = self._walk(scene, pattern, place, 1)
                before = None if after is None else self._walk(scene, pattern, place, -1)
                if before is not None and after is not None:
                    yield [*before[::-1], place, *after], pattern

    @staticmethod
    def _walk(scene: Scene, pattern: Pattern, place: int, step: int) -> list[int] | None:
        """Return the slots' places from the anchor on in direction *step*, each the nearest that fits."""
        slot, places = pattern.anchor, []
        while 0 <= slot + step < len(pattern.slots):
            gap = pattern.gaps[max(slot, slot + step)]
            slot += step
            for there in range(place + step, place + step * (gap + 2), step):
                if not scene.joined(place, there):
                    return None
                if scene.fits(there, pattern.slots[slot]):
                    break
                if scene.walled(there):
                    return None
            else:
                return None
            place = there
            places.append(place)
        return places


def _drafts(phrase: str, words: WordStemmer) -> Iterator[tuple[tuple[_Slot, ...], tuple[int, ...]]]:
    """Yield the slots and gaps of *phrase*; a word that has two stems makes a variant of its own."""
    positions, gaps, gap = list[list[list[_Slot]]](), list[int](), 0
    for part in phrase.split():
        if part == "..":
            gap = GAP
            continue
        single, options = _Slot(), list[list[_Slot]]()
        for word in part.split("|"):
            form = word.removeprefix("=")
            stems = (form,) if form == "#" else words(form)
            if len(stems) == 1:
                exact = frozenset({form}) if word != form else None
                old = single.get(stems[0], frozenset())
                single[stems[0]] = None if exact is None or old is None else old | exact
            elif stems:
                options.append([{stem: None} for stem in stems])
        positions.append([[single], *options] if single else options)
        gaps.append(gap)
        gap = 0
    for choice in product(*positions):
        slots = tuple(slot for option in choice for slot in option)
        flat = [g for option, g in zip(choice, gaps, strict=True) for g in (g, *[0] * (len(option) - 1))]
        yield slots, tuple(flat)


_COUNTED = (*reasons(), *HELPERS)
FEATURE_NAMES: tuple[str, ...] = (
    *(f"{reason}:{status}" for reason in _COUNTED for status in STATUSES[:3]),
    *(f"ada:{status}" for status in STATUSES),
    *(f"{name}:{status}" for name in ("gawat", "macam") for status in STATUSES[:2]),
    "tanda_tanya",
    "panjang",
)
"""Names of :func:`feature_row`'s columns; none counts capitals, exclamation marks or words of haste."""
_COLUMN = {name: i for i, name in enumerate(FEATURE_NAMES)}


def feature_row(evidence: Sequence[Evidence], text: str) -> NDArray[np.float32]:
    """Return the numbers of :data:`FEATURE_NAMES` for one repaired text, each between 0 and about 1."""
    row = np.zeros(len(FEATURE_NAMES), dtype=np.float32)
    counts = Counter((e.reason, e.status) for e in evidence)
    for (reason, status), count in counts.items():
        if status != "negasi":
            row[_COLUMN[f"{reason}:{status}"]] = math.log1p(min(count, COUNT_CAP)) / math.log1p(COUNT_CAP)
    dangers = [e for e in evidence if e.reason not in HELPERS]
    for status in STATUSES:
        row[_COLUMN[f"ada:{status}"]] = float(any(e.status == status for e in dangers))
    for status in STATUSES[:2]:
        row[_COLUMN[f"gawat:{status}"]] = float(any(e.grave and e.status == status for e in dangers))
        row[_COLUMN[f"macam:{status}"]] = min(len({e.reason for e in dangers if e.status == status}), 4) / 4
    ends = re.findall(r"[.!?]+", text)
    row[_COLUMN["tanda_tanya"]] = sum("?" in end for end in ends) / len(ends) if ends else 0.0
    row[_COLUMN["panjang"]] = math.log1p(min(len(text), 5000)) / math.log1p(5000)
    return row
