"""A text's tokens with the ends of its sentences, and what each word stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from pipeline.text import Token
from pipeline.text.lexicons import load_lexicons


def words(text: str) -> frozenset[str]:
    """Return the set of the words in *text*."""
    return frozenset(text.split())


_CLITIC = re.compile(r"(?<=[a-z]{3})-?(?:nya|ny|lah|kah|pun)$")
_APOSTROPHES = str.maketrans("", "", "'’`")
_NUMBER_WORDS = words("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh belas puluh")
_ABBREVIATIONS = words(
    "jl jln jal no gg gang rt rw kel kec kab dr drs bpk bp bu sdr tgl tg th thn yg dgn dll dsb dst jend "
    "jendral let kol prof ir st hj an sd sdn smp smpn sma smk blok perum rp tlp telp hp ket pak lt km tsb trsb tsbt"
)
WALLS = words("karena tapi tetapi namun padahal sedangkan melainkan")
"""Conjunctions that no phrase's gap crosses."""


class StandardForms:
    """Surface form → its standard words in lower case, without particles; remembered."""

    def __init__(self) -> None:
        self._slang = load_lexicons().slang
        self._memo: dict[str, frozenset[str]] = {}

    def __call__(self, surface: str) -> frozenset[str]:
        """Return the words that *surface* may stand for."""
        known = self._memo.get(surface)
        if known is None:
            form = surface.lower().translate(_APOSTROPHES)
            bare = _CLITIC.sub("", form)
            known = frozenset({form, bare, *self._slang.get(form, ()), *self._slang.get(bare, ())})
            if len(self._memo) < 100_000:
                self._memo[surface] = known
        return known


class Scene:
    """The tokens of one text with the ends of its sentences."""

    def __init__(self, tokens: list[Token], text: str, forms: StandardForms) -> None:
        self.tokens, self.text, self._forms = tokens, text, forms
        self.stems = [token.stem for token in tokens]
        self._often: dict[tuple[frozenset[str], frozenset[str]], bool] = {}

    @cached_property
    def _ends(self) -> tuple[list[int], list[int]]:
        """For each token the number of its sentence and of its clause (commas too)."""
        sentence = clause = 0
        sentences, clauses = [], []
        before: Token | None = None
        for token in self.tokens:
            if before is not None and token.start > before.end:
                between = self.text[before.end : token.start]
                if not between.isspace():
                    if self._is_end(between, before, token):
                        sentence += 1
                        clause += 1
                    elif any(mark in between for mark in ",.:("):
                        clause += 1
                elif "\n" in between:
                    sentence += 1
                    clause += 1
            sentences.append(sentence)
            clauses.append(clause)
            before = token
        return sentences, clauses

    def _is_end(self, between: str, before: Token, after: Token) -> bool:
        if any(mark in between for mark in "!?;\n"):
            return True
        if between.count(".") != 1:
            return False
        word = self.text[before.start : before.end].lower()
        spaced = between.rstrip() != between
        return (
            not before.masked
            and len(word) > 2
            and word not in _ABBREVIATIONS
            and (spaced or not (before.stem.isdigit() or after.stem.isdigit()))
        )

    def form(self, place: int) -> frozenset[str]:
        """Return the standard words of the token at *place*."""
        token = self.tokens[place]
        return self._forms(self.text[token.start : token.end])

    def is_form(self, place: int, meant: frozenset[str]) -> bool:
        """Tell whether the token at *place* stands for one of *meant*."""
        return not self.form(place).isdisjoint(meant)

    def fits(self, place: int, slot: Mapping[str, frozenset[str] | None]) -> bool:
        """Tell whether the token at *place* fills *slot*."""
        stem = self.stems[place]
        if stem not in slot:
            return "#" in slot and (stem.isdigit() or stem in _NUMBER_WORDS)
        forms = slot[stem]
        return forms is None or self.is_form(place, forms)

    def joined(self, place: int, there: int) -> bool:
        """Tell whether *there* is a shown word in the sentence of *place*."""
        if not 0 <= there < len(self.tokens) or self.tokens[there].masked:
            return False
        return self._ends[0][place] == self._ends[0][there]

    def every(self, often: frozenset[str], things: frozenset[str]) -> bool:
        """Tell whether a word of *often* stands up to 3 words before one of *things* anywhere; remembered."""
        key = (often, things)
        if key not in self._often:
            places = (place for place, stem in enumerate(self.stems) if stem in often)
            self._often[key] = any(not things.isdisjoint(self.stems[place + 1 : place + 4]) for place in places)
        return self._often[key]

    def walled(self, place: int) -> bool:
        """Tell whether the word at *place* begins another clause (`karena`, `tapi`)."""
        return self.stems[place] in WALLS

    def same_clause(self, place: int, there: int) -> bool:
        """Tell whether no comma, colon or end stands between."""
        return self._ends[1][place] == self._ends[1][there]
