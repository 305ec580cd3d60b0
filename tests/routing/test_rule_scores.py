from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipeline.catalogue.rules import Rule, load_rules
from pipeline.classifiers.sentences import SentenceFinder
from pipeline.errors import InputError
from pipeline.routing.rule_scores import RuleScores, said
from pipeline.routing.signals import SignalFinder
from pipeline.text import Tokenizer, WordTable

TABLES = ("jenis", "kelengkapan", "kewenangan_instansi")


def rule(name: str, code: str, group: str, weight: str, phrases: str) -> Rule:
    values = {"kode": code, "kelompok": group, "bobot": weight, "pola": phrases}
    return Rule(name, dt.date(2024, 1, 1), None, "praktik", values)


@pytest.fixture(scope="module")
def table():
    return WordTable()


def sentences(table: WordTable, texts: list[str]):
    return SentenceFinder(table)(Tokenizer(table, mask=False)(texts))


RULES = [
    rule("dasar", "a", "dasar", "-1", "@selalu"),
    rule("lemah", "a", "lampu", "2", "lampu"),
    rule("kuat", "a", "lampu", "3", "lampu mati"),
    rule("tolak", "a", "ada", "-4", "@alamat"),
    rule("ramah", "b", "sikap", "1", "ramah ; ! kurang ramah"),
]


def test_the_strongest_of_a_group_counts(table):
    scores = RuleScores(table, RULES, "uji", ("a", "b"), ("alamat",))
    found = sentences(table, ["lampu mati", "lampu", "lampu mati di sini", "petugas ramah", "petugas kurang ramah"])
    spoken = scores.spoken(found, {"alamat": np.array([False, False, True, False, False])})
    assert scores.score(spoken).tolist() == [[2, 1, -2, -1, -1], [0, 0, 0, 1, 0]]
    there = said(spoken, np.array([0, 2, 3]))
    assert [scores.speakers(row, "a") for row in there] == [("kuat",), ("kuat",), ()]
    assert scores.speakers(there[2], "b") == ("ramah",)


def test_a_signal_may_come_later(table):
    scores = RuleScores(table, RULES, "uji", ("a", "b"), ("alamat",))
    spoken = scores.spoken(sentences(table, ["lampu"]), {})
    scores.put(spoken, {"alamat": np.array([True])})
    assert scores.score(spoken)[0].tolist() == [-3]


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (rule("x", "c", "g", "1", "lampu"), "kode"),
        (rule("x", "a", "g", "satu", "lampu"), "bobot"),
        (rule("x", "a", "g", "1", "@gaib"), "pola"),
    ],
)
def test_a_wrong_table_is_refused_by_name(table, wrong: Rule, column: str):
    with pytest.raises(InputError, match=f"uji.tsv, rule 'x': column '{column}'"):
        RuleScores(table, [RULES[1], wrong], "uji", ("a", "b"))


@pytest.mark.parametrize("name", TABLES)
def test_every_phrase_of_every_rule_finds_itself(table, name: str):
    """The words of a phrase, written out, let its rule speak (but where the rule silences itself on them)."""
    rules = load_rules(name)
    wanted, texts = [], []
    for number, one in enumerate(rules):
        for phrase in one.values["pola"].split(" ; "):
            if phrase.strip().startswith(("!", "@")):
                continue
            for pick in (0, -1):
                words = [slot.split("|")[pick].removeprefix("=") for slot in phrase.split() if slot != ".."]
                wanted.append(number)
                texts.append(" ".join("7" if word == "#" else word for word in words))
    found = SignalFinder(table, rules).find(sentences(table, texts))
    told = found.table(len(rules), len(texts))
    silent = [
        (rules[number].id, text)
        for row, (number, text) in enumerate(zip(wanted, texts, strict=True))
        if not told[number, row]
    ]
    assert not [item for item in silent if "!" not in next(r.values["pola"] for r in rules if r.id == item[0])]
    assert len(silent) < 0.01 * len(texts)


@pytest.mark.parametrize("name", [*TABLES, "kelengkapan_tempat", "kelengkapan_tanya", "kelengkapan_unit", "kewenangan"])
def test_every_rule_has_its_source_and_is_valid_today(name: str):
    rules = load_rules(name)
    assert rules
    assert all(one.source and one.holds(dt.date(2026, 1, 1)) for one in rules)
    assert not any(one.holds(dt.date(2020, 1, 1)) for one in rules)
