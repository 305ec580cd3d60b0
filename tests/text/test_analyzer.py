from __future__ import annotations

import pickle

import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.errors import ArtefactError
from pipeline.text import analyze, check_text_version, text_version
from pipeline.text.analyzer import Analyzer, StemGrams


def test_features_are_stems_and_neighbouring_pairs():
    assert Analyzer()("Lampu jalan mati") == ["lampu", "jalan", "mati", "lampu jalan", "jalan mati"]
    assert Analyzer(ngrams=1)("Lampu jalan mati") == ["lampu", "jalan", "mati"]
    assert Analyzer()("") == []


def test_bare_numbers_are_tokens_but_no_features():
    assert analyze("RT 05 banjir") == ["rt", "05", "banjir"]
    assert Analyzer()("RT 05 banjir") == ["rt", "banjir", "rt banjir"]


def test_works_in_a_vectorizer_and_survives_clone_and_pickle():
    texts = ["lampu jalan mati", "ktp belum jadi"]
    vectorizer = TfidfVectorizer(analyzer=Analyzer())
    matrix = vectorizer.fit_transform(texts)
    again = pickle.loads(pickle.dumps(vectorizer))
    assert (again.transform(texts) != matrix).nnz == 0
    assert clone(Analyzer(ngrams=1)).ngrams == 1


@pytest.mark.parametrize("wrong", [pd.DataFrame({"isi": ["a"]}), pd.Series(["a"]), ["a"], None, 3, float("nan"), b"a"])
def test_only_one_text_is_taken(wrong):
    with pytest.raises(TypeError, match=type(wrong).__name__):
        Analyzer()(wrong)
    with pytest.raises(TypeError):
        analyze(wrong)


def test_stem_grams_refuse_a_bare_text():
    assert StemGrams(2)(["a", "b"]) == ["a", "b", "a b"]
    with pytest.raises(TypeError, match="StemGrams"):
        StemGrams()("lampu jalan")


def test_the_memo_is_not_stored():
    analyzer = Analyzer()
    analyzer("lampu jalan mati")
    assert "_memo" not in analyzer.__getstate__()


@pytest.mark.parametrize("key", ["format", "lexicons", "sastrawi"])
def test_another_preprocessor_is_refused(key: str):
    state = Analyzer().__getstate__()
    state["_text_version"] = text_version() | {key: "lain"}
    with pytest.raises(ArtefactError, match=key):
        Analyzer().__setstate__(state)
    check_text_version(text_version())
    with pytest.raises(ArtefactError):
        check_text_version(None)


def test_tokens_know_where_they_stand():
    rows = Analyzer(ngrams=1).tokenize(["", "Jalan\\nberlubang, NIK 99" + "12345678901234!"])
    assert rows.tokens(0) == []
    text, tokens = rows.texts[1], rows.tokens(1)
    assert [(t.stem, text[t.start : t.end]) for t in tokens if not t.masked] == [
        ("jalan", "Jalan"),
        ("lubang", "berlubang"),
        ("nik", "NIK"),
    ]
    assert [t.stem for t in tokens if t.masked] == ["<nik>"]
