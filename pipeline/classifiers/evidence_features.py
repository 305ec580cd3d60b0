"""The numbers that the urgency model sees of a text's evidence."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.evidence import CODES, HELPERS, STATUSES, EvidenceRows
from pipeline.text import TokenRows

COUNT_CAP = 3
_KINDS_CAP = 4
_WORDS_CAP = 1000
_HAPPENS, _DENIED = STATUSES.index("terjadi"), STATUSES.index("negasi")

FEATURE_NAMES: tuple[str, ...] = (
    *(f"{reason}:{status}" for reason in CODES for status in STATUSES[:_DENIED]),
    *(f"ada:{status}" for status in STATUSES),
    *(f"{name}:{status}" for name in ("gawat", "nyata", "macam") for status in STATUSES[:2]),
    "tanda_tanya",
    "panjang",
)
"""Names of :func:`feature_rows`' columns; none counts capitals, exclamation marks or words of haste."""
_COLUMN = {name: i for i, name in enumerate(FEATURE_NAMES)}


def feature_rows(evidence: EvidenceRows, rows: TokenRows) -> NDArray[np.float32]:
    """Return the numbers of :data:`FEATURE_NAMES`, shape (texts, features), each between 0 and about 1."""
    size = len(rows)
    result = np.zeros((size, len(FEATURE_NAMES)), dtype=np.float32)
    shown = evidence.status != _DENIED
    # People stated to be in danger need no second phrase.
    weight = np.where(evidence.stated & (evidence.status == _HAPPENS), COUNT_CAP, 1)
    cell = (evidence.row * len(CODES) + evidence.reason) * _DENIED + evidence.status
    counts = np.bincount(cell[shown], weight[shown], size * len(CODES) * _DENIED)
    capped = np.minimum(counts.reshape(size, -1), COUNT_CAP)
    result[:, : capped.shape[1]] = np.log1p(capped) / math.log1p(COUNT_CAP)
    danger = evidence.reason < len(CODES) - len(HELPERS)
    for number, status in enumerate(STATUSES):
        here = danger & (evidence.status == number)
        result[evidence.row[here], _COLUMN[f"ada:{status}"]] = 1
        if number < 2:
            result[evidence.row[here & evidence.grave], _COLUMN[f"gawat:{status}"]] = 1
            result[evidence.row[here & evidence.stated], _COLUMN[f"nyata:{status}"]] = 1
            kinds = (capped.reshape(size, len(CODES), _DENIED)[:, : -len(HELPERS), number] > 0).sum(axis=1)
            result[:, _COLUMN[f"macam:{status}"]] = np.minimum(kinds, _KINDS_CAP) / _KINDS_CAP
    result[:, _COLUMN["tanda_tanya"]] = rows.questions / np.maximum(rows.stops, 1)
    words = np.minimum(np.diff(rows.first), _WORDS_CAP)
    result[:, _COLUMN["panjang"]] = np.log1p(words) / math.log1p(_WORDS_CAP)
    return result
