"""Indonesian text: repair, personal data, slang, stems. ``analyze`` is what others see of it."""

from __future__ import annotations

from pipeline.text.analyzer import Analyzer, StemGrams, check_text_version, text_version
from pipeline.text.personal import Span, find_personal, mask
from pipeline.text.repair import repair
from pipeline.text.tokens import Token

__all__ = [
    "Analyzer",
    "Span",
    "StemGrams",
    "Token",
    "analyze",
    "check_text_version",
    "find_personal",
    "mask",
    "repair",
    "text_version",
]

_default = Analyzer()


def analyze(text: str) -> list[str]:
    """Return the stemmed single tokens of one text, in order; masked personal data as typed tokens (``<nik>``).

    Raises ``TypeError`` for anything but a ``str``.
    """
    if not isinstance(text, str):
        raise TypeError(f"analyze takes one text (str), not {type(text).__name__}.")
    return [token.stem for token in _default.tokenize(text)[1]]
