"""Risk against coverage of invented held-out rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.classifiers.calibration import NEVER, threshold_for
from pipeline.routing.curve import RiskCurve, wilson_lower

NAMES = ("dinas_a", "dinas_b")


def curve_of(confidence: list[float], correct: list[bool], unit: list[int] | None = None) -> RiskCurve:
    arrays = {"confidence_": np.array(confidence), "correct_": np.array(correct, dtype=bool)}
    if unit is not None:
        arrays["predicted_"] = np.array(unit)
    return RiskCurve.restore(NAMES, arrays)


@pytest.fixture
def forty() -> RiskCurve:
    """40 rows at 0.99, 0.98, ...: the first 30 right, the last 10 wrong; odd ones are dinas_b's."""
    return curve_of([0.99 - i / 100 for i in range(40)], [i < 30 for i in range(40)], [i % 2 for i in range(40)])


def test_the_threshold_for_a_wanted_precision(forty: RiskCurve):
    assert forty.threshold_for(1.0) == pytest.approx(0.70)
    assert forty.threshold_for(0.75) == pytest.approx(0.60)
    assert forty.precision_at(forty.threshold_for(0.9)) == (30 / 33, 33 / 40, 33)


def test_precision_at_a_threshold(forty: RiskCurve):
    precision, coverage, n = forty.precision_at(0.655)
    assert (precision, coverage, n) == (30 / 34, 34 / 40, 34)
    assert math.isnan(forty.precision_at(NEVER)[0])
    assert forty.precision_at(NEVER)[1:] == (0.0, 0)
    assert forty.precision_at(0.0) == (0.75, 1.0, 40)


def test_precision_at_a_share(forty: RiskCurve):
    assert forty.precision_at_share(0.5) == (1.0, pytest.approx(0.80), 20)
    assert forty.precision_at_share(1.0)[0] == 0.75
    assert math.isnan(forty.precision_at_share(0.0)[0])


def test_each_unit_at_a_threshold():
    curve = curve_of([0.9, 0.8, 0.7, 0.6, 0.5], [True, False, True, True, True], [0, 0, 1, 1, 0])
    table = curve.units(0.6)
    assert table.names == NAMES
    assert table.rows.tolist() == [3, 2]
    assert table.forwarded.tolist() == [2, 2]
    assert table.right.tolist() == [1, 2]
    assert table.precision.tolist() == [0.5, 1.0]
    assert table.lower[0] == pytest.approx(binomtest(1, 2).proportion_ci(0.90, "wilson").low, abs=1e-4)


def test_a_unit_is_weak_below_its_floor_or_with_too_few_rows():
    curve = curve_of([0.9] * 30, [i >= 10 for i in range(30)], [0] * 20 + [1] * 10)
    table = curve.units(0.5)  # dinas_a 10 of 20, dinas_b 10 of 10 (lower bound .787)
    assert table.weak(np.array([0.75, 0.75]), 10) == {"dinas_a"}
    assert table.weak(np.array([0.75, 0.75]), 11) == {"dinas_a", "dinas_b"}
    assert table.weak(np.array([0.0, 0.8]), 0) == {"dinas_b"}
    assert table.weak(np.array([0.0, 0.0]), 99) == frozenset()


def test_a_unit_with_few_rows_above_the_threshold_is_judged_on_its_most_confident_ones():
    curve = curve_of([0.99, 0.9, 0.8, 0.7, 0.6, 0.5], [True, True, False, True, True, False], [0, 0, 1, 0, 0, 1])
    table = curve.units(0.95, least=3)
    assert table.forwarded.tolist() == [1, 0]
    assert table.judged.tolist() == [3, 2]
    assert table.lower == pytest.approx(wilson_lower(np.array([3, 0]), np.array([3, 2])))
    assert table.weak(np.array([0.5, 0.5]), 3) == {"dinas_b"}


def test_without_units(forty: RiskCurve):
    rest = forty.without(frozenset({"dinas_b"}))
    assert len(rest) == 20
    assert rest.precision_at(0.0) == (0.75, 1.0, 20)
    assert forty.without(frozenset()) is forty


def test_a_record_without_units_still_gives_thresholds():
    curve = curve_of([0.9] * 25 + [0.5], [True] * 25 + [False])
    assert not curve.has_units
    assert curve.threshold_for(0.99) == 0.9
    assert curve.units(0.5).forwarded.tolist() == [0, 0]
    assert np.isnan(curve.shares()).all()


def test_no_rows_give_no_threshold():
    curve = curve_of([], [], [])
    assert curve.has_units
    assert curve.threshold_for(0.5) == NEVER
    assert curve.units(0.5).weak(np.array([0.5, 0.5]), 1) == set(NAMES)


@pytest.mark.parametrize(("correct", "unit"), [([True], [0, 0]), ([True, True], [0]), ([True, True], [0, 2])])
def test_a_record_that_does_not_fit_is_refused(correct: list[bool], unit: list[int]):
    with pytest.raises(ValueError, match="held-out record"):
        curve_of([0.9, 0.8], correct, unit)


def test_measured_rows():
    chances = np.array([[0.8, 0.2], [0.3, 0.7], [0.4, 0.6]])
    curve = RiskCurve.measured(NAMES, ["dinas_a", "dinas_a", "dinas_b"], chances)
    assert curve.confidence.tolist() == [0.8, 0.7, 0.6]
    assert curve.correct.tolist() == [True, False, True]
    assert curve.unit.tolist() == [0, 1, 1]


def test_wilson():
    lower = [binomtest(k, n).proportion_ci(0.90, "wilson").low for k, n in ((10, 10), (95, 100), (0, 7))]
    assert wilson_lower(np.array([10, 95, 0, 0]), np.array([10, 100, 7, 0])) == pytest.approx([*lower, 0], abs=1e-4)


rows = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.7, 0.71, 0.9]), st.booleans(), st.integers(0, 1)), max_size=80)


@given(rows, st.floats(0.3, 1.0))
def test_what_is_forwarded_has_the_wanted_precision(rows: list[tuple[float, bool, int]], wanted: float):
    curve = curve_of([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    threshold = curve.threshold_for(wanted)
    precision, coverage, n = curve.precision_at(threshold)
    assert n == 0 or precision >= wanted
    assert coverage == pytest.approx(threshold_for(curve.confidence, curve.correct, wanted)[1])
    table = curve.units(threshold)
    assert table.forwarded.sum() == n
    assert table.right.sum() == sum(r[1] for r in rows if r[0] >= threshold)
