"""Is a pair of reports the same text or incident? Words in common by rarity, fields that agree or contradict, rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.similar.fields import CLASSES, HASH_BITS, Codes
from pipeline.routing.similar.rows import NO_DAY, place_relation
from pipeline.routing.similar.rules import PLACES, LinkRule

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
UNKNOWN_DAYS = 7
"""Days that count as between two reports when one has no date: near, but no evidence of one incident by itself."""
LEAST_LIKENESS = 0.2
"""Words in common with a group's centre that a report needs which is linked to another member only."""
CHUNK = 50_000
_MOST_WEIGHT = 9.0

CONTRADICT = tuple(
    CLASSES.index(c)
    for c in ("jalan", "gang", "rt", "rw", "nomor", "blok", "perum", "identitas", "tiket", "arah", "titik")
)
"""Classes that contradict when both reports have some and share none."""
SUPPORT = tuple(CLASSES.index(c) for c in ("jalan", "gang", "rt", "rw", "nomor", "blok", "perum", "tempat", "tiket"))


_SUBJECT = CLASSES.index("pokok")
_PERSON = CLASSES.index("orang")
_ADDRESS = tuple(CLASSES.index(c) for c in ("jalan", "gang", "rt", "nomor", "blok", "perum", "tempat"))
FORM_LIKENESS = 0.5
"""Likeness from which on two reports with other names are one form text."""
_IDENTITY = CLASSES.index("identitas")
"""An identity, meter or phone number in common outweighs what contradicts."""


@dataclass(frozen=True)
class Measures:
    """Per pair: ``likeness`` (weighted Jaccard), ``weight`` of the common words, common address ``fields``, ``days``
    between, place ``relation`` (see :func:`~.rows.place_relation`), whether fields ``contradict``, ``identical`` words.
    """

    likeness: Floats
    weight: Floats
    fields: Ints
    days: Ints
    relation: Ints
    contradict: NDArray[np.bool_]
    identical: NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """Per pair: ``kind`` of link (number in :data:`~.rules.KINDS`), ``score`` (0-2, the nearer the higher)."""

    kind: NDArray[np.int8]
    score: NDArray[np.float32]


class Judge:
    """Judges pairs among rows given as flat *items* with *counts*; *weight* is each item's rarity in nats."""

    def __init__(
        self, items: Codes, counts: NDArray[np.uint8], weight: Floats, day: NDArray[np.int32],
        place: NDArray[np.int64], text: NDArray[np.uint64], rules: Sequence[LinkRule],
    ) -> None:  # fmt: skip
        from scipy.sparse import csr_matrix

        distinct, column = np.unique(items, return_inverse=True)
        ends = np.append(0, np.cumsum(counts, dtype=np.int64))
        row = np.repeat(np.arange(len(counts)), counts)
        kind = (items >> np.uint32(HASH_BITS)).astype(np.int64)
        self._kind = np.zeros(len(distinct), dtype=np.int64)
        self._kind[column] = kind
        self._weight = np.zeros(len(distinct))
        self._weight[column] = np.where(kind == 0, np.minimum(weight, _MOST_WEIGHT), 0.0)
        self._matrix = csr_matrix(
            (np.ones(len(items), dtype=np.float32), column, ends), shape=(len(counts), max(len(distinct), 1))
        )
        self._total = np.bincount(row, np.where(kind == 0, self._weight[column], 0), len(counts))
        self._has = np.zeros((len(counts), len(CLASSES)), dtype=bool)
        self._has[row, kind] = True
        self._day, self._place, self._text, self._rules = day.astype(np.int64), place, text, rules

    def __call__(self, one: Ints, other: Ints) -> Judged:
        """Judge the pairs (one[i], other[i])."""
        kind, score = np.zeros(len(one), dtype=np.int8), np.zeros(len(one), dtype=np.float32)
        for start in range(0, len(one), CHUNK):
            part = slice(start, start + CHUNK)
            kind[part], score[part] = self._judge(one[part], other[part])
        return Judged(kind, score)

    def agree(self, one: Ints, other: Ints) -> NDArray[np.bool_]:
        """Tell which pairs do not contradict each other and have a good part of their words in common."""
        measured = self._measure(one, other)
        return ~measured.contradict & (measured.likeness >= LEAST_LIKENESS)

    def _measure(self, one: Ints, other: Ints) -> Measures:
        """Measure pairs."""
        size, classes = len(one), len(CLASSES)
        shared = self._matrix[one].multiply(self._matrix[other]).tocsr()
        pair = np.repeat(np.arange(size), np.diff(shared.indptr))
        weight: Floats = np.bincount(pair, self._weight[shared.indices], size).astype(np.float64)
        agree = np.zeros((size, classes), dtype=bool)
        agree[pair, self._kind[shared.indices]] = True
        both = self._has[one] & self._has[other]
        differ = both & ~agree
        fields = agree[:, SUPPORT].sum(axis=1).astype(np.int64)
        union = self._total[one] + self._total[other] - weight
        identical = self._text[one] == self._text[other]
        likeness = np.where(identical, 1.0, np.divide(weight, union, out=np.zeros(size), where=union > 0))
        # The same wording about another person is a form text; other words with the same address, another reporter.
        other_person = differ[:, _PERSON] & ((likeness >= FORM_LIKENESS) | ~agree[:, _ADDRESS].any(axis=1))
        contradict = (differ[:, CONTRADICT].any(axis=1) | other_person) & ~agree[:, _IDENTITY]
        contradict |= differ[:, _SUBJECT]
        days = days_between(self._day[one], self._day[other])
        relation = place_relation(self._place[one], self._place[other])
        return Measures(likeness, weight, fields, days, relation, contradict, identical)

    def _judge(self, one: Ints, other: Ints) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        found = self._measure(one, other)
        likeness, weight, days = found.likeness, found.weight, found.days
        kind = np.zeros(len(one), dtype=np.int8)
        for rule in self._rules:
            fits = (kind == 0) & (likeness >= rule.likeness) & (weight >= rule.weight) & (found.fields >= rule.fields)
            fits &= np.isin(found.relation, list(rule.places))
            if rule.days is not None:
                fits &= days <= rule.days
            fits &= found.identical if rule.identical else ~found.contradict
            kind[fits] = rule.kind
        return kind, (likeness + np.minimum(weight, 100) / 200 + 1 / (2 + 2 * days)).astype(np.float32)


def days_between(one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]) -> Ints:
    """Return the days between two days each, :data:`UNKNOWN_DAYS` where one is unknown."""
    days = np.abs(one.astype(np.int64) - other.astype(np.int64))
    days[(one == NO_DAY) | (other == NO_DAY)] = UNKNOWN_DAYS
    return days


def days_allowed(rules: Sequence[LinkRule]) -> Floats:
    """Return for each relation of places (see :data:`~.rules.PLACES`) the most days that any rule allows, -1 none."""
    return np.array(
        [
            max((np.inf if rule.days is None else rule.days for rule in rules if place in rule.places), default=-1.0)
            for place in range(len(PLACES))
        ]
    )
