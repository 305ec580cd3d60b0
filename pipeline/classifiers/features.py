"""Features of tokenised texts: stems, pairs of stems, and for small data the character n-grams of the stems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from pipeline.text import StemGrams

Docs = Sequence[list[str]]
"""Texts as lists of stems (:func:`pipeline.text.analyze`)."""

_CHARS = (3, 5)
_MIN_DF = 2


class StemVectorizer(BaseEstimator):
    """TF-IDF over stems and pairs and, beside them, over the characters of each stem.

    *recipe* is a recipe's ``[features]``. Fewer than ``small`` training texts are "small data": single stems and
    characters carry it, for pairs are too rare there. ``transform`` gives float32 CSR, shape (texts, features).
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe = recipe

    def fit(self, docs: Docs) -> StemVectorizer:
        """Learn vocabulary and document frequencies."""
        recipe: dict[str, Any] = self.recipe or {}
        small = len(docs) < recipe["small"]
        self.words_ = TfidfVectorizer(
            analyzer=StemGrams(1 if small else recipe["ngrams"]),
            min_df=1 if small else recipe["min_df"],
            sublinear_tf=True,
            dtype=np.float32,
        ).fit(docs)
        self.grams_: dict[str, int] = {}
        if small and recipe["chars_small"] > 0:
            names = sorted({gram for stem in {s for doc in docs for s in doc} for gram in stem_grams(stem)})
            counts = _gram_counts(docs, {gram: i for i, gram in enumerate(names)})
            wanted = np.flatnonzero(np.diff(counts.tocsc().indptr) >= _MIN_DF)
            self.grams_ = {names[old]: new for new, old in enumerate(wanted.tolist())}
            self.weigher_ = TfidfTransformer(sublinear_tf=True).fit(counts[:, wanted])
        return self

    def transform(self, docs: Docs) -> sparse.csr_matrix:
        """Return the features of *docs*."""
        words = self.words_.transform(docs)
        if not self.grams_:
            return words
        chars = self.weigher_.transform(_gram_counts(docs, self.grams_)) * (self.recipe or {})["chars_small"]
        return sparse.hstack([words, chars], format="csr", dtype=np.float32)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state with each vocabulary as one text: a model file of 100,000 entries takes seconds to write."""
        state = dict(super().__getstate__())
        if "words_" in state:
            words = copy(self.words_)
            state |= {"words_": words, "stems_": _lines(words.vocabulary_), "grams_": _lines(self.grams_)}
            del words.vocabulary_
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if "words_" in state:
            state["words_"].vocabulary_ = _columns(state.pop("stems_"))
            state["grams_"] = _columns(state["grams_"])
        super().__setstate__(state)

    def __contains__(self, stem: str) -> bool:
        """Tell whether *stem* occurred in training."""
        return stem in self.words_.vocabulary_

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.words_.vocabulary_) + len(self.grams_)


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


def _lines(columns: Mapping[str, int]) -> str:
    return "\n".join(sorted(columns, key=columns.__getitem__))


def _columns(lines: str) -> dict[str, int]:
    return {name: column for column, name in enumerate(lines.split("\n"))} if lines else {}


def _gram_counts(docs: Docs, columns: Mapping[str, int]) -> sparse.csr_matrix:
    """Return how often each gram of *columns* stands in each text: texts by stems times stems by grams."""
    places = {stem: i for i, stem in enumerate(dict.fromkeys(stem for doc in docs for stem in doc))}
    by_stem = [Counter(columns[gram] for gram in stem_grams(stem) if gram in columns) for stem in places]
    by_doc = [Counter(places[stem] for stem in doc) for doc in docs]
    left, right = _matrix(by_doc, len(places)), _matrix(by_stem, len(columns))
    return sparse.csr_matrix(left @ right)


def _matrix(rows: Sequence[Counter[int]], width: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.array([column for row in rows for column in row], dtype=np.int64)
    counts = np.array([count for row in rows for count in row.values()], dtype=np.float32)
    return sparse.csr_matrix((counts, columns, ends), shape=(len(rows), width))
