from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.classifiers.contributions import Contributions
from pipeline.classifiers.features import StemVectorizer, stem_grams

RECIPE = {"ngrams": 2, "min_df": 1, "small": 100, "chars_small": 1.0}
DOCS = [["jalan", "rusak", "2", "kali"], ["lampu", "jalan", "mati"], ["sampah", "tumpuk", "di", "jalan"], ["di", "05"]]


@pytest.fixture(scope="module")
def small() -> StemVectorizer:
    return StemVectorizer(RECIPE).fit(DOCS)


def test_characters_are_scikit_learns(small: StemVectorizer):
    own = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)
    expected = own.fit_transform(" ".join(s for s in doc if not s.isdigit()) for doc in DOCS)
    assert set(small.grams_) == set(own.vocabulary_)
    columns = [own.vocabulary_[gram] for gram in small.grams_]
    words = len(small.words_.vocabulary_)
    np.testing.assert_allclose(small.transform(DOCS)[:, words:].toarray(), expected[:, columns].toarray(), rtol=1e-6)


def test_a_short_stem_counts_once_and_a_number_never():
    assert stem_grams("di") == [" di", "di ", " di "]
    assert stem_grams("05") == []


def test_a_stored_vectorizer_is_the_same(small: StemVectorizer):
    again = pickle.loads(pickle.dumps(small))
    assert (again.transform(DOCS) != small.transform(DOCS)).nnz == 0
    assert "jalan" in again
    assert all(type(column) is int for column in again.words_.vocabulary_.values())


def test_contributions_add_up_to_the_score(small: StemVectorizer):
    matrix = small.transform(DOCS)
    weights = np.random.default_rng(0).normal(size=(small.size, 2)).astype(np.float32)
    parts = Contributions(small)
    for row, doc in enumerate(DOCS):
        alone = parts(matrix, row, weights[:, 0], None, doc)
        less = parts(matrix, row, weights[:, 0], weights[:, 1], doc)
        assert sum(alone.values()) == pytest.approx((matrix[row] @ weights[:, 0]).item(), abs=1e-5)
        assert sum(less.values()) == pytest.approx((matrix[row] @ (weights[:, 0] - weights[:, 1])).item(), abs=1e-5)
        assert set(alone) <= set(doc)
