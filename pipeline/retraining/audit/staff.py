"""Texts in the citizen's column that staff seem to have written (rules in ``data/rules/teks_petugas.tsv``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.rule_scores import RuleScores, said
from pipeline.text import Tokenizer, WordTable

STAFF: Final = "teks_petugas"
_AT_ONCE = 1000


def staff_texts(texts: Sequence[str], day: dt.date | None = None) -> dict[int, tuple[str, ...]]:
    """Return the numbers of the texts that staff seem to have written, with the ids of the rules that say so.

    Rules valid on *day* (default: today). A text counts where its score is above 0: an answer's or a letter's forms
    outweigh a citizen's own voice. Raises :class:`InputError` for a wrong table.
    """
    table = WordTable()
    tokenize, sentences = Tokenizer(table), SentenceFinder(table)
    rules = RuleScores(table, load_rules(STAFF, day), STAFF, (STAFF,))
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(texts), _AT_ONCE):
        rows = sentences(tokenize(list(texts[start : start + _AT_ONCE])))
        spoken = rules.spoken(rows, {})
        called = np.flatnonzero(rules.score(spoken)[0] > 0)
        for row, there in zip(called.tolist(), said(spoken, called), strict=True):
            found[start + row] = rules.speakers(there, STAFF)
    return found
