from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from pipeline.classifiers.calibration import NEVER
from pipeline.retraining.corpus import starter_functions
from pipeline.retraining.offices import Elsewhere
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.risk import Risk, risk_figure, risk_lines, risk_table, unit_table, wilson
from pipeline.retraining.unit_half import train_unit_from_elsewhere
from pipeline.routing.curve import RiskCurve
from pipeline.routing.policy import Policy, load_policy
from pipeline.tracking.artefact import read_artefact
from pipeline.tracking.registry import find

NAMES = ("dinas_a", "dinas_b")


def make(n: int, right: int, unit: int, confidence: float) -> list[tuple[float, bool, int]]:
    return [(confidence, i < right, unit) for i in range(n)]


def curve_of(rows: list[tuple[float, bool, int]]) -> RiskCurve:
    confidence, correct, unit = (np.array(side) for side in zip(*rows, strict=True))
    return RiskCurve.restore(NAMES, {"confidence_": confidence, "correct_": correct, "predicted_": unit})


HELD_OUT = curve_of([*make(100, 97, 0, 0.9), *make(100, 80, 0, 0.6), *make(20, 10, 1, 0.9)])
TEST = curve_of([*make(40, 39, 0, 0.95), *make(10, 5, 1, 0.95), *make(50, 30, 0, 0.3)])
POLICY = Policy(precision=0.85, unit_floor=0.75, min_rows=10)


def test_the_table_has_a_row_for_each_wanted_precision():
    table = risk_table(Risk(HELD_OUT, HELD_OUT, TEST), POLICY)
    assert table["presisi_diinginkan"].tolist() == [0.80, 0.85, 0.90, 0.95, 0.98]
    row = table.set_index("presisi_diinginkan").loc[0.85]
    assert row["ambang"] == 0.6  # 187 of 220 are right
    assert (row["baris"], row["cakupan"]) == (200, 200 / 220)  # the weak unit's rows are left to people
    assert row["presisi"] == 177 / 200
    assert row["presisi_bawah"] < row["presisi"] < row["presisi_atas"]
    assert row["unit_selalu_ditinjau"] == 1
    assert (row["baris_uji"], row["cakupan_uji"], row["presisi_uji"]) == (40, 0.4, 39 / 40)
    assert math.isnan(table.set_index("presisi_diinginkan").loc[0.98, "ambang"])


def test_the_table_of_units():
    table = unit_table(Risk(HELD_OUT, HELD_OUT, TEST), POLICY).set_index("unit")
    assert table.loc["dinas_a", ["baris", "diteruskan", "diteruskan_uji"]].tolist() == [200, 200, 40]
    assert table.loc["dinas_b", "presisi"] == 0.5
    assert table.loc["dinas_b", ["diteruskan", "diteruskan_uji"]].tolist() == [0, 0]
    assert table["ambang_unit"].isna().to_dict() == {"dinas_a": False, "dinas_b": True}
    assert table["selalu_ditinjau"].to_dict() == {"dinas_a": False, "dinas_b": True}
    assert np.isnan(unit_table(Risk(HELD_OUT), POLICY)["presisi_uji"]).all()


def test_a_policy_by_capacity_is_shown_at_its_precision():
    assert risk_table(Risk(HELD_OUT), Policy(precision=0.85, capacity=5)).shape[0] == 5


def test_lines_name_the_units_that_are_always_reviewed():
    shown = "\n".join(risk_lines(Risk(HELD_OUT, HELD_OUT, TEST), POLICY))
    assert "dinas_b (selalu ditinjau)" in shown
    assert "0.975" in shown
    old = RiskCurve.restore(NAMES, {"confidence_": HELD_OUT.confidence, "correct_": HELD_OUT.correct})
    assert "latih ulang" in "\n".join(risk_lines(Risk(old), POLICY))
    empty = RiskCurve.restore(NAMES, {"confidence_": np.empty(0), "correct_": np.empty(0)})
    assert "tidak ada baris yang diteruskan" in "\n".join(risk_lines(Risk(empty), POLICY))


