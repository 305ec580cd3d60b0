"""The scored row: its columns, its action, and what an officer is told (contract in docs/architecture.md)."""

from __future__ import annotations

from typing import Final, Literal

FORWARD: Final = "teruskan"
REVIEW: Final = "tinjau"
INCOMPLETE: Final = "lengkapi"
NOT_A_COMPLAINT: Final = "bukan_aduan"

ACTIONS: Final = {
    FORWARD: "teruskan ke unit tanpa pemeriksaan",
    REVIEW: "perlu ditinjau petugas",
    INCOMPLETE: "minta pelapor melengkapi",
    NOT_A_COMPLAINT: "bukan aduan",
}
"""Action → what people read."""

ROUTED: Final = frozenset({FORWARD, REVIEW})
"""Actions of rows that a unit gets, with or without a person's look."""

VERSION: Final = "versi_model"
SCORE_COLUMNS: Final = (
    "unit", "keyakinan", "unit_2", "keyakinan_2", "unit_3", "keyakinan_3",
    "urgensi", "keyakinan_urgensi", "tindakan", "alasan", "alasan_urgensi", VERSION,
)  # fmt: skip
FINDING_COLUMNS: Final = (
    "jenis", "berkadar_pengawasan", "dituduh", "salinan", "saran_kerahasiaan", "bukan_kewenangan", "kurang",
    "wilayah", "kode_wilayah", "wilayah_provinsi", "wilayah_kabkota", "wilayah_kecamatan", "wilayah_desa",
    "calon_wilayah",
)  # fmt: skip
"""What the rules find in the text alone."""
BATCH_COLUMNS: Final = (
    "prioritas", "batas_teruskan", "batas_jawab", "batas_waktu", "terlambat", "kelompok", "mirip_dengan", "aturan",
)  # fmt: skip
"""What also takes the row's date, the rest of the batch or the office's policy."""
RIVAL_COLUMNS: Final = ("alasan_2", "alasan_3")
"""The words for the second and the third unit, last so that every older column keeps its place."""
OUTPUT_COLUMNS: Final = (*SCORE_COLUMNS, *FINDING_COLUMNS, *BATCH_COLUMNS, *RIVAL_COLUMNS)
"""Columns a scored row gains, in this order."""

DATE_COLUMNS: Final = ("batas_teruskan", "batas_jawab", "batas_waktu")
"""Columns of ISO dates, ``""`` where there is none."""


def column_kind(name: str) -> Literal["double", "string"]:
    """Return the type of a column that scoring adds: ``keyakinan*`` are probabilities, all others text."""
    return "double" if name.startswith("keyakinan") else "string"
