"""Features of tokenised texts: stems, pairs of stems, and for small data the character n-grams of the stems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.classifiers.columns import Docs, StemColumns, count, numbered, stem_grams, weigh
from pipeline.text import Lookup, TokenRows

_MIN_DF = 2


@dataclass(frozen=True)
class Features:
    """The features of some texts: *words* and, for small data, *chars* (float32 CSR, one row a text).

    ``scale`` is what a character n-gram of count 1 and idf 1 weighs in each text. ``token`` and ``entry`` say which
    token stands for which of the entries of *words* (a pair at its first word); the first ``singles`` are words.
    """

    words: sparse.csr_matrix
    chars: sparse.csr_matrix | None
    scale: NDArray[np.float32] | None
    token: NDArray[np.int64]
    entry: NDArray[np.int64]
    singles: int

    def matrix(self) -> sparse.csr_matrix:
        """Return all features beside each other."""
        if self.chars is None:
            return self.words
        return sparse.hstack([self.words, self.chars], format="csr", dtype=np.float32)

    def dot(self, coef: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the product with *coef*, of which rows past the features are left out."""
        width = self.words.shape[1]
        scores = np.asarray(self.words @ coef[:width], dtype=np.float64)
        if self.chars is not None:
            scores += self.chars @ coef[width : width + self.chars.shape[1]]
        return scores


class StemVectorizer:
    """TF-IDF over stems and pairs and, beside them, over the characters of each stem.

    *recipe* is a recipe's ``[features]``. Fewer than ``small`` training texts are "small data": single stems and
    characters carry it, for pairs are too rare there. ``transform`` gives float32 CSR, shape (texts, features).
    """

    def __init__(self, recipe: dict[str, Any] | None = None) -> None:
        self.recipe: dict[str, Any] = recipe or {}
        self._columns: StemColumns | None = None

    def fit(self, docs: Docs) -> StemVectorizer:
        """Learn ``words`` and ``grams`` (feature → column) and the inverse document frequency of each."""
        # Only training loads scikit-learn.
        from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

        from pipeline.text.analyzer import StemGrams

        recipe = self.recipe
        small = len(docs) < recipe["small"]
        learnt = TfidfVectorizer(
            analyzer=StemGrams(1 if small else recipe["ngrams"]),
            min_df=1 if small else recipe["min_df"],
            sublinear_tf=True,
            dtype=np.float32,
        ).fit(docs)
        words = {str(word): int(column) for word, column in learnt.vocabulary_.items()}
        grams: dict[str, int] = {}
        gram_idf = np.zeros(0, dtype=np.float32)
        if small and recipe["chars_small"] > 0:
            names = sorted({gram for stem in {s for doc in docs for s in doc} for gram in stem_grams(stem)})
            counts = _gram_counts(docs, {gram: i for i, gram in enumerate(names)})
            wanted = np.flatnonzero(np.diff(counts.tocsc().indptr) >= _MIN_DF)
            grams = {names[old]: new for new, old in enumerate(wanted.tolist())}
            gram_idf = TfidfTransformer(sublinear_tf=True).fit(counts[:, wanted]).idf_
        self._set(words, learnt.idf_, grams, gram_idf)
        return self

    def _set(
        self, words: dict[str, int], idf: NDArray[np.float32], grams: dict[str, int], gram_idf: NDArray[np.float32]
    ) -> None:
        self.words, self.grams = words, grams
        self.idf, self.gram_idf = idf.astype(np.float32), gram_idf.astype(np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what :meth:`restore` needs beside the recipe."""
        return {
            "words": _lines(self.words), "idf": self.idf, "grams": _lines(self.grams), "gram_idf": self.gram_idf,
        }  # fmt: skip

    @classmethod
    def restore(cls, recipe: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> StemVectorizer:
        """Return the vectorizer that gave *arrays*."""
        vectorizer = cls(recipe)
        vectorizer._set(_columns(arrays["words"]), arrays["idf"], _columns(arrays["grams"]), arrays["gram_idf"])
        return vectorizer

    def transform(self, docs: Docs) -> sparse.csr_matrix:
        """Return the features of *docs*."""
        return self.features(docs).matrix()

    def features(self, docs: Docs | TokenRows) -> Features:
        """Return the features of *docs*, given as stems or as tokenised rows, words and characters apart."""
        table, row, stem, size = numbered(docs)
        if self._columns is None or self._columns.table is not table:
            self._columns = StemColumns(table, self.words, self.grams)
        columns = self._columns
        token, column, singles = columns.positions(row, stem)
        words, entry = count(row[token].astype(np.int64), column, (size, len(self.words)))
        weigh(words, self.idf)
        if not self.grams:
            return Features(words, None, None, token, entry, singles)
        chars = columns.grams(row, stem, size)
        scale = weigh(chars, self.gram_idf, self.recipe["chars_small"])
        return Features(words, chars, scale, token, entry, singles)

    def stem_weights(self, coef: NDArray[np.float32]) -> Lookup:
        """Return what each stem's characters would add by themselves, times the row's scale, for each class."""
        columns = self._columns
        if columns is None:
            raise ValueError("no texts were given yet")
        weights = coef[len(self.words) : self.size] * self.gram_idf[:, None]
        return Lookup(
            columns.table,
            "stem",
            lambda stem: weights[columns.grams_of(stem)].sum(axis=0),
            np.float32,
            coef.shape[1:],
        )

    def __contains__(self, stem: str) -> bool:
        """Tell whether *stem* occurred in training."""
        return stem in self.words

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.words) + len(self.grams)


def _lines(columns: Mapping[str, int]) -> NDArray[np.uint8]:
    text = "\n".join(sorted(columns, key=columns.__getitem__))
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def _columns(lines: NDArray[np.uint8]) -> dict[str, int]:
    text = lines.tobytes().decode("utf-8")
    return {name: column for column, name in enumerate(text.split("\n"))} if text else {}


def _gram_counts(docs: Docs, grams: Mapping[str, int]) -> sparse.csr_matrix:
    table, row, stem, size = numbered(docs)
    return StemColumns(table, {}, grams).grams(row, stem, size)
