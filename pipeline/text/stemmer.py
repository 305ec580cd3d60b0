"""Sastrawi's stemmer with its prefix rules looked up by a word's first two letters: the same stems, sooner.

Nazief and Adriani's rules 1-42 (in Sastrawi's numbering) each strip one prefix, so most cannot touch a given word.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from Sastrawi.Stemmer.Context.Context import Context
from Sastrawi.Stemmer.Context.Removal import Removal
from Sastrawi.Stemmer.Context.Visitor.PrefixDisambiguator import PrefixDisambiguator
from Sastrawi.Stemmer.Context.Visitor.RemoveDerivationalSuffix import RemoveDerivationalSuffix
from Sastrawi.Stemmer.Context.Visitor.RemoveInflectionalParticle import RemoveInflectionalParticle
from Sastrawi.Stemmer.Context.Visitor.RemoveInflectionalPossessivePronoun import RemoveInflectionalPossessivePronoun
from Sastrawi.Stemmer.Context.Visitor.RemovePlainPrefix import RemovePlainPrefix
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import ArrayDictionary, StemmerFactory

_STARTS = {
    **dict.fromkeys(range(1, 6), "be"),
    **dict.fromkeys((*range(6, 10), 35), "te"),
    **dict.fromkeys(range(10, 21), "me"),
    **dict.fromkeys((*range(21, 33), 34, 36), "pe"),
    41: "ku",
    42: "ka",
}
"""Rule → the first two letters of every word that it can touch; the rules that are not here look at infixes."""
_AFFIX = re.compile(
    r"^(?:di|ke|se|be|te|me|pe|ku|ka|[^aiueo](?:er|el|em|in)[aiueo])|(?:lah|kah|tah|pun|ku|mu|nya|isasi|isme|is|i|kan|an)$"
)
"""A word without any of these has nothing that a rule could strip."""
_KINDS = {
    PrefixDisambiguator: "DP",
    RemoveDerivationalSuffix: "DS",
    RemoveInflectionalParticle: "P",
    RemoveInflectionalPossessivePronoun: "PP",
    RemovePlainPrefix: "DP",
}
"""What Sastrawi calls the affixes that each visitor removes."""
_RULE = re.compile(r"DisambiguatorPrefixRule(\d+)")


class QuickStemmer(Stemmer):
    """``stem_word`` gives exactly what Sastrawi's own stemmer gives (a test compares them)."""

    def __init__(self) -> None:
        super().__init__(ArrayDictionary(StemmerFactory().get_words()))
        self._by_start: dict[str, list[Any]] = {}

    def stem_singular_word(self, word: str) -> str:
        """Return the stem of one word without a dash."""
        if not _AFFIX.search(word):
            return word
        context = _Context(word, self)
        context.execute()
        return str(context.result)

    def visitors_for(self, start: str) -> list[Any]:
        """Return the prefix rules that can touch a word with these first two letters, in Sastrawi's order."""
        if start not in self._by_start:
            every = self.visitor_provider.get_prefix_visitors()
            self._by_start[start] = [visitor for visitor in every if _start_of(visitor) in {None, start}]
        return self._by_start[start]


class _Context(Context):
    """One word's stemming; while the rules are tried in turn, the word stays as it is until one strips something."""

    current_word: Any

    def __init__(self, word: str, stemmer: QuickStemmer) -> None:
        super().__init__(word, stemmer.get_dictionary(), stemmer.visitor_provider)
        self._stemmer = stemmer

    def accept(self, visitor: Any) -> None:
        """Do what *visitor* does to the word; its own ``visit`` compiles a regular expression of each result."""
        word = self.current_word
        if isinstance(visitor, PrefixDisambiguator):
            result = None
            for rule in visitor.disambiguators:
                result = rule.disambiguate(word)
                if self.dictionary.contains(result):
                    break
            if result is None:
                return
        elif type(visitor) in _KINDS:
            result = visitor.remove(word)
            if result == word:
                return
        else:
            visitor.visit(self)
            return
        self.add_removal(Removal(visitor, word, result, word.replace(result, "", 1), _KINDS[type(visitor)]))
        self.current_word = result

    def accept_prefix_visitors(self, _visitors: list[Any]) -> Any:
        return super().accept_prefix_visitors(self._stemmer.visitors_for(self.current_word[:2]))


def _start_of(visitor: Any) -> str | None:
    rules = getattr(visitor, "disambiguators", [])
    found = _RULE.match(type(rules[0]).__name__) if rules else None
    return _STARTS.get(int(found.group(1))) if found else None


@cache
def sastrawi() -> QuickStemmer:
    """Return the process's stemmer."""
    return QuickStemmer()
