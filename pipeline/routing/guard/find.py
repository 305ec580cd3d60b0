"""Finds the accusations in a batch of texts: phrases and words as arrays, then row by row where a breach stands."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.matching import PhraseIndex
from pipeline.classifiers.scene import StandardForms
from pipeline.classifiers.sentences import Sentences
from pipeline.routing.guard.accused import AccusedPhrase, shown
from pipeline.routing.guard.rules import BREACH, KINDS, OFFICIAL, RISK, load_guard_rules
from pipeline.routing.guard.score import Charge, TextView, charges
from pipeline.routing.guard.spans import Hit, standing
from pipeline.routing.guard.weights import Weights, chance
from pipeline.text import Lookup, WordTable

ANONYMOUS, SECRET = "anonim", "rahasia"
WORDS_RULE = "pengawasan:kata"
"""Told in place of a rule where the words of a text accuse and no phrase does."""
_TOLD = 4
"""Rules that an accusation tells at most."""
_MOST_HITS = 400
"""Phrases of one text that are read, from its beginning: each is compared with others."""
_LEAST = 0.1
"""A charge under this is not told where there are stronger ones."""


@dataclass(frozen=True)
class Accusation:
    """A report that is *berkadar pengawasan*.

    ``accused``: who, in at most six of the text's own words, ``""`` where no phrase names them; ``rules``: ids of the
    rules that spoke, the strongest first; ``quotes``: the words of each; ``score`` 0..1; ``confidential``: the advice
    ``anonim`` (hide the reporter) or ``rahasia`` (hide the report).
    """

    accused: str
    rules: tuple[str, ...]
    quotes: tuple[str, ...]
    score: float
    confidential: str

    @property
    def by_words(self) -> bool:
        """Whether the words of the text accuse and no phrase of a breach does: a weak sign, for a person to judge."""
        return self.rules == (WORDS_RULE,)


@dataclass(frozen=True)
class Judged:
    """One text with a breach: its words, the phrases found by kind, the charges, the strongest first."""

    view: TextView
    hits: dict[str, list[Hit]]
    told: list[Charge]


class Guard:
    """Finds accusations in batches tokenised with *table*, by the rules valid on day *on* (default: today)."""

    def __init__(self, table: WordTable, on: dt.date | None = None) -> None:
        self._rules = load_guard_rules(on)
        self._index = PhraseIndex(table, StandardForms(), self._rules.phrases)
        self._rule = np.array([int(phrase.reason) for phrase in self._index.phrases], dtype=np.int64)
        kinds = np.array([KINDS.index(rule.kind) for rule in self._rules.rules], dtype=np.int64)
        self._is_breach = (kinds == KINDS.index(BREACH))[self._rule]
        alone = np.array([rule.need == "sendiri" for rule in self._rules.rules])
        self._is_enough = alone[self._rule] | (kinds == KINDS.index(OFFICIAL))[self._rule]
        self._accused = AccusedPhrase(table, self._rules.grammar)
        self._words = [{}, *self._rules.context.values()]
        numbers_of = {stem: number for number, stem in enumerate(self._rules.context, 1)}
        self._context = Lookup(table, "stem", lambda stem: numbers_of.get(stem, 0), np.int32)
        self.weights = Weights(table, on)
        self.threshold = self._rules.settings["ambang"]

    def find(self, sentences: Sentences) -> dict[int, Accusation]:
        """Return the accusation of each row that is *berkadar pengawasan*."""
        values, judged = self._values(sentences)
        rows = np.flatnonzero(values >= math.log(self.threshold / (1 - self.threshold))).tolist()
        return {row: self._accusation(sentences, row, judged.get(row), chance(values[row])) for row in rows}

    def scores(self, sentences: Sentences) -> list[float]:
        """Return the score 0..1 of every row."""
        return [chance(value) for value in self._values(sentences)[0].tolist()]

    def _values(self, sentences: Sentences) -> tuple[NDArray[np.float64], dict[int, Judged]]:
        """Return the weighted sum of every row, and what is known of those with a charge."""
        values = self.weights.of_words(sentences) + self.weights.constant
        judged = self.judged(sentences)
        for row, text in judged.items():
            values[row] += self.weights.of_charges(text.hits, text.told)
        return values, judged

    def judged(self, sentences: Sentences) -> dict[int, Judged]:
        """Return the texts with a breach that somebody is charged with."""
        matches = self._index.find(sentences)
        first = matches.places[:, 0]
        row = sentences.rows.row[first]
        wanted, enough = np.zeros((2, len(sentences.rows)), dtype=bool)
        wanted[row[self._is_breach[matches.phrase]]] = True
        enough[row[self._is_enough[matches.phrase]]] = True
        wanted &= enough
        here = np.flatnonzero(wanted[row])
        here = here[np.lexsort((first[here], row[here]))]
        last = matches.places[np.arange(len(first)), self._index.length[matches.phrase] - 1]
        firsts, lasts = first[here].tolist(), last[here].tolist()
        numbers = self._rule[matches.phrase[here]].tolist()
        context = self._context.values()[sentences.rows.stem]
        rows, starts = np.unique(row[here], return_index=True)
        ends = np.minimum(np.append(starts, len(here))[1:], starts + _MOST_HITS)
        found = {}
        for number, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
            hits = standing([Hit(firsts[i], lasts[i], self._rules.rules[numbers[i]]) for i in range(start, end)])
            if hits[BREACH]:
                view = TextView(sentences, number, context, self._words)
                told = charges(view, hits, self._rules)
                if told:
                    found[number] = Judged(view, hits, told)
        return found

    def _accusation(self, sentences: Sentences, row: int, judged: Judged | None, score: float) -> Accusation:
        told = judged.told if judged else []
        told = [charge for i, charge in enumerate(told[:_TOLD]) if i == 0 or charge.score >= _LEAST]
        rules = [(charge.breach.rule.id, shown(sentences, charge.breach.first, charge.breach.last)) for charge in told]
        if not rules:
            rules = [(WORDS_RULE, " ".join(self.weights.strongest(sentences.rows.stems(row), _TOLD)))]
        accused = self._accused(sentences, judged.view, judged.hits, told) if judged else ""
        advice = SECRET if judged and judged.hits.get(RISK) else ANONYMOUS
        unique = dict.fromkeys(rules)
        return Accusation(
            accused, tuple(rule for rule, _ in unique), tuple(quote for _, quote in unique), round(score, 4), advice
        )
