"""Numbers for words, so that whole batches of texts are handled as arrays.

A *form* is a word as written (lower case), a *reading* one stem of a form (most forms have one), a *stem* what the
classifiers know. Each distinct form is resolved once; what others want to know of a form, a reading or a stem they
keep in a :class:`Lookup`, an array by number that grows with the table.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
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
FULL = 60_000
KEPT = 30_000
"""A table of ``FULL`` forms goes back to its first ``KEPT``: the first met are the common ones, memory stays flat."""

_APOSTROPHES = str.maketrans("", "", "'`")

Numbers = NDArray[np.int32]
Ints = NDArray[np.int64]


Kind = Literal["form", "span", "reading", "stem"]
_LISTS: dict[Kind, str] = {"form": "names", "span": "spans", "reading": "readings", "stem": "stems"}


class WordTable:
    """Forms, readings and stems met so far, each with a number; not for several threads at once.

    ``names`` are the forms, ``stems`` the stems' names, ``readings`` the (form, stem) numbers of each reading,
    ``spans`` where each form's readings begin and how many they are.
    """

    def __init__(self, words: WordStemmer | None = None) -> None:
        self._words = words or WordStemmer()
        self.names: list[str] = []
        self.stems: list[str] = []
        self.stem_numbers: dict[str, int] = {}
        self.readings: list[tuple[int, int]] = []
        self.generation = 0
        self.kept: dict[Kind, int] = {}
        self._forms: dict[str, int] = {}
        self.spans: list[tuple[int, int]] = []
        self._hashes = WordHashes()
        for kind in MASK_KINDS:
            self._store(f"<{kind}>", (f"<{kind}>",))
        self._first = Lookup(self, "span", itemgetter(0), np.int32)
        self._count = Lookup(self, "span", itemgetter(1), np.int32)
        self._form = Lookup(self, "reading", itemgetter(0), np.int32)
        self._stem = Lookup(self, "reading", itemgetter(1), np.int32)
        self._is_number = Lookup(self, "stem", str.isdigit, np.bool_)

    def trim(self) -> None:
        """Forget the rarer forms of a full table; call it between batches only, for numbers change their meaning."""
        if len(self.names) < FULL:
            return
        for kind, size in self.kept.items():
            del self.items(kind)[size:]
        self._forms = {form: number for number, form in enumerate(self.names)}
        self.stem_numbers = {stem: number for number, stem in enumerate(self.stems)}
        self._hashes.keep(KEPT)
        self.generation += 1

    def numbers(self, text: NDArray[np.uint8], starts: Ints, ends: Ints) -> Numbers:
        """Return the form of each word ``text[start:end]`` (lower-case character codes); new ones get a number."""
        hashes = self._hashes.of(text, starts, ends)
        forms = self._hashes.find(hashes)
        where = np.flatnonzero(forms < 0)
        if len(where):
            new, places = np.unique(hashes[where], return_inverse=True)
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

    def is_number(self, stems: Numbers) -> NDArray[np.bool_]:
        """Tell which of *stems* are nothing but digits."""
        told: NDArray[np.bool_] = self._is_number.values()[stems]
        return told

    def items(self, kind: Kind) -> list[Any]:
        """Return what there is of a kind, by number; a span is where a form's readings begin and how many."""
        items: list[Any] = getattr(self, _LISTS[kind])
        return items

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
            self.kept = {kind: len(self.items(kind)) for kind in _LISTS}
        self.spans.append((len(self.readings), len(stems)))
        self.readings += [(number, self.stem_number(stem)) for stem in stems]
        self.names.append(form)
        self._forms[form] = number
        return number


class Lookup:
    """An array by form, reading or stem number, filled by *tell* for numbers that are new.

    *tell* gets a form's or a stem's name, of a reading the numbers of form and stem. *width* is the shape of one
    value, for values that are arrays themselves.
    """

    def __init__(
        self, table: WordTable, kind: Kind, tell: Callable[[Any], Any], dtype: DTypeLike, width: tuple[int, ...] = ()
    ) -> None:
        self._table, self._kind, self._tell = table, kind, tell
        self._generation = table.generation
        self._size = 0
        self._values = np.zeros((1024, *width), dtype=dtype)

    def values(self) -> NDArray[Any]:
        """Return the array for all numbers there are."""
        table, values = self._table, self._values
        if self._generation != table.generation:
            self._generation = table.generation
            self._size = min(self._size, table.kept[self._kind])
        items = table.items(self._kind)
        start, size = self._size, len(items)
        if size == start:
            return values
        if size > len(values):
            self._values = np.zeros((max(size, 2 * len(values)), *values.shape[1:]), dtype=values.dtype)
            self._values[:start] = values[:start]
            values = self._values
        if values.ndim > 1 or values.dtype == np.object_:
            for number in range(start, size):
                values[number] = self._tell(items[number])
        else:
            values[start:size] = np.fromiter(map(self._tell, items[start:size]), values.dtype, size - start)
        self._size = size
        return values
