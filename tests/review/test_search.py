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


ALL = [1, 2, 3]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('"', ALL), ("'", ALL), ("&|!():*<->", ALL), ("%", ALL), ("_", ALL), ("\\", ALL), ("ktp*", [1, 3]),
        ("-ktp", [1, 3]), ("!ktp", [1, 3]), ('"ktp rusak"', [1, 3]), ("ktp <-> rusak", [1, 3]),
        ("k_p", []), ("k%p", []),
        ("ktp OR jalan", [3]), ("ktp AND", [3]), ("NOT ktp", []), ("NEAR(ktp)", [3]), ("body:ktp", [3]),
        ("ktp | lain", []), ("^rusak", [1, 3]),
    ],
)  # fmt: skip
def test_no_word_is_an_operator(store: Store, words: str, expected: list[int]):
    fill(store, 3, isi=["KTP rusak", "dan lain-lain", "KTP or jalan and near body, rusak"])
    assert found(store, words) == expected


def test_hidden_values_are_not_found(store: Store):
    fill(store, len(IDENTITIES), isi=[identity.text for identity in IDENTITIES])
    for identity in IDENTITIES:
        assert identity.written not in mask(repair(identity.text))
        assert found(store, identity.written) == [], identity


def test_a_long_question_takes_its_first_words(store: Store):
    fill(store, 1, isi=" ".join(f"kata{number}" for number in range(12)))
    assert found(store, " ".join(f"kata{number}" for number in range(12)) + " lainnya") == [1]
