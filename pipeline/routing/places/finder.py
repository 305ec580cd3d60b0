"""Finds the places in a batch of tokenised texts: array tests choose the few rows that are read word by word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from operator import attrgetter

import numpy as np

from pipeline.routing.places.beside import BesideFinder
from pipeline.routing.places.flags import (
    DIGITS,
    GLUED,
    NUMBERED,
)
from pipeline.routing.places.line import HARD, HIDDEN, Line, expanded
from pipeline.routing.places.mentions import MentionFinder
from pipeline.routing.places.place import NOWHERE, Place
from pipeline.routing.places.resolve import mended, named, place_of
from pipeline.routing.places.sieve import Sieve
from pipeline.routing.places.vocabulary import Vocabulary
from pipeline.text import Lookup, TokenRows, WordTable

_start = attrgetter("start")
_NUMBERED = ("rt", "rw")


class PlaceRows:
    """The places of a batch; iterating gives the numbers of the texts that name one, with the place."""

    def __init__(self, size: int, found: dict[int, Place]) -> None:
        self._size, self._found = size, found

    def __len__(self) -> int:
        return self._size

    def of(self, row: int) -> Place:
        """Return the place of text number *row*; an empty one where it names none."""
        return self._found.get(row, NOWHERE)

    def __iter__(self) -> Iterator[tuple[int, Place]]:
        return iter(self._found.items())


class PlaceFinder:
    """Finds places in texts tokenised with *table*, by the rules valid on *day* (default: today)."""

    def __init__(self, table: WordTable, day: dt.date | None = None) -> None:
        self._vocabulary = Vocabulary(day)
        self._mentions = MentionFinder(self._vocabulary)
        self._beside = BesideFinder(self._vocabulary)
        self._flags = Lookup(table, "form", self._flags_of, np.int64)

    def _flags_of(self, form: str) -> int:
        flags = self._vocabulary.flags(form)
        if form[-1:].isdigit():
            flags |= DIGITS | (NUMBERED if form[:2] in _NUMBERED else 0)
        return flags

    def find(self, rows: TokenRows) -> PlaceRows:
        """Return the places that the texts of *rows* name; masked personal data is not looked at."""
        if not len(rows.form):
            return PlaceRows(len(rows), {})
        # A form with several stems stands there once for each.
        once = np.append(True, (rows.row[1:] != rows.row[:-1]) | (rows.start[1:] != rows.start[:-1]))
        form, row, start, end, gap = (part[once] for part in (rows.form, rows.row, rows.start, rows.end, rows.gap))
        masked = rows.masked[once]
        flags = np.where(masked, 0, self._flags.values()[form])
        sieve = Sieve(row, flags, gap)
        # Only the words around cues and names are read; where others are left out, a name or a street's name ends.
        kept = sieve.around(row)
        cut = np.append(True, ~kept[:-1])[kept]
        gap = np.where(cut | masked[kept], HARD, gap[kept])
        texts = row[kept]
        first = np.searchsorted(texts, np.arange(len(rows) + 1)).tolist()
        place_in = np.cumsum(kept) - 1
        marks, starting = place_in[sieve.marks()], place_in[sieve.names()]
        first_mark, first_name = np.searchsorted(marks, first).tolist(), np.searchsorted(starting, first).tolist()
        glued = (np.bincount(row, (flags & GLUED) != 0, len(rows)) > 0).tolist()
        names = rows.table.names
        words = list(map(names.__getitem__, form[kept].tolist()))
        for place in np.flatnonzero(masked[kept]).tolist():
            words[place] = HIDDEN
        gaps, told, starts = gap.tolist(), flags[kept].tolist(), start[kept].tolist()
        all_marks, all_names, ends = marks.tolist(), starting.tolist(), end[kept]
        found: dict[int, Place] = {}
        for number in np.unique(row[sieve.telling()]).tolist():
            begin, stop = first[number], first[number + 1]
            line = Line(
                words[begin:stop],
                gaps[begin:stop],
                told[begin:stop],
                rows.texts[number],
                starts[begin:stop],
                [mark - begin for mark in all_marks[first_mark[number] : first_mark[number + 1]]],
                [name - begin for name in all_names[first_name[number] : first_name[number + 1]]],
            )
            if glued[number]:
                line = expanded(line, ends[begin:stop].tolist(), self._vocabulary)
            place_found = self._place(line)
            if place_found is not NOWHERE:
                found[number] = place_found
        return PlaceRows(len(rows), found)

    def _place(self, line: Line) -> Place:
        sure, unknown = self._mentions.sure(line)
        for one in unknown:
            other = mended(line, sure, one) or self._mentions.of_other_level(line, one)
            if other:
                sure.append(other)
        found = named(sure) + self._beside(line, sure) if line.names else named(sure)
        if not found:
            return NOWHERE
        if len(found) > 1:
            found.sort(key=_start)
        return place_of(tuple((m.level, m.codes, m.weight, m.doubtful) for m in found))
