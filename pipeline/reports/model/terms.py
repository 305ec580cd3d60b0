"""English names of gates, of the record of decisions and of patches → what people read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.review.web.words import day, number

_GATES = {
    "rows": ("jumlah baris", "baris uji berlabel cukup banyak"),
    "accuracy": ("akurasi", "ujung bawah selang selisih tidak jauh di bawah nol"),
    "macro-F1": ("macro-F1", "ujung bawah selang selisih tidak jauh di bawah nol"),
    "recall of darurat": ("recall darurat", "tidak turun; dihitung bersama baris periksa bawaan"),
    "calibration": ("galat kalibrasi di luar kebetulan", "kecil"),
    "coverage": ("cakupan", "tidak turun jauh pada presisi yang diinginkan"),
    "guard recall": ("recall aduan pengawasan", "hampir semua baris periksa bawaan ditemukan"),
    "speed": ("kecepatan (ms per baris)", "tidak jauh lebih lambat"),
    "size": ("ukuran (MB)", "tidak jauh lebih besar"),
}
"""Name in :mod:`pipeline.retraining.compare.judge` → what people read, and what is asked; the limits of
``models/gates.toml`` give the numbers."""
_UNIT_GATE = "recall of "
_RECORD = {
    "decisions": "Keputusan",
    "agreed": "setuju dengan saran",
    "group": "disetujui sekelompok",
    "corrected": "mengoreksi saran",
    "returned": "dikembalikan oleh unit",
    "no_unit": "tanpa unit",
    "left_out": "tidak dipakai",
    "history_units": "Baris riwayat dengan unit",
    "history_urgencies": "Baris riwayat dengan urgensi",
    "replaced_units": "Unit riwayat diganti keputusan",
    "changed_units": "di antaranya dengan unit lain",
    "removed_units": "Unit riwayat dihapus keputusan",
    "replaced_urgencies": "Urgensi riwayat diganti keputusan",
    "other_texts": "Keputusan dengan teks yang berbeda dari riwayat",
    "weight_history": "Bobot riwayat",
    "weight_agreed": "Bobot setuju",
    "weight_group": "Bobot setuju sekelompok",
    "weight_corrected": "Bobot koreksi",
    "weight_returned": "Bobot dikembalikan",
    "officers_set_by_hand": "Petugas dengan faktor sendiri",
    "window": "Hari pertama baris uji",
    "sha256": "Sidik berkas (sha256)",
    "changed": "Label diperbaiki",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def gate_name(name: str) -> str:
    """Return a gate's name; a unit keeps its own."""
    return _GATES[name][0] if name in _GATES else name.replace(_UNIT_GATE, "recall ", 1)


def gate_rule(name: str) -> str:
    """Return what a gate asks for, ``""`` for one that this version does not know."""
    if name in _GATES:
        return _GATES[name][1]
    return "tidak turun jauh" if name.startswith(_UNIT_GATE) else ""


def record_rows(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name, value) of each entry of a record; an entry without an Indonesian name keeps its own."""
    return [(_RECORD.get(key, key), _value(value)) for key, value in table.items()]


def measured_on(half: Mapping[str, Any]) -> str:
    """Return what the manifest says of a *half*'s measured rows, ``""`` where an older one does not say it."""
    if "measured_from" in half:
        return f"baris sejak {day(half['measured_from'])}"
    return f"{half['measured_folds']} lipatan terstratifikasi" if "measured_folds" in half else ""


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        return number(value, 0 if value == int(value) else 2)
    return day(value) if isinstance(value, str) and _DAY.fullmatch(value) else str(value)
