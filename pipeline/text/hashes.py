"""Numbers of words by their hashes: a whole batch's words are looked up without making a string of each.

The hash is Karp and Rabin's (1987, "Efficient randomized pattern-matching algorithms"): the word's characters as
digits of a number, modulo 2**64. Sums over prefixes give the hashes of all words of a text at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15
"""Any odd number with bits all over; two words of 64 letters or fewer share a hash about once in 10**19 pairs."""

Hashes = NDArray[np.uint64]


class WordHashes:
    """The hashes of known words with their numbers."""

    def __init__(self) -> None:
        self._powers = self._inverses = np.ones(1, dtype=np.uint64)
        self._old = self._new = _NOTHING

    def of(self, text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Hashes:
        """Return the hash of each word ``text[start:end]``."""
        if len(text) > len(self._powers):
            self._grow(2 * len(text))
        # Codes from 1 on, else a word would have the hash of one with zeros after it.
        digits = text.astype(np.uint64) + np.uint64(1)
        sums = np.append(np.uint64(0), np.cumsum(digits * self._powers[: len(text)]))
        return (sums[ends] - sums[starts]) * self._inverses[starts]

    def find(self, hashes: Hashes) -> NDArray[np.int32]:
        """Return the number of each word, -1 for unknown ones."""
        found = self._old.find(hashes)
        unknown = np.flatnonzero(found < 0)
        found[unknown] = self._new.find(hashes[unknown])
        return found

    def add(self, hashes: Hashes, numbers: Sequence[int]) -> None:
        """Remember the numbers of new words."""
        self._new = self._new.with_(hashes, np.array(numbers, dtype=np.int32))
        # Every change costs a new index: that of the many old ones is made anew only now and then.
        if len(self._new) > len(self._old) // 8:
            self._old, self._new = self._old.with_(self._new.hashes, self._new.numbers), _NOTHING

    def keep(self, below: int) -> None:
        """Forget words with a number from *below* on."""
        every = self._old.with_(self._new.hashes, self._new.numbers)
        kept = every.numbers < below
        self._old, self._new = _Numbers(every.hashes[kept], every.numbers[kept]), _NOTHING

    def _grow(self, size: int) -> None:
        self._powers = _powers(_BASE, size)
        self._inverses = _powers(pow(_BASE, -1, 2**64), size)


class _Numbers:
    """Hashes with numbers, behind pandas' hash table."""

    def __init__(self, hashes: Hashes, numbers: NDArray[np.int32]) -> None:
        self.hashes, self.numbers = hashes, numbers
        self._index = pd.Index(hashes)
        self._or_none = np.append(numbers, np.int32(-1))

    def __len__(self) -> int:
        return len(self.hashes)

    def find(self, hashes: Hashes) -> NDArray[np.int32]:
        found: NDArray[np.int32] = self._or_none[self._index.get_indexer(hashes)]  # type: ignore[arg-type]
        return found

    def with_(self, hashes: Hashes, numbers: NDArray[np.int32]) -> _Numbers:
        return _Numbers(np.append(self.hashes, hashes), np.append(self.numbers, numbers))


_NOTHING = _Numbers(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int32))


def _powers(base: int, size: int) -> Hashes:
    return np.append(np.uint64(1), np.cumprod(np.full(size - 1, base, dtype=np.uint64)))
