from __future__ import annotations

import numpy as np
import pytest

from pipeline.retraining.picking.clusters import representatives

RNG = np.random.default_rng(3)
CENTRES = np.eye(5)
GROUP = np.repeat(np.arange(5), [40, 30, 20, 10, 5])
POINTS = (CENTRES[GROUP] + RNG.normal(0, 0.05, (len(GROUP), 5))).astype(np.float32)
POINTS /= np.linalg.norm(POINTS, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(3))
def test_every_cluster_gives_one_row(seed: int):
    found = representatives(POINTS, np.ones(len(POINTS)), 5, seed)
    assert sorted(GROUP[found.rows]) == [0, 1, 2, 3, 4]
    assert sorted(found.sizes) == [5, 10, 20, 30, 40]


def test_the_weightiest_cluster_comes_first():
    weights = np.where(GROUP == 4, 20.0, 1.0)
    found = representatives(POINTS, weights, 5, 0)
    assert GROUP[found.rows[0]] == 4


def test_where_the_weight_is_more_rows_are_chosen():
    weights = np.where(GROUP == 0, 1.0, 1e-4)
    found = representatives(POINTS, weights, 12, 0)
    assert (GROUP[found.rows] == 0).sum() > 40 / len(GROUP) * 12


@pytest.mark.parametrize("number", [1, 7, 60, 104, 105, 500])
def test_no_row_twice_and_as_many_as_asked(number: int):
    found = representatives(POINTS, np.ones(len(POINTS)), number, 0)
    assert len(found.rows) == len(set(found.rows.tolist())) == len(found.sizes) == min(number, len(POINTS))


def test_points_that_are_all_the_same():
    found = representatives(np.ones((9, 2), dtype=np.float32), np.arange(9.0), 4, 0)
    assert len(set(found.rows.tolist())) == 4
    assert {8, 7, 6} & set(found.rows.tolist())
