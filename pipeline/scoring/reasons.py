"""``alasan_urgensi``: the rubric's reasons with the citizen's words behind each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.urgency import reasons
from pipeline.classifiers.evidence import CODES, STATUSES, EvidenceRows
from pipeline.classifiers.explanation import MAX_PHRASES
from pipeline.text import TokenRows

NO_REASON = "tidak_ada"
_NOTES = tuple({"mungkin": " (dikhawatirkan)", "lewat": " (sudah lewat)"}.get(status, "") for status in STATUSES)
_PHRASES_A_REASON = 2


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
