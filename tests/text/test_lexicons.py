from __future__ import annotations

import re

import pytest
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import ArrayDictionary, StemmerFactory

from pipeline.settings import data_dir
from pipeline.text import analyze
from pipeline.text.lexicons import NEGATORS, load_lexicons, load_stems, read_table

FORM = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
REQUIRED = {
    "gk": "tidak", "ga": "tidak", "gak": "tidak", "nggak": "tidak", "ngga": "tidak", "enggak": "tidak",
    "tdk": "tidak", "tak": "tidak", "blm": "belum", "belom": "belum", "jgn": "jangan", "ora": "tidak",
    "teu": "tidak", "yg": "yang", "dgn": "dengan", "krn": "karena", "utk": "untuk", "sdh": "sudah",
    "bgmn": "bagaimana", "mhn": "mohon", "tlg": "tolong", "jl": "jalan", "kel": "kelurahan", "kec": "kecamatan",
}  # fmt: skip


@pytest.mark.parametrize("name", ["slang.tsv", "dilindungi.tsv", "pengecualian.tsv"])
def test_tables_are_clean(name: str):
    rows = read_table(data_dir() / "lexicons" / name)
    forms = [row["bentuk"] for row in rows]
    assert not [form for form in forms if not FORM.match(form)]
    assert len(forms) == len(set(forms))


def test_slang_is_large_reviewed_and_has_no_chains():
    slang = load_lexicons().slang
    assert len(slang) >= 500
    assert {form: slang[form] for form in REQUIRED} == {form: (word,) for form, word in REQUIRED.items()}
    assert not [form for form, words in slang.items() if set(words) & slang.keys()]


def test_no_slang_entry_drops_or_turns_round_a_negation():
    slang = load_lexicons().slang
    assert not NEGATORS & slang.keys()
    negative = {form for form, words in slang.items() if set(words) & (NEGATORS - {"kurang"})}
    for form in negative:
        assert NEGATORS & set(analyze(form)), form


def test_exceptions_never_touch_a_negator():
    lexicons = load_lexicons()
    assert not NEGATORS & lexicons.exceptions.keys()
    assert all(" ".join(analyze(word)) == word for word in NEGATORS)


def test_no_negator_is_lost_in_any_surrounding():
    for negator in sorted(NEGATORS):
        for text in (
            f"{negator} ada",
            f"kenapa {negator.upper()}?",
            f"air{negator}",
            f"rt05 {negator}2",
            f"\u200b{negator}",
        ):
            if text.startswith("air"):
                continue
            assert negator in analyze(text), text


def test_digest_changes_with_the_tables():
    assert re.fullmatch(r"[0-9a-f]{64}", load_lexicons().digest)


def test_the_shipped_stems_are_sastrawis():
    """Every one, stemmed live: the table may only save time."""
    stemmer = Stemmer(ArrayDictionary(StemmerFactory().get_words()))
    stems = load_stems()
    assert len(stems) > 5000
    assert {form: stem for form, stem in stems.items() if stemmer.stem_word(form) != stem} == {}
