"""What kind of report a text is (rules in ``jenis.tsv``, source: the decision rubric's *jenis*)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import Sentences
from pipeline.routing.completeness import Completeness, CompletenessCheck
from pipeline.routing.decision import NOT_A_COMPLAINT
from pipeline.routing.rule_scores import RuleScores, said
from pipeline.text import WordTable

COMPLAINT, WISH, QUESTION, NO_COMPLAINT = KINDS = ("pengaduan", "aspirasi", "permintaan_informasi", "bukan_aduan")
"""Kinds of report; the first is taken where nothing speaks for another."""
COURTESY = "basa_basi"
"""What ``why`` gives for a text that says nothing beside courtesies (``basa_basi.tsv``, ``spam.tsv``)."""
_SIGNALS = ("tanya", "singkat", "pendek", "panjang")
_TERSE, _SHORT, _LONG = 6, 20, 60
"""Words of a text that is terse or short at most, long at least."""


class KindFinder:
    """Finds the kind of texts tokenised with *table*, by the rules valid on *day* (default: today)."""

    def __init__(self, table: WordTable, day: dt.date | None = None) -> None:
        self.table = table
        self._scores = RuleScores(table, load_rules("jenis", day), "jenis", KINDS, _SIGNALS)
        self._courtesy = CompletenessCheck(table, lambda _: True)
        self._why: list[str] = []

    def find(self, sentences: Sentences, judged: Mapping[int, Completeness] | None = None) -> list[str]:
        """Return the kind of each text, one of :data:`KINDS`.

        *judged*: what :class:`CompletenessCheck` has found in these texts, where the caller has it already.
        """
        rows = sentences.rows
        words = np.diff(rows.first)
        lengths = {"singkat": words <= _TERSE, "pendek": words <= _SHORT, "panjang": words >= _LONG}
        named = {"tanya": rows.questions > 0} | lengths
        spoken = self._scores.spoken(sentences, named)
        best = self._scores.score(spoken).argmax(axis=0)
        kinds = [KINDS[number] for number in best.tolist()]
        self._why = [""] * len(kinds)
        others = np.flatnonzero(best)
        for row, there in zip(others.tolist(), said(spoken, others), strict=True):
            self._why[row] = ";".join(self._scores.speakers(there, kinds[row]))
        for row, found in (self._courtesy(rows) if judged is None else judged).items():
            if found.action == NOT_A_COMPLAINT:
                kinds[row], self._why[row] = NO_COMPLAINT, COURTESY
        return kinds

    def why(self, row: int) -> str:
        """Return the ids of the rules that spoke for a text's kind in the last batch, by ``;``; ``""``: the default."""
        return self._why[row]
