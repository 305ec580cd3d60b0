from __future__ import annotations

import csv
import re
from itertools import product

import pytest
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import ArrayDictionary, StemmerFactory

from pipeline.settings import data_dir
from pipeline.text.stemmer import sastrawi

PREFIXES = [
    "", "di", "ke", "se", "ber", "be", "bel", "ter", "te", "me", "mem", "men", "meng", "menge", "meny", "pe", "pem",
    "pen", "peng", "penge", "peny", "per", "pel", "ku", "kau", "memper", "diper", "keber", "berke", "pek",
]  # fmt: skip
SUFFIXES = ["", "an", "kan", "i", "nya", "ku", "lah", "kannya", "annya"]
ROOTS = ["ajar", "baca", "bangun", "lapor", "sapu", "tulis", "pukul", "kirim", "rawat", "xyz", "gerigi", "telunjuk"]


@pytest.fixture(scope="module")
def own() -> Stemmer:
    return Stemmer(ArrayDictionary(StemmerFactory().get_words()))


def test_every_affix_is_stripped_as_sastrawi_does(own: Stemmer):
    forms = [a + root + b for a, root, b in product(PREFIXES, ROOTS, SUFFIXES)]
    assert [f for f in forms if sastrawi().stem_word(f) != own.stem_word(f)] == []


def test_words_of_complaints_are_stemmed_as_sastrawi_does(own: Stemmer):
    forms: set[str] = set()
    for name in ("uji.csv", "uji_daerah.csv", "korpus.csv"):
        with (data_dir() / "starter" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                forms.update(re.findall(r"[a-z]{1,40}(?:-[a-z]{1,40})?", row["isi"].lower()))
    assert len(forms) > 10_000
    assert [f for f in sorted(forms) if sastrawi().stem_word(f) != own.stem_word(f)] == []
