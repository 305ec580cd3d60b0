"""How strongly one text accuses an official: each breach times the official nearest to it, less what speaks against.

A breach counts by its weight, its official's weight and how near they stand. It belongs to somebody without office
where such a person stands nearer than any official. Breaches of different kinds add up as independent signs do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.sentences import Sentences
from pipeline.routing.guard.rules import BREACH, MOST_REACH, OFFICIAL, PRIVATE, ContextWord, GuardRules
from pipeline.routing.guard.spans import Hit

DOER_REACH, AFTER_PASSIVE = 4, 2
"""Words that a breach may follow its subject by; words from a passive verb to its doer, *oleh* counted."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One breach and the official it is laid to (None where the breach needs none); *score* 0..1."""

    breach: Hit
    official: Hit | None
    score: float


class TextView:
    """What the scoring asks of one text: its context words and sentences, by the word's number in the batch.

    *context*: for each word of the batch the number of its context word, 0 for none; *words*: the context words.
    """

    def __init__(
        self, sentences: Sentences, row: int, context: NDArray[np.int32], words: Sequence[Mapping[str, ContextWord]]
    ) -> None:
        rows = sentences.rows
        self.base, self.end = int(rows.first[row]), int(rows.first[row + 1])
        self.sentence: list[int] = sentences.sentence[self.base : self.end].tolist()
        self._context: list[int] = context[self.base : self.end].tolist()
        self._words = words
        self._names, self._form = rows.table.names, rows.form

    def is_passive(self, hit: Hit) -> bool:
        """Tell whether *hit* begins with a passive verb (``di-``)."""
        return self._names[self._form[hit.first]].startswith("di")

    def has_context(self, hit: Hit) -> bool:
        """Tell whether any context word stands shortly before *hit*."""
        at = hit.first - self.base
        return any(self._context[max(at - MOST_REACH, 0) : at])

    def factor_after(self, hit: Hit, kind: str) -> float:
        """Return the factor of the nearest context word of *kind* after *hit* in its sentence."""
        at = hit.last - self.base
        for step, number in enumerate(self._context[at + 1 : at + 1 + MOST_REACH], 1):
            word = self._words[number].get(kind) if number else None
            if word is not None and step <= word.reach:
                return word.factor if self.sentence[at + step] == self.sentence[at] else 1.0
        return 1.0

    def factor(self, hit: Hit, kind: str, default: float = 1.0) -> float:
        """Return the factor of the nearest context word of *kind* before *hit* in its sentence."""
        at = hit.first - self.base
        before = self._context[max(at - MOST_REACH, 0) : at]
        if any(before):
            for step, number in enumerate(before[::-1], 1):
                word = self._words[number].get(kind)
                if word is not None and step <= word.reach:
                    return word.factor if self.sentence[at - step] == self.sentence[at] else default
        return default


def charges(view: TextView, hits: Mapping[str, list[Hit]], rules: GuardRules) -> list[Charge]:
    """Return the text's breaches with officials and scores, the strongest first."""
    breaches = hits[BREACH]
    officials = [(hit, standing_of(view, hit)) for hit in hits[OFFICIAL]]
    found = [_charge(view, breach, officials, hits[PRIVATE], rules) for breach in breaches]
    return sorted((charge for charge in found if charge.score > 0), key=lambda charge: -charge.score)


def total(found: list[Charge]) -> float:
    """Return the text's score 0..1: the best charge of each kind of breach, added as independent signs."""
    best: dict[str, float] = {}
    for charge in found:
        code = charge.breach.rule.code
        best[code] = max(best.get(code, 0.0), charge.score)
    rest = 1.0
    for score in best.values():
        rest *= 1 - min(score, 0.99)
    return 1 - rest


def standing_of(view: TextView, hit: Hit) -> float:
    """Return an official's weight, less where the words around address them or ask their help, more for a doer."""
    weight = hit.rule.weight * view.factor_after(hit, "diminta")
    if not view.has_context(hit):
        return weight
    doer = view.factor(hit, "pelaku", 0.0)
    if doer:
        return min(hit.rule.weight * doer, 1.0)
    addressed = view.factor(hit, "alamat")
    return weight * addressed * (view.factor_after(hit, "tolong") if addressed < 1 else 1.0)


def nearness(view: TextView, breach: Hit, actor: Hit) -> float:
    """Return 1 for words that touch, less with each word between, a fifth of it outside the breach's sentence."""
    words = max(actor.first - breach.last, breach.first - actor.last, 0)
    same = view.sentence[breach.first - view.base] == view.sentence[actor.first - view.base]
    return 1 / (1 + words / 10) * (1.0 if same else 0.2)


def _charge(
    view: TextView, breach: Hit, officials: list[tuple[Hit, float]], private: list[Hit], rules: GuardRules
) -> Charge:
    settings, rule = rules.settings, breach.rule
    best, near, strength = None, 0.0, 0.0
    for hit, weight in officials:
        value = _nearness(view, breach, hit, settings)
        if value * weight > strength:
            best, near, strength = hit, value, value * weight
    if rule.need == "teks" and best is not None:
        strength = max(strength, max(weight for _, weight in officials) * settings["teks"])
    if rule.need == "sendiri":
        strength = max(strength, settings["sendiri"])
    # Whom a breach names inside itself ("menerima uang dari kontraktor") is its object.
    beside = [hit for hit in private if not breach.first < hit.first <= breach.last]
    other = max((_nearness(view, breach, hit, settings) * hit.rule.weight for hit in beside), default=0.0)
    if other > max(near if strength >= settings["cukup"] else 0.0, settings["jauh"]):
        strength *= settings["bukan"]
    if any(_is_doer(view, breach, hit) for hit in beside) and not any(
        breach.overlaps(hit) or _is_doer(view, breach, hit) for hit, _ in officials
    ):
        strength *= settings["pelaku_bukan"]
    score = rule.weight * strength * view.factor(breach, "sangkal")
    return Charge(breach, best, score)


def _is_doer(view: TextView, breach: Hit, actor: Hit) -> bool:
    """Tell whether *actor* stands where the doer of a breach has its place: before an active verb, after a passive."""
    if view.sentence[breach.first - view.base] != view.sentence[actor.first - view.base]:
        return False
    if view.is_passive(breach):
        return 0 < actor.first - breach.first <= AFTER_PASSIVE
    return 0 < breach.first - actor.last <= DOER_REACH


def _nearness(view: TextView, breach: Hit, actor: Hit, settings: Mapping[str, float]) -> float:
    """Return 1 for words that touch, less with each word between and for each sentence apart."""
    words = max(actor.first - breach.last, breach.first - actor.last)
    if words <= 0:
        return 1.0
    apart = abs(view.sentence[breach.first - view.base] - view.sentence[actor.first - view.base])
    if apart == 0:
        near, least = 1 - words * settings["per_kata"], settings["sekalimat"]
        return near if near > least else least
    return settings["tetangga" if apart == 1 else "dua" if apart == 2 else "jauh"]
