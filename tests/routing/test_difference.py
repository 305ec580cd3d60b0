from __future__ import annotations

import numpy as np
import pytest

from pipeline.routing.curve import RiskCurve
from pipeline.routing.difference import Limits, compare

LIMITS = Limits(0.03, 0.07, 200)
rng = np.random.default_rng(0)
CURVE = RiskCurve.restore(
    ("a", "b", "c"),
    {
        "confidence_": rng.uniform(0.5, 1.0, 3000),
        "correct_": np.ones(3000, bool),
        "predicted_": np.repeat([0, 1, 2], [1500, 1000, 500]),
    },
)


def test_a_batch_like_the_training_rows_gives_no_warning():
    found = compare(CURVE, {"a": 250, "b": 167, "c": 83}, 0.75, LIMITS)
    assert not found.differs
    assert found.warning() is None
    assert found.units == 0


@pytest.mark.parametrize(
    ("counts", "mean", "warned"),
    [
        ({"a": 250, "b": 167, "c": 83}, 0.68, True),
        ({"a": 250, "b": 167, "c": 83}, 0.82, False),  # as on the rows it was trained on
        ({"a": 80, "b": 170, "c": 250}, 0.75, True),
        ({"a": 200, "b": 100, "lain": 200}, 0.75, True),
        ({"a": 100}, 0.4, False),  # too few rows to compare
        ({}, 0.0, False),
    ],
)
def test_a_lower_confidence_or_another_mix_is_warned_of(counts: dict[str, int], mean: float, warned: bool):
    found = compare(CURVE, counts, mean, LIMITS)
    assert found.differs is warned
    assert (found.warning() is not None) is warned


def test_distance_beyond_chance():
    found = compare(CURVE, {"c": 100_000}, 0.75, LIMITS)
    assert found.units == pytest.approx(5 / 6, abs=0.03)
    assert compare(CURVE, {"a": 50_000, "b": 33_333, "c": 16_667}, 0.65, LIMITS).confidence == pytest.approx(
        0.09, abs=0.01
    )


def test_a_record_without_units_compares_confidence_only():
    curve = RiskCurve.restore(("a",), {"confidence_": np.full(500, 0.9), "correct_": np.ones(500, bool)})
    assert compare(curve, {"b": 500}, 0.9, LIMITS).differs is False
    assert compare(curve, {"b": 500}, 0.5, LIMITS).differs is True
