"""The one estimator that others use: text → stemmed 1-2 grams, for ``TfidfVectorizer(analyzer=Analyzer())``.

A callable analyzer makes scikit-learn skip ``ngram_range``, so the n-grams are built here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sklearn.base import BaseEstimator

from pipeline.text.table import WordTable
from pipeline.text.tokens import Tokenizer, TokenRows
from pipeline.text.version import check_text_version, text_version
from pipeline.text.words import WordStemmer


class Analyzer(BaseEstimator):
    """Callable ``str → list[str]`` of features: stems and, with ``ngrams=2``, neighbouring pairs joined by a space.

    Parameters: ``slang``, ``stem`` and ``mask`` switch steps off (experiments only); ``ngrams`` is 1 or 2.
    A stored analyzer carries the hash of the word tables and the version of PySastrawi it was trained with and
    refuses to load beside others (:class:`ArtefactError`), for its tokens would silently differ.
    """

    def __init__(self, slang: bool = True, stem: bool = True, mask: bool = True, ngrams: int = 2) -> None:
        self.slang = slang
        self.stem = stem
        self.mask = mask
        self.ngrams = ngrams

    def __call__(self, doc: str) -> list[str]:
        """Return the features of one text; raises ``TypeError`` for anything but a ``str``."""
        if not isinstance(doc, str):
            raise TypeError(f"Analyzer takes one text (str), not {type(doc).__name__}; pass a list or a column.")
        return features(self.tokenize([doc]).stems(0), self.ngrams)

    def tokenize(self, docs: Sequence[str]) -> TokenRows:
        """Return the repaired texts and their tokens; rows of an earlier call may no longer be used."""
        return self._tokenizer()(docs)

    @property
    def table(self) -> WordTable:
        """The numbers of the words met so far."""
        return self._tokenizer().table

    def _tokenizer(self) -> Tokenizer:
        tokenizer = self.__dict__.get("_memo")
        if tokenizer is None:
            table = WordTable(WordStemmer(slang=self.slang, stem=self.stem))
            tokenizer = self._memo = Tokenizer(table, mask=self.mask)
        return tokenizer

    def __getstate__(self) -> dict[str, Any]:
        state = {key: value for key, value in self.__dict__.items() if key != "_memo"}
        return state | {"_text_version": text_version()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        check_text_version(state.pop("_text_version", None))
        self.__dict__.update(state)


class StemGrams(BaseEstimator):
    """Callable ``list of stems → features``: the second half of :class:`Analyzer`.

    A router analyses a text once and hands the stems to both classifiers' vectorizers.
    """

    def __init__(self, ngrams: int = 2) -> None:
        self.ngrams = ngrams

    def __call__(self, stems: list[str]) -> list[str]:
        """Return the features of one text given as its stems; raises ``TypeError`` for a bare ``str``."""
        if isinstance(stems, str):
            raise TypeError("StemGrams takes the stems of one text (list of str), not the text itself.")
        return features(stems, self.ngrams)


def features(stems: list[str], ngrams: int) -> list[str]:
    """Return *stems* without bare numbers and, for ``ngrams=2``, their neighbouring pairs.

    House numbers, dates and amounts are noise for routing (docs/experiments.md), so words on both sides of a
    number are neighbours.
    """
    stems = [stem for stem in stems if not stem.isdigit()]
    if ngrams < 2:
        return stems
    return stems + [f"{left} {right}" for left, right in pairwise(stems)]
