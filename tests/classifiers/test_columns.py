from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from pipeline.classifiers.columns import count, weigh


@pytest.mark.parametrize("width", [7, 2**62 // 40])
def test_counting_is_scipys(width: int):
    rng = np.random.default_rng(0)
    row, column = rng.integers(0, 30, 400), rng.integers(0, 7, 400)
    found, entry = count(row, column, (31, width))
    expected = sparse.coo_matrix((np.ones(400), (row, column)), shape=(31, 7)).tocsr()
    assert (found.indptr == expected.indptr).all()
    assert (found.indices == expected.indices).all()
    assert (found.data == expected.data).all()
    assert (found.indices[entry] == column).all()


def test_weighing_is_tf_idf():
    counts = sparse.csr_matrix(np.array([[3, 0, 1], [0, 0, 0], [0, 2, 0]], dtype=np.float32))
    idf = np.array([1.0, 2.0, 3.0], dtype=np.float32)
    scale = weigh(counts, idf, 2.0)
    raw = np.array([1 + np.log(3), 0, 3.0])
    np.testing.assert_allclose(counts.toarray()[0], 2 * raw / np.linalg.norm(raw), rtol=1e-6)
    assert counts.toarray()[2].tolist() == [0, 2, 0]
    assert scale.tolist() == pytest.approx([2 / np.linalg.norm(raw), 0, 1 / (1 + np.log(2))], rel=1e-6)
