"""The rules of ``data/rules/kemiripan.tsv``: when two reports are the same text or the same incident."""

from __future__ import annotations

import datetime as dt
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
    values = rule.values
    places = values["wilayah"].split("+")
    if values["jenis"] not in KINDS[1:]:
        raise _wrong(rule, "jenis", " or ".join(KINDS[1:]))
    if not set(places) <= set(PLACES):
        raise _wrong(rule, "wilayah", "+".join(PLACES))
    try:
        numbers = {name: float(values[name] or "nan") for name in ("kesamaan", "bobot", "bidang", "hari")}
    except ValueError as error:
        raise _wrong(rule, "kesamaan, bobot, bidang or hari", "numbers") from error
    return LinkRule(
        rule.id,
        KINDS.index(values["jenis"]),
        frozenset(PLACES.index(place) for place in places),
        int(numbers["hari"]) if values["hari"] else None,
        numbers["kesamaan"],
        numbers["bobot"],
        int(numbers["bidang"]),
        values["identik"] == "1",
    )


def _wrong(rule: Rule, column: str, wanted: str) -> InputError:
    return InputError(f"data/rules/{NAME}.tsv, rule {rule.id!r}: column {column!r} is wrong. Give {wanted}.")
