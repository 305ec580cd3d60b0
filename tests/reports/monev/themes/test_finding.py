from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from pipeline.reports.monev.themes import Definition, Themes, assign, find_themes, match
from tests.reports.monev.themes.complaints import complaints

ROOT = Path(__file__).resolve().parents[4]
TEXTS, MATTERS = complaints()
_ELSEWHERE = """
import json
from pipeline.reports.monev.themes import find_themes
from tests.reports.monev.themes.complaints import complaints
found = find_themes(complaints()[0])
print(json.dumps([found.ids, found.names, found.of.tolist()]))
"""


@pytest.fixture(scope="module")
def themes() -> Themes:
    return find_themes(TEXTS)


def test_themes_are_the_matters_and_named_by_their_words(themes):
    inside = themes.of >= 0
    assert inside.mean() > 0.8
    assert adjusted_mutual_info_score(np.array(MATTERS)[inside], themes.of[inside]) > 0.7
    for number, phrases in enumerate(themes.phrases):
        matter, _ = Counter(np.array(MATTERS)[themes.of == number]).most_common(1)[0]
        words = set(" ".join(TEXTS[row] for row in np.flatnonzero(np.array(MATTERS) == matter)).lower().split(" "))
        assert set(phrases[0].lower().split()) <= {word.strip(",.") for word in words}


def test_names_hold_no_rubble_and_nothing_twice(themes):
    for phrases, name in zip(themes.phrases, themes.names, strict=True):
        words = " ".join(phrases).lower().split()
        assert name == "; ".join(phrases)
        assert len(words) == len(set(words))
        assert {"selamat", "pagi", "mohon", "bantuan", "terima", "kasih"}.isdisjoint(words)
        assert not any(word.isdigit() for word in words)


def test_the_order_of_rows_changes_nothing(themes):
    order = np.random.default_rng(3).permutation(len(TEXTS))
    again = find_themes(pd.Series([TEXTS[row] for row in order], dtype="str"))
    assert again.definitions == themes.definitions
    assert np.array_equal(again.of, themes.of[order])


def test_repeated_and_missing_texts_change_no_definition(themes):
    again = find_themes(pd.Series([*TEXTS, *TEXTS[:50], None, ""], dtype="str"))
    assert again.definitions == themes.definitions
    assert again.of[-2:].tolist() == [-1, -1]
    assert np.array_equal(again.of[len(TEXTS) : -2], themes.of[:50])


def test_another_process_finds_the_same(themes):
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout) == [list(themes.ids), list(themes.names), themes.of.tolist()]


def test_definitions_survive_json_and_count_the_same(themes):
    kept = json.loads(json.dumps({one.id: one.to_json() for one in themes.definitions}))
    read = [Definition.from_json(theme, data) for theme, data in kept.items()]
    assert tuple(read) == themes.definitions
    assert np.array_equal(assign(read, TEXTS), themes.of)
    # A text's theme depends on no other text.
    assert [int(assign(read, [text])[0]) for text in TEXTS[:5]] == themes.of[:5].tolist()


def test_a_strange_or_empty_text_has_no_theme(themes):
    assert assign(themes.definitions, ["", "Selamat pagi, terima kasih banyak", "zxqv wkrt plmn"]).tolist() == [-1] * 3
    assert assign((), TEXTS[:2]).tolist() == [-1, -1]


def test_too_few_texts_give_a_sentence():
    found = find_themes(TEXTS[:30])
    assert not found.definitions
    assert set(found.of.tolist()) == {-1}
    assert found.note.startswith("Tema tidak dicari: hanya 30 aduan")


def test_fit_on_looks_at_those_rows_only(themes):
    rows = np.array([matter != "ktp" for matter in MATTERS])
    found = find_themes(TEXTS, fit_on=rows)
    assert not any("blangko" in one.weights for one in found.definitions)
    assert len(found.of) == len(TEXTS)


def test_a_theme_keeps_its_id_in_the_next_period(themes):
    later, _ = complaints(seed=9)
    new = find_themes(later)
    known = match(themes.definitions, new.definitions)
    assert len(known) >= 0.7 * min(len(new.definitions), len(themes.definitions))
    assert len(set(known.values())) == len(known)
    kept = new.with_ids_of(themes.definitions)
    assert set(kept.ids) & set(themes.ids) == set(known.values())
    other = [Definition("x", "", {"kucing": 1.0}, 0.5)]
    assert match(other, new.definitions) == {}


def test_no_name_gets_into_a_name_or_a_definition():
    told = [
        f"{text} Tolong tegur machfudin dan siti" if number % 3 == 0 else text for number, text in enumerate(TEXTS[:60])
    ]
    found = find_themes([*told, *TEXTS[60:]])
    assert not any({"machfudin", "siti"} & set(one.weights) for one in found.definitions)
    assert not any(word in name for name in found.names for word in ("machfudin", "siti"))
