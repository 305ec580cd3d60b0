"""Check rows that ship with disposisi: levels of urgency, and whether a complaint accuses officials.

They are written for this project and say nothing of accuracy on real complaints; a model that does worse on them than
the one before has lost something that it must not lose.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from pipeline.settings import data_dir

_FILES = ("uji.csv", "uji_daerah.csv")
_GUARD = "uji_pengawasan.csv"


@dataclass(frozen=True)
class CheckRows:
    """``levels``: urgency of each text; ``accuses``: whether it accuses an official."""

    texts: tuple[str, ...]
    levels: tuple[str, ...]
    accuses: tuple[bool, ...]


@cache
def check_rows() -> CheckRows:
    """Return the check rows: 502 texts."""
    accuses = {row["id"]: row["berkadar_pengawasan"] == "ya" for row in _read(_GUARD)}
    rows = [row for name in _FILES for row in _read(name)]
    return CheckRows(
        tuple(row["isi"] for row in rows),
        tuple(row["urgensi"] for row in rows),
        tuple(accuses[row["id"]] for row in rows),
    )


def _read(name: str) -> list[dict[str, str]]:
    with (data_dir() / "starter" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
