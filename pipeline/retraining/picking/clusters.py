"""One row for each part of a pool: k-means in which rows that would teach more weigh more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from sklearn.preprocessing import normalize

from pipeline.classifiers.calibration import Floats
from pipeline.retraining.picking.space import Points

_BATCH = 2048
_PASSES = 30
_LEAST = 1e-6
"""A row without any weight still lies somewhere."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Representatives:
    """``rows``: numbers of the chosen rows, that of the weightiest part first; ``sizes``: rows in the part of each."""

    rows: Ints
    sizes: Ints


def representatives(points: Points, weights: Floats, number: int, seed: int) -> Representatives:
    """Return *number* rows of *points* (all where there are no more), one for each cluster.

    Weighted k-means after Zhdanov 2019, "Diverse mini-batch Active Learning": centres lie where the weight is, and the
    row nearest to each is taken, so that no outlier is. Places of empty clusters go to the weightiest rows left.
    """
    weights = np.maximum(weights, _LEAST)
    if number >= len(points):
        order = np.argsort(-weights, kind="stable")
        return Representatives(order, np.ones(len(points), dtype=np.int64))
    model = MiniBatchKMeans(
        number, random_state=seed, batch_size=_BATCH, n_init=1, max_iter=_PASSES, reassignment_ratio=0
    ).fit(points, sample_weight=weights)
    cluster = model.predict(points)
    typical = np.einsum("ij,ij->i", points, normalize(model.cluster_centers_)[cluster])
    # Clusters in order, in each the most typical row first.
    order = np.lexsort((-typical, cluster))
    _, first = np.unique(cluster[order], return_index=True)
    chosen = order[first]
    size = np.bincount(cluster, minlength=number)[cluster[chosen]]
    heaviest = np.argsort(-np.bincount(cluster, weights, number)[cluster[chosen]], kind="stable")
    rest = np.setdiff1d(np.arange(len(points)), chosen)
    more = rest[np.argsort(-weights[rest], kind="stable")][: number - len(chosen)]
    return Representatives(
        np.concatenate([chosen[heaviest], more]), np.concatenate([size[heaviest], np.ones(len(more), dtype=np.int64)])
    )
