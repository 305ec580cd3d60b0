"""Why: the words and phrases, as the citizen wrote them, that carry the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.text import Token

MAX_PHRASES = 5
MAX_PHRASE_CHARS = 60

_Interval = tuple[int, int]


def phrases(text: str, tokens: Sequence[Token], contributions: Mapping[str, float]) -> list[str]:
    """Return at most :data:`MAX_PHRASES` phrases of *text*, the weightiest first, each as it was written.

    *contributions* are those of :class:`~pipeline.classifiers.contributions.Contributions`; what speaks against is left
    out.
    A pair of stems counts for the stretch from its first to its second word; overlapping stretches become one
    and add up. Masked personal data is never part of a phrase.
    """
    speaking = {feature: weight for feature, weight in contributions.items() if weight > 0}
    if not speaking:
        return []
    stretches: dict[_Interval, float] = {}
    second: dict[_Interval, int] = {}
    words = [token for token in tokens if not token.stem.isdigit()]
    for left, right in zip(words, [*words[1:], None], strict=True):
        if left.masked:
            continue
        if (weight := speaking.get(left.stem)) is not None:
            stretches[left.start, left.end] = stretches.get((left.start, left.end), 0.0) + weight
        if right is None or right.masked:
            continue
        if (weight := speaking.get(f"{left.stem} {right.stem}")) is not None:
            key = (left.start, right.end)
            stretches[key] = stretches.get(key, 0.0) + weight
            second[key] = right.start
    by_words: dict[str, tuple[str, float]] = {}
    for (start, end), weight in _merge(stretches, second, text).items():
        phrase = " ".join(text[start:end].split())
        if len(phrase) <= MAX_PHRASE_CHARS:
            shown, total = by_words.get(phrase.lower(), (phrase, 0.0))
            # The same word again speaks once: its weight in TF-IDF already counts how often it stands there.
            by_words[phrase.lower()] = (shown, max(total, weight))
    ordered = sorted(by_words.values(), key=lambda item: -item[1])
    return [shown for shown, _ in ordered[:MAX_PHRASES]]


def _merge(stretches: Mapping[_Interval, float], second: Mapping[_Interval, int], text: str) -> dict[_Interval, float]:
    """Join single words into the pair that covers them; longer chains stay apart so that phrases stay short.

    *second*: where the second word of a pair begins.
    """
    merged: dict[_Interval, float] = {}
    over: dict[int, list[_Interval]] = {}
    for key in sorted(stretches, key=lambda s: (s[0] - s[1], s[0])):
        start, end = key
        cover = next((interval for interval in over.get(start, ()) if end <= interval[1]), None)
        if cover is not None:
            merged[cover] += stretches[key]
        elif "\n" not in text[start:end]:
            merged[key] = stretches[key]
            over.setdefault(start, []).append(key)
            if key in second:
                over.setdefault(second[key], []).append(key)
    return merged
