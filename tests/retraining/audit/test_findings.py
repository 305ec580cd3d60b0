from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.intake import read_all
from pipeline.retraining.audit.findings import CONFLICT, WRONG, Audit, audit
from pipeline.retraining.audit.judging import judge, text_groups, unit_probabilities
from pipeline.retraining.audit.rows import audit_rows
from pipeline.retraining.audit.staff import STAFF
from pipeline.retraining.audit.units import ONE_PERIOD, SMALL, one_period_units, small_units
from pipeline.retraining.corpus import starter_data
from pipeline.retraining.recipes import load_recipe
from pipeline.settings import ColumnNames
from tests.retraining.audit.examples import file_of, spoiled

PLANTED = {"L0010", "L0050", "L0090", "L0130"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    file = file_of(tmp_path_factory.mktemp("audit"), spoiled())
    return audit(audit_rows(read_all([file], ColumnNames())))


def ids(found: Audit, kind: str) -> set[str]:
    return {finding.row.id for finding in found.rows if kind in finding.kinds}


def test_every_row_is_listed_once_planted_errors_early(found: Audit):
    assert len(found.rows) == len(spoiled())
    assert len(ids(found, WRONG) & PLANTED) >= 3
    assert {finding.row.id for finding in found.rows[:10]} >= PLANTED
    by_id = {finding.row.id: finding for finding in found.rows}
    assert by_id["L0010"].proposed == "Dinas Sekolah"
    assert by_id["L0010"].p_proposed > by_id["L0010"].p_given
    assert "Dinas Sekolah" in by_id["L0010"].reasons[0]


def test_most_rows_look_right(found: Audit):
    assert sum(not finding.kinds for finding in found.rows) > 0.85 * len(found.rows)
    assert [finding.score for finding in found.rows] == sorted((one.score for one in found.rows), reverse=True)


def test_equal_texts_that_disagree_go_to_the_majority(found: Audit):
    assert ids(found, CONFLICT) == {"D3"}
    odd = next(finding for finding in found.rows if finding.row.id == "D3")
    assert (odd.given, odd.proposed) == ("Dinas Jalan", "Dinas Sampah")
    assert "2 di antaranya" in " ".join(odd.reasons)


def test_a_staff_text_comes_first_and_should_have_no_label(found: Audit):
    assert ids(found, STAFF) == {"P1"}
    assert found.rows[0].row.id == "P1"
    assert found.rows[0].proposed == ""


def test_the_unit_of_two_rows_is_too_small(found: Audit):
    assert [(one.kind, one.unit, one.rows) for one in found.units] == [(SMALL, "Museum", 2)]


def test_one_unit_alone_leaves_labels_unjudged(tmp_path: Path):
    frame = spoiled().assign(unit="Dinas Jalan").head(12)
    only = audit(audit_rows(read_all([file_of(tmp_path, frame)], ColumnNames())))
    assert only.unjudged == ("unit",)
    assert len(only.rows) == 12


def test_a_unit_that_ends_early_is_told_from_chance():
    days = np.arange("2026-01-01", "2026-07-20", dtype="datetime64[D]").astype("datetime64[us]")
    labels = ["lama" if number < 100 and number % 2 else "tetap" for number in range(200)]
    (ended,) = one_period_units(labels, days)
    assert (ended.kind, ended.unit, ended.rows) == (ONE_PERIOD, "lama", 50)
    assert "berakhir pada 2026-04-10" in ended.reason
    few = ["jarang" if number in (3, 40) else "tetap" for number in range(200)]
    assert not one_period_units(few, days)
    assert not one_period_units(labels, np.full(200, np.datetime64("NaT", "us")))


def test_small_units_follow_the_training_s_floor():
    assert [one.unit for one in small_units(["a"] * 30 + ["b"] * 2, None)] == ["b"]
    assert [one.unit for one in small_units(["a"] * 30 + ["b"] * 2, 2)] == []


def _planted(seed: int, every: Callable[[int], bool]) -> float:
    rows = starter_data().units
    rows = rows.take(number for number in range(len(rows)) if every(number))
    units, labels, rng = sorted(set(rows.labels)), list(rows.labels), np.random.default_rng(seed)
    wrong = rng.choice(len(labels), len(labels) // 20, replace=False)
    for row in wrong:
        labels[row] = str(rng.choice([unit for unit in units if unit != labels[row]]))
    groups = text_groups(rows.texts, labels)
    held_out = unit_probabilities(rows.texts, labels, groups, load_recipe("unit"))
    assert held_out is not None
    judged = judge(rows.texts, labels, groups, held_out)
    first = sorted(judged, key=lambda row: -judged[row].score)[: len(rows) // 10]
    return len(set(first) & set(wrong.tolist())) / len(wrong)


def test_of_errors_planted_in_the_starter_corpus_most_stand_in_the_first_tenth():
    # Random order finds .10; measured on all rows: .74 and .80 (docs/audit.md).
    assert _planted(0, lambda number: number % 2 == 0) >= 0.5
