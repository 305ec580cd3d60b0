from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.monev.series.interrupted import Effect, TooFew, effect

CHANGED = dt.date(2026, 1, 1)


def months(values, first: str = "2025-01-01") -> pd.Series:
    return pd.Series(np.asarray(values), pd.date_range(first, periods=len(values), freq="MS"))


def draw(rate, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate)


def found(*args, **options) -> Effect:
    result = effect(*args, **options)
    assert isinstance(result, Effect), result
    return result


def test_a_planted_fall_is_found_and_said():
    counts = months(draw(np.r_[np.full(12, 200), np.full(6, 100)]))
    result = found(counts, CHANGED)
    assert result.visible
    assert result.low < -0.5 < result.high < 0
    assert result.sentence.startswith("turun 5") or result.sentence.startswith("turun 4")
    assert result.sentence.endswith(f"(95 %: {round(-100 * result.high)}–{round(-100 * result.low)} %)")


def test_a_planted_rise_is_a_rise():
    result = found(months(draw(np.r_[np.full(12, 100), np.full(6, 200)])), CHANGED)
    assert result.low > 0
    assert result.sentence.startswith("naik ")


def test_no_change_is_not_called_one():
    result = found(months(draw(np.full(18, 100))), CHANGED)
    assert not result.visible
    assert result.sentence.startswith("tidak terlihat perubahan (95 %: turun ")


def test_a_general_fall_is_not_claimed():
    total = np.r_[np.full(12, 2000), np.full(6, 1000)]
    counts = months(draw(total * 0.05))
    assert found(counts, CHANGED).visible
    assert not found(counts, CHANGED, months(total)).visible


def test_a_large_themes_own_fall_is_not_taken_for_a_general_one():
    theme, others = np.r_[np.full(12, 1000), np.full(6, 500)], np.full(18, 1000)
    result = found(months(theme), CHANGED, months(theme + others))
    assert result.change == pytest.approx(-0.5, abs=0.02)


def test_no_complaint_at_all_after_the_change_is_a_fall():
    result = found(months(np.r_[draw(np.full(12, 40)), np.zeros(6, int)]), CHANGED)
    assert result.change == -1
    assert -1 <= result.low <= result.high < -0.8


def test_the_period_of_the_change_is_left_out():
    counts = months(np.r_[np.full(12, 100), 10_000, np.full(5, 100)])
    result = found(counts, dt.date(2026, 1, 2))
    assert (result.before, result.after, result.seen) == (12, 5, 500)
    assert found(counts, CHANGED).seen == 10_500
    assert [point.begins for point in result.line][11:13] == [dt.date(2025, 12, 1), dt.date(2026, 2, 1)]


def test_weeks_are_taken_four_at_a_time_from_the_change():
    index = pd.date_range("2025-01-06", periods=60, freq="7D")
    counts = pd.Series(np.arange(60) % 3 + 9, index)
    result = found(counts, dt.date(2025, 11, 5))  # a Wednesday: the week from 3 November is left out
    assert (result.before, result.after) == (10, 4)
    assert [point.after for point in result.line] == [False] * 10 + [True] * 4
    firsts = [point.begins for point in result.line]
    assert firsts[9:11] == [dt.date(2025, 10, 6), dt.date(2025, 11, 10)]
    assert result.seen == counts[index >= "2025-11-10"].iloc[:16].sum()


def test_no_more_is_judged_after_than_was_known_before():
    result = found(months(np.full(40, 50)), dt.date(2025, 9, 1))
    assert (result.before, result.after) == (8, 8)


@pytest.mark.parametrize(
    ("values", "changed", "words"),
    [
        (np.full(12, 50), dt.date(2025, 8, 1), "baru 7 bulan sebelum perubahan (perlu 8)"),
        (np.full(14, 50), CHANGED, "baru 2 bulan sesudah perubahan (perlu 3)"),
        (np.full(18, 2), CHANGED, "baru 24 aduan sebelum perubahan (perlu 30)"),
        (np.full(15, 3), CHANGED, "tanpa perubahan pun hanya sekitar 9 aduan (perlu 10)"),
        (np.array([0, 900, 0, 0, 2, 0, 0, 700, 0, 0, 0, 0, 9, 9, 9]), CHANGED, "terlalu naik-turun"),
    ],
)
def test_no_claim_where_data_are_too_few(values, changed, words):
    result = effect(months(values), changed)
    assert isinstance(result, TooFew)
    assert words in result.sentence


def test_no_claim_without_other_complaints_to_compare_with():
    counts = months(np.full(18, 50))
    assert isinstance(effect(counts, CHANGED, counts), TooFew)


def test_a_season_is_in_the_line_from_two_years_on():
    n = np.arange(42)
    counts = months(np.round(300 * np.exp(0.4 * np.sin(2 * np.pi * n / 12))), "2023-01-01")
    with_season = found(counts, dt.date(2026, 1, 1))
    assert with_season.season
    assert abs(with_season.change) < 0.05  # January to June is the high half: without a season it looked like a rise
    late = found(counts[counts.index >= "2024-03-01"], dt.date(2026, 1, 1))
    assert not late.season
    assert late.change > 0.15


def test_wrong_series_are_refused():
    counts = months(np.full(18, 50))
    with pytest.raises(ValueError, match="every month by its first day"):
        effect(counts.drop(counts.index[4]), CHANGED)
    with pytest.raises(ValueError, match="DatetimeIndex"):
        effect(counts.reset_index(drop=True), CHANGED)
    with pytest.raises(ValueError, match="exposure"):
        effect(counts, CHANGED, counts - 1)


def test_about_one_placebo_in_twenty_is_visible():
    rng = np.random.default_rng(7)
    results = [found(months(rng.poisson(60 * rng.gamma(20, 1 / 20, 18))), CHANGED) for _ in range(300)]
    assert 0.01 <= np.mean([one.visible for one in results]) <= 0.09
