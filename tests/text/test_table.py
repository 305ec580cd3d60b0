"""Numbers of words and their hashes."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.text import Lookup, Tokenizer, WordTable, table
from pipeline.text.hashes import WordHashes
from pipeline.text.lexicons import load_lexicons, load_stems


def codes(words: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    text = np.frombuffer(" ".join(words).encode(), dtype=np.uint8)
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    return text, ends - np.array([len(word) for word in words]), ends


def test_no_two_known_words_share_a_hash():
    words = sorted({*load_stems(), *load_lexicons().slang, *load_lexicons().protected})
    hashes = WordHashes().of(*codes(words))
    assert len(words) > 10_000
    assert len(np.unique(hashes)) == len(words)


def test_a_hash_does_not_depend_on_the_place():
    found = WordHashes().of(*codes(["mati", "lampu", "mati", "amit", "mat", "mati"]))
    assert found[0] == found[2] == found[5]
    assert len(set(found.tolist())) == 4


def test_hashes_are_found_added_and_forgotten():
    hashes = WordHashes()
    words = [f"kata{i}" for i in range(500)]
    keys = hashes.of(*codes(words))
    for start in range(0, 500, 50):
        assert (hashes.find(keys[start : start + 50]) == -1).all()
        hashes.add(keys[start : start + 50], range(start, start + 50))
    np.testing.assert_array_equal(hashes.find(keys[::-1]), np.arange(500)[::-1])
    hashes.keep(200)
    np.testing.assert_array_equal(hashes.find(keys), np.where(np.arange(500) < 200, np.arange(500), -1))


def test_a_full_table_forgets_the_rare_and_still_tells_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table, "FULL", 60)
    monkeypatch.setattr(table, "KEPT", 30)
    tokenize, fresh = Tokenizer(WordTable()), Tokenizer(WordTable())
    length = Lookup(tokenize.table, "stem", len, np.int32)
    for i in range(40):
        texts = [f"lampu jalan nomor{i}a kecamatan{i}b mati{i % 7} berlubang", f"kata{i}c dan pertanggungjawaban{i}d"]
        rows = tokenize(texts)
        assert [rows.stems(row) for row in range(2)] == [fresh([text]).stems(0) for text in texts]
        names = [tokenize.table.stems[stem] for stem in rows.stem.tolist()]
        assert length.values()[rows.stem].tolist() == [len(name) for name in names]
        assert len(tokenize.table.names) < 60 + 20
    assert tokenize.table.generation > 0


def test_a_lookup_of_arrays():
    words = WordTable()
    doubled = Lookup(words, "stem", lambda stem: [len(stem), 2 * len(stem)], np.float32, (2,))
    rows = Tokenizer(words)(["lampu " * 3, " ".join(f"kata{i}x" for i in range(1500))])
    assert doubled.values()[rows.stem[0]].tolist() == [5, 10]
    assert doubled.values().shape[1] == 2
