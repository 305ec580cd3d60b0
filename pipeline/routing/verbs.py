"""Texts with a verb that tells what happened (*menampar*, *dipungut*), so that nobody need ask.

Prefixes and words that have one and tell nothing stand in ``data/rules/kelengkapan_kerja.tsv``.
"""

from __future__ import annotations

import numpy as np

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import Sentences
from pipeline.routing.signals import Bools
from pipeline.text import Lookup, WordTable
from pipeline.text.stemmer import sastrawi

_PREFIX, _NONE = "awalan", "bukan"


class Verbs:
    """Finds them in texts tokenised with *table*: words with such a prefix whose stem is in the dictionary."""

    def __init__(self, table: WordTable) -> None:
        words: dict[str, list[str]] = {_PREFIX: [], _NONE: []}
        for rule in load_rules("kelengkapan_kerja"):
            words[rule.one_of("peran", words)] += rule.values["kata"].split()
        self._prefixes, self._none = tuple(words[_PREFIX]), frozenset(words[_NONE])
        self._flags = Lookup(table, "form", self._tell, np.int64)

    def _tell(self, form: str) -> int:
        if not form.startswith(self._prefixes) or form in self._none:
            return 0
        stem = sastrawi().stem_word(form)
        # What keeps its beginning (*mejanya*) has lost no prefix.
        return int(not form.startswith(stem) and sastrawi().get_dictionary().contains(stem))

    def find(self, sentences: Sentences) -> Bools:
        """Return which texts have one, shape (texts,)."""
        rows = sentences.rows
        found = np.zeros(len(rows), dtype=bool)
        found[rows.row[self._flags.values()[rows.form] > 0]] = True
        return found
