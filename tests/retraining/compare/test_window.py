"""Which rows two models are compared on, and when it must be said that the champion may know some of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.intake import read_all
from pipeline.retraining.compare import run
from pipeline.retraining.compare.answers import Answers
from pipeline.retraining.compare.checks import CheckRows
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


def warnings(patch: pytest.MonkeyPatch, facts: dict, urgencies=NO_ROWS, **window) -> tuple[str, ...]:
    """Return what the comparison of dinas/2 with dinas/1, whose manifest has *facts*, warns of."""

    def ask(version: ModelVersion, folder: Path, texts: list[str], labels: list[str]) -> Answers:
        n = len(texts)
        ranked = np.full((n, 3), "jalan", dtype=object)
        same = np.full(n, "rendah", dtype=object)
        return Answers(version, frozenset({"jalan", "lampu"}), ranked, np.full(n, 0.9), same, same, 0.001, 1)

    manifest = {"labels": {"unit": ["jalan", "lampu"]}, "unit": {}, "urgency": {}, **facts}
    kept: list[dict] = []
    patch.setattr(run, "champion_of", lambda *_: VERSIONS[0])
    patch.setattr(run, "artefact_folder", lambda *_: Path("unopened"))
    patch.setattr(run, "_manifest", lambda _: manifest)
    patch.setattr(run, "ask", ask)
    patch.setattr(run, "check_rows", lambda: CheckRows(("a", "b"), ("darurat", "rendah"), (True, False)))
    patch.setattr(run, "log_json", lambda *given: kept.append(given[-1]))
    outcome = run.compare_with_champion(Path("unopened"), VERSIONS[1], UNITS, urgencies, **window)
    assert outcome is not None
    assert kept == [outcome.to_dict()]
    return outcome.warnings


@pytest.mark.parametrize(
    ("facts", "urgencies", "window", "said"),
    [
        ({"unit": {"last_day": "2022-12-31"}}, NO_ROWS, {"start": START}, ()),
        (
            {"unit": {"last_day": "2023-02-01"}}, NO_ROWS, {"start": START},
            ("dinas/1 was trained on rows until 2023-02-01, some of these among them: that favours it",),
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
    assert warnings(monkeypatch, facts, urgencies, **window) == said


@pytest.mark.parametrize("labels", [{"unit": "jalan"}, {"urgensi": "tinggi"}])
def test_the_window_of_dated_rows_has_a_start(tmp_path: Path, labels: dict[str, str]):
    days = ["2023-03-01", "2023-01-05"]
    frame = pd.DataFrame({"isi": ["jalan rusak parah", "lampu jalan mati"], "tanggal": days}).assign(**labels)
    frame.to_csv(tmp_path / "a.csv", index=False)
    found = later_rows(read_all([str(tmp_path / "a.csv")], ColumnNames()), None, pool_places=False)
    assert str(found.start)[:10] == "2023-01-05"
    assert len(found.units) + len(found.urgencies) == 2
