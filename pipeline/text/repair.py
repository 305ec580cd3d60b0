"""Unicode repair: what exports, phones and copy-and-paste do to a complaint's text.

Undone here: literal ``\\n``, mojibake (UTF-8 read as cp1252), HTML entities, zero-width characters and soft
hyphens, fullwidth and mathematical letters, combining marks, control characters. Every step is linear in the
text's length, also for hostile input (a run of 50,000 combining marks is quadratic in Unicode normalisation,
so marks go first).
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import ftfy

MAX_CHARS = 100_000
"""Longer texts are cut: the longest real complaint seen has about 8,000 characters."""

_LITERAL_BREAK = re.compile(r"\\\\*[rnt](?:\\+[rnt])*")
_MOJIBAKE = re.compile("[ÃÂâðïÅÄ][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


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
    if text.isascii():
        if text.isprintable():
            return text
    elif _MOJIBAKE.search(text):
        text = _NOT_ASCII.sub(lambda match: _decoded(match.group()), text)
    return text.replace("\r\n", "\n").translate(_PLAIN)


class _PlainText(dict[int, str]):
    """Character → what it becomes: fullwidth and styled letters plain, marks and invisible ones nothing."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = "".join(map(_plain, unicodedata.normalize("NFKD", chr(code))))
        return plain


_PLAIN = _PlainText({ord("\r"): "\n", ord("\n"): "\n", ord("\t"): "\t"})


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "M" or category == "Cf" or char in _INVISIBLE:
        return ""
    return " " if category in {"Cc", "Cs", "Co"} else char


@lru_cache(maxsize=20_000)
def _decoded(run: str) -> str:
    """Return a run of other characters with UTF-8 that was read as cp1252 put right."""
    return ftfy.fix_encoding(run)


def _unescape(match: re.Match[str]) -> str:
    return html.unescape(match.group())
