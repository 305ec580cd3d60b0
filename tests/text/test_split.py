from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import WordTable, repair
from pipeline.text.split import BLANK, CLAUSE, COLON, DOT, END, NEWLINE, SPACED, split

WORD = re.compile(r"[A-Za-z0-9]+(?:['’`\-]+[A-Za-z0-9]+)*")
MARKS = "aB1 '’`-.,?!:=;(\n\u00e9\u4e2d\U0001f64f"
TEXTS = st.lists(st.one_of(st.text(max_size=80), st.text(alphabet=MARKS, max_size=80), st.just("Jl. A-B")), max_size=5)
TABLE = WordTable()


def flags(gap: str) -> int:
    """What the flags of a gap mean, one by one."""
    if not gap:
        return 0
    found = NEWLINE if "\n" in gap else 0
    found |= BLANK if gap.isspace() else 0
    found |= END if any(mark in gap for mark in "!?;\n") else 0
    found |= DOT if gap.count(".") == 1 else 0
    found |= SPACED if gap[-1].isspace() else 0
    found |= CLAUSE if any(mark in gap for mark in ".,:(") else 0
    return found | (COLON if ":" in gap or "=" in gap else 0)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_words_and_gaps_are_those_of_the_pattern(texts: list[str]):
    texts = [repair(text) for text in texts]
    words = split(texts, TABLE)
    for row, text in enumerate(texts):
        here = words.row == row
        expected = [match.span() for match in WORD.finditer(text)]
        spans = list(zip(words.start[here].tolist(), words.end[here].tolist(), strict=True))
        assert spans == expected
        gaps = [text[left[1] : right[0]] for left, right in pairwise(expected)]
        assert words.gap[here].tolist()[1:] == [flags(gap) for gap in gaps]
        runs = re.findall(r"[.?]+", text)
        assert (words.stops[row], words.questions[row]) == (len(runs), sum("?" in run for run in runs))


def test_forms_are_lower_case_and_case_is_kept():
    table = WordTable()
    words = split(["Pak BUDI di Kec. x A1 É", "pak’de"], table)
    assert [table.names[form] for form in words.form] == ["pak", "budi", "di", "kec", "x", "a1", "pak'de"]
    assert words.case.tolist() == [1, 2, 0, 1, 0, 1, 0]
    assert words.row.tolist() == [0] * 6 + [1]


def test_nothing():
    for texts in ([], [""], ["", "..."]):
        words = split(texts, WordTable())
        assert len(words) == len(texts)
        assert len(words.form) == 0
        assert words.stops.sum() == sum("." in text for text in texts)


def test_numbers_stay_with_words_over_batches():
    table = WordTable()
    first = split(["lampu jalan mati"], table).form
    second = split(["mati jalan baru lampu"], table).form
    np.testing.assert_array_equal(first, second[[3, 1, 0]])
