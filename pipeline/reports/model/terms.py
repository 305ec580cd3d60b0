"""English names of gates, of the record of decisions and of patches → what people read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.review.web.words import day, number

_GATES = {
    "rows": "jumlah baris",
    "accuracy": "akurasi",
    "calibration": "galat kalibrasi di luar kebetulan",
    "coverage": "cakupan",
    "guard recall": "recall aduan pengawasan",
    "speed": "kecepatan (ms per baris)",
    "size": "ukuran (MB)",
}
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
_MEASURED_ON = re.compile(r"rows from (\S+) on|(\d+) stratified folds")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def gate_name(name: str) -> str:
    """Return a gate's name; a unit keeps its own."""
    return _GATES.get(name) or name.replace("recall of ", "recall ", 1)


def record_rows(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name, value) of each entry of a record; an entry without an Indonesian name keeps its own."""
    return [(_RECORD.get(key, key), _value(value)) for key, value in table.items()]


def measured_on(said: str) -> str:
    """Return what the manifest says of the measured rows, in Indonesian."""
    found = _MEASURED_ON.fullmatch(said)
    if found is None:
        return said
    return f"baris sejak {day(found[1])}" if found[1] else f"{found[2]} lipatan terstratifikasi"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        return number(value, 0 if value == int(value) else 2)
    return day(value) if isinstance(value, str) and _DAY.fullmatch(value) else str(value)
