from __future__ import annotations

import numpy as np
import pytest

from pipeline.classifiers.calibration import expected_calibration_error, fit_temperature, to_probabilities
from pipeline.classifiers.linear import class_weights, fit_one_against_rest
from pipeline.classifiers.sigmoids import fit_sigmoids


@pytest.fixture(scope="module")
def held_out() -> tuple[np.ndarray, np.ndarray]:
    """One-against-rest scores whose classes have different scales: what one temperature cannot mend."""
    rng = np.random.default_rng(0)
    truth = rng.choice(4, 4000, p=[0.55, 0.3, 0.1, 0.05])
    clear = np.array([0.4, 3.0, 1.0, 2.0])
    scores = rng.normal(size=(4000, 4)) - 1.0
    scores[np.arange(4000), truth] += clear[truth]
    return scores, truth


def error(probabilities: np.ndarray, truth: np.ndarray) -> float:
    return expected_calibration_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == truth)


def test_a_sigmoid_a_class_is_better_calibrated_than_one_temperature(held_out):
    scores, truth = held_out
    sigmoids = fit_sigmoids(scores[:2000], truth[:2000])
    mine = error(sigmoids.probabilities(scores[2000:]), truth[2000:])
    one = error(to_probabilities(scores[2000:], fit_temperature(scores[:2000], truth[:2000])), truth[2000:])
    assert mine < 0.04 < one


def test_probabilities_sum_to_one_and_slopes_are_positive(held_out):
    scores, truth = held_out
    sigmoids = fit_sigmoids(scores, truth)
    assert sigmoids.probabilities(scores).sum(axis=1) == pytest.approx(1)
    assert (sigmoids.slopes > 0).all()


def test_a_class_without_a_row_follows_all_classes_together():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 500)
    scores = rng.normal(size=(500, 3)) - 1
    scores[np.arange(500), truth] += 2
    sigmoids = fit_sigmoids(scores, truth)
    assert np.isfinite(sigmoids.slopes).all()
    assert sigmoids.probabilities(scores)[:, 2].mean() < 0.15


def test_without_rows_the_order_of_the_scores_stays():
    sigmoids = fit_sigmoids(np.empty((0, 3)), np.empty(0, dtype=np.int64))
    assert sigmoids.probabilities(np.array([[0.1, 0.9, -1.0]])).argmax() == 1


def test_class_weights_count_row_weights():
    labels = ["a", "a", "b"]
    assert class_weights(labels, np.ones(3), 0.0) == {"a": 1.0, "b": 1.0}
    assert class_weights(labels, np.ones(3), 1.0) == pytest.approx({"a": 0.75, "b": 1.5})
    assert class_weights(labels, np.array([0.5, 0.5, 1.0]), 1.0) == pytest.approx({"a": 1.0, "b": 1.0})


def test_a_row_of_small_weight_is_outvoted():
    from scipy import sparse

    matrix = sparse.csr_matrix(np.array([[1.0], [1.0], [1.0], [0.0], [0.0]], dtype=np.float32))
    labels = ["a", "b", "b", "b", "b"]
    recipe = {"C": 1.0, "balance": 0.0, "nb_strength": 0.0, "nb_smoothing": 1.0}
    heavy, light = (
        fit_one_against_rest(matrix, labels, np.array([1.0, w, w, 1.0, 1.0]), recipe)[1][0, 0] for w in (5.0, 0.01)
    )
    assert light > 0 > heavy or light > heavy
    assert light > 0
