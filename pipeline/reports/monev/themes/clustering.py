"""Clusters of complaints that use words which go together.

Word vectors are a truncated SVD of the words' positive pointwise mutual information in the complaints (Levy &
Goldberg 2014); a complaint is the idf-weighted mean of its words' vectors; k-means parts them. The cluster's mean
TF-IDF row, cut to its heaviest stems, is what the theme is from then on. Measured choices: docs/themes.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

DIMENSIONS = 200
STEMS = 60
"""Stems kept of a theme."""
_SMOOTHING = 0.75
"""Exponent of the context distribution (Levy, Goldberg & Dagan 2015)."""
_MERGED = 0.75
"""Cosine of two cluster centres from which they are one theme."""
_RARE, _COMMON = 5, 0.3
_RESTARTS = 2

Floats = NDArray[np.float64]


def vocabulary(documents: Sequence[Sequence[str]], least: int) -> list[str]:
    """Return, in order of the alphabet, the stems in at least *least* documents and at most 30 % of them."""
    counts: dict[str, int] = {}
    for document in documents:
        for stem in set(document):
            counts[stem] = counts.get(stem, 0) + 1
    return sorted(stem for stem, count in counts.items() if least <= count <= _COMMON * len(documents))


def held(documents: Sequence[Sequence[str]], stems: Sequence[str]) -> csr_matrix:
    """Return which stems each document holds (documents, stems; float64 of 0 and 1)."""
    column = {stem: number for number, stem in enumerate(stems)}
    found = [sorted({column[stem] for stem in document if stem in column}) for document in documents]
    ends = np.cumsum([0, *map(len, found)])
    flat = np.fromiter((number for row in found for number in row), np.int32, int(ends[-1]))
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(documents), len(stems)))


def idf(counts: csr_matrix) -> Floats:
    """Return each stem's smoothed inverse document frequency, as scikit-learn computes it."""
    document_counts = np.asarray((counts > 0).sum(axis=0)).ravel()
    weights: Floats = np.log((1 + counts.shape[0]) / (1 + document_counts)) + 1
    return weights


def cluster(counts: csr_matrix, clusters: int, seed: int = 0) -> NDArray[np.int64]:
    """Return each document's cluster (0 … *clusters* - 1), -1 for documents without any stem.

    One thread: sums of several would differ in their last bits from run to run.
    """
    with threadpool_limits(limits=1), warnings.catch_warnings():
        vectors = _word_vectors(counts, seed)
        documents = normalize(counts.multiply(idf(counts)).tocsr() @ vectors).astype(np.float32)
        filled = np.flatnonzero(np.abs(documents).sum(axis=1) > 0)
        of = np.full(counts.shape[0], -1, dtype=np.int64)
        if len(filled) >= clusters:
            # Few different texts make fewer clusters than asked for, which is fine.
            warnings.simplefilter("ignore", ConvergenceWarning)
            of[filled] = KMeans(clusters, n_init=_RESTARTS, max_iter=60, random_state=seed).fit_predict(
                documents[filled]
            )
        return of


def _word_vectors(counts: csr_matrix, seed: int) -> Floats:
    # Every document counts as much as another, however long it is.
    lengths = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
    together = (counts.T @ diags(1 / lengths) @ counts).tocoo()
    row, column, value = together.row, together.col, together.data
    share = np.bincount(row, value, counts.shape[1])
    context = share**_SMOOTHING
    information = np.log(value / (share[row] * context[column] / context.sum()))
    kept = (information > 0) & (row != column)
    table = csr_matrix((information[kept], (row[kept], column[kept])), shape=together.shape)
    size = min(DIMENSIONS, counts.shape[1] - 1)
    svd = TruncatedSVD(size, n_iter=3, random_state=seed)
    found = svd.fit_transform(table) / np.sqrt(np.maximum(svd.singular_values_, 1e-12))
    return np.asarray(normalize(found))


def centres(counts: csr_matrix, of: NDArray[np.int64], least: int) -> Floats:
    """Return the mean TF-IDF row of each cluster of at least *least* documents (clusters, stems), alike ones merged."""
    rows = normalize(counts.multiply(idf(counts)).tocsr())
    of = _merged(rows, of)
    sizes = np.bincount(of[of >= 0], minlength=1)
    return np.array([_mean(rows, of == number) for number in np.flatnonzero(sizes >= least)])


def _merged(rows: csr_matrix, of: NDArray[np.int64]) -> NDArray[np.int64]:
    of = of.copy()
    while True:
        numbers = np.unique(of[of >= 0])
        if len(numbers) < 2:
            return of
        table = normalize(np.array([_mean(rows, of == number) for number in numbers]))
        alike = np.triu(table @ table.T, 1)
        first, second = np.unravel_index(alike.argmax(), alike.shape)
        if alike[first, second] < _MERGED:
            return of
        of[of == numbers[second]] = numbers[first]


def _mean(rows: csr_matrix, chosen: NDArray[np.bool_]) -> Floats:
    mean: Floats = np.asarray(rows[np.flatnonzero(chosen)].mean(axis=0)).ravel()
    return mean


def weights_of(centre: Floats, stem_idf: Floats) -> dict[int, float]:
    """Return column → weight of the heaviest stems of one centre: length 1 before the stems' idf is multiplied in."""
    unit = centre / max(float(np.linalg.norm(centre)), 1e-12)
    heaviest = np.lexsort((np.arange(len(unit)), -unit))[:STEMS]
    return {int(column): float(unit[column] * stem_idf[column]) for column in heaviest if unit[column] > 0}


def rarest(documents: int) -> int:
    """Return in how many documents a stem must stand to count: 5, fewer where there are few documents."""
    return min(_RARE, max(2, documents // 200))
