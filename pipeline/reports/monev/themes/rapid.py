"""Stems of very many texts, quickly: what counting complaints on a theme needs, and nothing more.

The full tokeniser also repairs texts and looks for personal data, which costs most of its time. Here a chunk of texts
is one array of bytes, and each distinct word is stemmed once. Words of personal data stay in, but only stems of a
theme's definition (which come from masked texts) count. How often both agree: docs/themes.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.reports.monev.themes.words import is_telling
from pipeline.text import repair
from pipeline.text.hashes import WordHashes
from pipeline.text.words import WordStemmer, shorten

CHUNK = 20_000
"""Texts at a time: some 6 MB of text, whose arrays take about 200 MB."""
_MOST = 8_000
"""Characters of a text that are looked at; the longest real complaint seen has about 8,000."""

_NOT_WORD, _WORD, _JOINER = 0, 1, 2
_KIND = np.zeros(256, dtype=np.uint8)
_LOWER = np.arange(256, dtype=np.uint8)
for _code in range(256):
    if chr(_code).isascii() and chr(_code).isalnum():
        _KIND[_code] = _WORD
        _LOWER[_code] = ord(chr(_code).lower())
    elif chr(_code) in "-'":
        _KIND[_code] = _JOINER


class StemCounter:
    """Which of *stems* each text holds; keeps what it learned of words between chunks."""

    def __init__(self, stems: Sequence[str]) -> None:
        self.stems = list(stems)
        self._stemmer = WordStemmer()
        self._hashes = WordHashes()
        self._known: dict[str, int] = {}
        self._first = np.zeros(1024, dtype=np.int32)
        self._count = np.zeros(1024, dtype=np.int32)
        self._words = 0
        self._stem_numbers = {stem: number for number, stem in enumerate(self.stems)}
        self._flat: list[int] = []

    def chunks(self, texts: Any) -> Iterator[tuple[slice, csr_matrix, NDArray[np.float32]]]:
        """Yield (rows, matrix, length) for chunks of *texts* (a sequence or a pandas Series of str).

        The matrix (texts, stems; float32) is 1 where a text holds a stem; length is the square root of how many
        distinct telling stems, known or not, the text has (at least 1).
        """
        for start in range(0, len(texts), CHUNK):
            part = slice(start, min(start + CHUNK, len(texts)))
            found = texts.iloc[part] if hasattr(texts, "iloc") else texts[part]
            yield part, *self._read([text if isinstance(text, str) else "" for text in found])

    def _read(self, texts: list[str]) -> tuple[csr_matrix, NDArray[np.float32]]:
        encoded = [(repair(text) if "\\" in text else text)[:_MOST].encode("utf-8", "replace") for text in texts]
        joined = np.frombuffer(b"\n".join(encoded), dtype=np.uint8)
        size = np.fromiter(map(len, encoded), np.int64, len(encoded))
        starts, ends = _borders(joined)
        row = np.searchsorted(np.cumsum(size + 1), starts, side="right").astype(np.int64)
        form = self._numbers(_LOWER[joined], starts, ends)
        count = self._count[form]
        place = np.repeat(np.arange(len(form)), count)
        at = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
        flat = np.array(self._flat, dtype=np.int64) if self._flat else np.zeros(0, dtype=np.int64)
        stem = flat[self._first[form][place] + at]
        shape = (len(texts), max(len(self._stem_numbers), 1))
        every = csr_matrix((np.ones(len(stem), dtype=np.float32), (row[place], stem)), shape=shape)
        every.data[:] = 1
        length = np.sqrt(np.maximum(np.diff(every.indptr), 1)).astype(np.float32)
        return every[:, [self._stem_numbers[stem] for stem in self.stems]], length

    def _numbers(self, text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Any:
        hashes = self._hashes.of(text, starts, ends)
        forms = self._hashes.find(hashes)
        unknown = np.flatnonzero(forms < 0)
        if len(unknown):
            new, first, places = np.unique(hashes[unknown], return_index=True, return_inverse=True)
            one = unknown[first]
            added = [
                self._add(bytes(text[start:end]).decode("ascii"))
                for start, end in zip(starts[one].tolist(), ends[one].tolist(), strict=True)
            ]
            forms[unknown] = np.array(added, dtype=np.int32)[places]
            self._hashes.add(new, added)
        return forms

    def _add(self, word: str) -> int:
        form = shorten(word)
        known = self._known.get(form)
        if known is not None:
            return known
        if self._words == len(self._first):
            self._first, self._count = np.resize(self._first, 2 * self._words), np.resize(self._count, 2 * self._words)
        stems = [stem for stem in self._stemmer(form.replace("'", "")) if is_telling(stem)]
        number = self._known[form] = self._words
        self._first[number], self._count[number] = len(self._flat), len(stems)
        self._flat += [self._stem_numbers.setdefault(stem, len(self._stem_numbers)) for stem in stems]
        self._words += 1
        return number


def _borders(text: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where words begin and end; a dash or apostrophe between two letters belongs to the word."""
    kind = _KIND[text]
    is_word = kind == _WORD
    inner = np.flatnonzero(kind == _JOINER)
    inner = inner[(inner > 0) & (inner < len(text) - 1)]
    is_word[inner[(kind[inner - 1] == _WORD) & (kind[inner + 1] == _WORD)]] = True
    edges = np.flatnonzero(np.diff(is_word.astype(np.int8), prepend=0, append=0))
    return edges[::2], edges[1::2]
