"""From numbered stems to counts of features: whole batches at once, no Python a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.text import Lookup, TokenRows, WordTable

Docs = Sequence[list[str]]
"""Texts as lists of stems (:func:`pipeline.text.analyze`)."""

_CHARS = (3, 5)
_Rows = NDArray[np.int32]


def numbered(docs: Docs | TokenRows) -> tuple[WordTable, _Rows, _Rows, int]:
    """Return *docs* as (table, row of each token, stem number of each token, number of rows)."""
    if isinstance(docs, TokenRows):
        return docs.table, docs.row, docs.stem, len(docs)
    table = WordTable()
    stems = [table.stem_number(stem) for doc in docs for stem in doc]
    row = np.repeat(np.arange(len(docs), dtype=np.int32), [len(doc) for doc in docs])
    return table, row, np.array(stems, dtype=np.int32), len(docs)


class StemColumns:
    """The columns of a vectorizer's words and pairs (*vocabulary*) and characters (*grams*) for one table's stems."""

    def __init__(self, table: WordTable, vocabulary: Mapping[str, int], grams: Mapping[str, int]) -> None:
        self.table = table
        self._word = Lookup(table, "stem", lambda stem: vocabulary.get(stem, -1), np.int32)
        pairs = [(*feature.split(" "), column) for feature, column in vocabulary.items() if " " in feature]
        known = {stem: place for place, stem in enumerate(dict.fromkeys(s for pair in pairs for s in pair[:2]))}
        self._part = Lookup(table, "stem", lambda stem: known.get(stem, -1), np.int64)
        self._parts = len(known)
        # pandas' hash table finds a key six times sooner than a binary search.
        self._pairs = pd.Index([known[left] * self._parts + known[right] for left, right, _ in pairs], dtype=np.int64)
        self._pair_columns = np.array([column for *_, column in pairs], dtype=np.int64)
        self._grams = len(grams)

        def columns(stem: str) -> NDArray[np.int64]:
            return np.array([grams[gram] for gram in stem_grams(stem) if gram in grams], dtype=np.int64)

        self._grams_of = Lookup(table, "stem", columns, np.object_)

    def positions(self, row: _Rows, stem: _Rows) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Return (token, column) of each known word, then of each known pair at its first word, and how many words."""
        kept = np.flatnonzero(~self.table.is_number(stem))
        stems = stem[kept]
        column = self._word.values()[stems].astype(np.int64)
        single = column >= 0
        if not self._parts:
            return kept[single], column[single], int(single.sum())
        part = self._part.values()[stems]
        both = np.flatnonzero((part[:-1] >= 0) & (part[1:] >= 0) & (row[kept[:-1]] == row[kept[1:]]))
        at = self._pairs.get_indexer(part[both] * self._parts + part[both + 1])
        hit = at >= 0
        pairs = self._pair_columns[at[hit]]
        token = np.concatenate([kept[single], kept[both[hit]]])
        return token, np.concatenate([column[single], pairs]), int(single.sum())

    def grams(self, row: _Rows, stem: _Rows, size: int) -> sparse.csr_matrix:
        """Return how often each row has each character n-gram: rows by stems times stems by n-grams."""
        if not len(stem):
            return sparse.csr_matrix((size, self._grams), dtype=np.float32)
        is_met = np.zeros(len(self.table.stems), dtype=bool)
        is_met[stem] = True
        met, local = np.flatnonzero(is_met), (np.cumsum(is_met) - 1)[stem]
        # Stems in the order of the text: then the order of a row's features, and with it the last bit of their
        # sums, does not depend on the other rows.
        ends = np.searchsorted(row, np.arange(size + 1))
        by_row = _csr(np.ones(len(local), dtype=np.float32), local, ends, (size, len(met)))
        return sparse.csr_matrix(by_row @ self.gram_matrix(met))

    def grams_of(self, stem: str) -> NDArray[np.int64]:
        """Return the columns of one stem's character n-grams, one that stands twice in it twice."""
        found: NDArray[np.int64] = self._grams_of.values()[self.table.stem_numbers[stem]]
        return found

    def gram_matrix(self, stems: NDArray[np.int64]) -> sparse.csr_matrix:
        """Return the character n-grams of *stems* (numbers), shape (stems, n-grams)."""
        of_stem = self._grams_of.values()[stems]
        ends = np.cumsum([0, *map(len, of_stem)])
        columns = np.concatenate(of_stem) if len(of_stem) else np.zeros(0, dtype=np.int64)
        # An n-gram that stands twice in a stem has two entries; products add them up.
        return _csr(np.ones(len(columns), dtype=np.float32), columns, ends, (len(stems), self._grams))


def count(
    row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]
) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """Return how often each (row, column) is there, float32 CSR with sorted columns, and the entry of each pair."""
    keys = row * shape[1] + column
    places = len(keys).bit_length()
    if (shape[0] * shape[1]).bit_length() + places < 64:
        # Key and place in one number: sorting numbers is several times quicker than finding an order.
        packed = np.sort(keys << places | np.arange(len(keys)))
        order, keys = packed & ((1 << places) - 1), packed >> places
    else:
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
    is_first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    starts = np.flatnonzero(is_first)
    entry = np.empty(len(keys), dtype=np.int64)
    entry[order] = np.cumsum(is_first) - 1
    rows, columns = np.divmod(keys[starts], max(shape[1], 1))
    counts = np.diff(np.append(starts, len(keys))).astype(np.float32)
    return _csr(counts, columns, np.searchsorted(rows, np.arange(shape[0] + 1)), shape), entry


def weigh(counts: sparse.csr_matrix, idf: NDArray[np.float32], length: float = 1.0) -> NDArray[np.float32]:
    """Turn *counts* into ``(1 + log(count)) * idf``, each row as long as *length*; return the rows' factors."""
    data = counts.data
    repeated = data > 1
    data[repeated] = 1 + np.log(data[repeated])
    data *= idf[counts.indices]
    scale = np.zeros(counts.shape[0], dtype=np.float32)
    sizes = np.diff(counts.indptr)
    filled = np.flatnonzero(sizes)
    if len(filled):
        squares = np.add.reduceat(np.square(data, dtype=np.float64), counts.indptr[filled])
        scale[filled] = length / np.sqrt(squares)
        data *= np.repeat(scale[filled], sizes[filled])
    return scale


def _csr(
    data: NDArray[np.float32], columns: NDArray[np.int64], ends: NDArray[np.int64], shape: tuple[int, int]
) -> sparse.csr_matrix:
    return sparse.csr_matrix((data, columns.astype(np.int32), ends.astype(np.int32)), shape=shape)


def stem_grams(stem: str) -> list[str]:
    """Return the characters of *stem* in threes to fives with its edges, as ``char_wb``; none of a number."""
    if stem.isdigit():
        return []
    padded = f" {stem} "
    found: list[str] = []
    for n in range(_CHARS[0], _CHARS[1] + 1):
        if len(padded) <= n:
            return [*found, padded]
        found += [padded[i : i + n] for i in range(len(padded) - n + 1)]
    return found
