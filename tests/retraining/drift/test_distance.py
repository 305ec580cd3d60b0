from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from pipeline.retraining.drift.distance import (
    bin_counts,
    category_counts,
    divergence,
    holm,
    permuted,
    ratio_difference,
)

COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=6).filter(any)


@given(COUNTS, st.data())
def test_the_divergence_is_scipys_squared_distance(old: list[int], data: st.DataObject):
    new = data.draw(st.lists(st.integers(0, 50), min_size=len(old), max_size=len(old)).filter(any))
    p, q = np.array(old) / sum(old), np.array(new) / sum(new)
    assert float(divergence(p, q)) ** 0.5 == pytest.approx(jensenshannon(p, q, base=2), abs=1e-7)


def test_no_overlap_is_one_and_the_same_mix_nothing():
    rng = np.random.default_rng(0)
    apart = permuted(np.array([50, 0]), np.array([0, 50]), 999, rng)
    assert apart.observed == 1.0
    assert apart.p == 1 / 1000
    assert 0.98 < apart.beyond < 1
    same = permuted(np.array([50, 50]), np.array([50, 50]), 999, rng)
    assert (same.observed, same.beyond, same.p) == (0.0, 0.0, 1.0)


def test_drawing_counts_is_permuting_rows():
    """The p-value and what chance is put at, against a test that moves the rows themselves."""
    old, new = np.array([30, 12, 8]), np.array([14, 14, 12])
    found = permuted(old, new, 20_000, np.random.default_rng(1))
    rows = np.repeat([0, 1, 2], old + new)
    rng = np.random.default_rng(2)
    moved = []
    for _ in range(4000):
        rng.shuffle(rows)
        first, second = (np.bincount(side, minlength=3) / len(side) for side in (rows[:50], rows[50:]))
        moved.append(float(divergence(first, second)))
    assert found.p == pytest.approx(np.mean(np.array(moved) >= found.observed**2 - 1e-12), abs=0.02)
    assert found.beyond == pytest.approx((found.observed**2 - np.mean(moved)) ** 0.5, abs=0.01)


def test_p_is_even_without_a_change():
    """About five in a hundred tests fall below .05: a test that only looked significant would not."""
    rng = np.random.default_rng(3)
    low = 0
    for _ in range(400):
        old, new = rng.multinomial(300, [0.5, 0.3, 0.2]), rng.multinomial(200, [0.5, 0.3, 0.2])
        low += permuted(old, new, 199, rng).p <= 0.05
    assert 8 <= low <= 34  # 20 expected; .1 % and 99.9 % quantiles of the binomial


def test_beyond_chance_does_not_grow_as_samples_shrink():
    rng = np.random.default_rng(4)
    beyond = {n: [permuted(*rng.multinomial(n, np.full(20, 0.05), 2), 199, rng).beyond for _ in range(50)]
              for n in (60, 6000)}  # fmt: skip
    assert np.median(beyond[60]) == pytest.approx(0, abs=0.1)
    assert np.median(beyond[6000]) == pytest.approx(0, abs=0.02)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_lowers_a_p_and_keeps_their_order(p: list[float]):
    adjusted = holm(p)
    assert all(after >= before for before, after in zip(p, adjusted, strict=True))
    assert max(adjusted) <= 1
    assert sorted(adjusted) == [adjusted[i] for i in np.argsort(p, kind="stable")]


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_bins_are_of_both_sides_and_every_row_is_in_one():
    old, new = np.arange(100.0), np.full(50, 200.0)
    first, second = bin_counts(old, new)
    assert (first.sum(), second.sum()) == (100, 50)
    assert second.max() == 50
    flat = bin_counts(np.zeros(40), np.zeros(40))
    assert permuted(*flat, 99, np.random.default_rng(0)).p == 1.0


def test_categories_of_either_side_are_counted():
    assert [list(side) for side in category_counts(["b", "a", "b"], ["c"])] == [["a", "b", "c"], [1, 2, 0], [0, 0, 1]]


def test_the_interval_of_a_difference_holds_it():
    """Of 300 pairs of samples of the same ratio about 285 intervals hold zero."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(300):
        sides = []
        for _ in range(2):
            words = rng.poisson(30, 200) + 1
            sides.append((rng.binomial(words, 0.05).astype(float), words.astype(float)))
        _, _, low, high = ratio_difference(*sides)
        inside += low <= 0 <= high
    assert 272 <= inside <= 295
