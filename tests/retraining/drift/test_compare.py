"""What a comparison says of periods whose difference is known, and what it never shows."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pipeline.errors import DataError, OptionError
from pipeline.retraining.drift import DriftReport, drift, drift_by, load_limits
from pipeline.retraining.drift.estimate import estimate, expected
from pipeline.retraining.drift.limits import MEASURES
from pipeline.retraining.drift.overview import overview_lines
from pipeline.retraining.drift.period import Predictions
from pipeline.retraining.drift.words import may_be_shown
from tests.retraining.drift.made import made

LIMITS = load_limits().model_copy(update={"permutations": 999})
OLD = made(1500)


def keys(report: DriftReport) -> set[str]:
    return {measure.key for measure in report.alarms}


def shown(report: DriftReport) -> str:
    return "\n".join([*report.lines(), *report.alarm_lines()])


def test_the_same_kind_of_rows_gives_no_alarm():
    report = drift(OLD, made(900, 1, name="baru"), LIMITS)
    assert not report.alarms
    assert not any(measure.significant for measure in report.measures)
    assert [measure.key for measure in report.measures] == list(MEASURES)
    assert "ALARM" not in shown(report)
    assert drift(OLD, OLD, LIMITS).measures[0].p == 1.0


@pytest.mark.parametrize(
    ("shift", "expected_alarms"),
    [
        ({"mix": (0.1, 0.3, 0.6)}, {"unit_prediksi", "unit_berlabel"}),
        ({"unknown": 0.15}, {"kosakata"}),
        ({"length": 90}, {"panjang"}),
        ({"overconfident": 0.25}, {"kesepakatan"}),
    ],
)
def test_a_planted_shift_is_named(shift: dict, expected_alarms: set[str]):
    report = drift(OLD, made(900, 1, name="baru", **shift), LIMITS)
    assert keys(report) == expected_alarms
    assert all(f"ALARM: baru: {MEASURES[key]}" in shown(report) for key in expected_alarms)


def test_what_gets_better_is_no_alarm():
    better = drift(made(1500, unknown=0.15, overconfident=0.25), made(900, 1), LIMITS)
    assert {"kosakata", "kesepakatan"}.isdisjoint(keys(better))
    assert {m.verdict for m in better.measures if m.key in ("kosakata", "kesepakatan")} == {"membaik"}


def test_significant_is_not_enough():
    new = made(20_000, 1, mix=(0.47, 0.31, 0.22))
    measure = drift(made(20_000), new, LIMITS).measures[0]
    assert measure.significant
    assert measure.verdict == "berubah, di bawah batas"
    assert keys(drift(made(20_000), new, LIMITS.with_alarms(["unit_prediksi=0.01"]))) == {"unit_prediksi"}


def test_few_rows_get_a_statement_instead_of_a_verdict():
    report = drift(OLD, made(29, 1, mix=(0, 0, 1)), LIMITS)
    assert not report.alarms
    assert {measure.verdict for measure in report.measures} == {
        "tidak dinilai: terlalu sedikit baris (1500 dan 29; perlu 30)"
    }
    assert "terlalu sedikit baris (29; perlu 30)" in shown(report)
    assert "terlalu sedikit baris" in "\n".join(overview_lines([report]))


def test_without_labels_there_is_an_estimate_and_no_agreement():
    report = drift(OLD, made(900, 1, labelled=0), LIMITS)
    skipped = {measure.key for measure in report.measures if measure.skipped}
    assert skipped == {"unit_berlabel", "kesepakatan"}
    assert report.new_estimate is not None
    assert report.new_estimate.real.rows == 0
    assert "nyata: belum ada label" in shown(report)


def test_the_estimate_is_right_where_scores_are_calibrated():
    """The real accuracy lies in the estimate's 95 % interval about 95 times in 100."""
    inside = 0
    for seed in range(100):
        period = made(400, seed)
        found = estimate(period, period.predictions)
        inside += found.estimated.low <= found.real.value <= found.estimated.high
        assert abs(found.gap) < 0.1
    assert 88 <= inside <= 100
    whole = estimate(OLD, OLD.predictions)
    assert sum(unit.rows for unit in whole.units) == 1500
    assert whole.majority == pytest.approx(max(np.unique(OLD.labels, return_counts=True)[1]) / 1500)


def test_overconfidence_shows_as_a_gap():
    period = made(4000, overconfident=0.2)
    found = estimate(period, period.predictions)
    assert found.gap == pytest.approx(0.2, abs=0.03)
    assert found.real.high < found.estimated.low


def test_the_interval_is_the_bootstraps():
    confidence = OLD.predictions.confidence[:200]
    rng = np.random.default_rng(0)
    drawn = confidence[rng.integers(0, 200, (20_000, 200))]
    shares = (rng.random(drawn.shape) < drawn).mean(axis=1)
    found = expected(confidence)
    assert [found.low, found.high] == pytest.approx(np.quantile(shares, [0.025, 0.975]), abs=0.006)


