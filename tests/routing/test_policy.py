"""Actions by wanted precision and by capacity; unit floors; the order of work."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue import rules
from pipeline.errors import InputError, OptionError
from pipeline.routing import policy_table as module
from pipeline.routing.curve import RiskCurve
from pipeline.routing.policy import (
    CAPACITY,
    FORCED,
    UNSURE,
    WEAK_UNIT,
    Policy,
    decide,
    load_policy,
    plan,
    priority,
)
from pipeline.settings import recipes_dir

NAMES = ("baik", "lemah", "jarang")
DAY = dt.date(2026, 1, 1)


def make_curve(with_units: bool = True) -> RiskCurve:
    """baik: 196 of 200 right at .9, 60 of 100 at .5; lemah: 24 of 40 at .9; jarang: 3 of 3 at .9."""
    parts = [(0.9, 196, 200, 0), (0.5, 60, 100, 0), (0.9, 24, 40, 1), (0.9, 3, 3, 2)]
    confidence = np.concatenate([np.full(n, c) for c, _, n, _ in parts])
    correct = np.concatenate([np.arange(n) < k for _, k, n, _ in parts])
    unit = np.concatenate([np.full(n, u) for *_, n, u in parts])
    arrays = {"confidence_": confidence, "correct_": correct} | ({"predicted_": unit} if with_units else {})
    return RiskCurve.restore(NAMES, arrays)


CURVE = make_curve()
EMPTY = RiskCurve.restore(NAMES, {k: np.empty(0) for k in ("confidence_", "correct_", "predicted_")})


def column(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write the rules of a table that load_policy reads."""
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(rules, "data_dir", lambda: tmp_path)

    def write(*lines: str) -> None:
        head = "id\tberlaku_dari\tberlaku_sampai\tsumber\tnama\tunit\tnilai\tketerangan"
        (tmp_path / "rules" / "kebijakan.tsv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        rules._read.cache_clear()

    yield write
    rules._read.cache_clear()


def test_the_shipped_rules():
    policy = load_policy(DAY)
    recipe = (recipes_dir() / "unit.toml").read_text(encoding="utf-8")
    assert f"precision = {policy.precision}" in recipe
    assert policy.capacity is None
    assert (policy.unit_floor, policy.min_rows, policy.margin) == (0.75, 20, 0.0)
    assert (policy.confidence_limit, policy.units_limit, policy.rows_limit) == (0.03, 0.07, 200)
    assert "lantai-umum" in policy.rules


def test_rules_hold_on_their_days(table):
    table(
        "a\t2022-01-01\t2025-12-31\tpraktik\tpresisi\t\t0.90\t",
        "b\t2026-01-01\t\tpraktik\tpresisi\t\t0.97\t",
        "c\t2026-01-01\t\tpraktik\tkapasitas\t\t200\t",
        "d\t2022-01-01\t\tpraktik\tlantai_unit\tlemah\t1\t",
    )
    old, new = load_policy(dt.date(2025, 12, 31)), load_policy(DAY)
    assert (old.precision, old.capacity, old.rules) == (0.90, None, ("a", "d"))
    assert (new.precision, new.capacity, new.rules) == (0.97, 200, ("b", "c", "d"))
    assert new.floors == (("lemah", 1.0),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a\t2022-01-01\t\tpraktik\tketelitian\t\t0.9\t", "'ketelitian' is unknown"),
        ("a\t2022-01-01\t\tpraktik\tpresisi\tlemah\t0.9\t", "for one unit is unknown"),
        ("a\t2022-01-01\t\tpraktik\tpresisi\t\t0,9\t", "rule 'a', column 'nilai': '0,9'"),
        ("a\t2022-01-01\t\tpraktik\tkapasitas\t\t1.5\t", "'1.5'"),
        ("a\t2022-01-01\t\tpraktik\tmargin\t\t0\t\nb\t2022-01-01\t\tpraktik\tmargin\t\t0.1\t", "'b': another rule"),
    ],
)
def test_a_wrong_rule_is_named(table, line: str, said: str):
    table(line)
    with pytest.raises(InputError, match=said):
        load_policy(DAY)


def test_options_override_the_rules():
    policy = Policy(precision=0.95, capacity=200)
    assert policy.with_options() == policy
    assert policy.with_options(precision=0.8).capacity is None
    assert policy.with_options(precision=0.8, capacity=5).capacity == 5
    assert policy.with_options(unit_floor=0.0, margin=0.01).unit_floor == 0.0
    for wrong in ({"precision": 1.2}, {"precision": 0.0}, {"capacity": -1}, {"unit_floor": 2.0}):
        with pytest.raises(OptionError, match="Policy"):
            policy.with_options(**wrong)


