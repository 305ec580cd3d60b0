"""Texts that leaders and analysts write: checked when they are kept, personal data masked wherever they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.errors import ReviewError
from pipeline.text import mask_texts, repair

LONGEST = 2000
"""Characters of a text."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class FieldError(ReviewError):
    """The form cannot be kept as it is; ``field``: its field that the message is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def masked(texts: Sequence[str]) -> list[str]:
    """Return *texts* with what is recognised as personal data as its kind, such as ``[NIK]``."""
    return mask_texts([repair(text) for text in texts])


def tidy(text: str) -> str:
    """Return *text* as the store keeps it: plain line ends, nothing around it."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def written(text: str, field: str, what: str) -> str:
    """Return *text* tidied. Raises :class:`FieldError` where *what* (as readers call it) is empty or too long."""
    text = tidy(text)
    if not text:
        raise FieldError(field, f"{what} belum diisi.")
    return short_enough(text, field, what)


def short_enough(text: str, field: str, what: str, most: int = LONGEST) -> str:
    """Return *text* tidied. Raises :class:`FieldError` where *what* has more than *most* characters."""
    text = tidy(text)
    if len(text) > most:
        raise FieldError(field, f"{what} terlalu panjang: paling banyak {most} karakter.")
    return text


def day_of(text: str, field: str, what: str) -> dt.date | None:
    """Return the day that *text* (``2026-11-27``) names, ``None`` for an empty one.

    Raises :class:`FieldError` where *what* is no date.
    """
    if not text.strip():
        return None
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        day = dt.date.min
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise FieldError(field, f"{what} tidak dapat dibaca. Tulis seperti 2026-11-27.")
    return day
