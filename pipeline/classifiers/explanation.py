"""Why: the words and phrases, as the citizen wrote them, that carry the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.text import Token

MAX_PHRASES = 5
MAX_PHRASE_CHARS = 60

_Interval = tuple[int, int]


def feature_contributions(
    row: sparse.csr_matrix, weights: NDArray[np.float32], names: Sequence[str] | NDArray[np.str_]
) -> dict[str, float]:
    """Return feature → contribution ``value * weight`` for the row's own non-zero features that speak for it.

    *weights* is one weight a feature: the first class's minus the second's. Columns past *names* are left out.
    """
    inside = row.indices < len(names)
    columns, values = row.indices[inside], row.data[inside]
    contributions = values * weights[columns]
    return {
        str(names[column]): float(c) for column, c in zip(columns, contributions, strict=True) if c > 0
    }


def phrases(text: str, tokens: Sequence[Token], contributions: Mapping[str, float]) -> list[str]:
    """Return at most :data:`MAX_PHRASES` phrases of *text*, the weightiest first, each as it was written.

    A pair of stems counts for the stretch from its first to its second word; overlapping stretches become one
    and add up. Masked personal data is never part of a phrase.
    """
    if not contributions:
        return []
    stretches: dict[_Interval, float] = {}
    for left, right in zip(tokens, [*tokens[1:], None], strict=True):
        if left.masked:
            continue
        if (weight := contributions.get(left.stem)) is not None:
            stretches[left.start, left.end] = stretches.get((left.start, left.end), 0.0) + weight
        if right is None or right.masked:
            continue
        if (weight := contributions.get(f"{left.stem} {right.stem}")) is not None:
            key = (left.start, right.end)
            stretches[key] = stretches.get(key, 0.0) + weight
    by_words: dict[str, tuple[str, float]] = {}
    for (start, end), weight in _merge(stretches, text).items():
        phrase = " ".join(text[start:end].split())
        if len(phrase) <= MAX_PHRASE_CHARS:
            shown, total = by_words.get(phrase.lower(), (phrase, 0.0))
            # The same word again speaks once: its weight in TF-IDF already counts how often it stands there.
            by_words[phrase.lower()] = (shown, max(total, weight))
    ordered = sorted(by_words.values(), key=lambda item: -item[1])
    return [shown for shown, _ in ordered[:MAX_PHRASES]]


def _merge(stretches: Mapping[_Interval, float], text: str) -> dict[_Interval, float]:
    """Join single words into the pair that covers them; longer chains stay apart so that phrases stay short."""
    pairs = sorted(stretches, key=lambda s: (-(s[1] - s[0]), s[0]))
    merged: dict[_Interval, float] = {}
    for start, end in pairs:
        weight = stretches[start, end]
        cover = next(((s, e) for s, e in merged if s <= start and end <= e), None)
        if cover is not None:
            merged[cover] += weight
        elif "\n" not in text[start:end]:
            merged[start, end] = weight
    return merged
