from __future__ import annotations

import numpy as np
import pytest

from pipeline.retraining.picking.space import embed, nearness
from pipeline.text import analyze
from tests.retraining.picking.made import complaints

DOCS = [analyze(text) for text, _ in complaints()]
UNITS = np.array([unit for _, unit in complaints()])


def test_texts_of_one_matter_lie_together():
    points = embed(DOCS, 0)
    alike = points @ points.T
    same = UNITS[:, None] == UNITS[None, :]
    np.fill_diagonal(same, False)
    assert alike[same].mean() > 3 * alike[UNITS[:, None] != UNITS[None, :]].mean()
    assert np.linalg.norm(points, axis=1) == pytest.approx(np.ones(len(DOCS)), abs=1e-5)


@pytest.mark.parametrize("docs", [[], [[]], [[], []], [["jalan"]], [["jalan"], ["air"]], [["jalan"], []]])
def test_next_to_nothing_still_has_points(docs: list[list[str]]):
    points = embed(docs, 0)
    assert len(points) == len(docs)
    assert np.isfinite(points).all()


def test_nearness_is_the_cosine_of_the_nearest():
    points = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
    known = np.array([[0.6, 0.8], [1, 0]], dtype=np.float32)
    assert nearness(points, known) == pytest.approx([1, 0.8, 0])
    assert nearness(points, known[:0]).tolist() == [0, 0, 0]
