"""Invented complaints with known label errors for the tests of the audit."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd

_SUBJECTS = {
    "Dinas Jalan": ("jalan berlubang", "aspal mengelupas", "trotoar ambles", "jembatan retak", "lampu jalan padam"),
    "Dinas Air": ("pipa bocor", "air keran keruh", "meteran air rusak", "tagihan air melonjak", "sumur tercemar"),
    "Dinas Sekolah": ("guru kosong", "atap kelas roboh", "pungutan seragam", "beasiswa terlambat", "ijazah ditahan"),
    "Dinas Sampah": (
        "sampah menumpuk",
        "bak sampah penuh",
        "truk sampah telat",
        "bau limbah",
        "saluran tersumbat sampah",
    ),
}
_PLACES = ("Mawar", "Melati", "Kenanga", "Anggrek", "Dahlia", "Teratai", "Cempaka", "Flamboyan")
STAFF = (
    "Terima kasih atas laporan Anda. Laporan telah kami teruskan kepada Dinas Jalan untuk ditindaklanjuti. "
    "Demikian kami sampaikan."
)
CONFLICT = "Pohon besar tumbang menutup gang di depan balai warga Melati."


def table(rows: int = 160, seed: int = 0) -> pd.DataFrame:
    """Return invented complaints, two months, with columns id, tanggal, isi, unit; all labels right."""
    draw = random.Random(seed)
    units = list(_SUBJECTS)
    lines = []
    for number in range(rows):
        unit = units[number % len(units)]
        first, second = draw.sample(_SUBJECTS[unit], 2)
        text = f"Mohon bantuan, {first} dan {second} di {draw.choice(_PLACES)} blok {number} sudah {number} hari."
        lines.append((f"L{number:04d}", f"2026-{1 + number * 2 // rows:02d}-{1 + number % 28:02d}", text, unit))
    return pd.DataFrame(lines, columns=["id", "tanggal", "isi", "unit"])


def spoiled() -> pd.DataFrame:
    """Return :func:`table` with wrong units on rows 10, 50, 90, 130, three equal texts that disagree, a staff text.

    Two more rows are of a unit of their own, too small to learn.
    """
    frame = table()
    units = list(_SUBJECTS)
    for row in (10, 50, 90, 130):
        frame.loc[row, "unit"] = units[(units.index(str(frame.loc[row, "unit"])) + 1) % len(units)]
    more = [
        ("D1", "2026-01-03", CONFLICT, "Dinas Sampah"),
        ("D2", "2026-01-04", CONFLICT + "!!", "Dinas Sampah"),
        ("D3", "2026-01-05", CONFLICT.upper(), "Dinas Jalan"),
        ("P1", "2026-02-01", STAFF, "Dinas Jalan"),
        ("K1", "2026-02-02", "Museum desa terkunci terus sejak lebaran.", "Museum"),
        ("K2", "2026-02-03", "Koleksi museum berdebu dan tidak terawat.", "Museum"),
    ]
    return pd.concat([frame, pd.DataFrame(more, columns=frame.columns)], ignore_index=True)


def file_of(folder: Path, frame: pd.DataFrame, name: str = "laporan.csv") -> str:
    """Write *frame* and return its path."""
    path = folder / name
    frame.to_csv(path, index=False)
    return str(path)
