"""What each word of a text adds to a linear score, from the text's own features alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.classifiers.features import StemVectorizer, stem_grams

_MEMO_SIZE = 200_000


class Contributions:
    """Finds, for one vectorizer, what stems and pairs of stems add to a score; remembers each stem's characters."""

    def __init__(self, vectorizer: StemVectorizer) -> None:
        self._names = sorted(vectorizer.words_.vocabulary_, key=vectorizer.words_.vocabulary_.__getitem__)
        self._grams = vectorizer.grams_
        self._size = vectorizer.size
        self._memo: dict[str, NDArray[np.int64]] = {}
        self._dense = np.zeros(self._size)
        self._owners = np.zeros(self._size)

    def __call__(
        self,
        matrix: sparse.csr_matrix,
        row: int,
        weights: NDArray[np.float32],
        minus: NDArray[np.float32] | None,
        stems: list[str],
    ) -> dict[str, float]:
        """Return stem or ``"stem stem"`` → what it adds to the score of *row* of *matrix*.

        *weights* (one a feature), less *minus* where given; *stems* are the text's. A character n-gram's part goes to
        the stems it stands in, in equal shares. Features past the words and characters are left out.
        """
        begin, end = matrix.indptr[row], matrix.indptr[row + 1]
        columns, data = matrix.indices[begin:end], matrix.data[begin:end]
        chosen = weights[columns] if minus is None else weights[columns] - minus[columns]
        parts = data * chosen
        words = columns < len(self._names)
        names = self._names
        found = {names[c]: part for c, part in zip(columns[words].tolist(), parts[words].tolist(), strict=True)}
        if self._grams:
            rest = ~words & (columns < self._size)
            self._add_characters(found, columns[rest], parts[rest], stems)
        return found

    def _add_characters(
        self, found: dict[str, float], columns: NDArray[np.int32], parts: NDArray[np.float32], stems: list[str]
    ) -> None:
        distinct = list(dict.fromkeys(stems))
        of_stem = [self._columns(stem) for stem in distinct]
        lengths = np.array([len(c) for c in of_stem])
        if not lengths.any():
            return
        every = np.concatenate(of_stem)
        self._dense[columns] = parts
        np.add.at(self._owners, every, 1.0)
        shares = self._dense[every] / self._owners[every]
        self._dense[columns] = 0.0
        self._owners[every] = 0.0
        kept = np.flatnonzero(lengths)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])[kept]
        for i, total in zip(kept.tolist(), np.add.reduceat(shares, starts).tolist(), strict=True):
            found[distinct[i]] = found.get(distinct[i], 0.0) + total

    def _columns(self, stem: str) -> NDArray[np.int64]:
        known = self._memo.get(stem)
        if known is None:
            offset = len(self._names)
            grams = {self._grams[gram] + offset for gram in stem_grams(stem) if gram in self._grams}
            known = np.array(sorted(grams), dtype=np.int64)
            if len(self._memo) < _MEMO_SIZE:
                self._memo[stem] = known
        return known
