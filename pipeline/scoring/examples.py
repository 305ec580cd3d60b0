"""Texts to show on a terminal: personal data masked, whitespace joined, shortened."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.text import mask_texts, repair

_CHARS = 160


def shorten(texts: Sequence[str]) -> list[str]:
    """Return each text masked and cut at a word to at most 160 characters and an ellipsis."""
    return [_shorten(text) for text in mask_texts([repair(text) for text in texts])]


def _shorten(masked: str) -> str:
    masked = " ".join(masked.split())
    return masked if len(masked) <= _CHARS else masked[: _CHARS - 1].rsplit(" ", 1)[0] + " …"
