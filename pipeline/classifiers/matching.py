"""Finds phrases in a whole batch of tokenised texts: array steps in place of loops over words.

A phrase's search starts at each word that fits its rarest slot (the anchor) and goes on to the next slots on either
side, each filled by the nearest word that fits within the gap, inside the sentence and not past a conjunction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.phrases import GAP, Phrase, load_phrases
from pipeline.classifiers.scene import NUMBER_WORDS, StandardForms
from pipeline.classifiers.sentences import Sentences
from pipeline.text import Lookup, WordTable

Ints = NDArray[np.int64]
_NONE = -1


@dataclass(frozen=True)
class Matches:
    """Phrases found: number of the phrase and the token of each slot, shape (matches, most slots), -1 past the last."""

    phrase: Ints
    places: Ints

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Matches:
        """Return a selection."""
        return Matches(self.phrase[rows], self.places[rows])


class PhraseIndex:
    """A table of phrases (as of :func:`parse_phrases`; default ``bukti.tsv``), compiled for one ``WordTable``.

    A word's *class* is its stem and which of the forms that phrases ask for it stands for; words that no phrase
    names share class 0.
    """

    def __init__(
        self, table: WordTable, standard: StandardForms, phrases: Mapping[str, list[Phrase]] | None = None
    ) -> None:
        self.table = table
        by_stem = load_phrases() if phrases is None else phrases
        self.phrases: list[Phrase] = list({id(p): p for phrases in by_stem.values() for p in phrases}.values())
        numbers = {id(phrase): number for number, phrase in enumerate(self.phrases)}
        self._starts = {stem: [numbers[id(p)] for p in phrases] for stem, phrases in by_stem.items()}
        width = max(len(phrase.slots) for phrase in self.phrases)
        self.width = width
        self._slots: dict[object, int] = {}
        self._slot_items: list[dict[str, frozenset[str] | None]] = []
        shape = (len(self.phrases), width)
        self._slot = np.full(shape, _NONE, dtype=np.int64)
        self._gap = np.zeros(shape, dtype=np.int64)
        for number, phrase in enumerate(self.phrases):
            self._slot[number, : len(phrase.slots)] = [self._slot_number(slot) for slot in phrase.slots]
            self._gap[number, : len(phrase.gaps)] = phrase.gaps
        self.length = np.array([len(phrase.slots) for phrase in self.phrases])
        self._anchor = np.array([phrase.anchor for phrase in self.phrases])
        self._asked: dict[str, frozenset[str]] = defaultdict(frozenset)
        self._slots_of: dict[str, list[tuple[int, frozenset[str] | None]]] = defaultdict(list)
        for number, slot in enumerate(self._slot_items):
            for stem, forms in slot.items():
                self._asked[stem] |= forms or frozenset()
                self._slots_of[stem].append((number, forms))
        self._standard = standard
        self._classes: dict[tuple[str, frozenset[str]], int] = {("", frozenset()): 0}
        self._fits = np.zeros((len(self._slot_items), 64), dtype=bool)
        self._by_class: list[list[int]] = [[]]
        self._counts = self._every = np.zeros(0, dtype=np.int64)
        self._class = Lookup(table, "reading", self._class_of, np.int32)

    def find(self, sentences: Sentences) -> Matches:
        """Return every phrase that stands in the texts."""
        word_class = self._class.values()[sentences.rows.reading]
        word_class[sentences.rows.masked] = 0
        counts, starts, every = self._flat()
        token = np.flatnonzero(counts[word_class])
        many = counts[word_class[token]]
        offsets = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        phrase = every[np.repeat(starts[word_class[token]], many) + offsets]
        token = np.repeat(token, many)
        places = np.full((len(phrase), self.width), _NONE, dtype=np.int64)
        places[np.arange(len(phrase)), self._anchor[phrase]] = token
        matches = Matches(phrase, places)
        for step in (1, -1):
            for distance in range(1, self.width):
                matches = self._extend(matches, step, distance, word_class, sentences)
        return matches

    def _flat(self) -> tuple[Ints, Ints, Ints]:
        """Return how many phrases start at each class, where they begin in the third array, and their numbers."""
        if len(self._counts) != len(self._by_class):
            self._counts = np.array([len(phrases) for phrases in self._by_class])
            self._every = np.array([number for phrases in self._by_class for number in phrases], dtype=np.int64)
        return self._counts, np.cumsum(self._counts) - self._counts, self._every

    def _extend(
        self, matches: Matches, step: int, distance: int, word_class: NDArray[np.int32], sentences: Sentences
    ) -> Matches:
        """Fill the slot at *distance* from the anchor in direction *step* and drop matches that cannot."""
        slot = self._anchor[matches.phrase] + step * distance
        open_ = np.flatnonzero((slot >= 0) & (slot < self.length[matches.phrase]))
        if not len(open_):
            return matches
        phrase, at = matches.phrase[open_], slot[open_]
        here = matches.places[open_, at - step]
        reach = self._gap[phrase, np.maximum(at, at - step)] + 1
        wanted = self._slot[phrase, at]
        found = np.full(len(open_), _NONE, dtype=np.int64)
        looking = np.arange(len(open_))
        for far in range(1, GAP + 2):
            looking = looking[reach[looking] >= far]
            there = here[looking] + step * far
            joined = sentences.joined(here[looking], there)
            looking, there = looking[joined], there[joined]
            fits = self._fits[wanted[looking], word_class[there]]
            found[looking[fits]] = there[fits]
            goes_on = ~fits & ~sentences.is_wall[there]
            looking = looking[goes_on]
            if not len(looking):
                break
        matches.places[open_, at] = found
        lost = open_[found == _NONE]
        return matches.take(np.delete(np.arange(len(matches.phrase)), lost)) if len(lost) else matches

    def _slot_number(self, slot: dict[str, frozenset[str] | None]) -> int:
        key = frozenset(slot.items())
        if key not in self._slots:
            self._slots[key] = len(self._slot_items)
            self._slot_items.append(slot)
        return self._slots[key]

    def _class_of(self, reading: tuple[int, int]) -> int:
        form, stem = reading
        name = self.table.stems[stem]
        if name not in self._asked:
            if not (name.isdigit() or name in NUMBER_WORDS):
                return 0
            name = "#"
        key = (name, self._standard(self.table.names[form]) & self._asked[name])
        if key not in self._classes:
            self._add_class(*key)
        return self._classes[key]

    def _add_class(self, name: str, forms: frozenset[str]) -> None:
        number = self._classes[name, forms] = len(self._classes)
        if number >= self._fits.shape[1]:
            self._fits = np.hstack([self._fits, np.zeros_like(self._fits)])
        for slot, asked in self._slots_of[name]:
            self._fits[slot, number] = asked is None or not asked.isdisjoint(forms)
        if name.isdigit() or name in NUMBER_WORDS:
            for slot, _ in self._slots_of["#"]:
                self._fits[slot, number] |= name not in self._slot_items[slot]
        starts = self._starts.get(name, ())
        self._by_class.append([n for n in starts if self._fits[self._slot[n, self._anchor[n]], number]])
