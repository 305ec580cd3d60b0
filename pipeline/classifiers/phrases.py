"""The phrases of ``data/lexicons/bukti.tsv`` and of the rule tables, stemmed.

A phrase is ordinary Indonesian, stemmed here by the project's own preprocessor, so slang and affixes meet it.
In a phrase ``|`` parts alternatives, ``..`` is a gap of at most :data:`GAP` words, ``#`` is a number, and
``=word`` asks for this very form (``=meninggal``, whose stem is that of *tinggal*). A row of kind ``abai`` is
no evidence: it hides phrases of its reason that share a word with it (``pemadam kebakaran``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from pipeline.settings import data_dir
from pipeline.text.lexicons import read_table, words
from pipeline.text.words import WordStemmer

GAP = 3
"""Words that ``..`` may skip."""
_ANY_NUMBER = 1000
_COMMON = words(
    "saya di dan yang tidak ada mohon jalan sudah untuk ini kami bantu dari karena ke terima kasih dengan rumah "
    "warga bisa sampai belum dapat rt rw anak jadi juga tapi hari kerja itu sebut orang pak bapak ibu tolong masuk "
    "mau kalau sangat nya lapor masih saat lanjut minta banyak tahun air baik lagi harus sekarang bulan sama pihak "
    "surat dalam atas tempat laku atau tanggal saja pada baru lama buat urus telah lalu segera beri oleh apa tanya "
    "data nama jam bagai hanya malam aju agar sekali akan lebih kata pernah sebelum kepada keluar sedang"
)
_EVERYWHERE = _COMMON | {"#"}
"""Stems that complaints are full of, whatever they are about: no search starts there if another word can start it."""

_Slot = dict[str, frozenset[str] | None]
"""Stem → the standard forms that are meant, or None for any form."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stemmed phrase: slots, the gap before each, the slot that starts the search."""

    reason: str
    kind: str
    grave: bool
    stated: bool
    slots: tuple[_Slot, ...]
    gaps: tuple[int, ...]
    anchor: int


def load_phrases() -> dict[str, list[Phrase]]:
    """Return the phrases of ``bukti.tsv`` under each stem that may start their search."""
    return parse_phrases(read_table(data_dir() / "lexicons" / "bukti.tsv"))


def parse_phrases(table: Iterable[Mapping[str, str | None]]) -> dict[str, list[Phrase]]:
    """Return the phrases of *table* under each stem that may start their search.

    A row has ``pola`` (the phrase), ``alasan`` (what it stands for), ``sifat`` (its kind) and ``catatan`` (marks).
    """
    stemmer = WordStemmer()
    rows = [row for row in table if row["pola"]]
    drafts = [(row, *draft) for row in rows for draft in _drafts(row["pola"] or "", stemmer)]
    frequency = Counter(stem for _, slots, _ in drafts for slot in slots for stem in slot)
    index: dict[str, list[Phrase]] = defaultdict(list)
    for row, slots, gaps in drafts:
        # The search starts at the slot whose commonest stem is rarest; a number stands for many words.
        cost = [
            max(frequency[stem] + _ANY_NUMBER * (stem == "#" or stem in _COMMON) for stem in slot) for slot in slots
        ]
        anchor = cost.index(min(cost))
        marks = (row["catatan"] or "").split()
        grave, stated = "gawat" in marks, "nyata" in marks
        phrase = Phrase(row["alasan"] or "", row["sifat"] or "", grave, stated, slots, gaps, anchor)
        for stem in slots[anchor]:
            index[stem].append(phrase)
    return dict(index)


def _drafts(phrase: str, stemmer: WordStemmer) -> Iterator[tuple[tuple[_Slot, ...], tuple[int, ...]]]:
    """Yield the slots and gaps of *phrase*; a word that has two stems makes a variant of its own."""
    positions, gaps, gap = list[list[list[_Slot]]](), list[int](), 0
    for part in phrase.split():
        if part == "..":
            gap = GAP
            continue
        single, options = _Slot(), list[list[_Slot]]()
        for word in part.split("|"):
            form = word.removeprefix("=")
            stems = (form,) if form == "#" else stemmer(form)
            if len(stems) == 1:
                exact = frozenset({form}) if word != form else None
                old = single.get(stems[0], frozenset())
                single[stems[0]] = None if exact is None or old is None else old | exact
            elif stems:
                options.append([{stem: None} for stem in stems])
        positions.append([[single], *options] if single else options)
        gaps.append(gap)
        gap = 0
    for choice in product(*positions):
        slots = tuple(slot for option in choice for slot in option)
        flat = [g for option, g in zip(choice, gaps, strict=True) for g in (g, *[0] * (len(option) - 1))]
        yield slots, tuple(flat)
