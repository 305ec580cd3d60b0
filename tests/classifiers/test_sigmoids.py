from __future__ import annotations

import numpy as np
import pytest

from pipeline.classifiers import UnitClassifier
from pipeline.classifiers.calibration import HeldOut, expected_calibration_error, fit_temperature, to_probabilities
from pipeline.classifiers.linear import class_weights, fit_one_against_rest
from pipeline.classifiers.sigmoids import fit_sigmoids
from pipeline.classifiers.unit import calibrate
from pipeline.retraining.corpus import starter_data
from pipeline.retraining.recipes import load_recipe
from pipeline.text import analyze


@pytest.fixture(scope="module")
def held_out() -> HeldOut:
    """Scores of the starter corpus's letters by models that had not seen them."""
    letters = starter_data().units
    docs = [analyze(text) for text in letters.texts]
    return UnitClassifier(load_recipe("unit")).held_out(docs, letters.labels, None, 3)


def error(probabilities: np.ndarray, held_out: HeldOut) -> float:
    correct = probabilities.argmax(axis=1) == held_out.truth
    return expected_calibration_error(probabilities.max(axis=1), correct)


def test_a_sigmoid_a_class_is_better_calibrated_than_one_temperature(held_out):
    def one_temperature(scores, truth):
        temperature = fit_temperature(scores, truth)
        return lambda new: to_probabilities(new, temperature)

    mine = error(held_out.cross_fitted(calibrate), held_out)
    one = error(held_out.cross_fitted(one_temperature), held_out)
    assert mine < 0.05
    assert mine < one


def test_probabilities_sum_to_one_and_slopes_are_positive(held_out):
    sigmoids = fit_sigmoids(held_out.scores, held_out.truth)
    assert sigmoids.probabilities(held_out.scores).sum(axis=1) == pytest.approx(1)
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
