"""The gates, on answers made by hand: each fails alone, and none fails where the two models answer alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.retraining.compare.answers import Answers
from pipeline.retraining.compare.checks import CheckRows
from pipeline.retraining.compare.comparison import Comparison, Gate
from pipeline.retraining.compare.judge import calibration_excess, check_gates, cost_gates, unit_gates
from pipeline.retraining.compare.limits import load_limits
from pipeline.tracking.registry import ModelVersion

UNITS = ("air", "jalan", "lampu", "sampah")
LIMITS = load_limits()


def version(number: int) -> ModelVersion:
    return ModelVersion("dinas", number, f"run{number}", (), 0, {})


def answers(units: list[str], confidence: float = 0.9, **more: Any) -> Answers:
    n = len(units)
    ranked = np.array([[unit, "", ""] for unit in units], dtype=object).reshape(n, 3)
    facts: dict[str, Any] = {
        "levels": np.array(["sedang"] * n, dtype=object), "guard": np.array(["tidak"] * n, dtype=object),
        "seconds": 0.002, "size": 10_000_000,
    }  # fmt: skip
    return Answers(version(1), frozenset(UNITS), ranked, np.full(n, confidence), **(facts | more))


TRUTH = [UNITS[i % 4] for i in range(400)]


def wrong(units: list[str], rows: range) -> list[str]:
    spoilt = list(units)
    for row in rows:
        spoilt[row] = UNITS[(UNITS.index(spoilt[row]) + 1) % 4]
    return spoilt


GOOD = wrong(TRUTH, range(40))  # 90 % right, ten of each unit wrong


def by_name(gates: Any) -> dict[str, Gate]:
    return {gate.name: gate for gate in gates}


def test_equal_models_pass_every_gate():
    gates = by_name(unit_gates(answers(GOOD), answers(GOOD), TRUTH, LIMITS))
    assert all(gate.passed for gate in gates.values())
    assert {"rows", "accuracy", "macro-F1", "coverage", "calibration", "recall of air"} <= set(gates)
    assert gates["accuracy"].challenger == pytest.approx(0.9)


def test_a_worse_model_fails_accuracy_and_f1():
    gates = by_name(unit_gates(answers(GOOD), answers(wrong(GOOD, range(40, 80))), TRUTH, LIMITS))
    assert not gates["accuracy"].passed
    assert not gates["macro-F1"].passed
    assert "difference -0.100" in gates["accuracy"].note


def test_a_better_model_passes():
    gates = by_name(unit_gates(answers(GOOD), answers(TRUTH, 0.99), TRUTH, LIMITS))
    assert all(gate.passed for gate in gates.values())


def test_one_units_recall_bars_alone():
    lost = wrong(GOOD, range(40, 140, 4))  # 25 of the hundred rows of "air"
    gates = by_name(unit_gates(answers(GOOD), answers(lost), TRUTH, LIMITS))
    assert not gates["recall of air"].passed
    assert gates["recall of jalan"].passed
    lax = LIMITS.model_copy(
        update={"unit_recall": LIMITS.unit_recall.model_copy(update={"units": {"air": 0.3}})}
    )  # fmt: skip
    assert by_name(unit_gates(answers(GOOD), answers(lost), TRUTH, lax))["recall of air"].passed


@pytest.mark.parametrize(("before", "after", "passed"), [(8, 5, True), (20, 8, False)])
def test_a_units_recall_bars_where_chance_does_not_explain_it(before: int, after: int, passed: bool):
    """Of 28 rows: three fewer may be chance, twelve fewer are not."""
    truth = ["air"] * 28
    sides = [answers(["air"] * right + ["jalan"] * (28 - right)) for right in (before, after)]
    gate = by_name(unit_gates(*sides, truth, LIMITS))["recall of air"]
    assert gate.passed is passed
    assert gate.low <= (after - before) / 28 <= gate.high
    assert f"28 rows, difference {(after - before) / 28:+.3f} [" in gate.note


def test_what_cannot_be_compared_is_shown_and_not_judged():
    gates = tuple(unit_gates(answers(TRUTH), answers(wrong(GOOD, range(40, 80)), 0.8), TRUTH, LIMITS, unfair=True))
    outcome = Comparison("dinas/2", "dinas/1", 400, 0, "2023-01-01", "a", "b", gates)
    assert not outcome.failed
    assert not outcome.passed
    assert {"accuracy", "macro-F1", "coverage", "recall of air"} <= {gate.name for gate in outcome.unjudged}
    assert by_name(gates)["accuracy"].challenger == 0.8
    assert by_name(gates)["rows"].judged
    assert Comparison.from_dict(outcome.to_dict()) == outcome
    assert "n/a" in "\n".join(outcome.lines())
    assert list(outcome.lines())[-1].endswith("0 of 9 gates failed, 7 could not be judged (n/a).")


def test_a_small_unit_bars_nothing():
    truth = [*TRUTH, *["taman"] * 19]
    before, after = answers([*GOOD, *["taman"] * 19]), answers([*GOOD, *["air"] * 19])
    assert "recall of taman" not in by_name(unit_gates(before, after, truth, LIMITS))


def test_too_few_rows_prove_nothing():
    gates = by_name(unit_gates(answers(GOOD[:99]), answers(GOOD[:99]), TRUTH[:99], LIMITS))
    assert not gates["rows"].passed
    none = by_name(unit_gates(answers([]), answers([]), [], LIMITS))
    assert list(none) == ["rows"]


def test_overconfidence_fails_calibration_and_chance_does_not():
    gates = by_name(unit_gates(answers(GOOD), answers(GOOD, 0.999), TRUTH, LIMITS))
    assert not gates["calibration"].passed
    rng = np.random.default_rng(3)
    confidence = rng.uniform(0.3, 1, 150)
    assert calibration_excess(confidence, rng.random(150) < confidence) < 0.05


def test_coverage_may_not_fall():
    # The champion knows where it is right; the challenger is as right, and as sure where it is wrong.
    sure = replace(answers(GOOD), confidence=np.where(np.arange(400) < 40, 0.5, 0.9))
    gates = by_name(unit_gates(sure, answers(GOOD), TRUTH, LIMITS))
    assert gates["coverage"].champion == pytest.approx(0.9)
    assert not gates["coverage"].passed


CHECKS = CheckRows(("a", "b", "c", "d"), ("darurat", "darurat", "sedang", "rendah"), (True, False, True, False))


def test_a_lost_emergency_bars():
    urgent = np.array(["darurat"] * 8 + ["sedang"] * 2, dtype=object)
    levels = ["darurat"] * 6
    guard = np.array(["tidak"] * 6 + ["ya", "ya", "ya", "tidak"], dtype=object)
    before = answers(["air"] * 10, levels=urgent, guard=guard)
    same = by_name(check_gates(before, before, levels, CHECKS, LIMITS))
    assert all(gate.passed for gate in same.values())
    missed = urgent.copy()
    missed[0] = "tinggi"
    gates = by_name(check_gates(before, replace(before, levels=missed), levels, CHECKS, LIMITS))
    assert not gates["recall of darurat"].passed
    assert "8 rows, 6 of the window" in gates["recall of darurat"].note


def test_a_missed_accusation_bars():
    guard = np.array(["ya", "tidak", "tidak", "tidak"], dtype=object)
    after = answers(["air"] * 4, guard=guard)
    gates = by_name(check_gates(None, after, [], CHECKS, LIMITS))
    assert gates["guard recall"].challenger == 0.5
    assert not gates["guard recall"].passed


def test_slow_and_large_models_are_barred():
    before = answers(GOOD)
    assert all(gate.passed for gate in cost_gates(before, before, LIMITS))
    gates = by_name(cost_gates(before, replace(before, seconds=0.0031, size=30_000_000), LIMITS))
    assert not gates["speed"].passed
    assert not gates["size"].passed


def test_the_outcome_survives_json_and_shows_what_failed():
    gates = tuple(unit_gates(answers(GOOD), answers(wrong(GOOD, range(40, 80))), TRUTH, LIMITS))
    outcome = Comparison("dinas/2", "dinas/1", 400, 0, "2023-01-01", "a", "b", gates, ("catatan",))
    assert Comparison.from_dict(outcome.to_dict()) == outcome
    assert not outcome.passed
    table = "\n".join(outcome.lines(failed_only=True))
    assert "FAILED" in table
    assert " ok " not in table
    assert "gates failed" in list(outcome.lines())[-1]
