from __future__ import annotations

import numpy as np
import pytest

from pipeline.classifiers.calibration import (
    NEVER,
    expected_calibration_error,
    fit_temperature,
    folds,
    threshold_for,
    to_probabilities,
)
from pipeline.retraining.data import Rows, distinct, split_by_time, with_enough
from pipeline.retraining.metrics import macro_f1, unit_metrics, urgency_metrics


def rows(*items: tuple[str, str, str]) -> Rows:
    return Rows(
        [text for text, _, _ in items],
        [label for _, label, _ in items],
        np.array([time for _, _, time in items], dtype="datetime64[us]"),
    )


def test_the_protocol():
    data = rows(
        ("Jalan rusak 1", "a", "2022-01-01"),
        ("JALAN rusak, 2!", "b", "2022-02-01"),
        ("pendek", "a", "2022-01-01"),
        ("lampu mati semua", "b", "NaT"),
    )
    assert distinct(data).texts == ["Jalan rusak 1", "lampu mati semua"]
    assert distinct(data, without=rows(("jalan rusak", "a", "NaT"))).texts == ["lampu mati semua"]
    before, after = split_by_time(data, np.datetime64("2022-02-01"))
    assert (len(before), after.texts) == (3, ["JALAN rusak, 2!"])
    assert set(with_enough(data, 3).labels) == set()


def test_folds_are_blocks_of_time():
    times = np.datetime64("2022-01-01") + np.array([5, 3, 1, 4, 2, 0, 7, 6, 9, 8])
    parts = list(folds(["a"] * 10, times.astype("datetime64[us]"), 5))
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(10))
    for train, test in parts:
        assert not set(train) & set(test)
        inside = (times[train] > times[test].min()) & (times[train] < times[test].max())
        assert not inside.any()


def test_threshold_by_hand():
    confidence = np.linspace(1, 0.01, 100)
    correct = np.ones(100, dtype=bool)
    correct[[30, 50, 60, 70]] = False
    threshold, coverage = threshold_for(confidence, correct, 0.95)
    # 80 rows with 4 wrong are exactly .95; after that more rows only raise it.
    assert coverage == 1.0
    assert threshold == pytest.approx(0.01)
    correct[60:] = False
    threshold, coverage = threshold_for(confidence, correct, 0.95)
    assert coverage == pytest.approx(0.61)
    assert threshold_for(confidence, np.zeros(100, dtype=bool), 0.95) == (NEVER, 0.0)
    assert threshold_for(np.empty(0), np.empty(0, dtype=bool), 0.95) == (NEVER, 0.0)


def test_a_temperature_calms_overconfident_scores():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 2000)
    scores = rng.normal(size=(2000, 3))
    scores[np.arange(2000), truth] += 1.0
    assert fit_temperature(scores * 10, truth) == pytest.approx(10 * fit_temperature(scores, truth), rel=0.05)
    calm = to_probabilities(scores * 10, fit_temperature(scores * 10, truth))
    assert expected_calibration_error(calm.max(axis=1), calm.argmax(axis=1) == truth) < 0.05
    loud = to_probabilities(scores * 10, 1.0)
    assert expected_calibration_error(loud.max(axis=1), loud.argmax(axis=1) == truth) > 0.2


def test_calibration_error_by_hand():
    assert expected_calibration_error(np.array([0.8, 0.8]), np.array([True, False])) == pytest.approx(0.3)


def test_unit_metrics_by_hand():
    classes = np.array(["a", "b", "c", "d"])
    probabilities = np.array([[0.7, 0.2, 0.1, 0], [0.6, 0.3, 0.1, 0], [0.1, 0.2, 0.3, 0.4], [0, 0.9, 0.1, 0]])
    found = unit_metrics(["a", "b", "c", "d"], classes, probabilities, 0.65, "a")
    assert found["accuracy"] == 0.25
    assert found["top3"] == 0.75
    assert found["coverage"] == 0.5
    assert found["precision_reached"] == 0.5
    assert found["majority_accuracy"] == 0.25
    # a: precision 1/2, recall 1 → 2/3; the others 0.
    assert found["macro_f1"] == pytest.approx((2 / 3) / 4)


def test_macro_f1_is_over_the_labels_of_the_truth():
    assert macro_f1(np.array(["a", "a"]), np.array(["a", "z"])) == pytest.approx(2 / 3)


def test_urgency_metrics_punish_two_levels_more():
    classes = ("rendah", "sedang", "tinggi", "darurat")
    truth = ["rendah", "sedang", "tinggi", "darurat"] * 5
    probabilities = np.eye(4)[[0, 1, 2, 3] * 5]
    perfect = urgency_metrics(truth, truth, classes, probabilities)
    assert perfect["qwk"] == 1
    assert perfect["auc_tinggi"] == 1
    near = urgency_metrics(truth, ["sedang", "sedang", "tinggi", "darurat"] * 5, classes, probabilities)
    far = urgency_metrics(truth, ["darurat", "sedang", "tinggi", "darurat"] * 5, classes, probabilities)
    assert perfect["qwk"] > near["qwk"] > far["qwk"]
    assert near["accuracy"] == far["accuracy"] == 0.75