def test_by_wanted_precision():
    policy = Policy(precision=0.9)
    units, confidence = column("baik", "baik", "lemah"), np.array([0.95, 0.6, 0.9])
    made = decide(policy, CURVE, units, confidence)
    assert made.threshold == 0.9
    assert made.actions.tolist() == ["teruskan", "tinjau", "teruskan"]
    assert made.rules.tolist() == ["", UNSURE, ""]
    assert made.expected_precision == pytest.approx(223 / 243)
    assert made.weak_units == frozenset()
    assert made.reviewed == 1


def test_a_weak_unit_and_one_without_evidence_are_always_reviewed():
    policy = Policy(precision=0.9, unit_floor=0.75, min_rows=10)
    made = decide(policy, CURVE, column("baik", "lemah", "jarang", "lemah", "entah"), np.array([0.9, 0.99, 1, 0.2, 1]))
    assert made.weak_units == {"lemah", "jarang"}
    assert made.actions.tolist() == ["teruskan", "tinjau", "tinjau", "tinjau", "tinjau"]
    assert made.rules.tolist() == ["", WEAK_UNIT, WEAK_UNIT, f"{WEAK_UNIT}; {UNSURE}", WEAK_UNIT]
    assert made.expected_precision == pytest.approx(0.98)
    assert plan(policy, CURVE).coverage == pytest.approx(200 / 343)


def test_a_unit_with_a_floor_of_its_own():
    made = decide(Policy(precision=0.9, floors=(("baik", 1.0),)), CURVE, column("baik", "lemah"), np.array([1.0, 1.0]))
    assert made.actions.tolist() == ["tinjau", "teruskan"]


def test_by_capacity():
    confidence = np.array([0.1, 0.2, 0.3, 0.92, 0.95, 0.4])
    made = decide(Policy(capacity=2), CURVE, column(*["baik"] * 6), confidence)
    assert made.threshold == 0.3
    assert made.reviewed == 2
    assert made.actions.tolist() == ["tinjau", "tinjau", *["teruskan"] * 4]
    assert made.rules.tolist()[:3] == [CAPACITY, CAPACITY, ""]
    assert made.expected_precision == pytest.approx(283 / 343)
    assert made.over_capacity == 0


def test_forced_rows_and_weak_units_count_against_the_capacity():
    policy = Policy(capacity=3, unit_floor=0.75, min_rows=10)
    units = column("baik", "baik", "lemah", "baik", "baik", "baik")
    confidence = np.array([0.91, 0.92, 0.99, 0.93, 0.94, 0.95])
    forced = np.array([False, False, False, False, False, True])
    made = decide(policy, CURVE, units, confidence, forced)
    assert made.actions.tolist() == ["tinjau", "teruskan", "tinjau", "teruskan", "teruskan", "tinjau"]
    assert made.rules.tolist() == [CAPACITY, "", WEAK_UNIT, "", "", FORCED]
    assert made.reviewed == 3


def test_more_forced_rows_than_people_can_review_is_said():
    made = decide(
        Policy(capacity=1), CURVE, column("baik", "baik", "baik"), np.array([0.9, 0.1, 0.9]), np.array([1, 0, 1], bool)
    )
    assert made.actions.tolist() == ["tinjau", "teruskan", "tinjau"]
    assert (made.reviewed, made.over_capacity) == (2, 1)
    assert any("1 more than the capacity of 1" in note for note in made.notes)


def test_a_threshold_above_all_held_out_rows_tells_by_the_most_confident_ones():
    policy = Policy(capacity=1, unit_floor=0.75, min_rows=20)
    made = decide(policy, CURVE, column("baik", "baik", "baik"), np.array([0.97, 0.98, 0.99]))
    assert made.weak_units == {"lemah", "jarang"}
    assert made.actions.tolist() == ["tinjau", "teruskan", "teruskan"]
    assert made.expected_precision == pytest.approx(0.98)  # all at 0.9 tie with the 20 most confident


def test_people_who_can_review_everything_do():
    made = decide(Policy(capacity=9), CURVE, column("baik", "baik"), np.array([1.0, 0.1]))
    assert made.actions.tolist() == ["tinjau", "tinjau"]
    assert math.isnan(made.expected_precision)
    assert "Every row is reviewed." in made.notes


def test_rows_of_one_confidence_stay_together():
    made = decide(Policy(capacity=2), CURVE, column(*["baik"] * 4), np.array([0.1, 0.5, 0.5, 0.9]))
    assert made.actions.tolist() == ["tinjau", "teruskan", "teruskan", "teruskan"]


