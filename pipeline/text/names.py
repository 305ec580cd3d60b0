"""Names of people: words that follow what announces a name (*nama saya*, *Pak*, *a.n.*).

Which words can be names is for ``lokal-id`` to say; it is asked once for each word that stands after such a cue and
its answer is kept, for reading whole texts costs it milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from lokal.samaran import detect_pii
from numpy.typing import NDArray

from pipeline.text.split import BLANK, COLON, DOT, END, NEWLINE, WordRows
from pipeline.text.table import Lookup, WordTable

_NAME, _STRONG, _FILLER, _HONORIFIC, _SHORT_HONORIFIC, _SELF, _A, _N, _NEVER, _PLAIN, _AN = (
    1 << bit for bit in range(11)
)
_WORDS = {
    _NAME: "nama an",
    _STRONG: "bernama namanya namaku inisial berinisial",
    _FILLER: (
        "saya sy aku lengkap anak ibu bapak ayah suami istri adik kakak pelapor pemohon penerima pengirim pemilik "
        "siswa pasien warga orang tua kepala keluarga pelanggan nasabah pegawai karyawan pemesan kandung mas mbak "
        "adalah yaitu"
    ),
    _HONORIFIC: "bapak ibu pak bu mbak saudara saudari almarhum almarhumah",
    _SHORT_HONORIFIC: "bpk sdr sdra sdri alm",
    _SELF: "saya",
    _A: "a",
    _N: "n",
    _AN: "an n",
    _NEVER: (
        "wali walikota bupati gubernur lurah camat kepala presiden menteri ketua kades kadis dinas dispenduk polisi "
        "guru dokter petugas pemkot pemda pemerintah kota kecamatan kelurahan desa rt rw warga mohon tolong dan yang "
        "yth hormat jokowi rumah saya kami"
    ),
}
_BY_WORD: dict[str, int] = {}
for _flag, _words in _WORDS.items():
    for _word in _words.split():
        _BY_WORD[_word] = _BY_WORD.get(_word, 0) | _flag
_FILLERS, _MOST_WORDS = 3, 4
_LEAST_LETTERS = 3
_REMEMBERED = 50_000


class NameFinder:
    """Finds names in batches split with *table*."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        self._flags = Lookup(table, "form", _flags, np.uint16)

    def __call__(self, words: WordRows) -> list[tuple[int, int, int]]:
        """Return (text, start, end) of each name."""
        size = len(words.form)
        if size < 2:
            return []
        flags = self._flags.values()[words.form]
        near = np.append((words.row[1:] == words.row[:-1]) & ((words.gap[1:] & (NEWLINE | END)) == 0), False)
        blank = np.append((words.gap[1:] & BLANK) != 0, False) & near
        gap = np.append(words.gap[1:], 0)
        first, sure = self._first_words(flags, near, blank, gap)
        usable = (flags[first] & (_PLAIN | _NEVER)) == _PLAIN
        first, sure = first[usable], sure[usable]
        title = words.case[first] == 1
        # `saya` announces a name only where the word is one, and written like one.
        of_self = ((flags[first - 1] & _SELF) != 0) & ~sure
        known = self._ask(is_name, words.form[first], title | ~of_self)
        accepted = known | self._ask(may_be_named, words.form[first], ~known & ~of_self & (sure | title))
        first, sure = first[accepted], sure[accepted]
        last = first.copy()
        going = np.arange(len(first))
        for _ in range(_MOST_WORDS - 1):
            going = going[blank[last[going]]]
            going = going[(flags[last[going] + 1] & (_PLAIN | _NEVER)) == _PLAIN]
            after = last[going] + 1
            title = words.case[after] == 1
            going = going[title | self._ask(is_name, words.form[after], ~title)]
            last[going] += 1
        return list(zip(words.row[first].tolist(), words.start[first].tolist(), words.end[last].tolist(), strict=True))

    def _first_words(
        self, flags: NDArray[np.uint16], near: NDArray[np.bool_], blank: NDArray[np.bool_], gap: NDArray[np.uint8]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the words that a cue announces, and whether it announces nothing but a name."""
        size = len(flags)
        calls = (flags & (_HONORIFIC | _SELF)) != 0
        short = (flags & _SHORT_HONORIFIC) != 0
        called = np.flatnonzero((calls & blank) | (short & near)) + 1
        initials = np.flatnonzero(((flags[:-1] & _A) != 0) & ((flags[1:] & _N) != 0) & near[:-1]) + 1
        cue = np.concatenate([np.flatnonzero((flags & (_NAME | _STRONG)) != 0), initials])
        after_an = (flags[cue] & _AN) != 0
        sure = (flags[cue] & _NAME) == 0
        at = cue
        for _ in range(_FILLERS):
            following = np.minimum(at + 1, size - 1)
            filled = near[at] & ((flags[following] & _FILLER) != 0)
            sure |= filled | ((gap[at] & COLON) != 0)
            at = np.where(filled, following, at)
        dotted = after_an & ((gap[at] & DOT) != 0)
        sure |= dotted | ((gap[at] & COLON) != 0)
        announced = near[at] & (blank[at] | dotted | ((gap[at] & COLON) != 0))
        cue_end, sure = at[announced], sure[announced]
        first = np.concatenate([called, cue_end + 1])
        every = np.concatenate([np.zeros(len(called), dtype=bool), sure])
        return first, every

    def _ask(
        self, tell: Callable[[str], bool], form: NDArray[np.int32], wanted: NDArray[np.bool_] | None = None
    ) -> NDArray[np.bool_]:
        """Return what *tell* says of each word, False where it is not *wanted*."""
        answer = np.zeros(len(form), dtype=bool)
        asked = np.arange(len(form)) if wanted is None else np.flatnonzero(wanted)
        distinct, places = np.unique(form[asked], return_inverse=True)
        names = self._table.names
        told = np.array([tell(names[number]) for number in distinct.tolist()], dtype=bool)
        answer[asked] = told[places] if len(asked) else False
        return answer


@lru_cache(maxsize=_REMEMBERED)
def is_name(word: str) -> bool:
    """Tell whether *word* is among the names that ``lokal-id`` knows."""
    before = "saya siti "
    found = detect_pii(before + word, types=["NAME"])
    return any(match.end >= len(before) + len(word) for match in found)


@lru_cache(maxsize=_REMEMBERED)
def may_be_named(word: str) -> bool:
    """Tell whether ``lokal-id`` takes *word* for a name after *nama saya*: any word that it does not know better."""
    return bool(detect_pii(f"nama saya {word}", types=["NAME"]))


def _flags(form: str) -> int:
    return _BY_WORD.get(form, 0) | (_PLAIN if len(form) >= _LEAST_LETTERS and form.replace("'", "").isalpha() else 0)
