"""Invented decisions, and a small invented office, for the tests of retraining."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from pipeline.retraining.data import Labelled, Rows
from pipeline.retraining.decided import Decided, Decisions

ROADS, WASTE = "Loket Jalan", "Loket Sampah"
_TEXTS = {
    ROADS: ("jalan berlubang di {}", "aspal {} rusak parah", "lubang besar dekat {}", "jembatan {} retak"),
    WASTE: ("sampah menumpuk di {}", "tumpukan sampah {} bau", "truk sampah tidak ke {}", "bau sampah dari {}"),
}  # fmt: skip
_PLACES = ("pasar", "sekolah", "masjid", "terminal", "lapangan", "balai", "kantor", "gereja", "taman", "rumah")
LEVELS = ("rendah", "sedang", "tinggi")


def text(unit: str, number: int) -> str:
    """Text *number* of *unit*; each of its letters is another."""
    return f"{_TEXTS[unit][number % 4].format(_PLACES[number // 4 % 10])} gang {'abcdefghij'[number // 40]}"


def office(rows: int = 80, start: str = "2022-01-01") -> Labelled:
    """*rows* labelled texts of two units in turn, four a month, with ids H0, H1, … and three levels."""
    units = [(ROADS, WASTE)[i % 2] for i in range(rows)]
    texts = [text(unit, i // 2) for i, unit in enumerate(units)]
    times = np.datetime64(start, "us") + np.arange(rows) * np.timedelta64(7, "D")
    ids = [f"H{i}" for i in range(rows)]
    levels = [LEVELS[i % 3] for i in range(rows)]
    return Labelled(Rows(texts, units, times, None, ids), Rows(texts, levels, times, None, ids), rows)


def decided(id: str = "A1", isi: str = "jalan berlubang di pasar lama", unit: str = ROADS, **more: Any) -> Decided:
    """One decision that agrees with the first suggestion, unless *more* says otherwise."""
    values: dict[str, Any] = {
        "received": dt.datetime(2023, 1, 5), "level": "sedang", "action": "teruskan", "returned_from": "",
        "suggested": ROADS, "rank": 1, "officer": "sari", "at": dt.datetime(2023, 1, 6, tzinfo=dt.UTC),
        "day": dt.date(2023, 1, 6),
    }  # fmt: skip
    return Decided(id=id, text=isi, unit=unit, **values | more)


def decisions(*rows: Decided, **more: Any) -> Decisions:
    """*rows* as they were read."""
    return Decisions(rows, len(rows), {}, **more)
