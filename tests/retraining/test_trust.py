"""What a label counts, and that the fit counts it so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from pipeline.classifiers import UnitClassifier, linear
from pipeline.classifiers.unit import Pool
from pipeline.errors import OptionError
from pipeline.retraining.decided import Kind, Record
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.trust import FILE, load_trust
from pipeline.settings import recipes_dir
from tests.retraining.decided_examples import ROADS, WASTE, decided, text

SHIPPED = (recipes_dir() / FILE).read_text(encoding="utf-8")


def own_table(tmp_path: Path, old: str, new: str) -> Path:
    assert old in SHIPPED
    path = tmp_path / "bobot.toml"
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, Kind.AGREED),
        ({"grouped": True}, Kind.GROUP),
        ({"rank": 2}, Kind.CORRECTED),
        ({"rank": 0, "grouped": True}, Kind.CORRECTED),
        ({"returned_from": WASTE}, Kind.RETURNED),
        ({"rank": None}, Kind.AGREED),
        ({"rank": None, "suggested": WASTE}, Kind.CORRECTED),
        ({"unit": "", "action": "lengkapi", "rank": None}, Kind.NO_UNIT),
    ],
)
def test_how_a_decision_was_made(more: dict, kind: Kind):
    assert decided(**more).kind is kind


def test_closer_looks_count_more():
    trust = load_trust()
    weights = [
        trust.unit_weight(decided(**more))
        for more in ({"grouped": True}, {}, {"rank": 0}, {"rank": 1, "returned_from": WASTE})
    ]
    assert weights == sorted(set(weights))
    assert weights[1] <= trust.weights.history < weights[2]
    assert trust.urgency_weight(decided(grouped=True)) < trust.urgency_weight(decided())


def test_few_decisions_change_little_and_none_nothing():
    factor = load_trust().reliability.factor
    assert factor(Record(0, 0)) == 1
    assert factor(Record(1, 1)) == pytest.approx(19 / 21 / 0.95)
    assert factor(Record(1, 1)) > 0.95
    assert factor(Record(1000, 500)) == pytest.approx(519 / 1020 / 0.95)
    assert factor(Record(1000, 0)) == 1


@settings(deadline=None)
@given(
    decided_=st.builds(
        decided,
        rank=st.sampled_from([None, 0, 1, 2, 3]),
        grouped=st.booleans(),
        returned_from=st.sampled_from(["", WASTE]),
        officer=st.sampled_from(["sari", "budi"]),
    ),
    record=st.integers(0, 10_000).flatmap(lambda n: st.builds(Record, st.just(n), st.integers(0, n))),
    by_hand=st.floats(0.001, 2),
    base=st.floats(0.001, 10),
)
def test_weights_are_positive_and_bounded(decided_, record, by_hand, base):
    shipped = load_trust()
    trust = shipped.model_copy(
        update={
            "officers": {"sari": by_hand},
            "weights": shipped.weights.model_copy(update=dict.fromkeys(("agreed", "corrected", "urgency"), base)),
        }
    )
    for known in (record, None):
        for weight in (trust.unit_weight(decided_, known), trust.urgency_weight(decided_, known)):
            assert 0 < trust.bounds.least <= weight <= trust.bounds.most


def test_an_office_may_set_its_own(tmp_path: Path):
    trust = load_trust(own_table(tmp_path, "[officers]", "[officers]\nsari = 0.5"))
    assert trust.unit_weight(decided()) == pytest.approx(trust.unit_weight(decided(officer="budi")) / 2)
    assert "sari" not in str(trust.facts())
    assert trust.facts()["officers_set_by_hand"] == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("agreed = 0.7", "agreed = 0", "weights.agreed"),
        ("agreed = 0.7", "agred = 0.7", "weights.agre"),
        ("[officers]", "[officers]\nsari = -1.0", "officers.sari"),
        ("least = 0.1", "least = 9.0", "least is more than most"),
        ("[bounds]", "[bounds", "not a readable table"),
    ],
)
def test_a_wrong_table_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str):
    path = own_table(tmp_path, old, new)
    with pytest.raises(OptionError, match=told) as error:
        load_trust(path)
    assert str(path) in str(error.value)


def test_a_missing_table_is_refused(tmp_path: Path):
    with pytest.raises(OptionError, match=r"tiada\.toml"):
        load_trust(tmp_path / "tiada.toml")


DOCS = [text(unit, i).split() for i in range(15) for unit in (ROADS, WASTE)]
LABELS = [ROADS, WASTE] * 15


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """liblinear's threads share one source of chance: only one thread gives the same bits twice."""
    monkeypatch.setattr(linear, "THREADS", 1)


def fitted(weights: np.ndarray | None) -> UnitClassifier:
    times = np.datetime64("2022-01-01", "us") + np.arange(30) * np.timedelta64(1, "D")
    pool = Pool([["aspal", "jalan"], ["sampah", "bau"]], [ROADS, WASTE], 0.3)
    return UnitClassifier(load_recipe("unit")).fit(DOCS, LABELS, times, pool, weights)


@pytest.mark.usefixtures("one_thread")
def test_with_all_weights_one_the_model_is_the_same_to_the_bit():
    plain, ones, other = fitted(None), fitted(np.ones(30)), fitted(np.linspace(0.5, 2, 30))
    for name, array in plain.arrays().items():
        assert array.tobytes() == ones.arrays()[name].tobytes(), name
    assert plain.facts() == ones.facts()
    assert not np.array_equal(plain.coef_, other.coef_)


@pytest.mark.usefixtures("one_thread")
def test_the_held_out_folds_are_weighted_too(monkeypatch: pytest.MonkeyPatch):
    seen = []
    fit = linear.fit_one_against_rest
    monkeypatch.setattr(
        "pipeline.classifiers.unit.fit_one_against_rest",
        lambda matrix, labels, weights, recipe: seen.append(weights) or fit(matrix, labels, weights, recipe),
    )
    weights = np.linspace(0.5, 2, 30)
    fitted(weights)
    assert [len(given) for given in seen] == [24 + 2] * 5 + [30 + 2]
    # Each row is held out once: in the folds it counts four times, at the end once more.
    assert sum(given[:-2].sum() for given in seen) == pytest.approx(5 * weights.sum())


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("weight", [2, 3])
def test_a_row_of_weight_two_is_two_rows(weight: int):
    """On the same features; document frequencies do not know weights."""
    draw = np.random.default_rng(0)
    matrix = sparse.csr_matrix(np.abs(draw.normal(size=(40, 8))) * (draw.random((40, 8)) < 0.6), dtype=np.float32)
    labels = [("a", "b", "c")[i % 3] for i in range(40)]
    counts = np.where(np.arange(40) % 5 == 0, float(weight), 1.0)
    copies = np.repeat(np.arange(40), counts.astype(int))
    recipe = load_recipe("unit")["classifier"]
    weighted = linear.fit_one_against_rest(matrix, labels, counts, recipe)
    copied = linear.fit_one_against_rest(matrix[copies], [labels[i] for i in copies], np.ones(len(copies)), recipe)
    plain = linear.fit_one_against_rest(matrix, labels, np.ones(40), recipe)
    for side in (1, 2):
        np.testing.assert_allclose(weighted[side], copied[side], atol=2e-3)
        assert np.abs(plain[side] - copied[side]).max() > 2e-2
