"""The rules of ``data/rules/kemiripan.tsv``: when two reports are the same text or the same incident."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from pipeline.catalogue.rules import Rule, load_rules
from pipeline.errors import InputError

SAME_TEXT, SAME_INCIDENT = "sama_teks", "sama_kejadian"
KINDS = ("", SAME_INCIDENT, SAME_TEXT)
"""Kinds of link by number; the higher the stronger."""
PLACES = ("sama", "kosong", "lain")
NAME = "kemiripan"


@dataclass(frozen=True)
class LinkRule:
    """One row: ``days`` None is any number; ``likeness`` 0-1; ``weight`` in nats; ``fields`` a count."""

    id: str
    kind: int
    places: frozenset[int]
    days: int | None
    likeness: float
    weight: float
    fields: int
    identical: bool


def load_link_rules(on: dt.date | None = None) -> list[LinkRule]:
    """Return the rules valid *on* a day (today), in order; raises :class:`InputError` naming row and column."""
    return [_parsed(rule) for rule in load_rules(NAME, on or dt.date.today())]


def _parsed(rule: Rule) -> LinkRule:
    places = rule.values["wilayah"].split("+")
    if not set(places) <= set(PLACES):
        raise InputError(f"{rule.place}, rule {rule.id!r}: column 'wilayah' is wrong. Give {'+'.join(PLACES)}.")
    days = rule.values["hari"]
    return LinkRule(
        rule.id,
        KINDS.index(rule.one_of("jenis", KINDS[1:])),
        frozenset(PLACES.index(place) for place in places),
        int(rule.number("hari", least=0)) if days else None,
        rule.number("kesamaan") if rule.values["kesamaan"] else math.nan,
        rule.number("bobot") if rule.values["bobot"] else math.nan,
        int(rule.number("bidang", least=0)),
        rule.values["identik"] == "1",
    )
