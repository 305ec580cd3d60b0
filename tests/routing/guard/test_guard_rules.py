"""The guard's tables: each rule finds its own phrase, wrong tables are refused by name, dates count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.catalogue import rules as catalogue
from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.matching import PhraseIndex
from pipeline.classifiers.scene import StandardForms
from pipeline.classifiers.sentences import SentenceFinder
from pipeline.errors import InputError
from pipeline.routing.guard import Guard
from pipeline.routing.guard.rules import BREACH, HIDER, OFFICIAL, PRIVATE, PhraseRule, load_guard_rules
from pipeline.routing.guard.spans import Hit, standing
from pipeline.settings import data_dir
from pipeline.text import WordTable
from pipeline.text.tokens import Tokenizer

TABLES = ("pengawasan", "pengawasan_pelaku", "pengawasan_rahasia")


def spoken(pattern: str) -> str:
    """Return the pattern's first alternatives as a text."""
    words = (part.split("|")[0].removeprefix("=") for part in pattern.split() if part != "..")
    return " ".join("7" if word == "#" else word for word in words)


def test_every_rule_finds_its_own_phrase() -> None:
    loaded, table = load_guard_rules(), WordTable()
    index = PhraseIndex(table, StandardForms(), loaded.phrases)
    tokenizer, sentences = Tokenizer(table), SentenceFinder(table)
    rules = [(rule.id, spoken(rule.values["pola"])) for name in TABLES for rule in load_rules(name, dt.date.today())]
    rows = tokenizer([text for _, text in rules])
    matches = index.find(sentences(rows))
    found: dict[int, set[str]] = {}
    for phrase, place in zip(matches.phrase.tolist(), matches.places[:, 0].tolist(), strict=True):
        found.setdefault(int(rows.row[place]), set()).add(loaded.rules[int(index.phrases[phrase].reason)].id)
    assert [name for row, (name, _) in enumerate(rules) if name not in found.get(row, set())] == []


@pytest.mark.parametrize("name", [*TABLES, "pengawasan_konteks", "pengawasan_ambang", "pengawasan_nama"])
def test_every_rule_has_a_source_and_a_date(name: str) -> None:
    for rule in load_rules(name):
        assert rule.source
        assert rule.valid_from <= dt.date(2026, 11, 1)


def test_rules_before_their_date_do_not_speak() -> None:
    early, now = load_guard_rules(dt.date(2020, 6, 1)), load_guard_rules(dt.date(2026, 11, 1))
    assert len(early.rules) < len(now.rules)
    discipline = {rule.id for rule in now.rules if rule.code == "disiplin"}
    assert discipline
    assert discipline.isdisjoint(rule.id for rule in early.rules)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("sifat", "lain", "sifat"), ("bobot", "tinggi", "bobot"), ("bobot", "3", "bobot"), ("syarat", "jauh", "syarat")],
)
def test_a_wrong_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, value: str, said: str
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in (data_dir() / "rules").glob("pengawasan*.tsv"):
        (folder / path.name).write_bytes(path.read_bytes())
    row = {
        "sifat": "pelanggaran",
        "kode": "pungutan",
        "bobot": "0.5",
        "syarat": "dekat",
        "pola": "pungli",
        column: value,
    }
    head = ["id", "berlaku_dari", "berlaku_sampai", "sumber", *row]
    cells = ["coba-1", "2020-01-01", "", "praktik", *row.values()]
    (folder / "pengawasan.tsv").write_text("\t".join(head) + "\n" + "\t".join(cells) + "\n", encoding="utf-8")
    monkeypatch.setattr(catalogue, "data_dir", lambda: tmp_path)
    with pytest.raises(InputError, match=f"coba-1.*{said}"):
        load_guard_rules()


def hit(first: int, last: int, kind: str, code: str = "x", weight: float = 0.5) -> Hit:
    return Hit(first, last, PhraseRule(f"{kind}-{first}-{last}-{weight}", kind, code, weight, "dekat"))


def test_the_longest_actor_stands() -> None:
    office, person = hit(1, 1, OFFICIAL), hit(0, 1, OFFICIAL)
    assert standing([office, person])[OFFICIAL] == [person]
    community = hit(0, 2, PRIVATE)
    found = standing([office, person, community])
    assert (found[OFFICIAL], found[PRIVATE]) == ([], [community])


def test_look_alikes_hide() -> None:
    leak, pipe = hit(3, 3, BREACH), hit(3, 4, HIDER, "")
    assert standing([leak, pipe])[BREACH] == []
    longer = hit(2, 5, BREACH)
    assert standing([longer, pipe])[BREACH] == [longer]
    address = hit(7, 8, HIDER, "pelaku")
    assert standing([hit(7, 7, PRIVATE), address])[PRIVATE] == []
    head = hit(6, 7, PRIVATE)
    assert standing([head, address])[PRIVATE] == [head]


def test_one_hit_for_each_kind_and_stretch() -> None:
    weak, strong, other = hit(0, 3, BREACH, "a", 0.4), hit(1, 2, BREACH, "a", 0.8), hit(0, 1, BREACH, "b", 0.3)
    assert standing([weak, strong, other])[BREACH] == [other, strong]


def test_the_threshold_is_data() -> None:
    setting = next(rule for rule in load_rules("pengawasan_ambang") if rule.id == "ambang")
    assert Guard(WordTable()).threshold == float(setting.values["nilai"])


def test_the_weights_hold_no_number_and_no_place() -> None:
    from pipeline.text.lexicons import read_table

    places = {
        row["bentuk"] for row in read_table(data_dir() / "lexicons" / "dilindungi.tsv") if row["jenis"] == "tempat"
    }
    words = [rule.values["nama"] for rule in load_rules("pengawasan_bobot") if rule.values["jenis"] == "kata"]
    assert len(words) > 500
    assert all(word.isalpha() for word in words)
    assert places.isdisjoint(words)


def test_a_hider_of_the_whole_hides_a_longer_breach() -> None:
    longer = hit(2, 5, BREACH)
    assert standing([longer, hit(3, 4, HIDER, "mutlak")])[BREACH] == []


def test_grammar_words_are_forms_by_kind() -> None:
    grammar = load_guard_rules().grammar
    assert "oleh" in grammar["oleh"]
    assert all(grammar.values())
