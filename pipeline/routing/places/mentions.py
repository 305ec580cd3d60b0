"""Names of regions in one text: after a cue (*kec. Soreang*), as a city's name, or beside a region that is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.routing.places.context import comes_from, leads_to, moves_to, part_of_other
from pipeline.routing.places.flags import (
    AT,
    CITY,
    CITY_NEXT,
    CITY_START,
    COMMON,
    COMMON_AT,
    CUE_DISTRICT,
    CUE_KAB,
    CUE_KOTA,
    CUE_PROVINCE,
    CUE_VILLAGE,
    CUES,
    DIRECTION,
    LEAST_GLUED,
    MOST_WORDS,
    OFFICE,
    OFFICE_VILLAGE,
    ORDINARY,
    ORDINARY_NAME,
    STOP,
    TAIL,
)
from pipeline.routing.places.line import CLAUSE, COLON, DOT, HARD, Line
from pipeline.routing.places.regions import DISTRICT, PROVINCE, REGENCY, VILLAGE, Codes, lies_in, regions
from pipeline.routing.places.vocabulary import Vocabulary

CUED, BARE, BESIDE, PLACED = 3.0, 2.0, 1.5, 1.0
"""Weights of a name after a cue, of a city's name, of a name beside its parent's, of a name after *di*, *wilayah* …"""
ORIGIN_LOSS = 1.6
DESTINATION = 0.2
"""Weight of the place that somebody is going to move to: the matter lies there only where nothing else is named."""
_FEW_NAMESAKES = 10
_CHAIN = 3
"""Cues in a row that share one name (*kel/desa X*)."""
_LEAST_GLUED_DISTRICT, _ABBREVIATED_CUE = 7, 3
_TITLES = frozenset({"dr", "kh", "st", "prof"})
LONG = 1_000
GREATER = "raya"
"""*Bandung Raya* is no kabupaten or kota but several."""
Lookup = Callable[[str], Codes]


class Mention(NamedTuple):
    """A name in the words ``start`` to ``end``: its level, what it may stand for, how much speaks for it."""

    level: int
    codes: Codes
    start: int
    end: int
    weight: float
    doubtful: bool = False
    """An ordinary word that counts only where another name agrees."""
    other: Codes = ()
    """The desa of the same name, for an office (*puskesmas*) that may be named after either."""


class Unknown(NamedTuple):
    """A cue of *level* before the words from ``start``, which no list knows."""

    level: int
    start: int


class MentionFinder:
    """Finds what one line names."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = regions()
        self._cities = vocabulary.cities

    def sure(self, line: Line) -> tuple[list[Mention], list[Unknown]]:
        """Return the names after a cue and the cities' names, in order, and the cues with a name nobody knows."""
        found: list[Mention] = []
        unknown: list[Unknown] = []
        done = 0
        for place in line.marks:
            if place < done:
                continue
            flag = line.flags[place]
            if flag & (CUES | OFFICE):
                done = self._after_cue(line, place, found, unknown)
            elif flag & (CITY | CITY_START):
                done = self._city(line, place, found)
        if any(line.words[mention.start - 1] == "ke" for mention in found if mention.start):
            found = list(_going_to(line, found))
        return found, unknown

    def _after_cue(self, line: Line, cue: int, found: list[Mention], unknown: list[Unknown]) -> int:
        flags, words = line.flags, line.words
        told = CUES | OFFICE | OFFICE_VILLAGE
        asked, name = flags[cue] & told, cue + 1
        while name < len(words) and name < cue + _CHAIN and not line.gaps[name] & HARD:
            if not flags[name] & told or self._match(line, name, flags[name - 1] & told, 2):
                break
            asked |= flags[name] & told
            name += 1
        if name >= len(words) or (line.gaps[name] & HARD and not line.gaps[name] & COLON):
            return name
        flag = flags[name]
        if flag & ORDINARY and not (flag & (CITY | CITY_START) or words[name] in _TITLES):
            return name
        may_be_name = flag & ORDINARY_NAME or words[name] in _TITLES
        if flag & STOP and not (may_be_name and self._match(line, name, asked, 2)):
            return name
        weight = CUED - (ORIGIN_LOSS if comes_from(line, cue) else 0)
        end = 0
        for level, codes, size in self._matches(line, name, asked):
            doubtful = level >= DISTRICT and self._is_doubtful(line, name, size)
            other: Codes = ()
            if asked & OFFICE_VILLAGE and level == DISTRICT:
                other = self._known.codes("".join(words[name : name + size]), VILLAGE)
            found.append(Mention(level, codes, cue, name + size, weight, doubtful, other))
            end = max(end, name + size)
            if doubtful and flags[name] & CITY and not flags[name] & (COMMON | COMMON_AT):
                found.append(Mention(REGENCY, self._cities[words[name]], name, name + size, BARE))
        if end and end < len(flags) and flags[end] & CITY and flags[end] & (COMMON | COMMON_AT):
            end = self._city_beside(line, end, found)
        if not end and not (flags[name] & CITY or self._vocabulary.is_common(words[name])):
            level = VILLAGE if asked & CUE_VILLAGE else DISTRICT if asked & CUE_DISTRICT else 0
            level = REGENCY if asked & (CUE_KAB | CUE_KOTA) and not level else level
            if level:
                unknown.append(Unknown(level, name))
        return end or name

    def _city_beside(self, line: Line, end: int, found: list[Mention]) -> int:
        """Add the city at *end*, an ordinary word, too, that the last kecamatan or desa lies in; return where it ends.

        ``Desa Cibogo Subang``; a small letter counts only where the name before it has few namesakes.
        """
        last = found[-1]
        if line.gaps[end] & HARD or last.level < DISTRICT or last.doubtful:
            return end
        if not line.capital(end) and (line.flags[end] & COMMON or len(last.codes) > _FEW_NAMESAKES):
            return end
        codes = _of_level(self._cities[line.words[end]], REGENCY)
        inside = tuple(city for city in codes if any(lies_in(code, city) for code in last.codes))
        if not inside:
            return end
        found.append(Mention(REGENCY, inside, end, end + 1, BARE))
        return end + 1

    def _is_doubtful(self, line: Line, name: int, size: int) -> bool:
        """Tell whether the words after a cue need another name that agrees: ordinary words, cities, parts of names."""
        end = name + size
        if line.gaps[name] & DOT and len(line.words[name - 1]) > _ABBREVIATED_CUE:
            return True
        if line.soft(end) and line.flags[end] & DIRECTION:
            return True
        if size > 1:
            return False
        if line.flags[name] & CITY and not line.flags[name] & (COMMON | COMMON_AT):
            return True
        if not self._vocabulary.is_common(line.words[name]) or not line.soft(end):
            return False
        return not line.capital(name) or (not line.flags[end] and len(line.words[end]) >= LEAST_GLUED)

    def of_other_level(self, line: Line, unknown: Unknown) -> Mention | None:
        """Return what a name means that the list has as a desa where the text says kecamatan, or the other way."""
        if unknown.level == REGENCY:
            return None
        other = VILLAGE if unknown.level == DISTRICT else DISTRICT
        codes, size = self._longest(line, unknown.start, lambda key: self._known.codes(key, other))
        if not codes or len("".join(line.words[unknown.start : unknown.start + size])) < LEAST_GLUED:
            return None
        return Mention(unknown.level, codes, unknown.start - 1, unknown.start + size, CUED - 1)

    def _matches(self, line: Line, name: int, asked: int) -> list[tuple[int, Codes, int]]:
        """Return level, codes and size in words of the longest name at *name* for each level that is *asked*."""
        known, cities = self._known, self._cities
        found: list[tuple[int, Codes, int]] = []
        lookups: list[tuple[int, Lookup]] = []
        if asked & CUE_VILLAGE:
            lookups.append((VILLAGE, lambda key: known.codes(key, VILLAGE)))
        if asked & CUE_DISTRICT:
            lookups.append((DISTRICT, lambda key: known.codes(key, DISTRICT)))
        if asked & (CUE_KAB | CUE_KOTA):
            lookups.append((REGENCY, lambda key: _regencies(cities.get(key, ()), asked)))
        if asked & CUE_PROVINCE:
            lookups.append((PROVINCE, lambda key: _of_level(cities.get(key, ()), PROVINCE)))
        for level, lookup in lookups:
            glued = LONG if level == VILLAGE else _LEAST_GLUED_DISTRICT if level == DISTRICT else LEAST_GLUED
            codes, size = self._longest(line, name, lookup, glued)
            if codes:
                found.append((codes[0].count(".") + 1 if level <= REGENCY else level, codes, size))
        if asked & OFFICE and not found:
            names = [
                (level, *self._longest(line, name, lambda key, level=level: known.codes(key, level), glued))  # type: ignore[misc]
                for level, glued in ((DISTRICT, _LEAST_GLUED_DISTRICT), (VILLAGE, LONG))
                if level == DISTRICT or asked & OFFICE_VILLAGE
            ]
            best = max(names, key=lambda one: one[2])
            if best[1] and not (best[2] == 1 and self._vocabulary.is_common(line.words[name])):
                found.append(best)
        return found

    def _match(self, line: Line, name: int, asked: int, least: int) -> bool:
        return any(size >= least for _, _, size in self._matches(line, name, asked))

    def _longest(self, line: Line, start: int, lookup: Lookup, glued: int = LONG) -> tuple[Codes, int]:
        """Return the codes and the size of the longest name that begins at *start*."""
        words, most = line.words, 1
        while most < MOST_WORDS and (
            line.soft(start + most) or (words[start + most - 1] in _TITLES and start + most < len(words))
        ):
            most += 1
        for size in range(most, 0, -1):
            codes = lookup("".join(words[start : start + size]))
            if codes:
                return codes, size
        word = words[start]
        for end in range(len(word) - 2, glued - 1, -1):
            # The space after the name is missing: ``kab. Bandungpersis``.
            codes = lookup(word[:end])
            if codes:
                return codes, 1
        return (), 0

    def _city(self, line: Line, place: int, found: list[Mention]) -> int:
        flags = line.flags
        if place + 1 < len(flags) and flags[place + 1] & CITY_NEXT:
            codes, size = self._longest(line, place, lambda key: self._cities.get(key, ()))
        else:
            codes, size = self._cities.get(line.words[place], ()), 1
        if not codes:
            return place + 1
        end = place + size
        flag = flags[place] if size == 1 else self._vocabulary.role("".join(line.words[place:end]))
        before = flags[place - 1] if place and not line.gaps[place] & (HARD | CLAUSE) else 0
        if flag & COMMON or (flag & COMMON_AT and not before & AT) or part_of_other(line, place, end):
            return end
        if leads_to(line, place) or (end < len(flags) and line.words[end] == GREATER and line.soft(end)):
            return end
        if flag & COMMON_AT and end < len(flags) and flags[end] & TAIL and line.soft(end):
            return end
        codes = _of_level(codes, REGENCY) or codes
        weight = BARE - (ORIGIN_LOSS if comes_from(line, place) else 0)
        found.append(Mention(codes[0].count(".") + 1, codes, place, end, weight))
        return end


def _going_to(line: Line, found: list[Mention]) -> Iterator[Mention]:
    """Yield the mentions; one that somebody is going to move to, with the larger ones right after it, weighs little."""
    end = level = 0
    for mention in found:
        if (mention.start <= end and mention.level <= level) or moves_to(
            line, mention.start, city=mention.level <= REGENCY
        ):
            end, level = mention.end, mention.level
            mention = mention._replace(weight=DESTINATION)
        yield mention


def _of_level(codes: Codes, level: int) -> Codes:
    return tuple(code for code in codes if code.count(".") == level - 1)


def _regencies(codes: Codes, asked: int) -> Codes:
    """Return the kabupaten or the kota among *codes*, as the cue says; whatever there is where it says both."""
    regencies = _of_level(codes, REGENCY)
    if not regencies:
        return codes if asked & CUE_KOTA else ()
    known = regions()
    cities = tuple(code for code in regencies if known.is_city(code))
    if asked & CUE_KAB and asked & CUE_KOTA:
        return regencies
    if asked & CUE_KOTA:
        return cities or regencies
    return tuple(code for code in regencies if code not in cities) or regencies
