"""How rules and words together speak: a weighted sum, its weights shipped in ``data/rules/pengawasan_bobot.tsv``.

The weights are those of a logistic regression (``benchmarks/guard_fit.py``); nothing is learned here.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import Sentences
from pipeline.routing.guard.rules import PRIVATE
from pipeline.routing.guard.score import Charge, total
from pipeline.routing.guard.spans import Hit
from pipeline.text import Lookup, WordTable

WORD, CODE, CONSTANT = "kata", "kode", "tetap"
_CLEAR = 0.5
"""Weight from which somebody without office counts wherever they stand; kin count as doers only."""
_BLOCK = 1000
"""Texts at a time, so that memory stays flat."""
Floats = NDArray[np.float64]


class Weights:
    """Weights of words (stems) and of kinds of breach, for one *table*; those valid on day *on*."""

    def __init__(self, table: WordTable, on: dt.date | None = None) -> None:
        rules = load_rules("pengawasan_bobot", on or dt.date.today())
        kinds: dict[str, dict[str, float]] = {WORD: {}, CODE: {}, CONSTANT: {}}
        for rule in rules:
            kinds[rule.one_of("jenis", kinds)][rule.values["nama"]] = rule.number("bobot")
        self.words, self.codes = kinds[WORD], kinds[CODE]
        self.constant = sum(kinds[CONSTANT].values())
        self._value = np.array([0.0, *self.words.values()])
        slot = {stem: number for number, stem in enumerate(self.words, 1)}
        self._slot = Lookup(table, "stem", lambda stem: slot.get(stem, 0), np.int32)

    def of_words(self, sentences: Sentences) -> Floats:
        """Return for each text the sum of its distinct words' weights over the root of their number, shape (texts,)."""
        rows, slot = sentences.rows, self._slot.values()[sentences.rows.stem]
        width = len(self._value)
        found: Floats = np.zeros(len(rows))
        for start in range(0, len(rows), _BLOCK):
            stop = min(start + _BLOCK, len(rows))
            part = slice(rows.first[start], rows.first[stop])
            # A table of which word stands in which text: cheaper than sorting pairs of them.
            seen = np.zeros((stop - start) * width, dtype=bool)
            seen[(rows.row[part].astype(np.int64) - start) * width + slot[part]] = True
            row, word = np.divmod(np.flatnonzero(seen), width)
            row, word = row[word > 0], word[word > 0]
            size = np.bincount(row, minlength=stop - start)
            found[start:stop] = np.bincount(row, self._value[word], stop - start) / np.sqrt(np.maximum(size, 1))
        return found

    def of_charges(self, hits: Mapping[str, list[Hit]], told: list[Charge]) -> float:
        """Return what the charges of one text add."""
        return sum(self.codes.get(name, 0.0) * value for name, value in features(hits, told).items())

    def strongest(self, stems: list[str], most: int) -> list[str]:
        """Return the *most* words of *stems* that speak loudest for an accusation."""
        known = sorted({stem for stem in stems if self.words.get(stem, 0.0) > 0}, key=lambda s: (-self.words[s], s))
        return known[:most]


def features(hits: Mapping[str, list[Hit]], told: list[Charge]) -> dict[str, float]:
    """Return the charges of one text as numbers: the best of each kind, their total and how many kinds."""
    found: dict[str, float] = {}
    for charge in told:
        code = charge.breach.rule.code
        found[code] = max(found.get(code, 0.0), charge.score)
    score = total(told)
    found["macam"] = float(len(found))
    found["jumlah"] = score
    found["logit"] = math.log(score / (1 - score) + 0.02)
    found["bukan"] = float(any(hit.rule.weight >= _CLEAR for hit in hits.get(PRIVATE, ())))
    return found


def chance(value: float) -> float:
    """Return the logistic function of *value*."""
    return 1 / (1 + math.exp(-max(min(value, 30.0), -30.0)))
