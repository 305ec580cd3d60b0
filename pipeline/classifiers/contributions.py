"""What each word of a text adds to a linear score, for a whole batch at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.features import Features, StemVectorizer
from pipeline.text import Lookup, TokenRows

Weights = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Contributions:
    """What each token of a batch adds by itself (``single``) and with the next word (``pair``), float64."""

    single: NDArray[np.float64]
    pair: NDArray[np.float64]

    def __neg__(self) -> Contributions:
        """Return what speaks for the other class of each text's two."""
        return Contributions(-self.single, -self.pair)


class Explainer:
    """Knows one classifier's *coef*, shape (features, classes)."""

    def __init__(self, vectorizer: StemVectorizer, coef: Weights) -> None:
        self._vectorizer = vectorizer
        self._coef = np.ascontiguousarray(coef)
        self._stem_weights: Lookup | None = None

    def __call__(
        self,
        rows: TokenRows,
        features: Features,
        plus: Ints,
        minus: Ints | None = None,
        sign: NDArray[np.float64] | None = None,
    ) -> Contributions:
        """Return the contributions to each text's score of class *plus* less that of *minus*, times *sign*.

        A word that stands twice shows the whole of what it adds at both places. Characters speak for each stem as if
        it stood alone: n-grams that two stems share count for both.
        """
        words = features.words
        text = np.repeat(np.arange(len(rows)), np.diff(words.indptr))
        part = words.data * self._chosen(words.indices, text, plus, minus)
        found = part[features.entry]
        single, pair = np.zeros(len(rows.row)), np.zeros(len(rows.row))
        single[features.token[: features.singles]] = found[: features.singles]
        pair[features.token[features.singles :]] = found[features.singles :]
        if features.scale is not None:
            single += features.scale[rows.row] * self._of_stems(rows, plus, minus)
        if sign is not None:
            single *= sign[rows.row]
            pair *= sign[rows.row]
        return Contributions(single, pair)

    def _chosen(
        self,
        column: NDArray[np.int32],
        text: NDArray[np.int64],
        plus: NDArray[np.int64],
        minus: NDArray[np.int64] | None,
    ) -> Weights:
        weights = self._coef[column, plus[text]]
        return weights if minus is None else weights - self._coef[column, minus[text]]

    def _of_stems(self, rows: TokenRows, plus: Ints, minus: Ints | None) -> Weights:
        if self._stem_weights is None:
            self._stem_weights = self._vectorizer.stem_weights(self._coef)
        weights = self._stem_weights.values()
        added = weights[rows.stem, plus[rows.row]]
        result: Weights = added if minus is None else added - weights[rows.stem, minus[rows.row]]
        return result
