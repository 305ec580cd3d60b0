"""The phrase that names the accused: the official's words and the place or office that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from pipeline.classifiers.sentences import Sentences
from pipeline.routing.guard.rules import OFFICIAL, PRIVATE
from pipeline.routing.guard.score import Charge, TextView
from pipeline.routing.guard.spans import Hit
from pipeline.text import WordTable
from pipeline.text.lexicons import load_lexicons, load_stems, words

MOST_WORDS = 6
_SIGN, _WEARERS = "tanda", ("parkir", "dinas", "aparat")
_LEVELS = words("desa ds kelurahan kel kecamatan kec kabupaten kab kota kantor")
"""Words that the name of a region follows."""
_OFFICES = _LEVELS | words(
    "dinas badan bagian sekolah smp smpn sma sman smk smkn sd sdn negeri mts mtsn rsud rs puskesmas pkm satpol pp "
    "polsek polres pasar kua bpn samsat upt uptd pengurus rompi memakai pakai pemkot pemkab dishub resmi"
)
"""Words that a name, or another of them, follows."""
_PERSONS = words("lurah camat kades kuwu kepala sekdes sekcam carik guru bupati")
"""Words that a region's name may follow, and a person's, who stays unnamed."""
_STOPS = words("nya yang di dan ke dari untuk dengan jl jln jalan rt rw")


class AccusedPhrase:
    """Reads the accused in the text's own words."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        roots = load_stems()
        self._ordinary = (frozenset(roots) | frozenset(roots.values())) - load_lexicons().protected

    def __call__(self, sentences: Sentences, view: TextView, hits: Mapping[str, list[Hit]], told: list[Charge]) -> str:
        """Return at most :data:`MOST_WORDS` words for the official of the strongest charge; "" where none is named.

        Masked personal data are left out. A sign of office (a vest) is no name: the one who wears it is taken.
        """
        official = next((charge.official for charge in told if charge.official is not None), None)
        if official is None:
            official = max(hits[OFFICIAL], key=lambda hit: hit.rule.weight, default=None)
        if official is None:
            return ""
        if official.rule.code == _SIGN:
            near = official.first
            others = [hit for hit in hits[OFFICIAL] + hits[PRIVATE] if hit.rule.code in _WEARERS]
            official = min(others, key=lambda hit: abs(hit.first - near), default=official)
        return self._phrase(sentences, view, official)

    def _phrase(self, sentences: Sentences, view: TextView, official: Hit) -> str:
        first, last = official.first, official.last
        if first > view.base and self._form(sentences, first - 1) == "oknum":
            first -= 1
        stop = min(first + MOST_WORDS, view.end) - 1
        while last < stop and self._goes_on(sentences, view, last):
            last += 1
        return " ".join(shown(sentences, first, last).split()[:MOST_WORDS])

    def _form(self, sentences: Sentences, place: int) -> str:
        return self._table.names[sentences.rows.form[place]]

    def _goes_on(self, sentences: Sentences, view: TextView, last: int) -> bool:
        """Tell whether the word after *last* still belongs to the name."""
        rows, after, here = sentences.rows, self._form(sentences, last + 1), self._form(sentences, last)
        if rows.masked[last + 1] or sentences.clause[last + 1] != sentences.clause[last] or after in _STOPS:
            return False
        if after in _OFFICES:
            return True
        if here in _PERSONS:
            return after not in self._ordinary and self._is_place(sentences, view, after)
        if here not in _OFFICES and not (here.isdigit() and self._form(sentences, last - 1) in _OFFICES):
            return False
        if after.isdigit():
            return here not in _LEVELS
        word = rows.texts[int(rows.row[last])][rows.start[last + 1] : rows.end[last + 1]]
        return after not in self._ordinary or word.istitle()

    def _is_place(self, sentences: Sentences, view: TextView, name: str) -> bool:
        """Tell whether the text names a region of this name."""
        forms = [self._table.names[form] for form in sentences.rows.form[view.base : view.end].tolist()]
        return any(form == name and before in _LEVELS for before, form in pairwise(forms))


def shown(sentences: Sentences, first: int, last: int) -> str:
    """Return the words of the text from token *first* to *last*, without masked ones."""
    rows = sentences.rows
    text = rows.texts[int(rows.row[first])]
    # A word of two stems is two tokens on one stretch.
    places = dict.fromkeys((int(rows.start[i]), int(rows.end[i])) for i in range(first, last + 1) if not rows.masked[i])
    return " ".join(text[start:end] for start, end in places)
