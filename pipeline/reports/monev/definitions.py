"""What each figure is (``monev_angka.tsv``), and the values that it is held against (``monev_acuan.tsv``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.catalogue.rules import load_rules
from pipeline.errors import InputError

TABLE, REFERENCES = "monev_angka", "monev_acuan"
COUNT, SHARE, DAYS = UNITS = ("jumlah", "bagian", "hari")
_GROUP: Final = "kelompok"
_PREFIX: Final = "angka_"
"""Of the ids, so that no figure answers for a rule: ``catalogue.rules.find_rule`` searches all tables."""


@dataclass(frozen=True)
class Reference:
    """A value that a figure is held against (a share as 0.5), in words, and where it is from."""

    key: str
    figure: str
    value: float
    name: str
    source: str


@dataclass(frozen=True)
class Definition:
    """One figure as people read it; ``unit``: ``jumlah`` (rows), ``bagian`` (share of 1), ``hari`` (calendar days)."""

    key: str
    name: str
    unit: str
    sentence: str
    numerator: str
    denominator: str
    source: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Definitions:
    """The definitions that hold on a day, in the table's order; ``enough``: rows that a group's rate takes."""

    by_key: Mapping[str, Definition]
    enough: int

    def __getitem__(self, key: str) -> Definition:
        return self.by_key[key]


def load_definitions(on: dt.date) -> Definitions:
    """Return the definitions valid on the day *on*: those of a period are the ones of its last day.

    Raises :class:`InputError` naming file, row and column of a wrong cell, or the figure that has no row that day.
    """
    found: dict[str, list[Reference]] = {}
    enough: int | None = None
    for rule in load_rules(REFERENCES, on):
        value = rule.number("nilai", least=0)
        if rule.values["angka"] == _GROUP:
            enough = int(value)
            continue
        reference = Reference(rule.id, rule.values["angka"], value, rule.values["nama"], rule.source)
        found.setdefault(reference.figure, []).append(reference)
    by_key = {}
    for rule in load_rules(TABLE, on):
        names = ("nama", "satuan", "definisi", "pembilang", "penyebut")
        name, _, sentence, numerator, denominator = (rule.values[column] for column in names)
        key = rule.id.removeprefix(_PREFIX)
        by_key[key] = Definition(
            key, name, rule.one_of("satuan", UNITS), sentence, numerator, denominator, rule.source,
            tuple(found.pop(key, ())),
        )  # fmt: skip
    if found:
        what = f"column 'angka': no figure {', '.join(sorted(found))} in {TABLE}.tsv on {on.isoformat()}"
        raise InputError(what, file=f"{REFERENCES}.tsv", hint="Correct the name, or add the row.")
    if enough is None:
        raise InputError(f"no row of {_GROUP} holds on {on.isoformat()}", file=f"{REFERENCES}.tsv")
    return Definitions(by_key, enough)
