"""From a complaint's text to stems that still know where the citizen wrote them."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.text.personal import find_personal
from pipeline.text.repair import repair
from pipeline.text.words import WordStemmer

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’`\-]+[A-Za-z0-9]+)*")
_APOSTROPHES = str.maketrans("", "", "'’`")


class Token(NamedTuple):
    """One stem and the stretch ``text[start:end]`` of the repaired text it came from.

    A masked token has ``masked=True``; its stem is the type, such as ``<nik>``, and its stretch must not be shown.
    """

    stem: str
    start: int
    end: int
    masked: bool = False


def tokenize(text: str, words: WordStemmer, *, mask: bool = True) -> tuple[str, list[Token]]:
    """Return the repaired text and its tokens in order."""
    clean = repair(text)
    spans = find_personal(clean) if mask else []
    tokens: list[Token] = []
    position = 0
    for span in spans:
        _append_words(tokens, clean, position, span.start, words)
        tokens.append(Token(f"<{span.kind}>", span.start, span.end, masked=True))
        position = span.end
    _append_words(tokens, clean, position, len(clean), words)
    return clean, tokens


def _append_words(tokens: list[Token], text: str, start: int, end: int, words: WordStemmer) -> None:
    known = words.known
    for match in _WORD.finditer(text, start, end):
        form = match.group().lower()
        if not form.isalnum():
            form = form.translate(_APOSTROPHES)
        stems = known.get(form) or words(form)
        begin, stop = match.span()
        for stem in stems:
            tokens.append(Token(stem, begin, stop))