def test_rows_that_were_trained_on_are_replaced_by_the_held_out_record():
    honest = made(800, 3)
    old = replace(
        made(1500, trained=True), held_out=honest.predictions,
        predictions=replace(OLD.predictions, confidence=np.full(1500, 0.99), right=np.ones(1500, dtype=np.int8)),
    )  # fmt: skip
    report = drift(old, made(900, 1), LIMITS)
    assert report.old_estimate is not None
    assert report.old_estimate.held_out
    assert report.old_estimate.estimated.rows == 800
    measures = {measure.key: measure for measure in report.measures}
    assert measures["keyakinan"].values[0] == pytest.approx(honest.predictions.confidence.mean())
    assert measures["ditinjau"].values[1] == pytest.approx(made(900, 1).unsure.mean())
    assert "catatan held-out model" in shown(report)


def test_a_new_period_that_was_trained_on_is_not_judged_by_its_predictions():
    report = drift(OLD, made(900, 1, trained=True, overconfident=0.4), LIMITS)
    skipped = {measure.key for measure in report.measures if measure.skipped}
    assert skipped == {"unit_prediksi", "keyakinan", "ditinjau", "kesepakatan"}
    assert report.new_estimate is None
    assert "tidak dapat diperkirakan" in shown(report)


def test_a_record_without_units_or_rows():
    nameless = replace(OLD.predictions, unit=np.full(1500, "", dtype=object))
    report = drift(replace(OLD, trained=True, held_out=nameless), made(900, 1), LIMITS)
    assert "tanpa unit" in report.measures[0].verdict
    empty = Predictions(*(side[:0] for side in (nameless.unit, nameless.confidence, nameless.review, nameless.right)))
    report = drift(replace(OLD, trained=True, held_out=empty), made(900, 1), LIMITS)
    assert report.old_estimate is None
    assert "tidak dinilai" in report.measures[0].verdict


def test_new_words_are_of_the_language_and_never_names():
    new = made(900, 1, name="baru", words=(0.5, 0.4, 0.5, 0.5, 0.5))
    report = drift(OLD, new, LIMITS)
    assert {word.stem: word.known for word in report.words} == {"banjir": True, "sampah": False}
    for hidden in ("budi", "qwrtz"):  # a name, and no word at all
        assert hidden not in shown(report)
        assert hidden not in json.dumps(report.to_dict())
    assert not may_be_shown("budi")
    assert not may_be_shown("rt05")


def test_months_and_weeks():
    months = list(OLD.by("month"))
    assert [month.name for month in months] == ["2022-01", "2022-02", "2022-03"]
    assert sum(map(len, months)) == len(OLD)
    weeks = list(OLD.by("week"))
    assert weeks[0].name == "pekan 2021-12-27"  # the Monday before
    assert all(np.unique(week.times.astype("datetime64[D]")).size <= 7 for week in weeks)
    assert all(str(week.times.min())[:10] >= week.name.removeprefix("pekan ") for week in weeks)
    assert sum(map(len, weeks)) == len(OLD)


def test_several_periods_are_corrected_together():
    months = [*made(900, 7, start="2022-04-01").by("month"), made(300, 2, name="geser", mix=(0.0, 0.2, 0.8))]
    reports = drift_by(OLD, months, LIMITS)
    assert {report.tests for report in reports} == {7 * len(months)}
    assert [bool(report.alarms) for report in reports] == [False] * (len(months) - 1) + [True]
    table = "\n".join(overview_lines(reports))
    assert table.count("2022-0") == len(months) - 1
    assert "!" in table
    # Holm multiplies by the number of tests: there must be draws enough for one to be significant.
    assert all(7 * len(months) / (report.permutations + 1) < report.alpha for report in reports)


def test_the_report_is_seeded_and_json():
    new = made(900, 1)
    first, second = drift(OLD, new, LIMITS), drift(OLD, new, LIMITS)
    assert first.to_dict() == second.to_dict()
    found = json.loads(json.dumps(first.to_dict(), allow_nan=False))
    assert [measure["key"] for measure in found["measures"]] == list(MEASURES)
    assert found["alarms"] == []
    assert found["new_estimate"]["real"]["rows"] == 900
    assert drift(OLD, made(900, 1, labelled=0), LIMITS).to_dict()["new_estimate"]["real"]["value"] is None


def test_two_models_cannot_be_compared():
    with pytest.raises(DataError, match="two models"):
        drift(OLD, made(900, 1, model="contoh/2"), LIMITS)


@pytest.mark.parametrize("wrong", ["unit=0.1", "kosakata", "kosakata=besar", "kosakata=2"])
def test_a_wrong_limit(wrong: str):
    with pytest.raises(OptionError, match="--alarm"):
        LIMITS.with_alarms([wrong])


def test_random_halves_of_the_same_rows_seldom_differ():
    """A test significant in five of a hundred splits at most, and alarms still more seldom."""
    quick = LIMITS.model_copy(update={"permutations": 199})
    rng = np.random.default_rng(6)
    significant = alarms = 0
    for _ in range(60):
        order = rng.permutation(len(OLD))
        report = drift(OLD.take(order[:750]), OLD.take(order[750:]), quick)
        significant += any(measure.significant for measure in report.measures)
        alarms += bool(report.alarms)
    assert significant <= 9  # 3 expected; 99.9 % quantile of the binomial
    assert alarms <= significant
