from __future__ import annotations

import numpy as np
import pytest

from pipeline.reports.monev.themes import growth, growth_by, theme_table
from pipeline.reports.monev.themes.growth import FALLS, RISES, SAME, TOO_FEW, Growth, _with_q


def _rows(now: list[int], before: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of themes 0, 1, … as often as told; the last number is of no theme."""
    themes = [*range(len(now) - 1), -1]
    of = np.repeat(np.array([*themes, *themes], dtype=np.int32), [*now, *before])
    is_now = np.arange(len(of)) < sum(now)
    return of, is_now, ~is_now


def test_what_rises_falls_stays_and_is_too_few():
    of, now, before = _rows([90, 30, 100, 3, 277], [30, 90, 100, 3, 277])
    rising, falling, same, few = growth(of, now, before, 4)
    assert [one.verdict for one in (rising, falling, same, few)] == [RISES, FALLS, SAME, TOO_FEW]
    assert rising.share_now == pytest.approx(90 / 500)
    assert rising.ratio == pytest.approx(1 / falling.ratio)
    assert 1 < rising.low < rising.ratio < (90 / 410) / (30 / 470) < rising.high
    assert (few.ratio, few.q) == (None, None)


def test_the_log_odds_are_those_of_the_paper():
    of, now, before = _rows([40, 60], [20, 80])
    (one,) = growth(of, now, before, 1)
    prior, weight = 10.0, 10.0 * 60 / 200  # two classes, five complaints each; the class's share in both periods
    logs = [np.log((y + weight) / (100 + prior - y - weight)) for y in (40, 20)]
    error = np.sqrt(1 / (40 + weight) + 1 / (20 + weight))
    assert one.z == pytest.approx((logs[0] - logs[1]) / error)
    assert one.ratio == pytest.approx(np.exp(logs[0] - logs[1]))


def test_q_is_benjamini_hochbergs():
    changes = [Growth(i, 9, 9, 0.1, 0.1, z=1.0, p=p) for i, p in enumerate([0.01, 0.04, 0.03, 0.5])]
    assert [one.q for one in _with_q(changes)] == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_a_small_period_says_nothing():
    of, now, before = _rows([30, 10], [100, 300])
    (one,) = growth(of, now, before, 1)
    assert (one.verdict, one.now, one.before) == (TOO_FEW, 30, 100)
    nothing = growth(of, now, np.zeros(len(of), dtype=bool), 1)[0]
    assert (nothing.share_before, nothing.before) == (None, 0)


def test_random_halves_seldom_raise_an_alarm():
    draw = np.random.default_rng(5)
    alarms = 0
    for _ in range(200):
        of = draw.integers(-1, 20, 1200).astype(np.int32)
        now = draw.permutation(1200) < 600
        alarms += any(one.verdict in (RISES, FALLS) for one in growth(of, now, ~now, 20))
    assert alarms <= 18  # 200 draws with a chance of .05 give more than 18 once in a hundred times


def test_by_group_only_enough_rows_are_tested_and_unknown_groups_left_out():
    of, now, before = _rows([80, 120], [20, 180])
    codes = np.where(np.arange(len(of)) % 8 == 0, 1, 0)
    codes[:3] = -1
    found = growth_by(of, now, before, 1, codes, ["Dinas A", "Dinas B", "Dinas C"])
    assert [(one.group, one.verdict) for one in found] == [("Dinas A", RISES), ("Dinas B", TOO_FEW)]
    table = theme_table(of, now, 1, codes, 3)
    assert table[:, 0].tolist() == [one.now for one in found] + [0]
