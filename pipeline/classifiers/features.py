"""Features of tokenised texts: stems, pairs of stems, and for small data the character n-grams of the stems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.text import StemGrams

Docs = Sequence[list[str]]
"""Texts as lists of stems (:func:`pipeline.text.analyze`)."""

_CHARS = (3, 5)


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
        self.chars_: TfidfVectorizer | None = None
        if small and recipe["chars_small"] > 0:
            self.chars_ = TfidfVectorizer(
                analyzer="char_wb", ngram_range=_CHARS, min_df=2, sublinear_tf=True, dtype=np.float32, lowercase=False
            ).fit(_joined(docs))
        return self

    def transform(self, docs: Docs) -> sparse.csr_matrix:
        """Return the features of *docs*."""
        words = self.words_.transform(docs)
        if self.chars_ is None:
            return words
        chars = self.chars_.transform(_joined(docs)) * np.float32((self.recipe or {})["chars_small"])
        return sparse.hstack([words, chars], format="csr", dtype=np.float32)

    def __contains__(self, stem: str) -> bool:
        """Tell whether *stem* occurred in training."""
        return stem in self.words_.vocabulary_

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.words_.vocabulary_) + (0 if self.chars_ is None else len(self.chars_.vocabulary_))

    def contributions(
        self, row: sparse.csr_matrix, weights: NDArray[np.float32], stems: Sequence[str]
    ) -> dict[str, float]:
        """Return stem or ``"stem stem"`` → what it adds to a linear score with *weights* (one a feature).

        *row* is one text's features, *stems* its stems. A character n-gram's part goes to the stems it stands in,
        in equal shares. Features past :attr:`size` are left out.
        """
        values = dict(zip(row.indices.tolist(), (row.data * weights[row.indices]).tolist(), strict=True))
        found = {
            feature: values[column]
            for feature in set(StemGrams(2)(list(stems)))
            if (column := self.words_.vocabulary_.get(feature)) is not None and column in values
        }
        if self.chars_ is not None:
            offset = len(self.words_.vocabulary_)
            holders: dict[int, list[str]] = {}
            for stem in {stem for stem in stems if not stem.isdigit()}:
                padded = f" {stem} "
                grams = {padded[i : i + n] for n in range(_CHARS[0], _CHARS[1] + 1) for i in range(len(padded) - n + 1)}
                for gram in grams:
                    column = self.chars_.vocabulary_.get(gram)
                    if column is not None and column + offset in values:
                        holders.setdefault(column + offset, []).append(stem)
            for column, owners in holders.items():
                for stem in owners:
                    found[stem] = found.get(stem, 0.0) + values[column] / len(owners)
        return found


def _joined(docs: Docs) -> list[str]:
    return [" ".join(stem for stem in stems if not stem.isdigit()) for stems in docs]
