"""The phrase that names the accused: the official's words and the place or office that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from pipeline.classifiers.sentences import Sentences
from pipeline.routing.guard.grammar import NOBODY, Grammar
from pipeline.routing.guard.rules import OFFICIAL, PRIVATE
from pipeline.routing.guard.score import Charge, TextView
from pipeline.routing.guard.spans import Hit
from pipeline.settings import data_dir
from pipeline.text import WordTable
from pipeline.text.lexicons import load_lexicons, load_stems, read_table, words

MOST_WORDS = 6
_CHARGED = 0.1
"""What the official to whom the score lays the breach has ahead of others."""
_SIGN, _WEARERS = "tanda", ("parkir", "dinas", "aparat")
_SHORT = words("ds kel kec kab")
"""Abbreviations that a name must follow."""
_TITLES = words("oknum plt plh pj wakil mantan ketua kepala")
_LEVELS = words("desa ds kelurahan kel kecamatan kec kabupaten kab kota kantor")
"""Words that the name of a region follows."""
_OFFICES = _LEVELS | words(
    "dinas badan bagian sekolah smp smpn sma sman smk smkn sd sdn negeri mts mtsn rsud rs puskesmas pkm satpol pp "
    "polsek polres pasar kua bpn samsat upt uptd pengurus rompi memakai pakai pemkot pemkab dishub resmi"
)
"""Words that a name, or another of them, follows."""
_DEPARTMENTS = words("dinas badan bagian bidang seksi kasi kabid kadis kabag kaur")
"""Words that the field of work follows (*perizinan*, *kesehatan*)."""
_PERSONS = words("lurah camat kades kuwu kepala sekdes sekcam carik guru bupati")
"""Words that a region's name may follow, and a person's, who stays unnamed."""
_STOPS = words("nya yang di dan ke dari untuk dengan jl jln jalan rt rw")
_REGION_HEADS = words("bupati gubernur walikota")
"""Words that a region's name follows without the word for its level."""
_SIDES = words("timur barat utara selatan tengah tenggara raya laut")


