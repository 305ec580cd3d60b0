"""What decides a text's tokens: a model is of use only with the preprocessor it was trained with."""

from __future__ import annotations

from typing import Any

from pipeline.errors import ArtefactError
from pipeline.text.lexicons import load_lexicons
from pipeline.text.words import sastrawi_version

FORMAT = 2
"""Version of the rules in ``pipeline.text``; raise it when the same text gives other tokens."""


def text_version() -> dict[str, Any]:
    """Return what decides a text's tokens: rule format, word-table hash, PySastrawi's version."""
    return {"format": FORMAT, "lexicons": load_lexicons().digest, "sastrawi": sastrawi_version()}


def check_text_version(stored: dict[str, Any] | None) -> None:
    """Raise :class:`ArtefactError` when a model was trained with another text preprocessor."""
    here = text_version()
    if stored == here:
        return
    differing = [key for key in here if (stored or {}).get(key) != here[key]]
    raise ArtefactError(
        f"The model was trained with another text preprocessor ({', '.join(differing)} differ), so its words "
        "would not match. Train it again, or load it in a fresh process that uses the model's own code."
    )
