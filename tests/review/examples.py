"""Invented scored complaints and officers for the tests of the triage room."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalogue import LEVELS
from pipeline.review.importing import Imported, import_scored
from pipeline.review.people import Person, Role, add_person
from pipeline.review.store import Store
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.settings import ColumnNames

PASSWORD = "sandi-contoh-2026"
UNITS = ("ditjen_dukcapil", "ditjen_otda", "ditjen_pemdes", "pemda", "itjen")
_PLACES = (
    ("Kota Makassar, Sulawesi Selatan", "73.71"),
    ("Kec. Lubuk Alung, Kab. Padang Pariaman, Sumatera Barat", "13.05.01"),
    ("Kab. Sikka, Nusa Tenggara Timur", "53.07"),
    ("Jawa Barat", "32"),
    ("", ""),
)
_SENTENCES = (
    "Blangko KTP di kantor kecamatan kosong sejak tiga minggu.",
    "Jalan desa kami rusak parah dan belum pernah diperbaiki.",
    "Petugas loket meminta uang untuk mengurus akta kelahiran.",
    "Dana desa tahun lalu tidak pernah diumumkan kepada warga.",
    "Lampu jalan di gang kami mati, tolong segera dibetulkan.",
    "Kartu keluarga saya salah nama dan sudah dua kali ditolak.",
)
_TODAY = dt.date(2026, 11, 27)


def scored(n: int, seed: int = 0, **columns: Any) -> pd.DataFrame:
    """Return *n* invented scored complaints; *columns* (one value, or a list) replace what is drawn."""
    draw = random.Random(seed)
    frame = pd.DataFrame([_row(draw, seed, number) for number in range(1, n + 1)])
    return frame.assign(**columns)


def _row(draw: random.Random, seed: int, number: int) -> dict[str, Any]:
    units = draw.sample(UNITS, 3)
    level = draw.choices(LEVELS, (5, 10, 4, 1))[0]
    action = draw.choices(("tinjau", "teruskan", "lengkapi", "bukan_aduan"), (10, 4, 2, 1))[0]
    received = _TODAY - dt.timedelta(days=draw.randrange(60))
    place, code = draw.choice(_PLACES)
    first = round(draw.uniform(0.4, 0.99), 6)
    row = dict.fromkeys(OUTPUT_COLUMNS, "")
    row |= {
        "unit": units[0], "keyakinan": first, "unit_2": units[1], "keyakinan_2": round((1 - first) * 0.6, 6),
        "unit_3": units[2], "keyakinan_3": round((1 - first) * 0.3, 6), "urgensi": level,
        "keyakinan_urgensi": round(draw.uniform(0.5, 0.99), 6), "tindakan": action, "alasan": "KTP; blangko; kosong",
        "alasan_urgensi": "tidak_ada: belum, minggu", "versi_model": "contoh/1", "jenis": "pengaduan",
        "berkadar_pengawasan": "tidak", "wilayah": place, "kode_wilayah": code,
        "prioritas": str(4 - LEVELS.index(level)),
        "batas_teruskan": (received + dt.timedelta(days=3)).isoformat(),
        "batas_jawab": (received + dt.timedelta(days=5)).isoformat(),
        "batas_waktu": (received + dt.timedelta(days=14)).isoformat(),
        "aturan": "kebijakan:keyakinan; batas_2025_sementara_tidak_berkadar",
    }  # fmt: skip
    body = f"{' '.join(draw.sample(_SENTENCES, 2))} Ini aduan ke-{number}."
    return {"id": f"A{seed}-{number:05d}", "tanggal": received.isoformat(), "isi": body, **row}


def fill(store: Store, n: int, *, seed: int = 0, **columns: Any) -> Imported:
    """Import ``scored(n, seed, **columns)``; another *seed* gives other complaints."""
    return bring(store, scored(n, seed, **columns))


def bring(store: Store, frame: pd.DataFrame, *, rejects: Path | None = None, ending: str = ".csv") -> Imported:
    """Import *frame* by way of a temporary file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"skor{ending}"
        if ending == ".xlsx":
            frame.to_excel(path, index=False)
        else:
            frame.to_csv(path, index=False)
        return import_scored(store, [str(path)], ColumnNames(), actor="cli:uji", rejects=rejects)


def person(store: Store, login: str = "sari", role: str = "petugas", units: tuple[str, ...] = ()) -> Person:
    """Add a person whose password is :data:`PASSWORD`."""
    with store.write() as session:
        return add_person(session, login, login.title(), Role(role), PASSWORD, units, must_change=False)
