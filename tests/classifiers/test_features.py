from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.classifiers.columns import stem_grams
from pipeline.classifiers.contributions import Explainer
from pipeline.classifiers.features import StemVectorizer
from pipeline.text.analyzer import Analyzer

RECIPE = {"ngrams": 2, "min_df": 1, "small": 100, "chars_small": 1.0}
DOCS = [["jalan", "rusak", "2", "kali"], ["lampu", "jalan", "mati"], ["sampah", "tumpuk", "di", "jalan"], ["di", "05"]]


@pytest.fixture(scope="module")
def small() -> StemVectorizer:
    return StemVectorizer(RECIPE).fit(DOCS)


def test_characters_are_scikit_learns(small: StemVectorizer):
    own = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)
    expected = own.fit_transform(" ".join(s for s in doc if not s.isdigit()) for doc in DOCS)
    assert set(small.grams) == set(own.vocabulary_)
    columns = [own.vocabulary_[gram] for gram in small.grams]
    words = len(small.words)
    np.testing.assert_allclose(small.transform(DOCS)[:, words:].toarray(), expected[:, columns].toarray(), rtol=1e-6)


def test_a_short_stem_counts_once_and_a_number_never():
    assert stem_grams("di") == [" di", "di ", " di "]
    assert stem_grams("05") == []


def test_a_stored_vectorizer_is_the_same(small: StemVectorizer):
    again = StemVectorizer.restore(RECIPE, small.arrays())
    assert (again.transform(DOCS) != small.transform(DOCS)).nnz == 0
    assert "jalan" in again
    assert all(type(column) is int for column in again.words.values())


@pytest.mark.parametrize("ngrams", [1, 2])
def test_contributions_of_words_add_up_to_the_score(ngrams: int):
    texts = ["Jalan rusak 2 kali", "lampu jalan mati, jalan gelap", "", "sampah menumpuk di jalan"]
    rows = Analyzer().tokenize(texts)
    docs = [rows.stems(row) for row in range(len(rows))]
    vectorizer = StemVectorizer(RECIPE | {"small": 0, "ngrams": ngrams}).fit(docs)
    weights = np.random.default_rng(0).normal(size=(vectorizer.size, 2)).astype(np.float32)
    features = vectorizer.features(rows)
    plus, minus = np.array([0, 1, 0, 1]), np.array([1, 0, 1, 0])
    parts = Explainer(vectorizer, weights)(rows, features, plus, minus)
    scores = vectorizer.transform(docs) @ weights
    for row, stems in enumerate(docs):
        here = rows.row == row
        # A word that stands twice shows its whole part at both places.
        _, once = np.unique(rows.stem[here], return_index=True)
        total = parts.single[here][once].sum() + parts.pair[here].sum()
        assert total == pytest.approx(scores[row, plus[row]] - scores[row, minus[row]], abs=1e-5), stems


def test_rows_and_stems_give_the_same_features(small: StemVectorizer):
    rows = Analyzer().tokenize(["Jalan rusak 2 kali", "", "lampu jalan mati", "xyzabc di jalan raya"])
    docs = [rows.stems(row) for row in range(len(rows))]
    assert (small.features(rows).matrix() != small.transform(docs)).nnz == 0
    weights = np.random.default_rng(0).normal(size=(small.size + 3, 2)).astype(np.float32)
    expected = small.transform(docs) @ weights[: small.size]
    np.testing.assert_allclose(small.features(rows).dot(weights), expected, atol=1e-6)


def test_what_characters_add_alone_is_the_score_of_the_stem(small: StemVectorizer):
    weights = np.random.default_rng(0).normal(size=(small.size, 1)).astype(np.float32)
    rows = Analyzer().tokenize(["tumpuk"])
    features = small.features(rows)
    parts = Explainer(small, weights)(rows, features, np.array([0]))
    assert parts.single.sum() == pytest.approx((features.matrix() @ weights).item(), abs=1e-6)
