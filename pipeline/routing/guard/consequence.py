"""What follows from an accusation: who gets a copy, and which units are the accused themselves.

Names are compared as sets of words, abbreviations written out by ``data/rules/pengawasan_nama.tsv``. Where the accused
is named less exactly than the unit ("petugas kelurahan", and the unit is Kelurahan Sukamaju), the unit counts as
accused: a person decides then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.catalogue.rules import load_rules
from pipeline.errors import InputError

MINISTRY, OFFICE = "kementerian", "kantor"
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Consequence:
    """``copy_to``: the unit that gets a copy; ``accused_units``: those of the list that are accused."""

    copy_to: str
    accused_units: tuple[str, ...]


@dataclass(frozen=True)
class _Names:
    short: tuple[tuple[str, str], ...]
    levels: frozenset[str]
    general: frozenset[str]
    codes: dict[str, tuple[str, ...]]


def consequence(accused: str, units: Sequence[str], on: dt.date | None = None) -> Consequence:
    """Return what follows for an office whose units are *units* (codes for the ministry, else names).

    Raises :class:`InputError` where no rule says whom to copy on day *on* (default: today).
    """
    hit = tuple(unit for unit in units if is_accused(unit, accused, on))
    found = {rule.values["untuk"]: rule.values for rule in load_rules("pengawasan_salinan", on or dt.date.today())}
    whose = MINISTRY if found.get(MINISTRY, {}).get("unit") in units else OFFICE
    if whose not in found:
        raise InputError(f"pengawasan_salinan.tsv: no rule for {whose!r} is valid. Add one.")
    row = found[whose]
    named = [unit for unit in units if unit.lower().startswith(row["unit"].lower())]
    copy_to = named[0] if named else row["bila_tidak_ada"]
    if copy_to in hit or is_accused(copy_to, accused, on):
        copy_to = row["bila_dituduh"]
    return Consequence(copy_to, hit)


@lru_cache(maxsize=20_000)
def is_accused(unit_label: str, accused_text: str, on: dt.date | None = None) -> bool:
    """Tell whether the unit is the one that *accused_text* names.

    A village official does not accuse the directorate for villages; a school or clinic not the agency above it. An
    accused who is not named as an office ("petugas", "") accuses no unit: that such a report is read by a person is the
    policy's matter.
    """
    names = _names(on or dt.date.today())
    text = _plain(accused_text)
    if unit_label in names.codes:
        return any(f" {phrase} " in f" {text} " for phrase in names.codes[unit_label])
    unit, accused = _written_out(unit_label, names), _written_out(accused_text, names)
    levels = unit & names.levels
    if levels:
        # Offices of one kind differ by the place's name alone.
        place, other = unit - names.general - levels, accused - names.general - names.levels
        return bool(levels & accused) and (not place or not other or bool(place & other))
    if accused & names.levels:
        return False
    own, told = unit - names.general, accused - names.general
    if not told:
        return False
    same = own & told
    return bool(own) and bool(same) and (same == own or ("dinas" in unit & accused) or len(same) >= 2)


def _written_out(name: str, names: _Names) -> frozenset[str]:
    text = f" {_plain(name)} "
    for short, long in names.short:
        text = text.replace(f" {short} ", f" {long} ")
    return frozenset(text.split())


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


@cache
def _names(on: dt.date) -> _Names:
    rules = load_rules("pengawasan_nama", on)

    def of(kind: str) -> list[tuple[str, str]]:
        return [
            (word.strip(), rule.values["nama"])
            for rule in rules
            if rule.values["jenis"] == kind
            for word in rule.values["kata"].split(";")
        ]

    codes: dict[str, tuple[str, ...]] = {}
    for phrase, code in of("kode"):
        codes[code] = (*codes.get(code, ()), phrase)
    # The longest first, so that "satpol pp" is not read as "satpol".
    short = tuple(sorted(of("singkatan"), key=lambda pair: -len(pair[0])))
    general = frozenset(word for words, _ in of("umum") for word in words.split())
    return _Names(short, frozenset(word for word, _ in of("tingkat")), general, codes)
