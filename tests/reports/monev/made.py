"""Invented complaints for the tests of the monev report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.reports.monev.reading import Reports, read_reports
from pipeline.reports.monev.statuses import Statuses
from pipeline.settings import ColumnNames

PLAIN = ColumnNames()


def row(number: int, day: str = "2026-10-05", status: str = "Selesai", **more: Any) -> dict[str, Any]:
    """One row of an office's table; *more* replaces or adds cells."""
    return {
        "id": f"L{number:04d}", "tanggal": day, "isi": f"Lampu jalan gang {number} mati.", "instansi": "Dinas Terang",
        "status": status,
    } | more  # fmt: skip


def write(folder: Path, rows: list[dict[str, Any]], name: str = "aduan.csv") -> str:
    """Write *rows* as a csv and return its path."""
    path = folder / name
    pd.DataFrame(rows).to_csv(path, index=False)
    return str(path)


def read(folder: Path, rows: list[dict[str, Any]], *, statuses: Statuses | None = None) -> Reports:
    """Read *rows* by way of a csv."""
    return read_reports([write(folder, rows)], PLAIN, statuses=statuses)
