"""Words are looked for in the masked texts: what is hidden is not found."""

from __future__ import annotations

import pytest

from pipeline.review.people import Person, Role
from pipeline.review.queue import Filters, page
from pipeline.review.store import Store
from pipeline.text import mask, repair
from tests.leaks.identities import IDENTITIES
from tests.review.examples import fill

ANYBODY = Person(1, "sari", "Sari", Role.OFFICER, frozenset(), must_change=False)


def found(store: Store, words: str) -> list[int]:
    with store.read() as session:
        return sorted(row.complaint.id for row in page(session, ANYBODY, Filters(words=words)).rows)


def test_all_words_by_their_beginnings(store: Store):
    fill(store, 4, isi=["Jalan rusak parah", "jalanan berlubang", "KTP rusak", "Ada-apa dengan KTP-el?"])
    assert found(store, "jalan") == [1, 2]
    assert found(store, "rusak JALAN") == [1]
    assert found(store, "ktp") == [3, 4]
    assert found(store, "alan") == []


@pytest.mark.parametrize(
    "words",
    ['"', "'", "ktp OR jalan", "ktp AND", "NEAR(ktp)", "body:ktp", "ktp*", "-ktp", "&|!():*<->", "%", "_", "\\"],
)
def test_no_word_is_an_operator(store: Store, words: str):
    fill(store, 2, isi=["KTP rusak", "dan lain-lain"])
    assert found(store, words) in ([], [1], [1, 2])


def test_hidden_values_are_not_found(store: Store):
    fill(store, len(IDENTITIES), isi=[identity.text for identity in IDENTITIES])
    for identity in IDENTITIES:
        assert identity.written not in mask(repair(identity.text))
        assert found(store, identity.written) == [], identity


def test_a_long_question_takes_its_first_words(store: Store):
    fill(store, 1, isi=" ".join(f"kata{number}" for number in range(12)))
    assert found(store, " ".join(f"kata{number}" for number in range(12)) + " lainnya") == [1]
