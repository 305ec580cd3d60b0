"""Names of kecamatan and desa without a cue: beside their parent's or child's name, or after *di*, *RW 02* …"""

from __future__ import annotations

import re

from pipeline.routing.places.context import in_street, leads_to, of_street, part_of_other
from pipeline.routing.places.flags import (
    CITY,
    CUES,
    LEAST_GLUED,
    MOST_WORDS,
    NAME,
    NAME_NEXT,
    NEAR,
    NEAR_DISTRICT,
    NUMBERED,
    OFFICE,
    ORDINARY_NAME,
    STOP,
    TAIL,
)
from pipeline.routing.places.line import CLAUSE, COLON, DOT, HARD, Line
from pipeline.routing.places.mentions import BESIDE, CUED, ORIGIN_LOSS, PLACED, Mention
from pipeline.routing.places.regions import DISTRICT, REGENCY, VILLAGE, Codes, regions
from pipeline.routing.places.vocabulary import Vocabulary

_FEW, _LEAST_UNKNOWN = 5, 3
_BREAK = HARD | CLAUSE | COLON
_NUMBER = re.compile(r"(?:r[tw]-?)?\d+[a-z]?|[ivx]+")


class BesideFinder:
    """Finds the names that no cue announces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = regions()
        self._districts, self._villages = self._known.keys(DISTRICT), self._known.village_keys

    def __call__(self, line: Line, sure: list[Mention]) -> list[Mention]:
        """Return names of kecamatan and desa without a cue; *sure*: what the line names for sure."""
        if not line.names:
            return []
        taken = {place for mention in sure for place in range(mention.start, mention.end)}
        after = {mention.start: mention for mention in sure}
        before = {mention.end: mention for mention in sure}
        parents = [code for mention in sure for code in mention.codes if len(mention.codes) <= _FEW]
        found: list[Mention] = []
        # From the end, for a name stands before its parent's: ``Cipagalo, Bojongsoang, Bandung``.
        for place in reversed(line.names):
            if place in taken or not self._may_be(line, place, after, before):
                continue
            best: Mention | None = None
            names = self._plain(line, place, taken)
            regency_next = any(after[place + n].level == REGENCY for n in range(1, MOST_WORDS) if place + n in after)
            if place and self._after_number(line, place - 1) and not regency_next:
                # An RT or RW is a part of a desa.
                names.sort(key=lambda one: (-one[2], -one[0]))
            longest = place + max((size for _, _, size in names), default=0)
            for level, codes, size in names:
                end = place + size
                beside = self._kin(line, place, end, codes, after.get(end), before.get(place))
                if beside:
                    listed = after.get(end) is None and line.gaps[place] & CLAUSE
                    best = Mention(level, beside, place, end, PLACED if listed else BESIDE)
                    break
                pair = self._pair(line, end, codes, taken) if level == VILLAGE and not after.get(end) else None
                if pair and not self._common(line, place, end) and not of_street(line, place):
                    found.append(pair)
                    taken |= set(range(pair.start, pair.end))
                    best = Mention(level, _inside(codes, pair.codes), place, end, BESIDE)
                    break
                if best is None and end == longest:
                    placed = self._placed(line, place, end, codes, level, parents)
                    best = Mention(level, placed, place, end, PLACED) if placed else None
            if best:
                found.append(best)
                taken |= set(range(place, best.end))
                after[place] = best
        return found

    def _may_be(self, line: Line, place: int, after: dict[int, Mention], before: dict[int, Mention]) -> bool:
        """Tell quickly whether anything around *place* may make its word a name; most are names of streets."""
        flags = line.flags
        if flags[place] & (STOP | CUES | OFFICE):
            return False
        if place + 1 in after or place + 2 in after or place + 3 in after:
            return True
        if any(flag & NAME for flag in flags[place + 1 : place + MOST_WORDS]):
            return True
        if not flags[place] & NAME and not (place + 1 < len(flags) and flags[place + 1] & NAME_NEXT):
            return False
        if place in before:
            return True
        last = flags[place - 1] if place else 0
        if last & (NEAR | NEAR_DISTRICT) or (place > 0 and line.words[place - 1][-1:].isdigit()):
            return True
        return bool(line.gaps[place] & CLAUSE)

    def _pair(self, line: Line, start: int, codes: Codes, taken: set[int]) -> Mention | None:
        """Return the kecamatan of one of *codes* where its name, no ordinary word, follows at *start*."""
        if start >= len(line.words) or start in taken or line.gaps[start] & HARD:
            return None
        for level, heads, size in self._plain(line, start, taken):
            inside = _heads(heads, codes) if level == DISTRICT else ()
            if inside and not self._common(line, start, start + size):
                return Mention(DISTRICT, inside, start, start + size, BESIDE)
        return None

    def _plain(self, line: Line, place: int, taken: set[int]) -> list[tuple[int, Codes, int]]:
        """Return level, codes and size of the longest name at *place* as a kecamatan's and as a desa's."""
        words, gaps, flags = line.words, line.gaps, line.flags
        end, last = place + 1, min(place + MOST_WORDS, len(words))
        while end < last and not gaps[end] & _BREAK and not flags[end] & STOP and end not in taken:
            end += 1
        found: list[tuple[int, Codes, int]] = []
        district = village = False
        while end > place:
            key = "".join(words[place:end])
            if len(key) < LEAST_GLUED:
                break
            if not district and key in self._districts:
                district = True
                found.append((DISTRICT, self._districts[key], end - place))
            if not village and key in self._villages:
                village = True
                found.append((VILLAGE, self._known.codes(key, VILLAGE), end - place))
            end -= 1
        return found

    def _kin(
        self, line: Line, place: int, end: int, codes: Codes, after: Mention | None, before: Mention | None
    ) -> Codes:
        """Return those of *codes* whose parent stands right after the name, or whose child or parent right before."""
        if of_street(line, place):
            return ()
        if after is not None and not line.gaps[end] & HARD:
            inside = _inside(codes, after.codes)
            if inside and (line.capital(place) or not self._common(line, place, end)):
                return inside
            if after.level == VILLAGE and after.weight >= CUED - ORIGIN_LOSS and not self._common(line, place, end):
                inside = _heads(codes, after.codes)
                if inside:
                    return inside
        if self._common(line, place, end):
            return ()
        if before is not None and before.weight >= CUED - ORIGIN_LOSS and not line.gaps[place] & HARD:
            return _heads(codes, before.codes) or _inside(codes, before.codes)
        return ()

    def _common(self, line: Line, place: int, end: int) -> bool:
        return end - place == 1 and self._vocabulary.is_common(line.words[place])

    def _placed(self, line: Line, place: int, end: int, codes: Codes, level: int, parents: list[str]) -> Codes:
        """Return those of *codes* that a name after *di*, *RT 1 RW 2* … may mean; none in a street's name."""
        words, flags, before = line.words, line.flags, place - 1
        if part_of_other(line, place, end) or leads_to(line, place):
            return ()
        if self._common(line, place, end) or (end - place == 1 and flags[place] & CITY):
            return ()
        numbered = before >= 0 and self._after_number(line, before)
        if line.soft(end) and (flags[end] & TAIL or words[end].isdigit()):
            return ()
        if line.soft(end) and self._goes_on(line, end) and not (numbered and level == VILLAGE):
            return ()
        if before < 0 or line.gaps[place] & (HARD | DOT):
            return ()
        near = flags[before] & (NEAR | NEAR_DISTRICT if level == DISTRICT else NEAR) and line.soft(place)
        street = in_street(line, place)
        if street or not (near or numbered):
            closed = not line.soft(end) and (level == DISTRICT or end - place > 1)
            listed = line.gaps[place] & CLAUSE and not street
            if not closed or not (listed or words[before][-1:].isdigit()):
                return ()
        inside = _inside(codes, tuple(parents))
        return inside or (() if parents and level == DISTRICT else codes)

    def _goes_on(self, line: Line, end: int) -> bool:
        """Tell whether the word at *end* makes a longer name, of an estate or a street: it is no ordinary word."""
        flag = line.flags[end]
        if flag & ORDINARY_NAME:
            return line.capital(end)
        return bool(flag & NAME) or (not flag and len(line.words[end]) > _LEAST_UNKNOWN)

    def _after_number(self, line: Line, before: int) -> bool:
        """Tell whether the word at *before* is the number of an RT or RW."""
        if not _NUMBER.fullmatch(line.words[before]):
            return False
        return line.words[before][0] == "r" or bool(before and line.flags[before - 1] & NUMBERED)


def _heads(codes: Codes, children: Codes) -> Codes:
    return tuple(code for code in codes if any(child.startswith(code + ".") for child in children))


def _inside(codes: Codes, parents: Codes) -> Codes:
    return tuple(code for code in codes if any(code.startswith(parent + ".") for parent in parents))
