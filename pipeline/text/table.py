"""Numbers for words, so that whole batches of texts are handled as arrays.

A *form* is a word as written (lower case), a *reading* one stem of a form (most forms have one), a *stem* what the
classifiers know. Each distinct form is resolved once; what others want to know of a form, a reading or a stem they
keep in a :class:`Lookup`, an array by number that grows with the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from pipeline.text.hashes import WordHashes
from pipeline.text.words import WordStemmer, shorten

MASK_KINDS: tuple[str, ...] = (
    "nik", "kk", "telepon", "email", "npwp", "rekening", "plat", "dokumen", "nama", "url",
)  # fmt: skip
"""Types of masked personal data; form number ``i`` stands for type ``i``, its stem is ``<type>``."""
MASK_START = 0x0E
"""Type ``i`` stands in a text as ``chr(MASK_START + i)``, a control character that no repaired text holds."""
FULL = 120_000
KEPT = 60_000
"""A table of ``FULL`` forms goes back to its first ``KEPT``: the first met are the common ones, memory stays flat."""

_APOSTROPHES = str.maketrans("", "", "'`")

Numbers = NDArray[np.int32]
Ints = NDArray[np.int64]


class WordTable:
    """Forms, readings and stems met so far, each with a number; not for several threads at once.

    ``names`` are the forms, ``stems`` the stems' names, ``readings`` the (form, stem) numbers of each reading.
    """

    def __init__(self, words: WordStemmer | None = None) -> None:
        self._words = words or WordStemmer()
        self.names: list[str] = []
        self.stems: list[str] = []
        self.stem_numbers: dict[str, int] = {}
        self.readings: list[tuple[int, int]] = []
        self.generation = 0
        self.kept: dict[str, int] = {}
        self._forms: dict[str, int] = {}
        self._spans: list[tuple[int, int]] = []
        self._hashes = WordHashes()
        for kind in MASK_KINDS:
            self._store(f"<{kind}>", (f"<{kind}>",))
        self._first = Lookup(self, "form", lambda number: self._spans[number][0], np.int32)
        self._count = Lookup(self, "form", lambda number: self._spans[number][1], np.int32)
        self._stem = Lookup(self, "reading", lambda number: self.readings[number][1], np.int32)
        self._form = Lookup(self, "reading", lambda number: self.readings[number][0], np.int32)

    def trim(self) -> None:
        """Forget the rarer forms of a full table; call it between batches only, for numbers change their meaning."""
        if len(self.names) < FULL:
            return
        sizes = self.kept
        del self.names[KEPT:], self._spans[KEPT:], self.stems[sizes["stem"] :], self.readings[sizes["reading"] :]
        self._forms = {form: number for number, form in enumerate(self.names)}
        self.stem_numbers = {stem: number for number, stem in enumerate(self.stems)}
        self._hashes.keep(KEPT)
        self.generation += 1

    def numbers(self, text: NDArray[np.uint8], starts: Ints, ends: Ints) -> Numbers:
        """Return the form of each word ``text[start:end]`` (lower-case character codes); new ones get a number."""
        hashes = self._hashes.of(text, starts, ends)
        forms = self._hashes.find(hashes)
        new, places = np.unique(hashes[forms < 0], return_inverse=True)
        if len(new):
            where = np.flatnonzero(forms < 0)
            one = np.zeros(len(new), dtype=np.int64)
            one[places] = where
            added = [
                self._add(bytes(text[start:end]).decode("ascii"))
                for start, end in zip(starts[one].tolist(), ends[one].tolist(), strict=True)
            ]
            forms[where] = np.array(added, dtype=np.int32)[places]
            self._hashes.add(new, added)
        return forms

    def read(self, forms: Numbers) -> tuple[Numbers, NDArray[np.int64] | None]:
        """Return the readings of *forms*, and where a form has not just one, the form's place for each reading."""
        first, count = self._first.values()[forms], self._count.values()[forms]
        if (count == 1).all():
            return first, None
        places = np.repeat(np.arange(len(forms)), count)
        starts = np.cumsum(count) - count
        return (first[places] + (np.arange(len(places)) - starts[places])).astype(np.int32), places

    def stems_of(self, readings: Numbers) -> Numbers:
        """Return the stems' numbers of *readings*."""
        return self._stem.values()[readings]

    def forms_of(self, readings: Numbers) -> Numbers:
        """Return the forms' numbers of *readings*."""
        return self._form.values()[readings]

    def size(self, kind: Kind) -> int:
        """Return how many forms, readings or stems there are."""
        if kind == "form":
            return len(self.names)
        return len(self.readings if kind == "reading" else self.stems)

    def stem_number(self, stem: str) -> int:
        """Return the number of *stem*, a new one where it has none."""
        number = self.stem_numbers.get(stem)
        if number is None:
            number = self.stem_numbers[stem] = len(self.stems)
            self.stems.append(stem)
        return number

    def _add(self, word: str) -> int:
        mask = ord(word[0]) - MASK_START
        if 0 <= mask < len(MASK_KINDS):
            return mask
        form = shorten(word)
        number = self._forms.get(form)
        if number is None:
            number = self._store(form, self._words(form if form.isalnum() else form.translate(_APOSTROPHES)))
        return number

    def _store(self, form: str, stems: tuple[str, ...]) -> int:
        number = len(self.names)
        if number == KEPT:
            self.kept = {"stem": len(self.stems), "reading": len(self.readings)}
        self._spans.append((len(self.readings), len(stems)))
        self.readings += [(number, self.stem_number(stem)) for stem in stems]
        self.names.append(form)
        self._forms[form] = number
        return number


Kind = Literal["form", "reading", "stem"]


class Lookup:
    """An array by form, reading or stem number, filled by *tell* (number → value) for numbers that are new.

    *width* is the shape of one value, for values that are arrays themselves.
    """

    def __init__(
        self, table: WordTable, kind: Kind, tell: Callable[[int], Any], dtype: DTypeLike, width: tuple[int, ...] = ()
    ) -> None:
        self._table, self._kind, self._tell = table, kind, tell
        self._generation = table.generation
        self._size = 0
        self._values = np.zeros((1024, *width), dtype=dtype)

    def values(self) -> NDArray[Any]:
        """Return the array for all numbers there are."""
        table = self._table
        if self._generation != table.generation:
            self._generation = table.generation
            self._size = min(self._size, KEPT if self._kind == "form" else table.kept[self._kind])
        size = table.size(self._kind)
        if size > self._size:
            if size > len(self._values):
                shape = (max(size, 2 * len(self._values)), *self._values.shape[1:])
                grown = np.zeros(shape, dtype=self._values.dtype)
                grown[: self._size] = self._values[: self._size]
                self._values = grown
            for number in range(self._size, size):
                self._values[number] = self._tell(number)
            self._size = size
        return self._values


def by_name(names: Sequence[str], tell: Callable[[str], Any]) -> Callable[[int], Any]:
    """Return number → value for a function of the name."""
    return lambda number: tell(names[number])
