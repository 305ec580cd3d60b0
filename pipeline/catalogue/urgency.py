"""Levels of urgency (lowest first) and the words for the rubric's reasons."""

from __future__ import annotations

import tomllib
from functools import cache

from pipeline.settings import data_dir

LEVELS: tuple[str, ...] = ("rendah", "sedang", "tinggi", "darurat")
"""Ordered levels; a test holds them against ``data/catalogue/urgensi.toml``."""


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    raw = tomllib.loads((data_dir() / "catalogue" / "urgensi.toml").read_text(encoding="utf-8"))
    return {"alasan": raw["alasan"], "tingkat": {row["kode"]: row["arti"] for row in raw["tingkat"]}}


def reasons() -> tuple[str, ...]:
    """Return the codes of the rubric's reasons, in the rubric's order."""
    return tuple(_catalogue()["alasan"])


def reason_text(code: str) -> str:
    """Return the Indonesian words for a reason's code."""
    return _catalogue()["alasan"][code]


def level_codes() -> tuple[str, ...]:
    """Return the codes of the levels as the catalogue lists them."""
    return tuple(_catalogue()["tingkat"])