class AccusedPhrase:
    """Reads the accused in the text's own words; *kinds*: word forms by kind, of ``pengawasan_konteks.tsv``."""

    def __init__(self, table: WordTable, kinds: Mapping[str, frozenset[str]]) -> None:
        self._table, self._grammar = table, Grammar(table, kinds)
        roots = load_stems()
        self._ordinary = (frozenset(roots) | frozenset(roots.values())) - load_lexicons().protected
        names = read_table(data_dir() / "lexicons" / "dilindungi.tsv")
        self._places = frozenset(row["bentuk"] for row in names if row["jenis"] == "tempat")

    def __call__(self, sentences: Sentences, view: TextView, hits: Mapping[str, list[Hit]], told: list[Charge]) -> str:
        """Return at most :data:`MOST_WORDS` words for the doer of the strongest charge; "" where none is named.

        Masked personal data are left out, and who is asked for help is no doer. A sign of office (a vest) is no name:
        the one who wears it is taken.
        """
        breach = told[0].breach if told else None
        best, most = None, NOBODY
        for official in hits[OFFICIAL]:
            first, last = self._stretch(sentences, view, official, hits[OFFICIAL])
            value = self._grammar.place_value(sentences, view, official, first, last, breach)
            if value > NOBODY and told and official is told[0].official:
                value += _CHARGED
            if value > most:
                best, most = official, value
        if best is None:
            return ""
        if best.rule.code == _SIGN:
            near = best.first
            others = [hit for hit in hits[OFFICIAL] + hits[PRIVATE] if hit.rule.code in _WEARERS]
            best = min(others, key=lambda hit: (hit.first > near, abs(hit.first - near)), default=best)
        first, last = self._stretch(sentences, view, best, hits[OFFICIAL])
        return " ".join(shown(sentences, first, last).split()[:MOST_WORDS])

    def _stretch(self, sentences: Sentences, view: TextView, official: Hit, others: list[Hit]) -> tuple[int, int]:
        """Return the first and last word of the name that *official* belongs to."""
        first, last = official.first, official.last
        others = [hit for hit in others if hit.rule.code != _SIGN]
        for hit in reversed(others):
            if hit.last < first and self._bridges(sentences, hit.last, first):
                first = hit.first
        if first > view.base and self._form(sentences, first - 1) in _TITLES:
            first -= 1
        stop = min(first + MOST_WORDS, view.end) - 1
        inside = {place for hit in others for place in range(hit.first, hit.last + 1)}
        while last < stop and (self._is_next(sentences, last, inside) or self._goes_on(sentences, view, last)):
            last += 1
        while last > first and self._is_loose(sentences, last):
            last -= 1
        return first, last

    def _bridges(self, sentences: Sentences, last: int, first: int) -> bool:
        """Tell whether nothing, or one word that may stand in a name, is between: *kasi pelayanan kecamatan*."""
        if sentences.clause[last] != sentences.clause[first]:
            return False
        return first - last == 1 or (first - last == 2 and self._may_stand(sentences, last + 1))

    def _may_stand(self, sentences: Sentences, place: int) -> bool:
        form, grammar = self._form(sentences, place), self._grammar
        return not (
            sentences.rows.masked[place]
            or any(grammar.is_a(kind, form) for kind in ("akhir", "objek", "oleh", "predikat", "korban", "diri"))
            or grammar.is_verb(sentences, place)
        )

    def _is_next(self, sentences: Sentences, last: int, inside: set[int]) -> bool:
        """Tell whether another official's words follow at once or after one word, with no word that ends a name."""
        near = last + 1 if last + 1 in inside else last + 2
        if near not in inside or sentences.clause[near] != sentences.clause[last]:
            return False
        return self._may_stand(sentences, last + 1)

    def _is_loose(self, sentences: Sentences, last: int) -> bool:
        """Tell whether the word at *last* cannot end a name: an adverb, a verb, an abbreviation that wants a name."""
        form = self._form(sentences, last)
        return self._grammar.is_a("akhir", form) or form in _SHORT or self._grammar.is_verb(sentences, last)

    def _form(self, sentences: Sentences, place: int) -> str:
        return self._table.names[sentences.rows.form[place]]

    def _goes_on(self, sentences: Sentences, view: TextView, last: int) -> bool:
        """Tell whether the word after *last* still belongs to the name."""
        rows, after, here = sentences.rows, self._form(sentences, last + 1), self._form(sentences, last)
        # "Ds. Sukamaju": the full stop of an abbreviation ends no name.
        ends = sentences.sentence if here in _SHORT else sentences.clause
        if rows.masked[last + 1] or ends[last + 1] != ends[last]:
            return False
        if after in _OFFICES:
            return True
        if after in _STOPS or self._grammar.is_a("akhir", after) or self._grammar.is_verb(sentences, last + 1):
            return False
        if here in _REGION_HEADS or here in self._places:
            return after in (self._places if here in _REGION_HEADS else _SIDES)
        if here in _PERSONS:
            return after not in self._ordinary and self._is_place(sentences, view, after)
        if here not in _OFFICES and not (here.isdigit() and self._form(sentences, last - 1) in _OFFICES):
            return False
        if after.isdigit():
            return here not in _LEVELS
        if here in _DEPARTMENTS and after.startswith(("pe", "ke")) and after.endswith("an"):
            return True
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
    found = [text[start:end] for start, end in places]
    # Of two words glued by a hyphen ("Bandung-Kepala") only the one that belongs is shown.
    if found and first and rows.row[first - 1] == rows.row[first] and rows.start[first - 1] == rows.start[first]:
        found[0] = found[0].rpartition("-")[2]
    after = last + 1
    if found and after < len(rows.row) and rows.row[after] == rows.row[last] and rows.start[after] == rows.start[last]:
        found[-1] = found[-1].partition("-")[0]
    return " ".join(found)
