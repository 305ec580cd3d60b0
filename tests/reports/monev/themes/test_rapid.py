from __future__ import annotations

import numpy as np

from pipeline.reports.monev.themes.rapid import StemCounter
from pipeline.reports.monev.themes.words import is_telling
from pipeline.text import analyze
from tests.reports.monev.themes.complaints import complaints


def _counted(stems: list[str], texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    parts = list(StemCounter(stems).chunks(texts))
    return np.vstack([held.toarray() for _, held, _ in parts]), np.concatenate([length for *_, length in parts])


def test_the_same_stems_as_the_full_tokeniser():
    texts = complaints(each=5)[0]
    documents = [{stem for stem in analyze(text) if is_telling(stem)} for text in texts]
    stems = sorted(set().union(*documents))
    held, length = _counted(stems, texts)
    assert [{stems[column] for column in np.flatnonzero(row)} for row in held] == documents
    assert np.allclose(length, [np.sqrt(len(document)) for document in documents])


def test_literal_breaks_capitals_dashes_and_other_letters():
    texts = ["LAMPU\\nmati", "lampu-lampu padam", "é lampu—padam 🙏", "", "'lampu'", "-"]
    held, length = _counted(["lampu", "mati", "padam"], texts)
    assert held.tolist() == [[1, 1, 0], [1, 0, 1], [1, 0, 1], [0, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert length[3] == 1


def test_many_distinct_words_grow_the_tables():
    letters = "bcdfghjklmnpqrstvwxyz"
    words = [a + "u" + b + "o" + c for a in letters for b in letters[:9] for c in letters[:9]]
    held, _ = _counted(["lampu"], [" ".join(words), "lampu"])
    assert held.tolist() == [[0], [1]]
