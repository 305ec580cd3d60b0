"""Which rows two models are compared on, and when it must be said that the champion may know some of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import DataError
from pipeline.intake import read_all
from pipeline.retraining.compare import run, training_days
from pipeline.retraining.compare.answers import Answers
from pipeline.retraining.compare.checks import CheckRows
from pipeline.retraining.compare.comparison import Comparison, Gate
from pipeline.retraining.compare.window import later_rows
from pipeline.retraining.data import NO_ROWS
from pipeline.retraining.offices import undated
from pipeline.settings import ColumnNames
from pipeline.tracking.registry import ModelVersion

START = np.datetime64("2023-01-01", "us")
UNITS = undated(["jalan rusak parah", "lampu jalan mati"], ["jalan", "lampu"])
LEVELS = undated(["jalan rusak parah"], ["tinggi"])
VERSIONS = [ModelVersion("dinas", number, f"run{number}", (), 0, {}) for number in (1, 2)]
FAVOURS = "dinas/1 may have been trained on some of these, which favours it"


KNOWN = "dinas/1 was trained on rows until 2023-02-01, some of these among them"


def compared(patch: pytest.MonkeyPatch, facts: dict, urgencies=NO_ROWS, **window) -> Comparison:
    """Return the comparison of dinas/2 with dinas/1, whose manifest has *facts*; all say "jalan", a stand-in not."""

    def ask(version: ModelVersion, folder: Path, texts: list[str], labels: list[str]) -> Answers:
        n = len(texts)
        ranked = np.full((n, 3), "jalan", dtype=object)
        same = np.full(n, "rendah", dtype=object)
        return Answers(version, frozenset({"jalan", "lampu"}), ranked, np.full(n, 0.9), same, same, 0.001, 1)

    manifest = {"labels": {"unit": ["jalan", "lampu"]}, "unit": {}, "urgency": {}, **facts}
    kept: list[dict] = []
    patch.setattr(run, "champion_of", lambda *_: VERSIONS[0])
    patch.setattr(run, "artefact_folder", lambda *_: Path("unopened"))
    manifests = iter([manifest, {**manifest, "pool_places": False}])
    patch.setattr(run, "manifest_of", lambda _: next(manifests))
    patch.setattr(run, "ask", ask)
    wrong = np.full((2, 3), "lampu", dtype=object)
    patch.setattr(run, "ask_stand_in", lambda *given: replace(ask(VERSIONS[0], *given[1::2], []), ranked=wrong))
    patch.setattr(run, "check_rows", lambda: CheckRows(("a", "b"), ("darurat", "rendah"), (True, False)))
    patch.setattr(run, "log_json", lambda *given: kept.append(given[-1]))
    outcome = run.compare_with_champion(Path("unopened"), VERSIONS[1], UNITS, urgencies, **window)
    assert outcome is not None
    assert kept == [outcome.to_dict()]
    return outcome


@pytest.mark.parametrize(
    ("facts", "urgencies", "window", "said"),
    [
        ({"unit": {"last_day": "2022-12-31"}}, NO_ROWS, {"start": START}, ()),
        (
            {"unit": {"last_day": "2023-02-01"}}, NO_ROWS, {"start": START},
            (f"{KNOWN}: gates that set the two against each other are not judged",),
        ),
        (
            {"unit": {"last_day": "2023-02-01"}}, NO_ROWS, {"start": START, "stand_in": lambda: "pengganti"},
            (f"{KNOWN}: a model of its recipe, trained on DATA before the window, answers in its place",),
        ),
        (
            {"unit": {"last_day": "2022-12-31"}, "urgency": {"last_day": "2023-02-01"}}, LEVELS, {"start": START},
            (
                "dinas/1's urgency half was trained on rows until 2023-02-01, some of these among them: "
                "urgency is judged on the check rows alone",
            ),
        ),
        ({"unit": {"last_day": "2022-12-31"}}, NO_ROWS, {"start": None}, (f"the rows have no dates: {FAVOURS}",)),
        ({"unit": {"last_day": "2022-12-31"}}, NO_ROWS, {"start": None, "unseen": True}, ()),
        # The rows have dates, the champion's have none.
        ({}, NO_ROWS, {"start": START}, (f"the days of dinas/1's training rows are not known: {FAVOURS}",)),
        # The starter's halves have seen no office's rows.
        ({"unit": {"from": "starter/1"}}, NO_ROWS, {"start": START}, ()),
        ({"unit": {"from": "starter/1"}}, NO_ROWS, {"start": None}, ()),
        (
            {"unit": {"from": "starter/1"}, "urgency": {"rows": 9}}, LEVELS, {"start": None},
            (f"the rows have no dates: {FAVOURS}",),
        ),
    ],
)  # fmt: skip
def test_a_warning_is_true(monkeypatch: pytest.MonkeyPatch, facts: dict, urgencies, window: dict, said: tuple):
    assert compared(monkeypatch, facts, urgencies, **window).warnings == said


def judged(outcome: Comparison, name: str) -> Gate:
    return next(gate for gate in outcome.gates if gate.name == name)


def test_rows_that_the_champion_learnt_are_answered_by_a_stand_in_or_not_judged(monkeypatch: pytest.MonkeyPatch):
    seen = {"unit": {"last_day": "2023-02-01"}}
    plain = compared(monkeypatch, seen, start=START)
    assert (judged(plain, "accuracy").judged, plain.stood_in) == (False, False)
    assert "accuracy" not in [gate.name for gate in plain.failed]
    other = compared(monkeypatch, seen, start=START, stand_in=lambda: "pengganti")
    assert (judged(other, "accuracy").judged, other.stood_in) == (True, True)
    # The one right of the two that all others answer is not the stand-in's.
    assert judged(other, "accuracy").note == "difference +0.000 [-1.000, +1.000]"
    none = compared(monkeypatch, seen, start=START, stand_in=lambda: None)
    assert (judged(none, "accuracy").judged, none.stood_in) == (False, False)


def test_urgencies_that_the_champion_learnt_are_left_out(monkeypatch: pytest.MonkeyPatch):
    facts = {"unit": {"last_day": "2022-12-31"}, "urgency": {"last_day": "2023-02-01"}}
    assert compared(monkeypatch, facts, LEVELS, start=START).urgency_rows == 0
    facts["urgency"]["last_day"] = "2022-12-31"
    assert compared(monkeypatch, facts, LEVELS, start=START).urgency_rows == 1


def test_pooled_and_unpooled_units_are_not_set_against_each_other(monkeypatch: pytest.MonkeyPatch):
    facts = {"unit": {"last_day": "2022-12-31"}, "pool_places": True}
    assert judged(compared(monkeypatch, facts, start=START), "accuracy").judged
    places = {"labels": {"unit": ["Kelurahan Mawar", "jalan", "lampu"]}}
    outcome = compared(monkeypatch, facts | places, start=START)
    assert not judged(outcome, "accuracy").judged
    assert "dinas/2 tells 1 places apart (Kelurahan …), dinas/1 joins them (--pool-places)" in outcome.warnings[0]


def test_a_half_that_was_taken_over_has_the_days_of_its_trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = {"unit": {"last_day": "2022-05-01"}, "urgency": {"from": "starter/1"}}
    monkeypatch.setattr(training_days, "find_version", lambda _, reference: reference)
    monkeypatch.setattr(training_days, "artefact_folder", lambda _, reference: Path(reference))
    monkeypatch.setattr(training_days, "manifest_of", lambda folder: {Path("dinas/1"): first}[folder])
    second = {"unit": {"from": "dinas/1"}, "urgency": {"from": "dinas/1"}}
    days = training_days.training_days(tmp_path, second, "unit")
    assert (days.any, str(days.last)) == (True, "2022-05-01")
    assert not training_days.training_days(tmp_path, second, "urgency").any
    assert str(training_days.last_days(tmp_path, [second, first])["unit"]) == "2022-05-01"


def test_rows_of_the_days_of_training_are_left_out_and_counted(tmp_path: Path):
    days = ["2023-03-01", "2023-01-05", "2023-01-04", "2023-03-02"]
    texts = ["jalan rusak parah", "lampu jalan mati", "sampah menumpuk", "LAMPU jalan mati!"]
    pd.DataFrame({"isi": texts, "tanggal": days, "unit": "jalan"}).to_csv(tmp_path / "a.csv", index=False)
    batches = read_all([str(tmp_path / "a.csv")], ColumnNames())
    trained = {"unit": np.datetime64("2023-01-05", "D")}
    found = later_rows(batches, None, pool_places=False, trained=trained)
    # The last row repeats a text of the days of training.
    assert (found.units.texts, found.known, str(found.start)[:10]) == (texts[:1], {"unit": 2}, "2023-03-01")
    with pytest.raises(DataError, match=r"a\.csv: every labelled row is from the days until 2023-03-02.*--test-from"):
        later_rows(batches, None, pool_places=False, trained={"unit": np.datetime64("2023-03-02", "D")})


@pytest.mark.parametrize("labels", [{"unit": "jalan"}, {"urgensi": "tinggi"}])
def test_the_window_of_dated_rows_has_a_start(tmp_path: Path, labels: dict[str, str]):
    days = ["2023-03-01", "2023-01-05"]
    frame = pd.DataFrame({"isi": ["jalan rusak parah", "lampu jalan mati"], "tanggal": days}).assign(**labels)
    frame.to_csv(tmp_path / "a.csv", index=False)
    found = later_rows(read_all([str(tmp_path / "a.csv")], ColumnNames()), None, pool_places=False)
    assert str(found.start)[:10] == "2023-01-05"
    assert len(found.units) + len(found.urgencies) == 2
