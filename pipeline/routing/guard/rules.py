"""The guard's rule tables, read once: phrases of breach and of actors, context words, settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.catalogue.rules import Rule, load_rules
from pipeline.classifiers.phrases import Phrase, parse_phrases
from pipeline.text.words import WordStemmer

BREACH, OFFICIAL, PRIVATE, HIDER, RISK = "pelanggaran", "pejabat", "bukan", "abai", "rahasia"
KINDS: tuple[str, ...] = (BREACH, OFFICIAL, PRIVATE, HIDER, RISK)
"""What a phrase stands for: a breach, a holder of public authority, somebody else, a look-alike, a reporter at risk."""
ACTORS = "pelaku"
"""Code of hiders of actors; other hiders hide breaches."""
WHOLE = "mutlak"
"""Code of hiders that hide a breach even where the breach is longer than they are."""
CONTEXTS: tuple[str, ...] = ("sangkal", "alamat", "pelaku", "diminta", "tolong")
GRAMMAR: tuple[str, ...] = ("oleh", "objek", "diri", "predikat", "korban", "akhir")
"""Kinds of word forms that tell the grammar round an official (:mod:`pipeline.routing.guard.grammar`)."""
NEEDS: tuple[str, ...] = ("dekat", "teks", "sendiri")
"""Where a breach needs its official: near, anywhere in the text, nowhere (the breach implies one)."""

MOST_REACH = 4
"""Words before a phrase that a context word may stand away."""

_TABLES = ("pengawasan", "pengawasan_pelaku", "pengawasan_rahasia")


@dataclass(frozen=True, slots=True, order=True)
class PhraseRule:
    """One rule of phrases. ``code``: kind of breach or actor; ``weight`` 0..1; ``need``: one of :data:`NEEDS`."""

    id: str
    kind: str
    code: str
    weight: float
    need: str


@dataclass(frozen=True, slots=True)
class ContextWord:
    """A word up to ``reach`` words before a phrase multiplies the phrase's weight by ``factor``."""

    reach: int
    factor: float


@dataclass(frozen=True)
class GuardRules:
    """All that the guard reads from ``data/rules``: rules by number, their phrases, context words, settings."""

    rules: tuple[PhraseRule, ...]
    phrases: Mapping[str, list[Phrase]]
    context: Mapping[str, Mapping[str, ContextWord]]
    """Stem → kind of context → what it does."""
    settings: Mapping[str, float]
    grammar: Mapping[str, frozenset[str]]
    """Kind of word (:data:`GRAMMAR`) → word forms."""


def load_guard_rules(on: dt.date | None = None) -> GuardRules:
    """Return the rules valid on day *on* (default: today).

    Raises :class:`InputError` for an unknown kind or a weight that is no number from 0 to 1.
    """
    day = on or dt.date.today()
    rules, lines = list[PhraseRule](), list[dict[str, str | None]]()
    for name in _TABLES:
        for rule in load_rules(name, day):
            number = len(rules)
            rules.append(_phrase_rule(rule))
            lines += [
                {"pola": phrase.strip(), "alasan": str(number), "sifat": rules[-1].kind, "catatan": ""}
                for phrase in rule.values["pola"].split(";")
            ]
    stemmer = WordStemmer()
    context: dict[str, dict[str, ContextWord]] = {}
    grammar: dict[str, set[str]] = {kind: set() for kind in GRAMMAR}
    for rule in load_rules("pengawasan_konteks", day):
        kind = rule.one_of("sifat", CONTEXTS + GRAMMAR)
        if kind in GRAMMAR:
            grammar[kind] |= set(rule.values["kata"].split())
            continue
        reach = int(_weight(rule, "jangkauan", MOST_REACH))
        word = ContextWord(reach, _weight(rule, "faktor", 2.0))
        for form in rule.values["kata"].split():
            for stem in stemmer(form):
                context.setdefault(stem, {})[kind] = word
    settings = {rule.id: rule.number("nilai") for rule in load_rules("pengawasan_ambang", day)}
    forms = {kind: frozenset(found) for kind, found in grammar.items()}
    return GuardRules(tuple(rules), parse_phrases(lines), context, settings, forms)


def _phrase_rule(rule: Rule) -> PhraseRule:
    kind = rule.one_of("sifat", KINDS)
    need = rule.one_of("syarat", NEEDS) if kind == BREACH else ""
    return PhraseRule(rule.id, kind, rule.values["kode"], _weight(rule, "bobot"), need)


def _weight(rule: Rule, column: str, most: float = 1.0) -> float:
    return rule.number(column, least=0, most=most) if rule.values[column] else 0.0
