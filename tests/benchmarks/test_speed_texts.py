"""The texts of the speed benchmark: the same for a seed, and with a vocabulary that grows as the law says."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

import pytest
from speed_texts import HEADER, Complaint, corpus, grow, growth_law, words_of, write_csv

NO_FILE = Path("absent.csv")


@pytest.fixture(scope="module")
def starter() -> list[Complaint]:
    return corpus(NO_FILE)


def test_the_same_seed_gives_the_same_texts_and_a_smaller_file_is_the_beginning(starter: list[Complaint]):
    count = len(starter) + 500
    every = list(grow(starter, count, seed=3))
    assert every == list(grow(starter, count, seed=3))
    assert every != list(grow(starter, count, seed=4))
    assert list(islice(grow(starter, 10 * count, seed=3), count)) == every


def test_the_corpus_comes_first_as_it_is_then_texts_that_are_new(starter: list[Complaint]):
    every = list(grow(starter, 2 * len(starter)))
    assert sorted(every[: len(starter)]) == sorted(starter)
    known = {row.text for row in starter}
    changed = [row.text not in known for row in every[len(starter) :] if len(row.text.split(" ")) >= 20]
    assert sum(changed) > 0.9 * len(changed)


def test_the_vocabulary_grows_as_in_real_text(starter: list[Complaint]):
    first = list(grow(starter, len(starter)))
    factor, exponent = growth_law([row.text for row in first])
    assert 0.4 < exponent < 0.8
    known: set[str] = set()
    for row in grow(starter, 4 * len(starter)):
        known.update(words_of(row.text))
    assert len(known) == pytest.approx(factor * (4 * len(starter)) ** exponent, rel=0.05)


def test_the_law_by_hand():
    # Four words in two texts, eight in four: straight growth.
    assert growth_law(["a b", "c d", "e f", "g h"]) == (pytest.approx(2.0), pytest.approx(1.0))


def test_the_file_holds_the_texts_and_says_what_it_holds(tmp_path: Path):
    rows = [Complaint("2022-01-01 10:00", 'Lampu "padam",\ngelap', "Gubeng"), Complaint("", "Jalan rusak", "")]
    written = write_csv(tmp_path / "a.csv", rows)
    with written.path.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    assert found == [list(HEADER), ["1", *rows[0]], ["2", *rows[1]]]
    assert (written.rows, written.mean_length, written.size) == (2, 15.5, written.path.stat().st_size)
