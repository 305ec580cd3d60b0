"""A document of invented figures with everything that a form can stumble over."""

from __future__ import annotations

import datetime as dt

from pipeline.reports.blocks import (
    Card,
    Cards,
    Column,
    Document,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Quotes,
    Table,
)
from pipeline.reports.forms import charts

SPECIAL = "=1+1 <script>alert(\"x\")</script> $x^2$ #set page() *tebal* _miring_ @rujuk `kode` \\ ~ // [a] {b} 'c'"
BROKEN = "rusak\x00\x0b\ud83d\u202e akhir"
UNITS = tuple(f"Dinas Pekerjaan Umum, Perumahan dan Permukiman Wilayah {place:02d}" for place in range(1, 41))
MONTHS = tuple(dt.date(2025 + place // 12, place % 12 + 1, 1) for place in range(22))


def figures() -> Table:
    """A table with a value of every kind, and those that are not there."""
    return Table(
        "Lima angka",
        (
            Column("Ukuran"),
            Column("Bagian", "share"),
            Column("Beda", "change"),
            Column("Aduan", "int"),
            Column("Hari", "decimal"),
            Column("Sampai", "day"),
        ),
        (
            ("Selesai", 0.8688, 0.032, 1234567, 4.5, dt.date(2026, 11, 28)),
            ("Kosong", None, float("nan"), None, None, None),
            ("Sedikit", "terlalu sedikit", -12, 3, 0.04, "belum"),
        ),
        note="Catatan tabel.",
    )


def heat() -> Table:
    """Units by months, with a total that has no colour."""
    columns = (Column("Unit"), *(Column(f"Bulan {i}", "int") for i in range(12)), Column("Jumlah", "int", heat=False))
    rows = tuple((unit, *(i * j for j in range(12)), i * 66) for i, unit in enumerate(UNITS))
    return Table("Unit dan bulan", columns, rows, heat=True)


def bars() -> charts.Picture:
    """Forty bars with whiskers, one of them without a value and one with a text."""
    values = [None if i == 7 else "terlalu sedikit" if i == 11 else i / 40 for i in range(40)]
    return charts.bars(
        "Tepat waktu menurut unit", UNITS, values, low=[max(i / 40 - 0.1, 0) for i in range(40)],
        high=[min(i / 40 + 0.1, 1) for i in range(40)], kind="share", mark=(0.71, "semua unit"),
    )  # fmt: skip


def document() -> Document:
    """Blocks of every kind."""
    wide = Table(
        "Sangat lebar", (Column("Unit"), *(Column(f"Minggu {i}", "int") for i in range(60))),
        tuple((unit, *range(1000, 1060)) for unit in UNITS[:2]),
    )  # fmt: skip
    return Document(
        f"Laporan {SPECIAL}", "Keadaan per 31/10/2026",
        (
            Heading("Ringkasan"),
            Cards((Card("Aduan", "1.234", "naik"), Card("Selesai", "86,88 %"), Card("Lama", "1.234.567 hari"))),
            Paragraph(SPECIAL),
            Note(BROKEN),
            figures(),
            Heading("Ringkasan"),
            Heading("Terlalu dalam", 4),
            bars(),
            heat(),
            wide,
            Quotes((SPECIAL, "https://contoh.go.id/" + "a" * 300, "dua\nbaris")),
            PageBreak(),
            Table("Kosong", (Column("Tema"), Column("Aduan", "int")), ()),
            Table(SPECIAL, (Column(SPECIAL), Column("Isi")), ((SPECIAL, "Isi panjang. " * 400), ("+62", "x" * 40_000))),
        ),
    )  # fmt: skip
