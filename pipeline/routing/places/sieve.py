"""Array tests on a whole batch: which texts are worth reading word by word, and where in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.places.flags import (
    AT,
    CITY,
    CITY_NEXT,
    CITY_START,
    COMMON,
    COMMON_AT,
    CUES,
    DIGITS,
    GLUED,
    INSTITUTION,
    MOST_WORDS,
    NAME,
    NAME_NEXT,
    NEAR,
    NEAR_DISTRICT,
    NUMBERED,
    OFFICE,
    ORDINARY,
    ORDINARY_NAME,
    SHOP,
    STOP,
    STREET,
    TAIL,
)
from pipeline.routing.places.line import CLAUSE, DOT, HARD, MARKED
from pipeline.text.table import Numbers

_REACH = 8
"""Words around a name that decide over it, its own among them."""
Mask = NDArray[np.bool_]


class Sieve:
    """Tests on the words' flags; ``row`` is each word's text, ``gap`` what stands before it."""

    def __init__(self, row: Numbers, flags: NDArray[np.int64], gap: NDArray[np.uint8]) -> None:
        joined = row[1:] == row[:-1]
        self._flags = flags
        self._before = np.append(0, np.where(joined, flags[:-1], 0))
        self._after = np.append(np.where(joined, flags[1:], 0), 0)
        apart = ((gap & (HARD | CLAUSE)) != 0) & ((gap & DOT) == 0)
        self._of_street = ((self._before & (STREET | INSTITUTION | SHOP)) != 0) & ~apart
        self._cues = self._of_cues()
        self._cities = self._of_cities()
        self._placed = self._of_placed(row, gap)
        self._named = self._of_names()

    def _has(self, flag: int) -> Mask:
        has: Mask = (self._flags & flag) != 0
        return has

    def _of_placed(self, row: Numbers, gap: NDArray[np.uint8]) -> Mask:
        """Return the names of kecamatan and desa after *di* …, after an RT's number, or between marks."""
        goes_on = (self._after & NAME_NEXT) != 0
        name = self._has(NAME) | (self._has(ORDINARY_NAME) & goes_on)
        apart = np.append(((gap[1:] & (CLAUSE | HARD)) != 0) | (row[1:] != row[:-1]), True)
        street = ((self._after & (TAIL | DIGITS)) != 0) & ~goes_on & ~apart
        second = np.append(0, self._before[:-1])
        numbered = ((self._before & DIGITS) != 0) & (((self._before | second) & NUMBERED) != 0)
        near = (self._before & (AT | NEAR | NEAR_DISTRICT)) != 0
        closed = apart | (np.append(apart[1:], True) & goes_on)
        comma = (gap & (CLAUSE | DOT | HARD)) == CLAUSE
        listed = self._has(NAME) & closed & (comma | ((self._before & DIGITS) != 0))
        placed: Mask = (name & ~street & (near | numbered)) | listed
        return placed

    def _of_cues(self) -> Mask:
        """Return the cues before something that may be a name."""
        dull = (self._after & (STOP | ORDINARY)) != 0
        dull &= (self._after & (CUES | OFFICE | CITY | CITY_START | ORDINARY_NAME)) == 0
        cues: Mask = self._has(CUES | OFFICE) & ~dull
        return cues

    def _of_cities(self) -> Mask:
        """Return the names of cities that are no ordinary words, or stand after *di* …"""
        city: Mask = self._has(CITY) & ~self._has(COMMON) & (~self._has(COMMON_AT) | ((self._before & AT) != 0))
        city |= self._has(CITY_START) & ((self._after & CITY_NEXT) != 0)
        return city

    def telling(self) -> Mask:
        """Return the words for which a text is read."""
        telling: Mask = self._cues | self._cities | (self._placed & ~self._of_street) | self._has(GLUED)
        return telling

    def marks(self) -> NDArray[np.int64]:
        """Return the words that may be cues or begin a city's name."""
        return np.flatnonzero(self._cues | self._cities)

    def around(self, row: Numbers) -> Mask:
        """Return the words within :data:`_REACH` of a cue, a name or a glued word, in texts that are read."""
        telling = self.telling()
        read = np.zeros(int(row[-1]) + 1, dtype=bool)
        read[row[telling]] = True
        centre = telling | self._named
        centre[self.marks()] = True
        steps = np.zeros(len(row) + 1, dtype=np.int64)
        places = np.flatnonzero(centre)
        np.add.at(steps, np.maximum(places - _REACH, 0), 1)
        np.add.at(steps, np.minimum(places + _REACH + 1, len(row)), -1)
        kept: Mask = (np.cumsum(steps)[:-1] > 0) & read[row]
        return kept

    def names(self) -> NDArray[np.int64]:
        """Return the words that may begin the name of a kecamatan or desa without a cue; in streets' names none."""
        return np.flatnonzero(self._named)

    def _of_names(self) -> Mask:
        strong = self._has(MARKED | NAME)
        near = np.zeros_like(strong)
        for far in range(1, MOST_WORDS):
            near[:-far] |= strong[far:]
        after_name = (self._before & (NAME | ORDINARY_NAME | CITY)) != 0
        name = (self._has(NAME) & (near | after_name)) | (self._has(ORDINARY_NAME) & near) | self._placed
        names: Mask = name & ~self._of_street & ~self._has(STOP | CUES | OFFICE)
        return names
