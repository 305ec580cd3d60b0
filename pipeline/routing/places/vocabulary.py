"""What single words are to the search for places: cues, names of cities, words that rule a name out.

The words stand in ``data/rules/wilayah_kata.tsv`` and ``wilayah_sebutan.tsv``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from functools import cached_property

from pipeline.catalogue.rules import load_rules
from pipeline.routing.places.flags import (
    CITY,
    CITY_NEXT,
    CITY_START,
    COMMON,
    COMMON_AT,
    CUE_DISTRICT,
    CUE_KAB,
    CUE_KOTA,
    CUE_VILLAGE,
    CUES,
    DIRECTION,
    GLUED,
    LEAST_GLUED,
    NAME,
    NAME_NEXT,
    ORDINARY,
    ORDINARY_NAME,
    ROLES,
    TAIL,
)
from pipeline.routing.places.regions import DISTRICT, PROVINCE, REGENCY, VILLAGE, Codes, key_of, regions
from pipeline.settings import data_dir
from pipeline.text.lexicons import load_lexicons, load_stems, read_table

_LEAST, _LEAST_LABEL = 3, 8
"""Letters of a name, and of a form's label that is told at the end of a word."""
_NUMBERED_CUE = re.compile(r"\d+([a-z]+)")
_ADVERBS = ("di", "ke", "se")
_CLITICS = ("nya", "ku", "lah", "ini", "kah", "pun")


