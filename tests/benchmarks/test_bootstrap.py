"""The benchmarks' figures by hand, and that they say so where the real data is absent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from bootstrap import UnitResult, mean_of_repeats, unit_figures, urgency_figures
from deletion import deletion_test
from sklearn.metrics import f1_score

from pipeline.retraining.bootstrap import Figure, macro_f1

ROOT = Path(__file__).resolve().parents[2]


def test_macro_f1_is_scikit_learns_over_the_labels_of_the_truth():
    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(0, 5, 300), rng.integers(0, 7, 300)
    assert macro_f1(truth, predicted) == pytest.approx(f1_score(truth, predicted, average="macro", labels=range(5)))


def test_unit_figures_by_hand():
    order = np.array([[0, 1, 2, 3]] * 60 + [[1, 0, 2, 3]] * 40)
    truth = np.array([0] * 80 + [3] * 20)
    result = UnitResult(truth, order, np.array([0.9] * 60 + [0.6] * 40), {0.95: 0.8, 0.9: 2.0})
    figures = unit_figures(result)
    assert figures["accuracy"].value == 0.6
    assert figures["top3"].value == 0.8
    assert (figures["coverage_0.95"].value, figures["reached_0.95"].value) == (0.6, 1.0)
    assert str(figures["reached_0.90"]) == "-"
    assert figures["calibration_error"].value == pytest.approx(0.6 * 0.1 + 0.4 * 0.6)
    # A share of 0.6 of 100 rows has a standard error of .049.
    assert 0.48 < figures["accuracy"].low < 0.54 < 0.66 < figures["accuracy"].high < 0.72


def test_urgency_figures_and_repeats():
    truth = np.array([0, 1, 2, 3] * 10)
    first = urgency_figures(truth, truth, truth / 3, 2)
    assert first["qwk"].value == first["auc_tinggi"].value == first["recall_tinggi"].value == 1.0
    second = {name: Figure(0.0, np.nan, np.nan) for name in first}
    assert mean_of_repeats([first, second])["qwk"] == Figure(0.5, 1.0, 1.0)


def test_the_named_words_carry_the_decision(starter_router):
    """On texts written apart; benchmarks/accuracy.py f does it on real ones."""
    import csv

    with (ROOT / "data" / "starter" / "uji.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file)]
    figures = deletion_test(starter_router.unit, texts[:150])
    assert figures["named_beats_random"].value >= 0.95
    assert figures["drop_named"].value > 3 * figures["drop_random"].value


def test_without_the_real_data_it_says_so(tmp_path: Path):
    (tmp_path / "benchmarks").mkdir()
    for path in (ROOT / "benchmarks").glob("*.py"):
        (tmp_path / "benchmarks" / path.name).write_bytes(path.read_bytes())
    command = [sys.executable, str(tmp_path / "benchmarks" / "accuracy.py")]
    # As from the checkout: the package may be found by path only.
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 2
    assert done.stderr == "../shared is absent: the real complaints are not part of the repository.\n"
