"""Words that mostly stand in an address: streets, estates and hamlets that no list of regions has."""

from __future__ import annotations

from collections import Counter
from functools import cache

from pipeline.catalogue.functions import load_functions
from pipeline.text import TokenRows
from pipeline.text.lexicons import words
from pipeline.text.stemmer import sastrawi
from pipeline.text.words import WordStemmer

_CUES = words(
    "jl jln kelurahan kel kecamatan kec desa gang gg kampung kp dusun dukuh perum perumahan apartemen rt rw blok "
    "raya villa griya wisma mayjen letjen"
)
"""What an address begins with; *jalan* only before what is no word: as often the matter follows (*jalan rusak*)."""
_REACH = 2
_SHARE = 0.3
_LEAST = 4


class LocatedWords:
    """Counts how often each stem stands within two words after the beginning of an address."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._located: Counter[str] = Counter()

    def add(self, rows: TokenRows) -> None:
        """Count one batch of tokens."""
        cue_forms = {number for number, form in enumerate(rows.table.names) if form in _CUES}
        stems = rows.table.stems
        forms, numbers, texts = rows.form.tolist(), rows.stem.tolist(), rows.row.tolist()
        since, text, before = _REACH + 1, -1, ""
        for form, number, row in zip(forms, numbers, texts, strict=True):
            if row != text:
                since, text, before = _REACH, row, ""
            since += 1
            stem = stems[number]
            self._seen[stem] += 1
            self._located[stem] += since <= _REACH or (before == "jalan" and not _is_root(stem))
            before = stem
            if form in cue_forms:
                since = 0

    def stems(self) -> frozenset[str]:
        """Return the stems of which three in ten or more stand in an address, but none that matters are named by."""
        return frozenset(
            stem
            for stem, count in self._located.items()
            if count >= _LEAST and count >= _SHARE * self._seen[stem] and stem not in _named_matters()
        )


@cache
def _is_root(stem: str) -> bool:
    return bool(sastrawi().get_dictionary().contains(stem))


@cache
def _named_matters() -> frozenset[str]:
    stem = WordStemmer()
    return ordinary_words() | {one for word in ordinary_words() if word.isalnum() for one in stem(word)}


@cache
def ordinary_words() -> frozenset[str]:
    """Return the words by which the catalogue of functions names citizens' matters."""
    return frozenset(word.lower() for one in load_functions().values() for text in one.words for word in text.split())
