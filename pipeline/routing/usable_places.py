"""Usable places finer than a region: a street, an estate, a school, a point beside something named.

Words that announce a place stand in ``data/rules/kelengkapan_tempat.tsv``; what follows must look like a name or a
number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import Sentences
from pipeline.routing.signals import Bools, Ints
from pipeline.settings import data_dir
from pipeline.text import Lookup, TokenRows, WordTable
from pipeline.text.lexicons import load_lexicons, load_stems, read_table
from pipeline.text.stemmer import sastrawi

ROLES: tuple[str, ...] = ("jalan", "lingkungan", "sarana", "letak", "arah", "bebas")
"""Kinds of cue: a street, an estate or hamlet, a facility, beside what, whither, a facility that any noun may name."""
PLACES: tuple[str, ...] = (*ROLES, "bernomor")
"""Kinds of place that are found; ``bernomor`` is a name with a house's or lane's number, without any cue."""
_SPACER, _NO_NAME, _NUMBER, _FOREIGN, _BARE, _WIDE = (1 << bit for bit in range(len(ROLES), len(ROLES) + 6))
"""May stand between cue and name; names nothing; a number; no word of the language; an ordinary word, not derived; a
town or province."""
_ANY_CUE = (1 << len(ROLES)) - 1
_STREET = 1 << ROLES.index("jalan")
_BY_ROLE = {role: 1 << bit for bit, role in enumerate(ROLES)} | {"sela": _SPACER, "bukan_nama": _NO_NAME, "kota": _WIDE}
_ROMAN = re.compile(r"^[ivx]+$")
_VERBAL = ("di", "ber", "ter", "mem", "men", "pem", "pen")
_REACH = 2
"""Words that may stand between a cue and its name."""
_LONGEST_HOUSE_NUMBER = 4


class UsablePlaces:
    """Finds them in texts tokenised with *table*."""

    def __init__(self, table: WordTable) -> None:
        self._by_word: dict[str, int] = {}
        for rule in load_rules("kelengkapan_tempat"):
            self._put(rule.values["kata"].split(), _BY_ROLE[rule.one_of("peran", _BY_ROLE)])
        courtesies = read_table(data_dir() / "lexicons" / "basa_basi.tsv")
        self._put([row["kata"] for row in courtesies], _NO_NAME)
        self._slang, self._stems = load_lexicons().slang, load_stems()
        self._flags = Lookup(table, "form", self._tell, np.int64)

    def _put(self, words: Sequence[str], bit: int) -> None:
        for word in words:
            self._by_word[word] = self._by_word.get(word, 0) | bit

    def _tell(self, form: str) -> int:
        flags = self._by_word.get(form, 0)
        if any(char.isdigit() for char in form) or _ROMAN.match(form) or len(form) == 1:
            return flags | _NUMBER
        if form in self._slang:
            return flags or _NO_NAME
        dictionary = sastrawi().get_dictionary()
        if dictionary.contains(form):
            return flags | _BARE
        # Sastrawi finds a stem in many a name (*Undaan*, *Kebalen*): only verbs of the common kinds are believed.
        known = form in self._stems or (form.startswith(_VERBAL) and dictionary.contains(sastrawi().stem_word(form)))
        return flags | (0 if known else _FOREIGN)

    def find(self, sentences: Sentences) -> dict[str, Bools]:
        """Return for each of :data:`PLACES` which texts have such a place."""
        rows = sentences.rows
        flags = self._flags.values()[rows.form]
        cues, named = _named(sentences, flags)
        cue, what = flags[cues], flags[named]
        is_name = (what & _NO_NAME) == 0
        number, foreign, bare = ((what & bit) != 0 for bit in (_NUMBER, _FOREIGN, _BARE))
        capital = _capitals(rows, cues, named, is_name & ~number & ~foreign)
        # One ordinary word may come before the telling one (*sekolah pelangi Kencanasari*).
        after = np.where(sentences.joined(cues, named + 1), named + 1, 0)
        second = bare & ((flags[after] & (_FOREIGN | _NO_NAME | _WIDE)) == _FOREIGN) & (after > 0)
        narrow = (what & (_ANY_CUE | _WIDE)) == 0
        telling = is_name & (number | foreign | capital | second)
        any_noun = is_name & (number | foreign | bare)
        fits = {
            "jalan": any_noun & ((what & _STREET) == 0),
            "bebas": any_noun & ((what & _ANY_CUE) == 0),
            "lingkungan": telling & ((what & _WIDE) == 0),
            "sarana": telling,
            "letak": is_name & ~number & (foreign | capital) & narrow,
            "arah": is_name & ~number & (foreign | (bare & capital)) & narrow,
        }
        found = {}
        for role in ROLES:
            found[role] = np.zeros(len(rows), dtype=bool)
            found[role][rows.row[cues[((cue & _BY_ROLE[role]) != 0) & fits[role]]]] = True
        found["bernomor"] = np.zeros(len(rows), dtype=bool)
        found["bernomor"][rows.row[_numbered(sentences, flags)]] = True
        return found


def _named(sentences: Sentences, flags: Ints) -> tuple[Ints, Ints]:
    """Return the cues that a word follows, and that word, words that may stand between left out."""
    cues = np.flatnonzero(flags & _ANY_CUE)
    named = np.full(len(cues), -1)
    open_ = np.arange(len(cues))
    for distance in range(1, _REACH + 2):
        there = cues[open_] + distance
        inside = sentences.joined(cues[open_], there)
        open_, there = open_[inside], there[inside]
        is_spacer = (flags[there] & _SPACER) != 0
        named[open_[~is_spacer]] = there[~is_spacer]
        open_ = open_[is_spacer]
        if not len(open_):
            break
    has = named >= 0
    return cues[has], named[has]


def _numbered(sentences: Sentences, flags: Ints) -> Ints:
    """Return the tokens that are names with a short number after them."""
    rows = sentences.rows
    names = np.flatnonzero((flags & (_FOREIGN | _NO_NAME | _WIDE)) == _FOREIGN)
    names = names[sentences.joined(names, names + 1)]
    short = rows.end[names + 1] - rows.start[names + 1] <= _LONGEST_HOUSE_NUMBER
    numbered: Ints = names[((flags[names + 1] & _NUMBER) != 0) & short]
    return numbered


def _capitals(rows: TokenRows, cues: Ints, named: Ints, asked: Bools) -> Bools:
    """Tell which of the *named* words that are *asked* about begin with a capital that tells something.

    Where every letter is a capital, as in a cue that ends in one and a name whose second letter is one, capitals tell
    nothing (*SDN Kediri* is a name, *SDN RUSAK* may be none).
    """
    capital = np.zeros(len(named), dtype=bool)
    places = np.flatnonzero(asked)
    if not len(places):
        return capital
    begin = np.cumsum([0, *map(len, rows.texts[:-1])])
    codes: NDArray[np.uint32] = np.frombuffer("".join(rows.texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    name, cue = named[places], cues[places]
    first = codes[begin[rows.row[name]] + rows.start[name]]
    second = codes[begin[rows.row[name]] + np.minimum(rows.start[name] + 1, rows.end[name] - 1)]
    last = codes[begin[rows.row[cue]] + rows.end[cue] - 1]
    capital[places] = _is_capital(first) & ~(_is_capital(second) & _is_capital(last))
    return capital


def _is_capital(codes: NDArray[np.uint32]) -> Bools:
    told: Bools = (codes >= ord("A")) & (codes <= ord("Z"))
    return told
