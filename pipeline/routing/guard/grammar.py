"""Who does what in a sentence, as far as the accused needs it: which official is the doer of a breach.

Indonesian marks voice on the verb: before an active verb (``me-``) stands the doer, before a passive one (``di-``) the
victim, and the doer follows, often after *oleh*. Word forms that this needs are data (``pengawasan_konteks.tsv``).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.classifiers.sentences import Sentences
from pipeline.routing.guard.score import TextView, nearness, standing_of
from pipeline.routing.guard.spans import Hit
from pipeline.text import WordTable

BY, BESIDE, SUBJECT, OBJECT, VICTIM, SELF = 1.0, 0.25, 0.6, -0.8, -0.9, -1.2
"""What a place in the sentence adds to how near an official stands: after *oleh*, after a bare passive verb, before a
predicate, after an active verb or a preposition, before a passive verb, where the reporter tells of himself."""
NOBODY = -2.0
"""The value of an official who is no doer at all: asked for help, or the reporter."""
LEAST_STANDING = 0.3
"""Share of its weight below which an official is asked for help, not accused."""
ADDRESSED = 0.6
"""Share below which an official was addressed (*mohon dinas …*): accused only where a predicate follows."""
_ACTIVE, _PASSIVE = ("me", "ber", "nge", "ny"), ("di",)


class Grammar:
    """Reads the words round the officials of a text."""

    def __init__(self, table: WordTable, kinds: Mapping[str, frozenset[str]]) -> None:
        self._table, self._kinds = table, kinds

    def form(self, sentences: Sentences, place: int) -> str:
        """Return the word at *place* as written, in lower case."""
        return self._table.names[sentences.rows.form[place]]

    def is_a(self, kind: str, form: str) -> bool:
        """Tell whether the tables call *form* a word of *kind*."""
        return form in self._kinds[kind]

    def is_verb(self, sentences: Sentences, place: int, prefixes: tuple[str, ...] = _ACTIVE + _PASSIVE) -> bool:
        """Tell whether the word at *place* is a root with one of the *prefixes* of verbs."""
        form = self.form(sentences, place)
        return form.startswith(prefixes) and form != self._table.stems[sentences.rows.stem[place]]

    def _is_name(self, sentences: Sentences, place: int) -> bool:
        """Tell whether the word at *place* begins with a capital: a place or person named after the office."""
        rows = sentences.rows
        return rows.texts[int(rows.row[place])][rows.start[place] : rows.end[place]].istitle()

    def place_value(
        self, sentences: Sentences, view: TextView, official: Hit, first: int, last: int, breach: Hit | None
    ) -> float:
        """Return how likely *official*, whose whole name goes from word *first* to *last*, is the doer of *breach*."""
        standing = standing_of(view, official)
        value = standing
        if breach is not None:
            value *= nearness(view, breach, official)
        after = self._after(sentences, view, last)
        before = self._before(sentences, view, first)
        share = standing / official.rule.weight
        if before <= 0 and (share < LEAST_STANDING or (after <= 0 and (share < ADDRESSED or before == SELF))):
            return NOBODY
        return value + before + after

    def _before(self, sentences: Sentences, view: TextView, first: int) -> float:
        place = first - 1
        if place < view.base or sentences.sentence[place] != sentences.sentence[first]:
            return 0.0
        form = self.form(sentences, place)
        if self.is_a("oleh", form):
            return BY
        if form in ("sebagai", "selaku") and place > view.base and self.is_a("diri", self.form(sentences, place - 1)):
            return SELF
        if sentences.clause[place] != sentences.clause[first]:
            return 0.0
        if self.is_a("diri", form):
            return SELF
        if self.is_a("objek", form) or self.is_verb(sentences, place, _ACTIVE):
            return OBJECT
        return BESIDE if self.is_verb(sentences, place, _PASSIVE) else 0.0

    def _after(self, sentences: Sentences, view: TextView, last: int) -> float:
        """Read three words after the name: *tidak diberi* is seen through *tidak*, a predicate past a proper name."""
        found = 0.0
        for place in range(last + 1, min(last + 4, view.end)):
            form = self.form(sentences, place)
            if sentences.clause[place] != sentences.clause[last] or self.is_a("oleh", form):
                break
            if self.is_a("korban", form):
                return VICTIM
            if self.is_verb(sentences, place, _ACTIVE) or self.is_a("predikat", form):
                found = SUBJECT
                if not self.is_a("predikat", form):
                    break
            elif not found and not self._is_name(sentences, place):
                break
        return found
