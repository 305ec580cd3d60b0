"""Intervals against published examples and against what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from pipeline.reports.monev.intervals import Estimate, difference, growth, quantile, share


def test_the_difference_of_shares_is_newcombes():
    # Newcombe 1998, table II (a), method 10 (Wilson, no continuity correction): 56/70 - 48/80.
    found = difference(share(56, 70), share(48, 80))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-4)


def test_growth_is_the_exact_conditional_interval():
    found = growth(30, 20)
    assert found.value == pytest.approx(0.5)
    # At the ends the observed split of 50 has a binomial tail of 2.5 %.
    for end, tail in (
        (found.low, binom.sf(29, 50, (1 + found.low) / (2 + found.low))),
        (found.high, binom.cdf(30, 50, (1 + found.high) / (2 + found.high))),
    ):
        assert tail == pytest.approx(0.025), end
    assert growth(0, 5).value == growth(0, 5).low == -1
    assert all(map(math.isnan, growth(5, 0)))


def test_shares_at_the_ends_stay_inside():
    assert share(0, 10).low == 0
    assert share(12, 12).high == 1
    assert all(map(math.isnan, share(0, 0)))


def test_a_quantile_is_the_least_value_that_reaches_the_share():
    values = np.arange(1, 101, dtype=np.float64)
    assert quantile(values, 0.5) == Estimate(50, 40, 61)  # the classical ranks of n = 100
    assert quantile(values, 0.9).value == 90
    assert quantile(values[::-1], 0.9) == quantile(values, 0.9)
    few = quantile(np.array([3.0, 1.0, 2.0]), 0.9)
    assert few.value == 3
    assert math.isnan(few.high)  # three values say nothing of how large the 90th percentile may be


def test_the_interval_of_a_quantile_holds_it_as_often_as_promised():
    draw = np.random.default_rng(8)
    samples = draw.integers(0, 1000, size=(2000, 60)).astype(np.float64)
    held = [found.low <= 500 <= found.high for found in (quantile(sample, 0.5) for sample in samples)]
    assert np.mean(held) > 0.95