@pytest.mark.parametrize("policy", [Policy(precision=0.5), Policy(capacity=0)])
def test_a_model_without_rows_of_its_office_forwards_nothing(policy: Policy):
    made = decide(policy, EMPTY, column("baik", "lemah"), np.array([1.0, 1.0]))
    assert made.actions.tolist() == ["tinjau", "tinjau"]
    assert any("held-out" in note for note in made.notes)


def test_a_model_made_before_units_were_kept_says_so():
    made = decide(
        Policy(precision=0.9, unit_floor=0.75, min_rows=10), make_curve(False), column("lemah"), np.array([0.9])
    )
    assert made.actions.tolist() == ["teruskan"]
    assert any("before units were kept" in note for note in made.notes)


def test_no_rows():
    for policy in (Policy(), Policy(capacity=3)):
        made = decide(policy, CURVE, column(), np.empty(0))
        assert (len(made.actions), len(made.rules), made.reviewed, made.over_capacity) == (0, 0, 0, 0)


def test_a_margin_counts_only_where_the_batch_differs():
    policy = Policy(precision=0.9, margin=0.08, confidence_limit=0.03, units_limit=0.07, rows_limit=20)
    like = decide(policy, CURVE, column(*NAMES[:1] * 300, *NAMES[1:2] * 40, *NAMES[2:] * 3), CURVE.confidence)
    assert like.threshold == 0.9
    assert not like.notes
    other = decide(policy, CURVE, column(*["lemah"] * 300), np.full(300, 0.91))
    assert other.threshold > 1
    assert any("differ from the training rows" in note for note in other.notes)


rows = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9, 0.95]), st.booleans()), max_size=60
)


@given(rows, st.integers(0, 70), st.sampled_from([0.0, 0.75]))
def test_capacity_holds_unless_forced_rows_exceed_it(rows: list[tuple[str, float, bool]], capacity: int, floor: float):
    units, confidence = column(*[r[0] for r in rows]), np.array([r[1] for r in rows], dtype=np.float64)
    forced = np.array([r[2] for r in rows], dtype=bool)
    policy = Policy(capacity=capacity, unit_floor=floor, min_rows=10)
    made = decide(policy, CURVE, units, confidence, forced)
    must = forced | np.isin(units.astype(str), sorted(made.weak_units))
    assert not made.unit_thresholds  # no unit of this curve has one
    reviewed = made.actions == "tinjau"
    assert reviewed[must].all()
    assert made.reviewed == reviewed.sum() <= max(capacity, must.sum())
    assert made.over_capacity == max(made.reviewed - capacity, 0)
    assert (reviewed == (must | (confidence < made.threshold))).all()
    assert ((made.rules == "") == ~reviewed).all()
    # Nothing more could be reviewed but a whole group of one confidence.
    free = confidence[~must]
    left = free[free >= made.threshold]
    if len(left) and must.sum() <= capacity:
        assert made.reviewed + (left == left.min()).sum() > capacity


def pemda_curve() -> RiskCurve:
    """pemda: 40 of 40 right at .9, 30 of 60 at .6, 295 of 300 at .4; baik: all right."""
    parts = [(0.9, 40, 40, 0), (0.6, 30, 60, 0), (0.4, 295, 300, 0), (0.95, 50, 50, 1), (0.4, 50, 50, 1)]
    confidence = np.concatenate([np.full(n, c) for c, _, n, _ in parts])
    correct = np.concatenate([np.arange(n) < k for _, k, n, _ in parts])
    unit = np.concatenate([np.full(n, u) for *_, n, u in parts])
    return RiskCurve.restore(("pemda", "baik"), {"confidence_": confidence, "correct_": correct, "predicted_": unit})


def test_a_unit_below_its_floor_gets_a_threshold_of_its_own():
    curve = pemda_curve()
    policy = Policy(precision=0.85, unit_floor=0.75, min_rows=20)
    made = decide(policy, curve, column("pemda", "pemda", "pemda", "baik"), np.array([0.5, 0.6, 0.61, 0.5]))
    assert made.threshold == 0.4  # at .4 pemda is right 365 times of 400
    assert made.actions.tolist() == ["teruskan"] * 4
    assert not made.unit_thresholds

    stricter = Policy(capacity=2, unit_floor=0.75, min_rows=20)  # .6: 70 of 100, not enough; just above: 40 of 40
    made = decide(stricter, curve, column("pemda", "pemda", "pemda", "baik"), np.array([0.5, 0.6, 0.61, 0.55]))
    assert made.threshold == 0.55
    assert made.unit_thresholds == {"pemda": pytest.approx(0.6)}
    assert made.weak_units == frozenset()
    assert made.actions.tolist() == ["tinjau", "tinjau", "teruskan", "teruskan"]
    assert made.rules.tolist() == [f"{WEAK_UNIT}; {CAPACITY}", WEAK_UNIT, "", ""]
    assert made.expected_precision == pytest.approx(90 / 90)  # by the same thresholds