class Vocabulary:
    """The rule tables valid on one day, with the names of cities and kecamatan as words."""

    def __init__(self, day: dt.date | None = None) -> None:
        day = day or dt.date.today()
        roles: defaultdict[str, int] = defaultdict(int)
        for rule in load_rules("wilayah_kata", day):
            for word in rule.values["kata"].split():
                roles[word] |= ROLES[rule.values["peran"]]
        self._roles = dict(roles)
        self.aliases: dict[str, Codes] = {
            key_of(rule.values["sebutan"]): tuple(rule.values["kode"].split())
            for rule in load_rules("wilayah_sebutan", day)
        }
        self._aliases = [rule.values["sebutan"] for rule in load_rules("wilayah_sebutan", day)]
        self._directions = tuple(w for w, f in roles.items() if f & DIRECTION)
        self._labels = tuple(w for w, f in roles.items() if f & CUES and len(w) >= _LEAST_LABEL)
        self._cues = tuple(sorted((w for w, f in roles.items() if f & CUES), key=len, reverse=True))

    def role(self, word: str) -> int:
        """Return the flags that the rule table gives *word*."""
        return self._roles.get(word, 0)

    @cached_property
    def cities(self) -> dict[str, Codes]:
        """Codes of provinces and of kabupaten/kota by key, colloquial names among them."""
        known = regions()
        found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for level in (REGENCY, PROVINCE):
            for key, codes in known.keys(level).items():
                found[key] += codes
        for code in known.children(""):
            key = key_of(known.name(code))
            found[key] = tuple(dict.fromkeys((*found[key], code)))
        return {**found, **self.aliases}

    @cached_property
    def _city_words(self) -> tuple[frozenset[str], frozenset[str]]:
        """First and second words of the names of cities and provinces that have several."""
        known = regions()
        names = [known.name(c) for p in known.children("") for c in (p, *known.children(p))] + self._aliases
        several = [name.lower().replace("-", " ").split() for name in names if " " in name or "-" in name]
        return frozenset(key_of(name[0]) for name in several), frozenset(key_of(name[1]) for name in several)

    @cached_property
    def _name_words(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words that are or begin the name of a kecamatan, and second words of the names of kecamatan and desa."""
        starts, nexts = regions().lower_words
        return starts | frozenset(regions().keys(DISTRICT)), nexts

    @cached_property
    def _words(self) -> frozenset[str]:
        stems, lexicons = load_stems(), load_lexicons()
        protected = read_table(data_dir() / "lexicons" / "dilindungi.tsv")
        places = {row["bentuk"] for row in protected if row["jenis"] == "tempat"}
        words = frozenset(stems) | frozenset(stems.values()) | frozenset(lexicons.slang) | lexicons.acronyms
        return words - places

    def is_common(self, word: str) -> bool:
        """Tell whether *word* is one of the language's ordinary words."""
        return word in self._words or bool(self.role(word) & ~(COMMON_AT | TAIL))

    def flags(self, form: str) -> int:
        """Return the flags of a word as written, small letters."""
        found = self._roles.get(form, 0)
        if not form.isascii() or len(form) < _LEAST:
            return found | (ORDINARY_NAME if form in self._name_words[0] else 0) or ORDINARY
        if form.isalpha():
            starts, nexts = self._city_words
            found |= CITY if form in self.cities else 0
            found |= (CITY_START if form in starts else 0) | (CITY_NEXT if form in nexts else 0)
            common = self.is_common(form)
            names, second = self._name_words
            found |= NAME_NEXT if form in second else 0
            if form in names or form in regions().village_keys:
                found |= (
                    ORDINARY_NAME
                    if common or found & ~(TAIL | DIRECTION | CITY_NEXT | NAME_NEXT) or len(form) < LEAST_GLUED
                    else NAME
                )
            elif common:
                found |= ORDINARY
            if (
                not found & (CITY | CITY_START | CUES | NAME)
                and len(form) >= LEAST_GLUED
                and (self.unglued(form, _ADVERBS) if common else self._is_glued(form))
            ):
                found |= GLUED
        elif "-" in form:
            parts = form.split("-")
            if any(self.flags(part) & (CITY | CUES | NAME | GLUED) for part in parts if len(part) < len(form)):
                found |= GLUED
        elif self._is_glued(form):
            found |= GLUED
        return found

    def _is_glued(self, form: str) -> bool:
        """Tell whether a name or a cue may be written together with something else."""
        numbered = _NUMBERED_CUE.fullmatch(form)
        if numbered:
            return bool(self.role(numbered.group(1)) & CUES)
        ends = range(LEAST_GLUED, len(form) - 1)
        if any(form[:end] in self.cities or form[-end:] in self.cities for end in ends):
            return True
        if form.startswith(self._directions):
            return True
        return self.unglued(form) is not None or self.before_label(form) is not None

    def before_label(self, form: str) -> tuple[str, str] | None:
        """Return name and cue where a form's next label is written onto a name, such as ``soreangkabupaten``."""
        for cue in self._labels:
            name = form.removesuffix(cue)
            if not LEAST_GLUED <= len(name) < len(form):
                continue
            if name in self._name_words[0] or name in regions().village_keys or name in self.cities:
                return name, cue
        return None

    def unglued(self, form: str, cues: tuple[str, ...] = ()) -> tuple[str, str] | None:
        """Return cue and name where *form* is both written as one word, such as ``kecrungkut``."""
        known = regions()
        for cue in cues or self._cues + _ADVERBS:
            if not form.startswith(cue):
                continue
            rest, role = form[len(cue) :], self.role(cue)
            if len(rest) < LEAST_GLUED + (not role & CUES) and rest not in self.aliases:
                continue
            if role & (CUE_KAB | CUE_KOTA) or not role & CUES:
                if rest in self.cities and not self.role(rest) & (COMMON | COMMON_AT):
                    return cue, rest
            elif (role & CUE_DISTRICT and known.codes(rest, DISTRICT)) or (
                role & CUE_VILLAGE and known.codes(rest, VILLAGE)
            ):
                return cue, rest
        return None

    def without_clitic(self, word: str) -> str:
        """Return *word* without a particle at its end where the rest is a city's name."""
        for clitic in _CLITICS:
            if word.endswith(clitic) and word[: -len(clitic)] in self.cities:
                return word[: -len(clitic)]
        return word
