from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.monev.policy import factors, policy_list, services, since
from pipeline.reports.monev.themes import Definition, Themes, growth

DEFINITIONS = (
    Definition("a" * 10, "lampu mati", {"lampu": 1.0}, 0.5),
    Definition("b" * 10, "sampah", {"sampah": 1.0}, 0.5),
)


def _frame() -> tuple[pd.DataFrame, Themes, np.ndarray]:
    """Six months: 40 lamps and 40 heaps of rubbish each; in the last the lamps are 120, most of them open."""
    rows = []
    for month in range(1, 7):
        for number in range(120 if month == 6 else 40):
            rows.append(
                (f"2026-{month:02d}-10", 0, "Dinas Perhubungan", "diproses" if number % 4 else "selesai", "Kec. A")
            )
        for number in range(40):
            rows.append(
                (f"2026-{month:02d}-11", 1, "Dinas Lingkungan Hidup", "selesai", "Kec. B" if number % 3 else "Kec. A")
            )
    day, of, unit, stage, region = zip(*rows, strict=True)
    frame = pd.DataFrame(
        {
            "received": pd.to_datetime(pd.Series(day)), "text": "menurut Perda Nomor 5 Tahun 2014",
            "unit": pd.Categorical(unit), "status": pd.Categorical(stage), "stage": pd.Categorical(stage),
            "region": pd.Categorical(region), "level": pd.Categorical([np.nan] * len(rows)),
        }
    )  # fmt: skip
    themes = Themes(
        np.array(of, dtype=np.int32),
        np.ones(len(of), dtype=np.float32),
        DEFINITIONS,
        (("lampu mati",), ("sampah",)),
        (0.1, 0.1),
    )
    return frame, themes, (frame["received"] >= "2026-06-01").to_numpy()


def test_the_list_tells_who_what_since_when_where_and_how_it_was_answered():
    frame, themes, now = _frame()
    before = (frame["received"].dt.month == 5).to_numpy()
    first, second = policy_list(frame, themes, now, growth(themes.of, now, before, 2), (("Lampu padam …",), ()))
    assert (first.theme, first.asked, first.unit, first.quote) == (
        "a" * 10,
        "lampu mati",
        "Dinas Perhubungan",
        "Lampu padam …",
    )
    assert (first.complaints, first.before, first.verdict, first.unit_share) == (120, 40, "naik", 1.0)
    assert first.open_share == pytest.approx(0.75)
    assert first.same_answer == pytest.approx(0.75)
    assert (first.since, first.first) == (dt.date(2026, 6, 1), dt.date(2026, 1, 1))
    assert first.where == (("Kec. A", 120),)
    assert second.where == (("Kec. B", 26), ("Kec. A", 14))
    assert (second.since, second.quote) == (None, "")
    assert "Penerangan jalan umum" in first.services
    assert first.laws == ("Perda 5/2014",)
    assert first.urgent_share is None
    assert first.factors.urgency == 1


def test_courtesy_small_themes_and_other_units_are_left_out():
    frame, themes, now = _frame()
    changes = growth(themes.of, now, ~now, 2)
    polite = replace(themes, courtesy=(0.1, 0.9))
    assert [item.asked for item in policy_list(frame, polite, now, changes)] == ["lampu mati"]
    own = policy_list(frame, themes, now, changes, unit="Dinas Lingkungan Hidup")
    assert [item.asked for item in own] == ["sampah"]
    assert policy_list(frame, themes, np.zeros(len(frame), dtype=bool), changes) == []


def test_what_counts_as_completed_is_the_offices_choice():
    frame, themes, now = _frame()
    changes = growth(themes.of, now, ~now, 2)
    nothing = policy_list(frame, themes, now, changes, completed=np.zeros(len(frame), dtype=bool))
    assert {item.open_share for item in nothing} == {1.0}


def test_without_status_region_unit_and_level_there_still_is_a_list():
    frame, themes, now = _frame()
    bare = frame.assign(
        **{name: pd.Categorical([np.nan] * len(frame)) for name in ("unit", "status", "stage", "region")}
    )
    items = policy_list(bare, themes, now, growth(themes.of, now, ~now, 2))
    assert [item.asked for item in items] == ["lampu mati", "sampah"]
    assert {(item.unit, item.open_share, item.same_answer, item.where) for item in items} == {("", None, None, ())}
    assert all(item.factors.product > 0 for item in items)


def test_each_factor_is_bounded_rises_and_is_one_where_nothing_is_known():
    low, high = factors(5, 100, 0.01, 0.0, 0.0), factors(100, 100, 99.0, 1.0, 1.0)
    assert 0 < low.volume < high.volume == 1
    assert 0 < low.growth < 0.1 < 1.9 < high.growth < 2
    assert (low.unfinished, high.unfinished, low.urgency, high.urgency) == (0.5, 1.5, 0.5, 1.5)
    unknown = factors(100, 100, None, None, None)
    assert unknown.product == unknown.growth == unknown.unfinished == unknown.urgency == 1


def test_since_is_the_first_month_of_the_run_above_noise():
    totals = np.full(8, 200)
    assert since(np.array([5, 4, 6, 5, 5, 20, 22, 25]), totals, 7) == 5
    assert since(np.array([5, 4, 6, 30, 5, 5, 6, 5]), totals, 7) is None
    assert since(np.array([5, 30]), totals[:2], 1) is None
    assert since(np.array([0, 0, 0, 9]), totals[:4], 3) == 3


def test_services_by_crosswalk_by_name_and_of_the_ministry():
    assert services("Dinas Sosial Kabupaten Contoh") == ("Sosial",)
    assert services("") == ()
    assert len(services("ditjen_dukcapil")[0]) > 20
    assert services("Meja Depan") == ()
