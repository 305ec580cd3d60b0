from __future__ import annotations

import numpy as np
import pytest

from pipeline.errors import OptionError
from pipeline.retraining.audit.confident import cleanlab_doubts, doubts, thresholds

P = np.array([[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.85, 0.1, 0.05], [0.1, 0.2, 0.7], [0.5, 0.3, 0.2]])
GIVEN = np.array([0, 1, 1, 2, 0])


def test_thresholds_are_each_class_s_own_mean_confidence():
    assert thresholds(P, GIVEN) == pytest.approx([0.7, 0.4, 0.7])
    assert thresholds(P[:, :2], np.array([0, 0, 0, 0, 0]))[1] == 1.0  # no row: nobody becomes a member


def test_a_row_that_another_class_claims_is_wrong_and_first():
    found = doubts(P, GIVEN)
    assert found.wrong.tolist() == [False, False, True, False, False]
    assert found.score.argmax() == 2
    assert (found.other[2], found.p_other[2], found.p_given[2]) == (0, 0.85, 0.1)
    assert found.score[2] == pytest.approx(0.85 / 0.95)


def test_only_the_likeliest_class_can_claim_a_row():
    limits = np.array([0.9, 0.25, 0.7])
    assert not doubts(P, GIVEN, limits).wrong[4]  # class 1 reaches .3 >= .25, but the given class 0 has .5
    # Class 1 reaches .1 nowhere near its turn: the likeliest class 0 has .85 and would need .9.
    assert not doubts(P, np.array([0, 1, 2, 2, 0]), np.array([0.9, 0.05, 0.7])).wrong[2]


def test_an_unknown_label_is_judged_by_the_likeliest_class():
    found = doubts(P, np.array([-1, 1, 1, 2, -1]), np.array([0.8, 0.5, 0.5]))
    assert (found.other[0], found.p_given[0]) == (0, pytest.approx(0.05))
    assert found.wrong.tolist() == [True, False, True, False, False]


def test_cleanlab_agrees_on_what_is_plain():
    pytest.importorskip("cleanlab")
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet((0.3,) * 4, 200)
    given = probabilities.argmax(axis=1)
    given[:10] = (given[:10] + 1) % 4
    found = cleanlab_doubts(probabilities, given)
    assert found.wrong[:10].sum() >= 5
    assert found.wrong[10:].sum() == 0
    assert set(np.argsort(-found.score)[:5].tolist()) <= set(range(10))
    assert (found.other == doubts(probabilities, given).other).all()


def test_without_cleanlab_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "cleanlab.filter", None)
    with pytest.raises(OptionError, match=r"disposisi\[audit\]"):
        cleanlab_doubts(P, GIVEN)
