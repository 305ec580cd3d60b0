"""Texts that no unit can act on: empty, unreadable, or plainly not a complaint.

Rules on words, not a model: such texts are rare in training data and an officer must be able to read why.
A rule fires only when nothing else is in the text, so a thanks at the end of a complaint changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.routing.decision import INCOMPLETE, NOT_A_COMPLAINT
from pipeline.settings import data_dir
from pipeline.text import Lookup, TokenRows, WordTable, analyze
from pipeline.text.lexicons import read_table

_ASKING = {"permintaan", "tanya", "keluhan_umum", "lampiran"}
_REPEATED = re.compile(r"(.)\1{3,}")
_MIN_LETTERS = 3
_CONTENT, _KNOWN, _OPENING, _SECOND, _ADVERT = (1 << bit for bit in range(5))
"""A stem that says something; one that the language has; the first and the second of an advert's phrase; one that is
such a phrase by itself."""
_SPAM_WORDS = 60
"""Longer texts that hold an advert's phrase are complaints about adverts."""


@dataclass(frozen=True)
class Completeness:
    """Why a text is not routed: ``action`` (``lengkapi`` or ``bukan_aduan``) and the reason people read."""

    action: str
    reason: str


class CompletenessCheck:
    """Decides whether texts tokenised with *table* hold anything that can be acted on.

    ``known(stem)`` tells a word of the language.
    """

    def __init__(self, table: WordTable, known: Callable[[str], bool]) -> None:
        self._table = table
        folder = data_dir() / "lexicons"
        kinds: dict[str, str] = {}
        for row in read_table(folder / "basa_basi.tsv"):
            for stem in analyze(row["kata"]):
                kinds.setdefault(stem, row["jenis"])
        self._kinds = kinds
        adverts = [analyze(row["frasa"]) for row in read_table(folder / "spam.tsv")]
        adverts = [[stem for stem in stems if not stem.isdigit()] for stems in adverts]
        self._spam = [" ".join(stems) for stems in adverts]
        openings = {stems[0] for stems in adverts}
        seconds = {stems[1] for stems in adverts if len(stems) > 1}
        single = {stems[0] for stems in adverts if len(stems) == 1}

        def flags(stem: str) -> int:
            content = _CONTENT if stem not in kinds else 0
            told = _KNOWN if content and known(stem) else 0
            opens = (_OPENING if stem in openings else 0) | (_SECOND if stem in seconds else 0)
            return content | told | opens | (_ADVERT if stem in single else 0)

        self._known = known
        self._flags = Lookup(table, "stem", flags, np.uint8)
        self._letters = Lookup(table, "stem", lambda stem: 0 if stem.isdigit() else len(stem), np.int64)

    def __call__(self, rows: TokenRows) -> dict[int, Completeness]:
        """Return why texts cannot be routed, for the numbers of those that cannot."""
        letters = np.where(rows.masked, 0, self._letters.values()[rows.stem])
        flags = np.where(letters > 0, self._flags.values()[rows.stem], 0)
        row, size = rows.row, len(rows)
        plain = np.bincount(row, (flags & _CONTENT) != 0, size) == 0
        unknown = np.bincount(row, (flags & _KNOWN) != 0, size) == 0
        few = np.bincount(row, letters, size) < _MIN_LETTERS
        words = np.bincount(row, letters > 0, size)
        word = np.flatnonzero(letters > 0)
        advert = (flags[word] & _ADVERT) != 0
        advert[:-1] |= ((flags[word][:-1] & _OPENING) != 0) & ((flags[word][1:] & _SECOND) != 0)
        spam = (np.bincount(row[word], advert, size) > 0) & (words <= _SPAM_WORDS)
        found = (
            (number, self._reason(rows, number)) for number in np.flatnonzero(plain | unknown | few | spam).tolist()
        )
        return {number: reason for number, reason in found if reason is not None}

    def _reason(self, rows: TokenRows, number: int) -> Completeness | None:
        text, tokens = rows.texts[number], rows.tokens(number)
        if not text.strip():
            return Completeness(INCOMPLETE, "teks laporan kosong")
        words = [token.stem for token in tokens if not token.masked and not token.stem.isdigit()]
        if sum(map(len, words)) < _MIN_LETTERS:
            if any(token.masked for token in tokens) or any(c.isalnum() for c in text):
                return Completeness(INCOMPLETE, "tidak ada uraian yang dapat dibaca")
            return Completeness(NOT_A_COMPLAINT, "hanya tanda baca atau emoji")
        joined = " " + " ".join(words) + " "
        if len(words) <= _SPAM_WORDS and any(f" {phrase} " in joined for phrase in self._spam):
            return Completeness(NOT_A_COMPLAINT, "iklan atau pesan berantai")
        content = [word for word in words if word not in self._kinds]
        if not content:
            if any(self._kinds[word] in _ASKING for word in words):
                return Completeness(INCOMPLETE, "uraian belum menyebut apa yang terjadi")
            return Completeness(NOT_A_COMPLAINT, "hanya salam, ucapan, atau uji coba")
        unknown = not any(self._known(word) for word in content)
        if unknown and (len(content) == len(words) or any(_REPEATED.search(word) for word in content)):
            return Completeness(INCOMPLETE, "teks tidak terbaca")
        return None