def test_no_threshold_is_said_in_words():
    curve = RiskCurve.restore(
        ("a",), {"confidence_": np.full(50, 0.9), "correct_": np.zeros(50, bool), "predicted_": np.zeros(50, int)}
    )
    made = decide(Policy(precision=0.9), curve, column("a"), np.array([1.0]))
    assert made.actions.tolist() == ["tinjau"]
    assert made.notes == ("No threshold reaches this precision: every row is reviewed.",)
    assert plan(Policy(precision=0.9), curve).notes == made.notes
    assert math.isnan(made.expected_precision)


STEPS = [0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
held_out = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STEPS), st.integers(0, 12), st.integers(0, 12)))
batch = st.lists(st.tuples(st.sampled_from([*NAMES, "entah"]), st.sampled_from([*STEPS, 0.65, 0.99])), max_size=50)


def curve_of(groups: list[tuple[int, float, int, int]]) -> RiskCurve:
    """Return the curve of groups (unit, confidence, right, wrong)."""
    sides = [(c, i < right, u) for u, c, right, wrong in groups for i in range(right + wrong)]
    confidence, correct, unit = (np.array([side[k] for side in sides]) for k in range(3))
    return RiskCurve.restore(NAMES, {"confidence_": confidence, "correct_": correct, "predicted_": unit})


@given(held_out, batch, st.sampled_from([0, 1, 5]), st.sampled_from([0.0, 0.5, 0.75]))
def test_asking_for_less_never_forwards_less(
    groups: list[tuple[int, float, int, int]], rows: list[tuple[str, float]], min_rows: int, floor: float
):
    curve, units = curve_of(groups), column(*[r[0] for r in rows])
    confidence = np.array([r[1] for r in rows], dtype=np.float64)
    policy = Policy(unit_floor=floor, min_rows=min_rows)
    for ways in (
        [policy.with_options(precision=p) for p in (0.98, 0.9, 0.8, 0.6, 0.4, 0.1)],
        [policy.with_options(capacity=n) for n in range(len(rows) + 2, -1, -1)],
    ):
        before = np.zeros(len(rows), dtype=bool)
        for way in ways:
            made = decide(way, curve, units, confidence)
            sent = made.actions == "teruskan"
            assert (sent | ~before).all()
            before = sent
            assert way.capacity is None or made.over_capacity or made.reviewed <= way.capacity


@given(held_out, st.sampled_from([0, 1, 5, 20]), st.sampled_from([0.0, 0.5, 0.75]), st.sampled_from([*STEPS, 0.65, 1]))
def test_own_thresholds_are_the_lowest_that_meet_the_floor(
    groups: list[tuple[int, float, int, int]], min_rows: int, floor: float, threshold: float
):
    curve = curve_of(groups)
    floors = np.full(len(NAMES), floor)
    found = curve.floors(floors, min_rows)
    own = found.thresholds(threshold)
    tried = sorted({threshold, *(t for s in STEPS for t in (s, np.nextafter(s, 2)) if t > threshold)})
    for place, name in enumerate(NAMES):
        good = [t for t in tried if len(curve) and name not in curve.units(t, min_rows).weak(floors, min_rows)]
        assert own[place] == (good[0] if good else np.inf)
    # A row is forwarded exactly up to its level.
    confidence = np.array([*STEPS, 0.65, 0.99])
    for place in range(len(NAMES)):
        levels = found.levels(np.full(len(confidence), place), confidence)
        assert ((levels >= threshold) == (confidence >= own[place])).all()
    assert (found.levels(np.full(2, -1), np.array([0.5, 1.0])) == -np.inf).all()


def test_urgency_goes_before_everything():
    levels = column("darurat", "tinggi", "sedang", "sedang", "rendah", "darurat", "sedang")
    actions = column("tinjau", "teruskan", "tinjau", "teruskan", "lengkapi", "bukan_aduan", "lengkapi")
    assert priority(levels, actions).tolist() == [1, 2, 3, 4, 4, 1, 4]


def test_the_names_of_the_rules_are_documented():
    text = (Path(module.__file__).resolve().parents[2] / "data" / "rules" / "kebijakan.tsv").read_text(encoding="utf-8")
    comments = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert all(f"#   {name} " in comments for name in module._NAMES)
