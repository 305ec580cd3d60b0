"""Units by what officers type: a name, a short name, a code, a part of these, or a word of the unit's duties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.catalogue import load_units, unit_name

_WORD = re.compile(r"[^\W_]+")
_INSIDE = 4
"""From so many letters on, what is typed may stand inside a word; else it begins one (app.js does the same)."""


@dataclass(frozen=True)
class UnitOption:
    """A unit that may be chosen. ``search``: the words that it is found by."""

    label: str
    name: str
    short: str
    search: str


def unit_options(labels: Sequence[str]) -> list[UnitOption]:
    """Return the units that may be chosen, by name."""
    return sorted((_option(label) for label in labels), key=lambda one: one.name.casefold())


def find_units(typed: str, labels: Sequence[str]) -> list[str]:
    """Return the labels that *typed* fits: one where it is a whole name, short name or label, else all by parts."""
    known = {written.casefold(): label for label in labels for written in _spellings(label)}
    exact = known.get(" ".join(typed.split()).casefold())
    if exact is not None:
        return [exact]
    wanted = _words(typed)
    return [one.label for one in unit_options(labels) if wanted and _fits(wanted, _words(one.search))]


def _option(label: str) -> UnitOption:
    unit = load_units().get(label)
    if unit is None:
        return UnitOption(label, unit_name(label), "", label)
    return UnitOption(label, unit.name, unit.short, f"{unit.name} {unit.short} {label} {unit.duties}")


def _spellings(label: str) -> list[str]:
    unit = load_units().get(label)
    # The label itself last: it is meant where another unit's short name reads the same.
    return [unit.name, unit.short, label] if unit else [label]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _fits(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(one) or (len(one) >= _INSIDE and one in word) for word in words) for one in wanted)
