from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.monev.series.backtest import backtest, weeks_needed
from pipeline.reports.monev.series.forecast import HORIZON, NotShown, UnitForecast, forecast
from pipeline.reports.monev.series.intervals import Errors, bounds
from pipeline.reports.monev.series.methods import BASELINES, METHODS, last_year, robust_smoothing, smoothing


def weeks(values: np.ndarray, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(values, pd.date_range("2024-01-01", periods=len(values), freq="7D"), names)


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    """100 weeks: a steady unit, one that walks (the naive forecast is best), one with hardly a complaint."""
    rng = np.random.default_rng(3)
    walk = 200 * np.exp(np.cumsum(rng.normal(0, 0.3, 100)))
    return weeks(np.stack([rng.poisson(30, 100), rng.poisson(walk), rng.poisson(0.2, 100)], axis=1), ["A", "B", "C"])


@pytest.fixture(scope="module")
def found(counts: pd.DataFrame) -> list[UnitForecast | NotShown]:
    return forecast(counts)


def test_a_steady_unit_is_shown_with_what_is_to_come(found):
    one = found[0]
    assert isinstance(one, UnitForecast)
    assert one.weeks[0] == dt.date(2025, 12, 1)
    assert len(one.weeks) == len(one.by_week) == HORIZON
    assert all(week.low95 <= week.low80 < week.mean < week.high80 <= week.high95 for week in one.by_week)
    assert one.total.mean == pytest.approx(sum(week.mean for week in one.by_week))
    assert one.total.mean == pytest.approx(240, rel=0.1)
    assert one.total.low80 > sum(week.low80 for week in one.by_week)  # weeks' errors cancel in part
    assert one.error < one.baseline_error
    assert one.inside80 > 0.7
    assert one.inside95 > 0.9
    assert f"diperkirakan {round(one.total.mean)} aduan" in one.sentence


def test_a_unit_that_the_naive_forecast_serves_best_is_not_shown(found):
    assert isinstance(found[1], NotShown)
    assert "tidak terbukti lebih tepat daripada pekan terakhir diulang" in found[1].reason


def test_a_unit_with_hardly_a_complaint_is_not_shown(found):
    assert found[2] == NotShown("C", "kurang dari satu aduan sepekan dalam 26 pekan terakhir")


def test_a_short_history_is_said(counts):
    need = weeks_needed(HORIZON)
    assert forecast(counts.iloc[: need - 1])[0] == NotShown(
        "A", f"riwayat baru {need - 1} pekan utuh; perlu {need} pekan"
    )
    assert "riwayat" not in getattr(forecast(counts.iloc[:need])[0], "reason", "")


def test_weeks_with_a_gap_or_other_days_are_refused(counts):
    with pytest.raises(ValueError, match="every week"):
        forecast(counts.drop(counts.index[3]))
    with pytest.raises(ValueError, match="Mondays"):
        forecast(counts.set_axis(counts.index + pd.Timedelta(days=1)))


def test_the_method_is_chosen_without_a_look_at_the_judged_weeks(counts):
    Y = counts.to_numpy(float)
    record = backtest(Y, HORIZON)
    start = record.origins[record.judged[0]]
    assert record.origins[record.choosing].max() + HORIZON <= start
    changed = Y.copy()
    changed[start:] = 5 * changed[start:][::-1]
    again = backtest(changed, HORIZON)
    assert again.scores == record.scores
    assert again.method is record.method
    assert not np.array_equal(again.loss, record.loss)


@pytest.mark.parametrize("method", [*BASELINES, *METHODS], ids=lambda method: method.key)
def test_each_method_gives_a_steady_series_its_level(method):
    steady = np.tile([[10.0, 40.0]], (120, 1))
    np.testing.assert_allclose(method.run(steady, 8), np.tile([[10.0, 40.0]], (8, 1)), rtol=0.01)


@pytest.mark.parametrize("method", [*BASELINES, *METHODS], ids=lambda method: method.key)
def test_each_method_takes_its_fewest_weeks_and_gives_no_negative_count(method):
    falling = np.maximum(np.linspace(50, -20, max(method.needs, 16)), 0)[:, None]
    values = method.run(falling, 8)
    assert values.shape == (8, 1)
    assert (values >= 0).all()


def test_the_seasonal_naive_forecast_is_the_same_weeks_of_last_year():
    series = np.arange(70.0)[:, None]
    assert last_year(series, 8)[:, 0].tolist() == list(range(18, 26))


def test_one_extraordinary_week_moves_the_robust_level_less():
    series = np.full((40, 1), 20.0)
    series[-2] = 400
    assert robust_smoothing(series, 1, 0.1)[0, 0] < 23 < smoothing(series, 1, 0.1)[0, 0]


def test_a_yearly_season_is_found_where_years_are_known():
    rng = np.random.default_rng(4)
    n = np.arange(190)
    rate = np.exp(0.8 * np.sin(2 * np.pi * n / 52))[:, None] * np.array([20.0, 40.0, 80.0])
    record = backtest(rng.poisson(rate).astype(float), HORIZON)
    assert record.method.key in {"regresi_musim", "musim_bersama"}
    assert record.loss.mean() < 0.9 * record.rival_loss.mean()


def test_the_intervals_of_true_means_hold_their_share():
    rng = np.random.default_rng(5)
    mean = np.full((120, 8, 2), 25.0)
    seen = rng.negative_binomial(25 / 2, 1 / 3, mean.shape).astype(float)  # variance 3 times the mean
    errors = Errors(np.arange(16, 136), mean, seen)
    np.testing.assert_allclose(errors.weekly(144), 3, rtol=0.15)
    judged = np.arange(40, 120)
    assert errors.inside(judged, 0.80).mean() == pytest.approx(0.82, abs=0.03)
    assert errors.inside(judged, 0.95).mean() == pytest.approx(0.955, abs=0.02)


def test_the_spread_knows_only_weeks_that_were_over():
    mean = np.full((30, 8, 1), 10.0)
    seen = np.full((30, 8, 1), 14.0)
    errors = Errors(np.arange(16, 46), mean, seen)
    before = errors.weekly(34).copy()
    seen[11:] = 1000  # the origin of week 27 ends in week 35
    np.testing.assert_array_equal(errors.weekly(34), before)
    assert (errors.weekly(35) > before).all()


def test_bounds_of_a_poisson_count_are_the_poissons():
    low, high = bounds(np.array([30.0]), np.array([1.001]), 0.95)
    assert (low[0], high[0]) == (20, 41)
