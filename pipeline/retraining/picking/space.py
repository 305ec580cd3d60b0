"""Texts as points: near each other where they speak of the same things."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

from pipeline.classifiers.columns import Docs

DIMENSIONS = 100
_MIN_DF = 2
_AT_ONCE = 4096

Points = NDArray[np.float32]
"""Shape (rows, dimensions), each row of length 1, or 0 where a text has no stem that others have."""


def embed(docs: Docs, seed: int) -> Points:
    """Return tokenised texts as points: TF-IDF of the stems, then a truncated SVD (Deerwester et al. 1990).

    At most :data:`DIMENSIONS` dimensions. The same *docs* in the same order give the same points.
    """
    if not any(docs):
        return np.zeros((len(docs), 1), dtype=np.float32)
    # The vocabulary is sorted, so columns do not depend on which text came first.
    counts = CountVectorizer(analyzer=list, dtype=np.float32).fit_transform(docs)
    shared = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= _MIN_DF)
    if len(shared) > 1:
        counts = counts[:, shared]
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    dimensions = min(DIMENSIONS, min(weighted.shape) - 1)
    if dimensions < 2:
        points = weighted.toarray()
    else:
        points = TruncatedSVD(dimensions, random_state=seed).fit_transform(weighted)
    result: Points = normalize(points).astype(np.float32)
    return result


def nearness(points: Points, known: Points) -> NDArray[np.float32]:
    """Return the cosine of each of *points* with the nearest of *known*, at least 0; 0 where nothing is known."""
    nearest = np.zeros(len(points), dtype=np.float32)
    if len(known):
        for start in range(0, len(points), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            nearest[part] = np.maximum((points[part] @ known.T).max(axis=1), 0)
    return nearest
