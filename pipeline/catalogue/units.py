"""The ministry's units: code, names, duties, example words, dates of validity, source."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache

from pipeline.settings import data_dir


@dataclass(frozen=True)
class Unit:
    """One unit of ``data/catalogue/unit.toml``; ``valid_to`` is ``None`` while it is valid."""

    code: str
    name: str
    short: str
    duties: str
    words: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date | None
    source: str


@cache
def _all_units() -> tuple[Unit, ...]:
    raw = tomllib.loads((data_dir() / "catalogue" / "unit.toml").read_text(encoding="utf-8"))
    return tuple(
        Unit(
            code=row["kode"],
            name=row["nama"],
            short=row["singkat"],
            duties=row["tugas"],
            words=tuple(row["kata"]),
            valid_from=row["berlaku_dari"],
            valid_to=row.get("berlaku_sampai"),
            source=row["sumber"],
        )
        for row in raw["unit"]
    )


def load_units(on: dt.date | None = None) -> dict[str, Unit]:
    """Return the units by code; with *on*, only those valid on that day."""
    return {
        unit.code: unit
        for unit in _all_units()
        if on is None or (unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to))
    }


def unit_name(code: str) -> str:
    """Return the name people read for a unit's code; an office's own label is its own name."""
    unit = load_units().get(code)
    return unit.name if unit else code


def unit_short(code: str) -> str:
    """Return the short name for a unit's code; an office's own label is its own name."""
    unit = load_units().get(code)
    return unit.short if unit else code
