"""Whose matter a complaint is when it is not ours: another institution, or a regional government.

Institutions stand in ``data/rules/kewenangan_instansi.tsv``, units that are not ours in ``kewenangan.tsv``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import Sentences
from pipeline.routing.signals import SignalFinder
from pipeline.text import WordTable

LEAST_WEIGHT = 2
"""Sum of ``bobot`` from which an institution counts as named or meant."""


@dataclass(frozen=True)
class Institution:
    """An institution that a text names or means, as officers call it, and the id of the rule that says so."""

    name: str
    rule: str


class JurisdictionFinder:
    """Finds institutions in texts tokenised with *table*, by the rules valid on *day* (default: all)."""

    def __init__(self, table: WordTable, day: dt.date | None = None) -> None:
        self.rules = load_rules("kewenangan_instansi", day)
        self._weight = np.array([rule.number("bobot") for rule in self.rules])
        self._finder = SignalFinder(table, self.rules)

    def find(self, sentences: Sentences) -> dict[int, Institution]:
        """Return the likeliest institution, for the numbers of the texts that name or mean one."""
        hits = self._finder.find(sentences)
        if not len(hits.row):
            return {}
        size = len(self.rules)
        # Phrases of one rule that end on one word are one sign.
        tokens = int(hits.last.max()) + 1
        sign, place = np.unique((hits.row * size + hits.rule) * tokens + hits.last, return_index=True)
        pair, first, many = np.unique(sign // tokens, return_index=True, return_counts=True)
        rule = pair % size
        row = pair // size
        weight = self._weight[rule] * many
        sure = weight >= LEAST_WEIGHT
        if not sure.any():
            return {}
        row, rule, weight, first = row[sure], rule[sure], weight[sure], first[sure]
        order = np.lexsort((hits.first[place][first], -weight, row))
        best = order[np.unique(row[order], return_index=True)[1]]
        return {
            int(row[one]): Institution(self.rules[rule[one]].values["instansi"], self.rules[rule[one]].id)
            for one in best.tolist()
        }


@cache
def foreign_units() -> frozenset[str]:
    """Return the units whose matters are not the office's own."""
    return frozenset(rule.values["unit"] for rule in load_rules("kewenangan"))


def belongs_to(unit: str, institution: Institution | None = None, region_label: str = "") -> str:
    """Return whose matter a complaint of *unit* is, ``""`` when it is the office's own.

    *region_label*: the region of the matter as people read it (``Kab. Bandung``), ``""`` where none is named.
    """
    rule = next((rule for rule in load_rules("kewenangan") if rule.values["unit"] == unit), None)
    if rule is None:
        return ""
    form = rule.values["milik"]
    known = (region_label or "{wilayah}" not in form) and (institution is not None or "{instansi}" not in form)
    if not known:
        return rule.values["tanpa"]
    return form.format(wilayah=region_label, instansi=institution.name if institution else "")
