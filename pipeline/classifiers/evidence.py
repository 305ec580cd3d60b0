"""Evidence of the urgency rubric: phrases of ``bukti.tsv`` found in a text, each with its status."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.urgency import reasons
from pipeline.classifiers.context import context_status
from pipeline.classifiers.phrases import Phrase, load_phrases
from pipeline.classifiers.scene import Scene, StandardForms
from pipeline.text import Token

HELPERS: tuple[str, ...] = ("tanya", "saran", "keluhan")
STATUSES: tuple[str, ...] = ("terjadi", "mungkin", "lewat", "negasi")
COUNT_CAP = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """One phrase ``text[start:end]`` of the repaired text that speaks for *reason*.

    ``status`` is one of :data:`STATUSES`. ``grave``: the rubric's test of the highest level names it;
    ``stated``: it says in plain words that people are in danger (`membahayakan`), which the rubric sets apart.
    """

    reason: str
    start: int
    end: int
    status: str
    grave: bool = False
    stated: bool = False


class EvidenceFinder:
    """Loads and stems the table once; :meth:`find` then runs once over a text's tokens."""

    def __init__(self) -> None:
        self._forms = StandardForms()
        self._index = load_phrases()

    def find(self, tokens: list[Token], text: str) -> list[Evidence]:
        """Return the evidence in the repaired *text*, by place; phrases of one reason do not overlap."""
        scene = Scene(tokens, text, self._forms)
        found = list(self._matches(scene))
        hiders: dict[tuple[str, int], list[set[int]]] = defaultdict(list)
        for places, phrase in found:
            for place in places if phrase.kind == "abai" else ():
                hiders[phrase.reason, place].append(set(places))
        owners: dict[tuple[str, int], int] = {}
        result: list[Evidence] = []
        # The longest phrase of a reason wins: `rawan kecelakaan` covers `kecelakaan`.
        shown = (match for match in found if match[1].kind != "abai")
        for places, phrase in sorted(shown, key=lambda m: (m[0][0] - m[0][-1], m[0], m[1].kind)):
            stretch = range(places[0], places[-1] + 1)
            # A hider goes unheeded where the phrase itself names all its words (`dirawat di rumah sakit`).
            over = (hider for place in stretch for hider in hiders.get((phrase.reason, place), ()))
            if not all(hider < set(places) for hider in over):
                continue
            rivals = {owners[phrase.reason, place] for place in stretch if (phrase.reason, place) in owners}
            if rivals:
                for rival in rivals if phrase.grave or phrase.stated else ():
                    old = result[rival]
                    result[rival] = replace(old, grave=old.grave or phrase.grave, stated=old.stated or phrase.stated)
                continue
            owners.update(dict.fromkeys(((phrase.reason, place) for place in stretch), len(result)))
            status = context_status(scene, places, phrase.kind, phrase.reason, grave=phrase.grave)
            start, end = tokens[places[0]].start, tokens[places[-1]].end
            result.append(Evidence(phrase.reason, start, end, status, phrase.grave, phrase.stated))
        return sorted(result, key=lambda e: (e.start, e.end, e.reason))

    def _matches(self, scene: Scene) -> Iterator[tuple[list[int], Phrase]]:
        present = set(scene.stems)
        alive = {
            stem: [p for p in self._index[stem] if not any(map(present.isdisjoint, p.others))]
            for stem in present & self._index.keys()
        }
        for place, token in enumerate(scene.tokens):
            for phrase in alive.get(token.stem, ()):
                if token.masked or not scene.fits(place, phrase.slots[phrase.anchor]):
                    continue
                after = self._walk(scene, phrase, place, 1)
                before = None if after is None else self._walk(scene, phrase, place, -1)
                if before is not None and after is not None:
                    yield [*before[::-1], place, *after], phrase

    @staticmethod
    def _walk(scene: Scene, phrase: Phrase, place: int, step: int) -> list[int] | None:
        """Return the slots' places from the anchor on in direction *step*, each the nearest that fits."""
        slot, places = phrase.anchor, []
        while 0 <= slot + step < len(phrase.slots):
            gap = phrase.gaps[max(slot, slot + step)]
            slot += step
            for there in range(place + step, place + step * (gap + 2), step):
                if not scene.joined(place, there):
                    return None
                if scene.fits(there, phrase.slots[slot]):
                    break
                if scene.walled(there):
                    return None
            else:
                return None
            place = there
            places.append(place)
        return places


_COUNTED = (*reasons(), *HELPERS)
FEATURE_NAMES: tuple[str, ...] = (
    *(f"{reason}:{status}" for reason in _COUNTED for status in STATUSES[:3]),
    *(f"ada:{status}" for status in STATUSES),
    *(f"{name}:{status}" for name in ("gawat", "nyata", "macam") for status in STATUSES[:2]),
    "tanda_tanya",
    "panjang",
)
"""Names of :func:`feature_row`'s columns; none counts capitals, exclamation marks or words of haste."""
_COLUMN = {name: i for i, name in enumerate(FEATURE_NAMES)}


def feature_row(evidence: Sequence[Evidence], text: str) -> NDArray[np.float32]:
    """Return the numbers of :data:`FEATURE_NAMES` for one repaired text, each between 0 and about 1."""
    row = np.zeros(len(FEATURE_NAMES), dtype=np.float32)
    counts = Counter[tuple[str, str]]()
    for e in evidence:
        # People stated to be in danger need no second phrase.
        counts[e.reason, e.status] += COUNT_CAP if e.stated and e.status == "terjadi" else 1
    for (reason, status), count in counts.items():
        if status != "negasi":
            row[_COLUMN[f"{reason}:{status}"]] = math.log1p(min(count, COUNT_CAP)) / math.log1p(COUNT_CAP)
    dangers = [e for e in evidence if e.reason not in HELPERS]
    for status in STATUSES:
        row[_COLUMN[f"ada:{status}"]] = float(any(e.status == status for e in dangers))
    for status in STATUSES[:2]:
        row[_COLUMN[f"gawat:{status}"]] = float(any(e.grave and e.status == status for e in dangers))
        row[_COLUMN[f"nyata:{status}"]] = float(any(e.stated and e.status == status for e in dangers))
        row[_COLUMN[f"macam:{status}"]] = min(len({e.reason for e in dangers if e.status == status}), 4) / 4
    ends = re.findall(r"[.?]+", text)
    row[_COLUMN["tanda_tanya"]] = sum("?" in end for end in ends) / len(ends) if ends else 0.0
    words = sum(1 for _ in re.finditer(r"\w+", text))
    row[_COLUMN["panjang"]] = math.log1p(min(words, 1000)) / math.log1p(1000)
    return row
