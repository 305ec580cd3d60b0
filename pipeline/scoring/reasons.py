"""``alasan*``: the words that speak for each unit, and the rubric's reasons, as the citizen wrote them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue import LEVELS
from pipeline.catalogue.urgency import reasons
from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.classifiers.contributions import Contributions, Explainer
from pipeline.classifiers.evidence import CODES, STATUSES, EvidenceRows
from pipeline.classifiers.explanation import MAX_PHRASES, find_phrases
from pipeline.classifiers.features import Features
from pipeline.text import TokenRows

NO_REASON = "tidak_ada"
FEARED = "(dikhawatirkan)"
_NOTES = tuple({"mungkin": f" {FEARED}", "lewat": " (sudah lewat)"}.get(status, "") for status in STATUSES)
_PHRASES_A_REASON = 2
_NO_WORDS = "tidak ada kata yang menentukan"


class Reasons:
    """Says why a row got its unit and its level."""

    def __init__(self, unit: UnitClassifier, urgency: UrgencyClassifier) -> None:
        self._explain_unit = Explainer(unit.vectorizer_, unit.coef_)
        self._explain_level = Explainer(urgency.vectorizer_, urgency.coef_)
        self._levels = np.array(urgency.classes_, dtype=object)

    def units(self, rows: TokenRows, features: Features, order: NDArray[np.int64]) -> list[list[str]]:
        """Return for each place of *order* the words that speak for the unit there, a text each.

        *order*: units of each text, the likeliest first, shape (texts, places). The first is held against the second,
        each other one against the first.
        """
        first = order[:, 0]
        parts = self._explain_unit(rows, features, first, order[:, 1] if order.shape[1] > 1 else None)
        said = [_unit_words(rows, parts)]
        for place in range(1, order.shape[1]):
            # The second against the first is what was reckoned already, the other way round.
            parts = -parts if place == 1 else self._explain_unit(rows, features, order[:, place], first)
            said.append(_unit_words(rows, parts))
        return said

    def level(
        self, rows: TokenRows, evidence: EvidenceRows, features: Features, levels: NDArray[np.int64]
    ) -> list[str]:
        """Return the evidence for each level above the lowest; else the words that spoke most for the level.

        Those speak for "at least this level", or for the lowest level against the next.
        """
        found = evidence_reasons(evidence, rows, self._levels[levels] != LEVELS[0])
        bare = np.ones(len(rows), dtype=bool)
        bare[list(found)] = False
        parts = self._explain_level(rows, features, np.maximum(levels - 1, 0), sign=np.where(levels == 0, -1.0, 1.0))
        words = find_phrases(rows, parts, bare)
        return [found[row] if row in found else no_reason(words.get(row, [])) for row in range(len(rows))]


def _unit_words(rows: TokenRows, parts: Contributions) -> list[str]:
    found = find_phrases(rows, parts, np.ones(len(rows), dtype=bool))
    return ["; ".join(found[row]) if row in found else _NO_WORDS for row in range(len(rows))]


def evidence_reasons(evidence: EvidenceRows, rows: TokenRows, wanted: NDArray[np.bool_]) -> dict[int, str]:
    """Return for *wanted* texts with evidence for example ``bahaya_fasilitas: "pohon tumbang"; nyawa: "tewas"``.

    A feared or past danger says so; what is denied is left out.
    """
    shown = (evidence.reason < len(reasons())) & (evidence.status != STATUSES.index("negasi")) & wanted[evidence.row]
    order = np.flatnonzero(shown)
    order = order[np.lexsort((evidence.reason[order], evidence.row[order]))]
    by_text: dict[int, dict[int, list[str]]] = {}
    columns = (evidence.row, evidence.reason, evidence.start, evidence.end, evidence.status)
    for row, reason, start, end, status in zip(*(column[order].tolist() for column in columns), strict=True):
        said = f'"{" ".join(rows.texts[row][start:end].split())}"{_NOTES[status]}'
        quotes = by_text.setdefault(row, {}).setdefault(reason, [])
        if said not in quotes:
            quotes.append(said)
    return {row: _joined(found) for row, found in by_text.items()}


def _joined(found: Mapping[int, list[str]]) -> str:
    parts = [f"{CODES[reason]}: {', '.join(quotes[:_PHRASES_A_REASON])}" for reason, quotes in found.items()]
    return "; ".join(parts[:MAX_PHRASES])


def no_reason(words: list[str]) -> str:
    """Return ``tidak_ada`` and the words that spoke most for the level."""
    return f"{NO_REASON}: {', '.join(words)}" if words else NO_REASON
