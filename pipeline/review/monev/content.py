"""The digest as the report publishes it (plain JSON), read into dataclasses.

``{"periode", "label", "per_tanggal", "unit", "angka": [{"kunci", "nama", "nilai", "rincian"}], "tema": [{"id", "nama",
"isi", "unit"}], "menunggu": [{"judul", "isi"}], "definisi_tema": {theme id: {"nama", "bobot", "ambang"}}}``
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.review.monev.words import masked

_LONGEST_PERIOD, _LONGEST_LABEL = 100, 200
_PERIOD = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True)
class Figure:
    """A figure with its words: ``value`` as it is read, ``86,88 %``."""

    key: str
    name: str
    value: str
    detail: str


@dataclass(frozen=True)
class Theme:
    """A theme of the digest. ``text``: how it grew; ``unit``: the label of whose it is, ``""`` where it is nobody's."""

    id: str
    name: str
    text: str
    unit: str


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a decision."""

    title: str
    text: str


@dataclass(frozen=True)
class Content:
    """A digest. ``unit``: ``""`` at the minister's level. ``definitions``: theme's id → how complaints are found."""

    period: str
    label: str
    as_of: dt.date
    unit: str
    figures: tuple[Figure, ...]
    themes: tuple[Theme, ...]
    waiting: tuple[Waiting, ...]
    definitions: Mapping[str, Mapping[str, Any]]


def read_content(digest: Mapping[str, Any]) -> Content:
    """Return *digest* read; the texts of figures, themes and waiting items masked once more.

    Raises ``ValueError`` naming the key that is missing or wrong: digests are made by this program.
    """
    period, label = _text(digest, "periode"), _text(digest, "label")
    unit = _text(digest, "unit", optional=True)
    if not _PERIOD.fullmatch(period) or len(period) > _LONGEST_PERIOD:
        raise ValueError("the digest's 'periode' is no period")
    if max(len(label), len(unit)) > _LONGEST_LABEL:
        raise ValueError(f"the digest's 'label' or 'unit' has more than {_LONGEST_LABEL} characters")
    try:
        as_of = dt.date.fromisoformat(_text(digest, "per_tanggal"))
    except ValueError as error:
        raise ValueError("the digest's 'per_tanggal' is no ISO date") from error
    definitions = digest.get("definisi_tema") or {}
    if not isinstance(definitions, Mapping) or not all(isinstance(one, Mapping) for one in definitions.values()):
        raise ValueError("the digest's 'definisi_tema' is no object of objects")
    figures = [(_text(one, "kunci"), *_shown(one, "nama", "nilai", "rincian")) for one in _items(digest, "angka")]
    themes = [
        (_text(one, "id"), *_shown(one, "nama", "isi"), _text(one, "unit", optional=True))
        for one in _items(digest, "tema")
    ]
    waiting = [tuple(_shown(one, "judul", "isi")) for one in _items(digest, "menunggu")]
    return Content(
        period,
        label,
        as_of,
        unit,
        tuple(Figure(*one) for one in figures),
        tuple(Theme(*one) for one in themes),
        tuple(Waiting(*one) for one in waiting),
        {str(theme): one for theme, one in definitions.items()},
    )


def checksum(digest: Mapping[str, Any]) -> str:
    """Return the sha256 of *digest* as canonical JSON, in hex. Raises ``ValueError`` where it is no plain JSON."""
    try:
        text = json.dumps(digest, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except TypeError as error:
        raise ValueError("the digest holds what JSON cannot") from error
    return hashlib.sha256(text.encode()).hexdigest()


def _items(digest: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = digest.get(key)
    if not isinstance(items, list | tuple) or not all(isinstance(one, Mapping) for one in items):
        raise ValueError(f"the digest's {key!r} is no list of objects")
    return list(items)


def _shown(item: Mapping[str, Any], first: str, *others: str) -> list[str]:
    return masked([_text(item, first), *(_text(item, key, optional=True) for key in others)])


def _text(item: Mapping[str, Any], key: str, *, optional: bool = False) -> str:
    value = item.get(key)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or not (value or optional):
        raise ValueError(f"the digest's {key!r} is no text")
    return value
