"""Functions of government (urusan, UU 23/2014): what offices share although their units differ."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache

from pipeline.settings import data_dir

_NOT_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True)
class Function:
    """One function of ``data/catalogue/urusan.toml``; ``valid_to`` is ``None`` while it is valid.

    ``words``: how citizens name it. ``unit_names``: how offices name the unit that does it, in lower case.
    """

    code: str
    name: str
    group: str
    words: tuple[str, ...]
    unit_names: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date | None
    source: str


@cache
def load_functions() -> dict[str, Function]:
    """Return the functions by code, in the catalogue's order."""
    raw = tomllib.loads((data_dir() / "catalogue" / "urusan.toml").read_text(encoding="utf-8"))
    return {
        row["kode"]: Function(
            code=row["kode"],
            name=row["nama"],
            group=row["kelompok"],
            words=tuple(row["kata"]),
            unit_names=tuple(row["nama_unit"]),
            valid_from=row["berlaku_dari"],
            valid_to=row.get("berlaku_sampai"),
            source=row["sumber"],
        )
        for row in raw["urusan"]
    }


def unit_key(name: str) -> str:
    """Return what decides whether two names of a unit are the same: letters and digits in lower case, single spaces."""
    return _NOT_WORD.sub(" ", name.lower()).strip()


def functions_by_name(unit: str) -> tuple[str, ...]:
    """Return the functions that the name of *unit* tells, in the order in which it tells them.

    ``Dinas Sosial Kab. X`` → ``("sosial",)``; a name that tells nothing gives ``()``. A longer wording hides a
    shorter one inside it (``kesehatan hewan`` is not ``kesehatan``).
    """
    padded = f" {unit_key(unit)} "
    found: list[tuple[int, int, str]] = []
    for function in load_functions().values():
        for wording in function.unit_names:
            start = padded.find(f" {wording} ")
            if start >= 0:
                found.append((start, start + len(wording), function.code))
    told = [
        item
        for item in found
        if not any(o[0] <= item[0] and item[1] <= o[1] and o[1] - o[0] > item[1] - item[0] for o in found)
    ]
    return tuple(dict.fromkeys(code for _, _, code in sorted(told)))
