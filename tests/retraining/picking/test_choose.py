from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from pipeline.retraining.picking.choose import Pool, choose
from pipeline.retraining.picking.reasons import reasons
from pipeline.retraining.picking.space import embed
from pipeline.retraining.picking.worth import Opinion
from pipeline.text import analyze
from tests.retraining.picking.made import complaints

POINTS = embed([analyze(text) for text, _ in complaints()], 0)
UNITS = np.array([unit for _, unit in complaints()])
NAMES = np.unique(UNITS)
NOTHING = np.zeros(len(UNITS), dtype=bool)
NONE_KNOWN = POINTS[:0]


def opinion(sure: np.ndarray, counts: list[float] | None = None) -> Opinion:
    """The right unit at *sure*, the next one gets the rest."""
    right = np.searchsorted(NAMES, UNITS)
    probabilities = np.zeros((len(UNITS), len(NAMES)))
    rows = np.arange(len(UNITS))
    probabilities[rows, right] = sure
    probabilities[rows, (right + 1) % len(NAMES)] = 1 - sure
    return Opinion(NAMES, probabilities, np.array(counts or [50.0] * len(NAMES)))


def test_without_a_model_every_matter_is_met():
    chosen = choose(Pool(POINTS, NONE_KNOWN, None, NOTHING), 8, 0)
    assert set(UNITS[chosen.rows]) == set(NAMES)
    assert all(reason.startswith("mewakili kelompok") for reason in reasons(chosen, None))


def test_what_is_known_already_is_left_to_the_last():
    known = UNITS == "PDAM"
    rest = ~known
    before = choose(Pool(POINTS, NONE_KNOWN, None, NOTHING), 12, 0)
    after = choose(Pool(POINTS, POINTS[known], None, NOTHING), 12, 0)
    assert (UNITS[before.rows] == "PDAM").any()
    assert rest[after.rows].all()
    every = choose(Pool(POINTS, POINTS[known], None, NOTHING), len(UNITS), 0)
    assert known[every.rows[-known.sum() :]].all()


def test_doubt_goes_before_certainty():
    doubtful = np.arange(len(UNITS)) % 5 == 0
    said = opinion(np.where(doubtful, 0.5, 0.99))
    chosen = choose(Pool(POINTS, NONE_KNOWN, said, NOTHING), 20, 0)
    assert doubtful[chosen.rows].mean() > 0.7
    assert "ragu antara" in reasons(chosen, said)[0]


def test_a_rare_unit_is_asked_for_more_often():
    sure = np.full(len(UNITS), 0.7)

    def rows_of_rare(counts: list[float]) -> int:
        chosen = choose(Pool(POINTS, NONE_KNOWN, opinion(sure, counts), NOTHING), 24, 0)
        return Counter(UNITS[chosen.rows].tolist())[str(NAMES[0])]

    assert rows_of_rare([2, 400, 400, 400]) > rows_of_rare([100, 100, 100, 100])
    said = opinion(sure, [2, 400, 400, 400])
    told = reasons(choose(Pool(POINTS, NONE_KNOWN, said, NOTHING), 24, 0), said)
    assert f"unit jarang: {NAMES[0]}" in told


def test_rows_that_say_nothing_come_last():
    empty = np.arange(len(UNITS)) < 100
    chosen = choose(Pool(POINTS, NONE_KNOWN, None, empty), 30, 0)
    assert not empty[chosen.rows[:20]].any()
    assert empty[chosen.rows[20:]].all()
    assert len(set(chosen.rows.tolist())) == 30


def test_doubt_and_rarity_are_what_they_say():
    said = Opinion(np.array(["a", "b", "c"]), np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]]), np.array([0.0, 8.0, 99.0]))
    assert said.doubt() == pytest.approx([0.5, 1.0])
    expected = np.array([0.7 + 0.2 / 3 + 0.1 / 10, 0.5 / 3 + 0.5 / 10])
    assert said.rarity() == pytest.approx(expected / expected.mean())
    assert said.first_two().tolist() == [[0, 1], [1, 2]]


def test_a_ministry_code_is_told_by_its_name():
    said = Opinion(np.array(["ditjen_dukcapil", "ipdn"]), np.array([[0.5, 0.5]]), np.array([9.0, 9.0]))
    chosen = choose(Pool(POINTS[:1], NONE_KNOWN, said, NOTHING[:1]), 5, 0)
    (told,) = reasons(chosen, said)
    assert told.startswith("ragu antara ")
    assert "ditjen_dukcapil" not in told
