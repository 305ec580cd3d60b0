"""What a desk would have to ask before it could act: what, where, when or who (rules in ``kelengkapan.tsv``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.crosswalk import pool_place
from pipeline.catalogue.functions import functions_by_name
from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import Sentences
from pipeline.errors import InputError
from pipeline.routing.decision import INCOMPLETE, REVIEW
from pipeline.routing.kind import COMPLAINT, WISH
from pipeline.routing.rule_scores import RuleScores, said
from pipeline.routing.signals import Bools
from pipeline.routing.usable_places import PLACES, UsablePlaces
from pipeline.routing.verbs import Verbs
from pipeline.text import Lookup, WordTable
from pipeline.text.table import MASK_KINDS

CODES: tuple[str, ...] = ("apa", "di_mana", "kapan", "siapa")
"""What may be missing, in the rubric's order."""
_LENGTHS = {"pendek": (0, 7), "sedang": (8, 14), "panjang": (60, 10**6)}
"""Signals for how many words a text has, from and to."""
_LONG_NUMBER = 5
_SIGNALS = (*PLACES, *MASK_KINDS, *_LENGTHS, "wilayah", "angka", "kerja", "tempat", WISH)
"""``angka``: a long number; ``kerja``: a verb; ``tempat``: some rule says that the matter lies somewhere."""
_ASKED = (COMPLAINT, WISH)


@dataclass(frozen=True)
class Missing:
    """What is missing: ``codes`` of :data:`CODES`, the reason officers read, the ids of the rules that spoke."""

    codes: tuple[str, ...]
    reason: str
    rules: tuple[str, ...]


class MissingFinder:
    """Finds what is missing in texts tokenised with *table*, by the rules valid on *day* (default: today)."""

    def __init__(self, table: WordTable, day: dt.date | None = None) -> None:
        rules = load_rules("kelengkapan", day)
        self._scores = RuleScores(table, rules, "kelengkapan", CODES, _SIGNALS)
        needs_place = [rule.values["kode"] == "di_mana" and rule.values["kelompok"] == "perlu" for rule in rules]
        self._needs_place = np.array(needs_place)
        self._places = UsablePlaces(table)
        self._verbs = Verbs(table)
        self._digits = Lookup(table, "form", lambda form: len(form) if form.isdigit() else 0, np.int64)

    def find(self, sentences: Sentences, has_place: NDArray[np.bool_], kinds: Sequence[str]) -> dict[int, Missing]:
        """Return what is missing, for the numbers of the texts where something is.

        *has_place*: a desa or kecamatan was found in the text, shape (texts,); *kinds*: as of ``KindFinder``. Questions
        and what is no complaint miss nothing: an answer needs no more.
        """
        spoken = self._scores.spoken(sentences, self.signals(sentences, has_place))
        wishes = np.array([kind == WISH for kind in kinds], dtype=bool)
        self._scores.put(spoken, {"tempat": spoken[self._needs_place].any(axis=0), WISH: wishes})
        lacks = self._scores.score(spoken) > 0
        lacks[:, [kind not in _ASKED for kind in kinds]] = False
        rows = np.flatnonzero(lacks.any(axis=0))
        result = {}
        for row, told, there in zip(rows.tolist(), lacks.T[rows].tolist(), said(spoken, rows), strict=True):
            codes = tuple(code for code, is_missing in zip(CODES, told, strict=True) if is_missing)
            rules = tuple(rule for code in codes for rule in self._scores.speakers(there, code))
            result[row] = _missing(codes, rules)
        return result

    def signals(self, sentences: Sentences, has_place: Bools) -> dict[str, Bools]:
        """Return the signals that no phrase tells, by name, each of shape (texts,)."""
        rows = sentences.rows
        size = len(rows)
        found = self._places.find(sentences) | {"wilayah": has_place}
        found |= {kind: np.zeros(size, dtype=bool) for kind in MASK_KINDS}
        masked = np.flatnonzero(rows.masked)
        for row, form in zip(rows.row[masked].tolist(), rows.form[masked].tolist(), strict=True):
            found[MASK_KINDS[form]][row] = True
        words = np.diff(rows.first)
        for name, (least, most) in _LENGTHS.items():
            found[name] = (words >= least) & (words <= most)
        found["kerja"] = self._verbs.find(sentences)
        found["angka"] = np.zeros(size, dtype=bool)
        found["angka"][rows.row[self._digits.values()[rows.form] >= _LONG_NUMBER]] = True
        return found


@lru_cache(maxsize=10_000)
def _missing(codes: tuple[str, ...], rules: tuple[str, ...]) -> Missing:
    # Few answers differ: thousands of equal ones would only give the garbage collector work.
    return Missing(codes, reason(codes), rules)


@cache
def reason(codes: tuple[str, ...]) -> str:
    """Return what to ask the reporter, in the officers' language: ``tanyakan lokasi: …; waktu: …``."""
    questions = {rule.values["kode"]: rule.values["tanya"] for rule in load_rules("kelengkapan_tanya")}
    return "tanyakan " + "; ".join(questions[code] for code in codes)


@cache
def action_for(codes: tuple[str, ...]) -> str:
    """Return what a row gets that lacks *codes*: ``lengkapi``, ``tinjau``, or ``""`` where that is only shown."""
    actions = {rule.values["tindakan"] for rule in load_rules("kelengkapan_tanya") if rule.values["kode"] in codes}
    return next((action for action in (INCOMPLETE, REVIEW) if action in actions), "")


@lru_cache(maxsize=10_000)
def needed_by(unit_label: str) -> frozenset[str]:
    """Return the codes that matter for a unit, by its code in the catalogue or by the functions that its name tells.

    Several functions need what any of them needs; a unit that is not known may need everything.
    """
    needs = _needs()
    label = unit_label.strip()
    if label in needs:
        return needs[label]
    names = (pool_place(label).lower(), *functions_by_name(label))
    told = [needs[name] for name in names if name in needs]
    return frozenset().union(*told) if told else frozenset(CODES)


@cache
def _needs() -> dict[str, frozenset[str]]:
    needs: dict[str, frozenset[str]] = {}
    for rule in load_rules("kelengkapan_unit"):
        codes = frozenset(rule.values["kode"].split(";"))
        if not codes <= set(CODES):
            raise InputError(
                f"data/rules/kelengkapan_unit.tsv, rule {rule.id!r}: column 'kode' has a code that is none of "
                f"{', '.join(CODES)}."
            )
        needs |= dict.fromkeys(rule.values["unit"].split(), codes)
    return needs
