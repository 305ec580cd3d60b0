"""Unicode repair: what exports, phones and copy-and-paste do to a complaint's text.

Undone here: literal ``\\n``, mojibake (UTF-8 read as cp1252), HTML entities, zero-width characters and soft
hyphens, fullwidth and mathematical letters, combining marks, control characters. Every step is linear in the
text's length, also for hostile input (a run of 50,000 combining marks is quadratic in Unicode normalisation,
so marks go first).
"""

from __future__ import annotations

import html
import unicodedata

import ftfy
import regex

MAX_CHARS = 100_000
"""Longer texts are cut: the longest real complaint seen has about 8,000 characters."""

_LITERAL_BREAK = regex.compile(r"(?:\\+[rnt])+")
_MOJIBAKE = regex.compile("[ÃÂâðïÅÄ][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_INVISIBLE = regex.compile(r"[\p{Cf}\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]+")
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}--[\t\n]]+", flags=regex.V1)
_MARKS = regex.compile(r"\p{M}+")


def repair(text: str) -> str:
    """Return *text* with the damage undone; letters of foreign scripts and emoji stay.

    Deterministic, never raises on a ``str``, idempotent on clean text. Line breaks become ``\\n``.
    """
    if len(text) > MAX_CHARS:
        text = text[:MAX_CHARS]
    if "\\" in text:
        text = _LITERAL_BREAK.sub("\n", text)
    if "&" in text:
        text = _ENTITY.sub(_unescape, text)
    if text.isascii() and text.isprintable():
        return text
    if not text.isascii():
        if _MOJIBAKE.search(text):
            text = ftfy.fix_encoding(text)
        text = _INVISIBLE.sub("", text)
        text = _MARKS.sub("", text)
        # Compatibility decomposition turns fullwidth and styled letters and ligatures into plain ones.
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", text)


def _unescape(match: regex.Match[str]) -> str:
    return html.unescape(match.group())
