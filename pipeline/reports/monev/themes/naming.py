"""Names of themes: the phrases of one to three words, as citizens wrote them, that tell one theme from the others.

Class-based TF-IDF (Grootendorst 2022, "BERTopic") over phrases that are counted by their stems and shown in their
commonest spelling.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.reports.monev.themes.located import ordinary_words
from pipeline.reports.monev.themes.words import is_telling, may_stand_inside
from pipeline.text import TokenRows
from pipeline.text.lexicons import load_lexicons
from pipeline.text.names import is_name
from pipeline.text.split import BLANK

PHRASES = 3
_LONGEST = 3
_BONUS = {1: 1.0, 2: 2.2, 3: 2.4}
"""What a phrase of so many words counts: *lampu mati* tells more than *lampu*."""
_LEAST = 3
"""Texts of a theme that must hold a phrase."""
_FIRST = 40

_IN_ADDRESSES = frozenset({"kec", "kel", "jl", "jln", "gg"})

Key = tuple[str, ...]


class PhraseCounts:
    """How many texts of each theme hold a phrase without stems that are left out; fed with batches of tokens."""

    def __init__(self, themes: int, left_out: frozenset[str] = frozenset()) -> None:
        self.themes = themes
        self.texts = np.zeros(themes + 1, dtype=np.int64)
        self._in_theme: list[Counter[Key]] = [Counter() for _ in range(themes + 1)]
        self._all: Counter[Key] = Counter()
        self._written: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        self._left_out = left_out

    def add(self, rows: TokenRows, of: NDArray[np.int64]) -> None:
        """Count the phrases of one batch; *of* is each text's theme, -1 for none."""
        names = rows.table.names
        stem_names = rows.table.stems
        for row in range(len(rows)):
            part = slice(rows.first[row], rows.first[row + 1])
            words = [names[number] for number in rows.form[part].tolist()]
            stems = [stem_names[number] for number in rows.stem[part].tolist()]
            near = ((rows.gap[part] & BLANK) != 0).tolist()
            theme = int(of[row])
            self.texts[theme] += 1
            found: dict[Key, str] = {}
            for key, written in _phrases(words, stems, near, self._left_out):
                found.setdefault(key, written)
            for key, written in found.items():
                self._in_theme[theme][key] += 1
                self._all[key] += 1
                self._written[key][written] += 1

    def names(self) -> list[tuple[str, ...]]:
        """Return up to three telling phrases of each theme, the most telling first."""
        return [tuple(_shown(written) for _, written in self._chosen(theme)) for theme in range(self.themes)]

    def _chosen(self, theme: int) -> list[tuple[Key, str]]:
        size, total = max(int(self.texts[theme]), 1), max(int(self.texts.sum()), 1)
        least = max(_LEAST, size // 50)
        scores = {
            key: count / size * np.log(1 + (count / size) / (self._all[key] / total)) * _BONUS[len(key)]
            for key, count in self._in_theme[theme].items()
            if count >= least
        }
        chosen: list[tuple[Key, str]] = []
        for key in sorted(scores, key=lambda one: (-scores[one], one))[:_FIRST]:
            if any(set(key) & set(other) for other, _ in chosen):
                continue
            written = self._spelling(key)
            if not any(map(is_persons_name, written.split())):
                chosen.append((key, written))
            if len(chosen) == PHRASES:
                break
        return chosen

    def _spelling(self, key: Key) -> str:
        """Return the commonest spelling, one without slang before one with it where it is not rare."""
        spellings = sorted(self._written[key].items(), key=lambda item: (-item[1], item[0]))
        slang = load_lexicons().slang
        plain = [item for item in spellings if not any(word in slang for word in item[0].split())]
        if plain and plain[0][1] * 5 >= spellings[0][1]:
            return plain[0][0]
        return spellings[0][0]


def _phrases(
    words: Sequence[str], stems: Sequence[str], near: Sequence[bool], left_out: frozenset[str]
) -> Iterator[tuple[Key, str]]:
    telling = [
        is_telling(stem) and stem not in left_out and word not in _IN_ADDRESSES and not word[0].isdigit()
        for word, stem in zip(words, stems, strict=True)
    ]
    for start in range(len(words)):
        if not telling[start]:
            continue
        key: list[str] = []
        for end in range(start, min(start + _LONGEST, len(words))):
            if end > start and (not near[end] or words[end] == words[end - 1]):
                break
            if telling[end]:
                key.append(stems[end])
                if len(set(key)) == len(key):
                    yield tuple(key), " ".join(words[start : end + 1])
            elif not may_stand_inside(words[end]):
                break


def is_persons_name(word: str) -> bool:
    """Tell whether *word* is a known first or family name and no word of the catalogue of functions."""
    return word.isalpha() and word not in ordinary_words() and word not in load_lexicons().acronyms and is_name(word)


def _shown(written: str) -> str:
    acronyms = load_lexicons().acronyms
    return " ".join(word.upper() if word in acronyms and len(word) <= 4 else word for word in written.split())
