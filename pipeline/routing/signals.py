"""Phrases of rule tables found in a batch's texts: which rule speaks in which text.

A rule's column ``pola`` holds phrases in the notation of :mod:`pipeline.classifiers.phrases`, parted by `` ; ``.
A phrase that begins with ``!`` silences the rule where it shares words with another (``! kurang ramah``); a part that
begins with ``@`` names a signal that is no phrase, for others to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.rules import Rule
from pipeline.classifiers.matching import PhraseIndex
from pipeline.classifiers.phrases import parse_phrases
from pipeline.classifiers.scene import StandardForms
from pipeline.classifiers.sentences import Sentences
from pipeline.text import WordTable

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
_SILENCER, _SIGNAL = "!", "@"


@dataclass(frozen=True)
class Hits:
    """Where rules speak: one entry a phrase found, by ``row`` (text) and ``rule`` (place in the finder's rules).

    ``first`` and ``last`` are its first and last token in the batch.
    """

    row: Ints
    rule: Ints
    first: Ints
    last: Ints

    def take(self, kept: Bools) -> Hits:
        """Return a selection."""
        return Hits(self.row[kept], self.rule[kept], self.first[kept], self.last[kept])

    def table(self, rules: int, rows: int) -> Bools:
        """Return which rule speaks in which text, shape (rules, rows)."""
        found = np.zeros((rules, rows), dtype=bool)
        found[self.rule, self.row] = True
        return found


class SignalFinder:
    """Finds the phrases of *rules* (their value ``pola``) in texts tokenised with *table*.

    Rules without a phrase keep their place and are never found.
    """

    def __init__(self, table: WordTable, rules: Sequence[Rule]) -> None:
        drafts = []
        for number, rule in enumerate(rules):
            for part in filter(None, map(str.strip, rule.values["pola"].split(" ; "))):
                if not part.startswith(_SIGNAL):
                    kind = "abai" if part.startswith(_SILENCER) else "terjadi"
                    phrase = part.removeprefix(_SILENCER).strip()
                    drafts.append({"pola": phrase, "alasan": str(number), "sifat": kind, "catatan": ""})
        self._index = PhraseIndex(table, StandardForms(), parse_phrases(drafts))
        self._rule = np.array([int(phrase.reason) for phrase in self._index.phrases])
        self._silences = np.array([phrase.kind == "abai" for phrase in self._index.phrases])

    def find(self, sentences: Sentences) -> Hits:
        """Return the phrases in the texts, silenced ones left out."""
        matches = self._index.find(sentences)
        first = matches.places[:, 0]
        last = matches.places[np.arange(len(first)), self._index.length[matches.phrase] - 1]
        hits = Hits(sentences.rows.row[first].astype(np.int64), self._rule[matches.phrase], first, last)
        silencing = self._silences[matches.phrase]
        if not silencing.any():
            return hits
        spoken, silent = hits.take(~silencing), hits.take(silencing)
        kept = np.ones(len(spoken.row), dtype=bool)
        for rule, start, end in zip(silent.rule.tolist(), silent.first.tolist(), silent.last.tolist(), strict=True):
            kept &= ~((spoken.rule == rule) & (spoken.first <= end) & (spoken.last >= start))
        return spoken.take(kept)
