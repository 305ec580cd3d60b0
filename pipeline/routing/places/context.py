"""What stands around a name: a street's or a school's head, where somebody came from, where a way leads."""

from __future__ import annotations

from pipeline.routing.places.flags import (
    AT,
    CITY,
    CUES,
    INSTITUTION,
    MARRIAGE,
    MOVE,
    NUMBERED,
    ORIGIN,
    PLANNED,
    SHOP,
    STOP,
    STREET,
    TOWARDS,
)
from pipeline.routing.places.line import CLAUSE, DOT, HARD, Line

_REACH_INSTITUTION, _REACH_STREET, _ABBREVIATION = 4, 4, 5
_REACH_MOVE = 8
_STREET_FILLERS = frozenset({"raya", "tol", "nasional", "utama", "lingkar", "dr", "ir"})


def apart(line: Line, there: int) -> bool:
    """Tell whether a mark stands after the word *there*; the full stop of ``Jl.`` is none."""
    gap = line.gaps[there + 1]
    short = gap & DOT and line.flags[there] & (STREET | INSTITUTION) and len(line.words[there]) <= _ABBREVIATION
    return bool(gap & (HARD | CLAUSE)) and not short


def part_of_other(line: Line, place: int, end: int) -> bool:
    """Tell whether the name is a street's, a school's, a shop's, a channel's or a web site's."""
    words, flags, gaps = line.words, line.flags, line.gaps
    if end + 1 < len(words) and words[end] == "go" and words[end + 1] == "id":
        return True
    while place and not gaps[place]:
        place -= 1
    for far in range(1, _REACH_INSTITUTION + 1):
        there = place - far
        if there < 0 or apart(line, there):
            return False
        flag = flags[there]
        if flag & INSTITUTION or (flag & SHOP and far == 1):
            return True
        if flag & STREET and (far == 1 or (far == 2 and words[there + 1] in _STREET_FILLERS)):
            return True
        if flag & (STOP | CUES | CITY):
            return False
    return False


def comes_from(line: Line, place: int) -> bool:
    """Tell whether the words before say that something came from there."""
    for there in range(place - 1, max(place - 3, -1), -1):
        if apart(line, there):
            return False
        if line.flags[there] & ORIGIN:
            return True
    return False


def leads_to(line: Line, place: int) -> bool:
    """Tell whether the words before say that a way or a journey leads there."""
    while place and not line.gaps[place]:
        place -= 1
    there = place - 1
    if there >= 0 and line.words[there] == "ke":
        return any(line.flags[far] & TOWARDS for far in range(max(there - 3, 0), there))
    return there >= 0 and bool(line.flags[there] & TOWARDS) and not apart(line, there)


def moves_to(line: Line, place: int, *, city: bool) -> bool:
    """Tell whether somebody is going to move or to marry there: an office where they still live must act.

    A move without a word that plans it (*surat pindah*, *mau pindah*) is taken as done. *city*: the name is that of a
    kabupaten, kota or province; papers for a marriage are brought to a kecamatan or desa, so these are no such place.
    """
    if place < 1 or line.words[place - 1] != "ke":
        return False
    moving = 0
    for there in range(place - 2, max(place - 2 - _REACH_MOVE, -1), -1):
        if line.gaps[there + 1] & (HARD & ~DOT):
            break
        moving |= line.flags[there] & (MOVE | MARRIAGE | PLANNED)
    return bool(moving & PLANNED and moving & (MOVE | MARRIAGE if city else MOVE))


def of_street(line: Line, place: int) -> bool:
    """Tell whether the word before makes the name one of a street, a school or a shop."""
    before = place - 1
    return before >= 0 and bool(line.flags[before] & (STREET | INSTITUTION | SHOP)) and not apart(line, before)


def in_street(line: Line, place: int) -> bool:
    """Tell whether a street's or an estate's name is still going on at *place*."""
    for there in range(place - 1, max(place - 1 - _REACH_STREET, -1), -1):
        if apart(line, there) or line.flags[there] & (STOP | CUES | AT | NUMBERED):
            return False
        if line.flags[there] & STREET:
            return True
    return False
