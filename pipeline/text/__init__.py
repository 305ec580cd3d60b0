"""Indonesian text: repair, personal data, slang, stems. ``analyze`` is what others see of it.

scikit-learn's view of it, the estimator ``Analyzer``, is in :mod:`pipeline.text.analyzer`: loading scikit-learn takes
longer than scoring thousands of rows, which goes without it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.text.personal import Span
from pipeline.text.repair import repair
from pipeline.text.table import Lookup, WordTable
from pipeline.text.tokens import Token, Tokenizer, TokenRows
from pipeline.text.version import check_text_version, text_version

__all__ = [
    "Lookup",
    "Span",
    "Token",
    "TokenRows",
    "Tokenizer",
    "WordTable",
    "analyze",
    "check_text_version",
    "find_personal",
    "find_personal_texts",
    "mask",
    "mask_texts",
    "repair",
    "text_version",
]

_default = Tokenizer(WordTable())


def analyze(text: str) -> list[str]:
    """Return the stemmed single tokens of one text, in order; masked personal data as typed tokens (``<nik>``).

    Raises ``TypeError`` for anything but a ``str``.
    """
    if not isinstance(text, str):
        raise TypeError(f"analyze takes one text (str), not {type(text).__name__}.")
    return _default([text]).stems(0)


def find_personal(text: str) -> list[Span]:
    """Return the personal data in repaired *text*, in order, without overlaps."""
    return _default.personal([text]).get(0, [])


def find_personal_texts(texts: Sequence[str]) -> list[list[Span]]:
    """Return what :func:`find_personal` returns for each of repaired *texts*; many at once are quicker."""
    found = _default.personal(texts)
    return [found.get(number, []) for number in range(len(texts))]


def mask(text: str) -> str:
    """Return repaired *text* with each stretch of personal data replaced by its type, such as ``[NIK]``."""
    return mask_texts([text])[0]


def mask_texts(texts: Sequence[str]) -> list[str]:
    """Return what :func:`mask` returns for each of repaired *texts*."""
    return [_masked(text, spans) for text, spans in zip(texts, find_personal_texts(texts), strict=True)]


def _masked(text: str, spans: Sequence[Span]) -> str:
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], f"[{span.kind.upper()}]"]
        end = span.end
    return "".join([*parts, text[end:]])
