"""Invented digests of a period."""

from __future__ import annotations

from typing import Any

from pipeline.review.monev import publish
from pipeline.review.store import Store

PERIOD = "2026-10"
LAMPS, CARDS = "t-lampu", "t-blangko"


def digest(period: str = PERIOD, unit: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a digest as the report publishes it; *changes* replace its keys."""
    year, month = period.split("-")
    return {
        "periode": period,
        "label": f"Bulan {month} {year}",
        "per_tanggal": f"{period}-28",
        "unit": unit,
        "angka": [
            {"kunci": "selesai", "nama": "Aduan selesai", "nilai": "86,88 %", "rincian": "naik 3,2 poin"},
            {"kunci": "diterima", "nama": "Aduan diterima", "nilai": "1.204", "rincian": "turun 4 %"},
            {"kunci": "lewat", "nama": "Lewat batas waktu", "nilai": "37", "rincian": "3,1 % dari yang diterima"},
            {"kunci": "umur", "nama": "Umur tengah", "nilai": "6 hari", "rincian": "sepersepuluh lebih dari 21 hari"},
            {"kunci": "salah", "nama": "Salah alamat", "nilai": "2,4 %", "rincian": "28 aduan"},
        ],
        "tema": [
            {"id": LAMPS, "nama": "lampu jalan mati", "isi": "naik 3,1×; 120 aduan", "unit": "pemda"},
            {"id": CARDS, "nama": "blangko kosong", "isi": "naik 1,8×; 64 aduan", "unit": "ditjen_dukcapil"},
        ],
        "menunggu": [{"judul": "12 aduan lewat 60 hari", "isi": "terlama sejak 2 Agustus 2026"}],
        "definisi_tema": {
            LAMPS: {"nama": "lampu jalan mati", "bobot": {"lampu": 1.5, "mati": 0.5}, "ambang": 0.4},
            CARDS: {"nama": "blangko kosong", "bobot": {"blangko": 2.0}, "ambang": 0.5},
        },
        **changes,
    }  # fmt: skip


def issue(store: Store, *digests: dict[str, Any]) -> tuple[int, int]:
    """Publish *digests* and return how many are new, and how many stood so already."""
    with store.write() as session:
        done = publish(session, digests, "cli:uji")
    return done.new, done.same
