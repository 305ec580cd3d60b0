"""Texts of the real complaints in ../shared/data by id, and shares with their intervals, for the decision rules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from pipeline.intake import read_all
from pipeline.intake.batch import cell_text
from pipeline.retraining.risk import wilson as interval
from pipeline.settings import ColumnNames

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
EXPORT = "sp4n-kab-bandung-2021-2022.xlsx"


def show(lines: Callable[[], Iterable[str]]) -> int:
    """Print *lines* as they come; return the exit code, 2 where the real complaints are absent."""
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        return 2
    for line in lines():
        print(line, flush=True)
    return 0


def bandung() -> pd.DataFrame:
    """Return the rows of the export of Kab. Bandung, all cells as text."""
    batches = read_all([str(DATA / EXPORT)], ColumnNames())
    return pd.concat([batch.frame for batch in batches], ignore_index=True).map(cell_text)


def texts_by_id() -> dict[str, str]:
    """Return id → text of Surabaya and Kab. Bandung."""
    surabaya = pd.read_csv(DATA / "surabaya.csv", dtype=str, usecols=["id", "isi"], keep_default_na=False)
    rows = bandung()
    texts = dict(zip(surabaya["id"], surabaya["isi"], strict=True))
    return texts | dict(zip(rows["Tracking ID"], rows["Isi Laporan Awal"], strict=True))


def wilson(hits: int, size: int) -> str:
    """Return a share with its 95 % Wilson interval, ``-`` of nothing."""
    if not size:
        return "-"
    low, high = interval(hits / size, size)
    return f"{hits / size:.3f} [{max(low, 0):.3f}, {min(high, 1):.3f}]"


def wilson_counts(hits: int, size: int) -> str:
    """Return :func:`wilson` with the counts behind it."""
    return f"{wilson(hits, size)} ({hits}/{size})" if size else "-"
