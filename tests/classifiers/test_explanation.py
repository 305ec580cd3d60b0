from __future__ import annotations

import numpy as np
import pytest

from pipeline.classifiers.contributions import Contributions
from pipeline.classifiers.explanation import MAX_PHRASES, _ordered, find_phrases
from pipeline.text import Tokenizer, TokenRows, WordTable


@pytest.fixture(scope="module")
def tokenize() -> Tokenizer:
    return Tokenizer(WordTable())


def phrases(rows: TokenRows, single: dict[str, float], pair: dict[str, float]) -> dict[int, list[str]]:
    """Phrases where each stem and each pair, given at its first stem, adds what is told."""
    stems = [rows.table.stems[number] for number in rows.stem.tolist()]
    parts = Contributions(*(np.array([told.get(stem, 0.0) for stem in stems]) for told in (single, pair)))
    return find_phrases(rows, parts, np.ones(len(rows), dtype=bool))


def test_the_weightiest_first_as_they_were_written(tokenize: Tokenizer):
    rows = tokenize(["Lampu  Jalan mati, mohon DIPERBAIKI", "", "sampah"])
    found = phrases(rows, {"lampu": 1.0, "mati": 2.0, "baik": 3.0, "sampah": 1.0, "mohon": -5.0}, {"lampu": 1.5})
    assert found == {0: ["DIPERBAIKI", "Lampu Jalan", "mati"], 2: ["sampah"]}


def test_the_other_way_round_shows_what_spoke_against(tokenize: Tokenizer):
    rows = tokenize(["lampu mati, pohon tumbang"])
    parts = Contributions(np.array([2.0, 0.0, -1.0, -3.0]), np.zeros(4))
    one = np.ones(1, dtype=bool)
    assert find_phrases(rows, parts, one) == {0: ["lampu"]}
    assert find_phrases(rows, -parts, one) == {0: ["tumbang", "pohon"]}


def test_a_word_counts_for_the_longer_of_two_pairs(tokenize: Tokenizer):
    rows = tokenize(["pemotongan pohon di taman"])
    found = phrases(rows, {"pohon": 5.0, "taman": 1.0}, {"potong": 1.0, "pohon": 1.5})
    assert found[0] == ["pemotongan pohon", "pohon di", "taman"]


def test_numbers_and_personal_data_are_no_part_and_no_line_break_is_crossed(tokenize: Tokenizer):
    rows = tokenize(["jalan 5 rusak\nberlubang NIK 99" + "12345678901234 hilang"])
    every = dict.fromkeys(rows.stems(0), 1.0)
    shown = phrases(rows, every, every)[0]
    assert "jalan 5 rusak" in shown
    assert not any("\n" in phrase or "1234" in phrase for phrase in shown)
    assert not any("rusak berlubang" in phrase for phrase in shown)


def test_at_most_five_and_none_twice(tokenize: Tokenizer):
    rows = tokenize(["mati MATI lampu jalan rusak banjir sampah pohon"])
    found = phrases(rows, {stem: i + 1.0 for i, stem in enumerate(rows.stems(0))}, {})[0]
    assert len(found) == MAX_PHRASES
    assert found[0] == "pohon"
    assert len({phrase.lower() for phrase in found}) == MAX_PHRASES


def test_both_ways_of_sorting_agree():
    rng = np.random.default_rng(0)
    text, place = rng.integers(0, 50, 500).astype(np.int32), rng.permutation(500)
    weight = rng.choice([0.5, 1.0, 1e-6, 3e4], 500)
    near, far = _ordered(text, weight, place), _ordered(text, weight, place + (1 << 40))
    np.testing.assert_array_equal(near[0], far[0])
    np.testing.assert_array_equal(near[1], far[1] - (1 << 40))
    order = np.lexsort((place, -weight, text))
    np.testing.assert_array_equal(near[1], place[order])
