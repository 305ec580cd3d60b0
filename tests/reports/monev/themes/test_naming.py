from __future__ import annotations

import numpy as np

from pipeline.reports.monev.themes.located import LocatedWords
from pipeline.reports.monev.themes.naming import PhraseCounts, is_persons_name
from pipeline.reports.monev.themes.words import courtesy_stems, is_telling
from pipeline.text import Tokenizer, WordTable


def _names(first: list[str], second: list[str]) -> list[tuple[str, ...]]:
    rows = Tokenizer(WordTable())([*first, *second])
    counts = PhraseCounts(2)
    counts.add(rows, np.repeat([0, 1], [len(first), len(second)]))
    return counts.names()


def test_the_commonest_spelling_without_slang_is_shown():
    lamps = ["lampu jln padam", "lampu jalan padam", "lampu jalan padam", "lampunya jalan padam", "pju padam"]
    names = _names([*lamps, "pju padam", "pju gelap"], ["sampah menumpuk"] * 7)
    assert names[0][0] in {"lampu jalan", "lampu jalan padam"}
    assert "PJU" in names[0]
    assert names[1] == ("sampah menumpuk",)


def test_no_person_and_no_phrase_across_a_full_stop():
    names = _names(["siti padam. Lampu"] * 6, ["sampah menumpuk"] * 6)
    assert "siti" not in " ".join(names[0])
    assert "padam lampu" not in names[0]
    assert is_persons_name("siti")
    assert not is_persons_name("sampah")


def test_words_of_addresses_are_left_out():
    rows = Tokenizer(WordTable())(["Jl. Kembangwangi rusak"] * 5 + ["jalan rusak berlubang"] * 9)
    located = LocatedWords()
    located.add(rows)
    assert "kembangwangi" in located.stems()
    assert {"rusak", "lubang"}.isdisjoint(located.stems())


def test_greetings_places_masks_and_function_words_tell_nothing():
    assert not any(map(is_telling, ["selamat", "yang", "tidak", "<nik>", "surabaya", "kutawaringin", "12", "ab"]))
    assert all(map(is_telling, ["lampu", "sampah", "ktp", "bansos", "air"]))
    assert {"salam", "kasih"} <= courtesy_stems()
