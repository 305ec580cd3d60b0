"""What a complaint is about, as hashed features: its words, and the fields that tell one case from the next.

A *field* is a word or number behind a marker (``data/rules/kemiripan_penanda.tsv``): street, lane, RT, RW, house
number, block, estate, village, district, named building, person, identity number. Form texts share their words and
differ in their fields. ``pokok`` is what a report asks to be looked after (``kemiripan_pokok.tsv``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.rules import load_rules
from pipeline.text import Lookup, TokenRows, WordTable
from pipeline.text.split import END, NEWLINE

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

CLASSES = ("kata", "jalan", "gang", "rt", "rw", "nomor", "blok", "perum", "wilayah", "titik", "tempat", "orang",
           "identitas", "tiket", "arah", "pokok")  # fmt: skip
"""Number of a class = its place; ``kata`` are the plain words. Four bits of a code hold it."""
_PASSING = "lewat"
"""Words that stand inside names and say nothing."""
HASH_BITS = 28
_HASH_MASK = np.uint32((1 << HASH_BITS) - 1)
LONG_DIGITS, LONG_BITS = 8, 20
"""Numbers of so many digits (NIK, KK, phone, account) keep only 20 bits: some 10**5 plausible NIK share each value, so
trying all numbers finds none."""
MOST_ITEMS = 64
"""Words and fields of a text that are kept."""
_REACH = 5
_NUMBERS = (
    "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi",
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
)
_AS_DIGITS = {word: str(number) for words in _NUMBERS for number, word in enumerate(words.split(), 1)}

_JALAN, _GANG, _NOMOR, _ARAH, _TITIK, _TEMPAT, _POKOK = (
    CLASSES.index(name) for name in ("jalan", "gang", "nomor", "arah", "titik", "tempat", "pokok")
)
_WORDY = np.array([name in {"jalan", "perum", "wilayah", "tempat", "orang", "titik"} for name in CLASSES])
_NUMBERY = np.array([name in {"rt", "rw", "nomor"} for name in CLASSES])
_MIXED = np.array([name in {"gang", "blok", "identitas", "tiket"} for name in CLASSES])


@dataclass(frozen=True)
class Features:
    """Features of a batch: ``row`` (sorted) and ``hash`` (64 bits) and ``kind`` of each, once a row."""

    row: NDArray[np.int64]
    hash: Hashes
    kind: NDArray[np.uint8]
    common: NDArray[np.bool_]
    text: Hashes
    """Per row: the hash of all its words in order."""


def word_hash(word: str) -> int:
    """Return the 64-bit hash of a stem or number; of a long number 20 bits of it, spread."""
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    number = int.from_bytes(digest, "little")
    if word.isdigit() and len(word) >= LONG_DIGITS:
        number = (number & ((1 << LONG_BITS) - 1)) * 0x9E3779B97F4A7C15 & (2**64 - 1)
    return number or 1


@cache
def common_words() -> dict[str, float]:
    """Return the share of texts that hold each common stem (``kemiripan_sebaran.tsv``)."""
    return {rule.id: rule.number("promil") / 1000 for rule in load_rules("kemiripan_sebaran")}


@cache
def markers() -> dict[str, str]:
    """Return marker form → class, ``arah`` or ``lewat`` (``kemiripan_penanda.tsv``)."""
    return {rule.id: rule.values["kelas"] for rule in load_rules("kemiripan_penanda")}


class FieldFinder:
    """Finds the features of batches tokenised with *table*; *stop_share*: words in more texts say nothing."""

    def __init__(self, table: WordTable, stop_share: float) -> None:
        shares = common_words()
        marks = markers()
        self._table = table
        self._hash = Lookup(table, "stem", word_hash, np.uint64)
        self._value = Lookup(table, "form", lambda form: word_hash(_value(form)), np.uint64)
        self._is_number = Lookup(table, "form", lambda form: _value(form)[0].isdigit(), np.bool_)
        self._digits = Lookup(table, "form", lambda form: sum(map(str.isdigit, form)), np.int32)
        self._short = Lookup(table, "form", lambda form: len(form) <= 2, np.bool_)
        inner = {_PASSING, "arah"}
        self._marker = Lookup(
            table,
            "form",
            lambda form: CLASSES.index(marks[form]) if marks.get(form, "lewat") not in inner else 0,
            np.uint8,
        )
        self._passing = Lookup(table, "form", lambda form: marks.get(form) == _PASSING, np.bool_)
        self._direction = Lookup(table, "form", lambda form: marks.get(form) == "arah", np.bool_)
        self._known = Lookup(table, "stem", lambda stem: stem in shares, np.bool_)
        subjects = {rule.id: word_hash(rule.values["pokok"]) for rule in load_rules("kemiripan_pokok")}
        self._subject = Lookup(table, "stem", lambda stem: subjects.get(stem, 0), np.uint64)
        self._stop = Lookup(table, "stem", lambda stem: shares.get(stem, 0.0) >= stop_share, np.bool_)

    def __call__(self, rows: TokenRows) -> Features:
        """Return the features of *rows*."""
        size = len(rows)
        hashes = self._hash.values()[rows.stem]
        number = self._is_number.values()[rows.form]
        marker = self._marker.values()[rows.form]
        text = _in_order(hashes, rows.row, size)
        stop = self._stop.values()[rows.stem] | (self._short.values()[rows.form] & ~number)
        found_row, found_hash, found_kind = self._fields(rows, marker, number, stop)
        plain = ~(marker > 0)
        row = np.concatenate([rows.row[plain].astype(np.int64), found_row])
        every = np.concatenate([hashes[plain], found_hash])
        kind = np.concatenate([np.zeros(int(plain.sum()), dtype=np.uint8), found_kind])
        common = np.concatenate([stop[plain], np.zeros(len(found_row), dtype=bool)])
        order = np.lexsort((every, kind, row))
        row, every, kind, common = row[order], every[order], kind[order], common[order]
        first = np.ones(len(row), dtype=bool)
        first[1:] = (row[1:] != row[:-1]) | (every[1:] != every[:-1]) | (kind[1:] != kind[:-1])
        return Features(row[first], every[first], kind[first], common[first], text)

    def _fields(
        self, rows: TokenRows, marker: NDArray[np.uint8], number: NDArray[np.bool_], stop: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], Hashes, NDArray[np.uint8]]:
        size = len(rows.row)
        values = self._value.values()[rows.form]
        known = self._known.values()[rows.stem] & ~number
        wall = (rows.gap & (END | NEWLINE)) != 0
        digits = self._digits.values()[rows.form]
        passing, direction = self._passing.values()[rows.form], self._direction.values()[rows.form]
        at = np.flatnonzero(marker)
        kind = marker[at].astype(np.int64)
        places, kinds = [], []
        here, taken = at.copy(), np.zeros(len(at), dtype=np.int64)
        for _ in range(_REACH):
            here = here + 1
            inside = here < size
            here, kind, taken = here[inside], kind[inside], taken[inside]
            going = (rows.row[here] == rows.row[here - 1]) & ~(wall[here] & (taken > 0))
            building = (kind == _TITIK) & (marker[here] == _TEMPAT)
            going &= (marker[here] == 0) | building
            here, kind, taken = here[going], kind[going], taken[going]
            num = number[here]
            # A street's number is its lane; the number after that, or behind a slash, the house.
            passes = (passing[here] & (_WORDY[kind] | _MIXED[kind])) | ((kind == _TITIK) & (marker[here] == _TEMPAT))
            leads = direction[here] & (_WORDY[kind] | (kind == _GANG)) & (taken > 0)
            word = _WORDY[kind] & ~num & (~known[here] | (kind == _TITIK)) & ~direction[here]
            word &= (kind != _TITIK) | (~stop[here] & (marker[here] == 0) & (taken < 2))
            street = (kind == _JALAN) & num & (taken > 0)
            mixed = _MIXED[kind] & (num | ~known[here]) & (taken < 2)
            digit = _NUMBERY[kind] & num & (taken < 3)
            good = word | street | mixed | digit | leads
            places.append(here[good])
            kinds.append(np.where(leads, _ARAH, np.where(street, _GANG, kind))[good])
            going = good | passes
            here, kind, taken, street = here[going], kind[going], (taken + good)[going], street[going]
            kind = np.where(street, _NOMOR, kind)
        place = np.concatenate(places) if places else np.zeros(0, dtype=np.int64)
        what = np.concatenate(kinds) if kinds else np.zeros(0, dtype=np.int64)
        long = np.flatnonzero(digits >= LONG_DIGITS)
        place = np.concatenate([place, long])
        what = np.concatenate([what, np.full(len(long), CLASSES.index("identitas"))])
        subject = self._subject.values()[rows.stem]
        told = np.flatnonzero(subject)
        row = rows.row[np.concatenate([place, told])].astype(np.int64)
        kinds_told = np.concatenate([what, np.full(len(told), _POKOK)]).astype(np.uint8)
        return row, np.concatenate([values[place], subject[told]]), kinds_told


def _value(form: str) -> str:
    """Return a form as the value of a field: Roman and spelt numbers and ``04`` as plain numbers."""
    plain = form.replace("-", "").replace("'", "") or form
    plain = _AS_DIGITS.get(plain, plain)
    return plain.lstrip("0") or "0" if plain.isdigit() else plain


def _in_order(hashes: Hashes, row: NDArray[np.int32], size: int) -> Hashes:
    """Return a hash of each row's words that depends on their order."""
    place = np.arange(len(row), dtype=np.uint64)
    first = np.searchsorted(row, np.arange(size)).astype(np.uint64)
    turn = (place - first[row]) * np.uint64(0x9E3779B97F4A7C15)
    mixed = mix(hashes ^ turn)
    total = np.zeros(size, dtype=np.uint64)
    np.add.at(total, row, mixed)
    return total


def mix(values: Hashes) -> Hashes:
    """Return *values* with their bits spread (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def codes(hashes: Hashes, kind: NDArray[np.uint8], key: int) -> Codes:
    """Return what is kept of features: class in the top four bits, 28 bits of the hash keyed with *key*."""
    short = (mix(hashes ^ np.uint64(key)) >> np.uint64(64 - HASH_BITS)).astype(np.uint32)
    return (short & _HASH_MASK) | (kind.astype(np.uint32) << np.uint32(HASH_BITS))