def test_a_unit_with_a_threshold_of_its_own_is_shown_with_it():
    held_out = curve_of([*make(300, 300, 0, 0.5), *make(40, 40, 1, 0.9), *make(60, 24, 1, 0.5)])
    test = curve_of([*make(30, 30, 0, 0.6), *make(10, 9, 1, 0.95), *make(10, 1, 1, 0.6)])
    risk, policy = Risk(held_out, held_out, test), Policy(precision=0.9, unit_floor=0.75, min_rows=20)
    table = unit_table(risk, policy).set_index("unit")
    assert table.loc["dinas_b", "ambang_unit"] == pytest.approx(0.5)  # just above: rows at .5 itself are reviewed
    assert table.loc["dinas_b", ["diteruskan", "presisi", "diteruskan_uji"]].tolist() == [40, 1.0, 20]
    assert not table["selalu_ditinjau"].any()
    row = risk_table(risk, policy).set_index("presisi_diinginkan").loc[0.9]
    assert (row["unit_selalu_ditinjau"], row["unit_berambang_sendiri"], row["baris"]) == (0, 1, 340)
    shown = "\n".join(risk_lines(risk, policy))
    assert "dinas_b (ambang unit 0.500)" in shown
    assert "selalu ditinjau" not in shown
    risk_figure(risk, policy)


def test_no_threshold_is_a_dash_and_never_a_number():
    shown = "\n".join(risk_lines(Risk(HELD_OUT), Policy(precision=0.999, unit_floor=0.75, min_rows=10)))
    assert "1.01" not in shown
    risk_figure(Risk(HELD_OUT), Policy(precision=0.999))


@pytest.mark.parametrize("risk", [Risk(HELD_OUT), Risk(HELD_OUT, HELD_OUT, TEST)])
def test_the_picture(risk: Risk, tmp_path: Path):
    risk_figure(risk, POLICY).savefig(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_wilson():
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert math.isnan(wilson(float("nan"), 0)[0])


def test_a_trained_model_keeps_its_curve(starter_store: Path):
    unit, _, _ = read_artefact(find(starter_store, "starter")[1])
    curve = RiskCurve.of(unit)
    assert len(curve) == unit.held_out_["rows"] > 1000
    assert curve.threshold_for(unit.recipe["decision"]["precision"]) == pytest.approx(unit.threshold_)
    assert curve.precision_at(unit.threshold_)[1] == pytest.approx(unit.held_out_["coverage"])
    assert curve.correct.mean() == pytest.approx(unit.held_out_["accuracy"])
    table = curve.units(0.0)
    assert table.right.sum() == curve.correct.sum()


def test_the_run_holds_tables_and_picture_without_texts(starter_store: Path):
    names = {p.name for p in (starter_store / "artifacts").rglob("risk_coverage*")}
    assert names == {"risk_coverage.csv", "risk_coverage_units.csv", "risk_coverage.png"}
    card = (find(starter_store, "starter")[1] / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| 0.95 |" in card


def test_an_older_model_loads_without_its_units(starter_store: Path):
    unit, _, _ = read_artefact(find(starter_store, "starter")[1])
    arrays = {name: array for name, array in unit.arrays().items() if name != "predicted_"}
    old = type(unit).restore(json.loads(json.dumps(unit.facts())), arrays)
    curve = RiskCurve.of(old)
    assert not curve.has_units
    assert curve.threshold_for(0.95) == pytest.approx(unit.threshold_)
    old.threshold_ = NEVER  # an older first model of an office: its rows were others'
    assert len(RiskCurve.of(old)) == 0


def test_an_offices_first_model_has_no_curve():
    from pipeline.catalogue.crosswalk import load_crosswalk

    known = Elsewhere(load_crosswalk(), "kab-bandung", {"starter": starter_functions()})
    half = train_unit_from_elsewhere(load_recipe("unit"), known)
    assert half.classifier.threshold_ == NEVER
    assert len(half.risk.curve) == 0
    assert len(load_policy().rules) > 0
