"""Texts that no unit can act on: empty, unreadable, or plainly not a complaint.

Rules on words, not a model: such texts are rare in training data and an officer must be able to read why.
A rule fires only when nothing else is in the text, so a thanks at the end of a complaint changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.routing.decision import INCOMPLETE, NOT_A_COMPLAINT
from pipeline.settings import data_dir
from pipeline.text import Token, analyze
from pipeline.text.lexicons import read_table

_ASKING = {"permintaan", "tanya", "keluhan_umum"}
_REPEATED = re.compile(r"(.)\1{3,}")
_MIN_LETTERS = 3
_SPAM_WORDS = 60
"""Longer texts that hold an advert's phrase are complaints about adverts."""


@dataclass(frozen=True)
class Completeness:
    """Why a text is not routed: ``action`` (``lengkapi`` or ``bukan_aduan``) and the reason people read."""

    action: str
    reason: str


class CompletenessCheck:
    """Decides whether tokens hold anything that can be acted on; ``known(stem)`` tells a word of the language."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        self._known = known
        folder = data_dir() / "lexicons"
        kinds: dict[str, str] = {}
        for row in read_table(folder / "basa_basi.tsv"):
            for stem in analyze(row["kata"]):
                kinds.setdefault(stem, row["jenis"])
        self._kinds = kinds
        self._spam = [" ".join(analyze(row["frasa"])) for row in read_table(folder / "spam.tsv")]

    def __call__(self, text: str, tokens: Sequence[Token]) -> Completeness | None:
        """Return why the text cannot be routed, or ``None``."""
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
