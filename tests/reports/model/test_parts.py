"""Numbers as Indonesians write them, colours that can be read, bins, charts, words of a record."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from markupsafe import Markup

from pipeline.classifiers import UnitClassifier
from pipeline.reports.model import charts
from pipeline.reports.model.collect import reliability
from pipeline.reports.model.figures import logged_figures
from pipeline.reports.model.learning import Point
from pipeline.reports.model.page import decimal, heat, ink, interval
from pipeline.reports.model.terms import gate_name, gate_rule, measured_on, record_rows
from pipeline.reports.model.units import UnitRow, logged_units
from pipeline.reports.model.words import strongest_words
from pipeline.retraining.bootstrap import Figure
from pipeline.retraining.compare.checks import CheckRows
from pipeline.retraining.compare.judge import check_gates, cost_gates, unit_gates
from pipeline.retraining.compare.limits import load_limits
from pipeline.retraining.risk import Risk
from pipeline.retraining.unit_half import measured_facts
from pipeline.routing.curve import RiskCurve
from tests.retraining.compare.test_judge import GOOD, TRUTH, answers

NAN = float("nan")


def test_numbers_are_indonesian():
    assert decimal(0.8124) == "0,812"
    assert decimal(2038.5, 1) == "2.038,5"
    assert decimal(NAN) == decimal(None) == "–"
    assert interval(Figure(0.8, 0.7954, 0.829)) == "0,795–0,829"
    assert interval(Figure(0.8, NAN, NAN)) == "–"


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("share", np.linspace(0, 1, 41).tolist())
def test_a_number_stands_out_on_its_heat(share: float):
    pair = sorted([_light(heat(share)), _light(ink(share))])
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_reliability_counts_each_row_in_its_bin():
    found = reliability(np.array([0.05, 0.62, 0.68, 0.95, 1.0]), np.array([False, True, False, True, True]))
    assert found.rows.tolist() == [1, 2, 2]
    assert found.confidence.tolist() == pytest.approx([0.05, 0.65, 0.975])
    assert found.right.tolist() == [0, 0.5, 1]


def test_logged_shares_get_wilsons_interval_and_others_none():
    rows = {
        row.key: row for row in logged_figures({"unit_rows": 100, "unit_accuracy": 0.8, "unit_macro_f1": 0.6}, "unit")
    }
    assert rows["accuracy"].value.low == pytest.approx(0.711, abs=0.001)
    assert rows["accuracy"].value.high == pytest.approx(0.867, abs=0.001)
    assert math.isnan(rows["macro_f1"].value.low)
    assert logged_figures({"urgency_rows": 3.0}, "unit") == []


def test_logged_units_are_read_back():
    found = logged_units("unit,rows,precision,recall,f1\nDinas Air,1200,0.5,0.25,0.333\n")
    assert [(row.unit, row.rows, row.recall) for row in found] == [("Dinas Air", 1200, 0.25)]
    assert logged_units(None) == []


def test_records_and_gates_have_indonesian_names():
    assert gate_name("guard recall") == "recall aduan pengawasan"
    assert gate_name("recall of Dinas Air") == "recall Dinas Air"
    assert measured_on(measured_facts("2023-01-01")) == "baris sejak 01/01/2023"
    assert measured_on(measured_facts(None)) == "5 lipatan terstratifikasi"
    assert measured_on({"measured_on": "rows from 2023-01-01 on"}) == ""  # as older manifests have it
    assert record_rows({"decisions": 1234, "weight_agreed": 0.7, "window": "2023-01-01", "lain": "x"}) == [
        ("Keputusan", "1.234"), ("Bobot setuju", "0,70"), ("Hari pertama baris uji", "01/01/2023"), ("lain", "x"),
    ]  # fmt: skip


def test_every_gate_is_told_in_indonesian():
    limits, side = load_limits(), answers(GOOD)
    checks = CheckRows(("a", "b"), ("darurat", "rendah"), (True, False))
    gates = [
        *unit_gates(side, side, TRUTH, limits),
        *check_gates(side.of(slice(2)), side.of(slice(2)), [], checks, limits),
        *cost_gates(side, side, limits),
    ]
    english = {"rows", "accuracy", "recall of", "calibration", "coverage", "guard", "speed", "size"}
    assert {"recall of air", "macro-F1", "recall of darurat", "size"} <= {gate.name for gate in gates}
    for gate in gates:
        assert gate_rule(gate.name), gate.name
        assert not [word for word in english if word in gate_name(gate.name)]
    assert gate_rule("later") == ""


def _curve() -> RiskCurve:
    sure = np.linspace(0.99, 0.2, 60)
    arrays = {"confidence_": sure, "correct_": np.arange(60) < 45, "predicted_": np.zeros(60, dtype=np.int32)}
    return RiskCurve.restore(["a"], arrays)


def _points() -> list[Point]:
    return [Point(n, n, 2, Figure(0.5 + n / 1000, 0.4, 0.9), Figure(0.4, 0.3, 0.5)) for n in (25, 50, 100, 200)]


@pytest.mark.parametrize(
    "chart",
    [
        charts.reliability_chart(reliability(np.array([0.1, 0.9]), np.array([True, True]))),
        charts.risk_chart(Risk(_curve(), _curve(), _curve()), 0.95),
        charts.risk_chart(Risk(_curve()), 0.95),
        charts.learning_chart(_points(), 0.35),
        charts.learning_chart(_points()[:1], 0.35),
        charts.drift_chart([]),
        charts.month_bars({"2022-01": 3, "2022-02": 0}),
    ],
    ids=str.split("keandalan risiko risiko-tanpa-uji belajar belajar-satu jarak bulan"),
)
def test_a_chart_is_plain_svg_with_a_name_inside_its_bounds(chart: Markup):
    svg = ElementTree.fromstring(chart)
    named = {element.get("id") for element in svg.iter() if element.get("id")}
    assert named == set(svg.get("aria-labelledby", "").split())
    width, height = map(float, svg.get("viewBox", "").split()[2:])
    for element in svg.iter():
        assert "style" not in element.keys()  # noqa: SIM118 — an Element is no mapping
        for names, most in ((("x", "x1", "x2", "cx"), width), (("y", "y1", "y2", "cy"), height)):
            places = [float(element.get(name, "0")) for name in names]
            assert all(-1 <= place <= most + 1 for place in places), element.attrib


def test_f1_bars_show_the_interval():
    shown = charts.f1_bar(UnitRow("a", 9, 0.5, 0.5, Figure(0.5, 0.25, 0.75)))
    assert 'x1="30"' in shown
    assert 'x1="90"' in shown
    assert "selang" not in charts.f1_bar(UnitRow("a", 9, 0.5, 0.5, Figure(0.5, NAN, NAN)))


def test_words_that_are_no_words_are_not_shown():
    stems = ["<nik>", "0812000", "bagaskarna", "lubang", "lubang wirasengkuni", "jalan lubang", "sampah"]
    recipe = {"features": {"small": 0}}
    arrays = {
        "words": np.frombuffer("\n".join(stems).encode(), dtype=np.uint8), "idf": np.ones(7, dtype=np.float32),
        "grams": np.zeros(0, dtype=np.uint8), "gram_idf": np.zeros(0, dtype=np.float32),
        "coef_": np.array([[9, -9], [8, -8], [7, -7], [6, -6], [5, -5], [4, -4], [-3, 3]], dtype=np.float32),
        "intercept_": np.zeros(2), "slopes_": np.ones(2), "offsets_": np.zeros(2),
        "confidence_": np.ones(3, dtype=np.float32), "correct_": np.ones(3, dtype=bool),
        "predicted_": np.array([0, 0, 1], dtype=np.int32),
    }  # fmt: skip
    facts = {"recipe": recipe, "classes_": ["Jalan", "Sampah"], "temperature_": 1.0, "threshold_": 0.9, "held_out_": {}}
    first, second = strongest_words(UnitClassifier.restore(facts, arrays))
    assert (first.unit, first.plus, first.minus) == ("Jalan", ("lubang", "jalan lubang"), ("sampah",))
    assert (second.plus, second.minus) == (("sampah",), ("lubang", "jalan lubang"))
