"""The region of a row: what its text names, completed by the columns of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.intake import Batch
from pipeline.intake.batch import cell_text
from pipeline.intake.sp4n import plain_name
from pipeline.routing.findings import SEPARATOR, government_of, set_place
from pipeline.routing.jurisdiction import belongs_to
from pipeline.routing.places import Place, place_of_columns

_NAMES = {
    "provinsi": ("provinsi",),
    "kabkota": ("kota/kabupaten", "kabupaten/kota", "kab/kota", "kabkota"),
    "kecamatan": ("kecamatan",),
    "desa": ("kelurahan", "desa", "kelurahan/desa", "desa/kelurahan"),
}
"""Level → usual names (plain form) of the column that holds it, the likeliest first."""


def region_columns(names: Sequence[str]) -> dict[str, str]:
    """Return level → its column among *names*, for the levels that have one."""
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain_name(name), name)
    found = {level: next(filter(by_plain.__contains__, usuals), None) for level, usuals in _NAMES.items()}
    return {level: by_plain[usual] for level, usual in found.items() if usual is not None}


def complete_regions(batch: Batch, scored: pd.DataFrame) -> pd.DataFrame:
    """Return *scored* with the regions that the columns of *batch* name beside those of the texts.

    What a text names wins; the columns tell its district where the text leaves it open, or stand in for it.
    """
    columns = region_columns([str(name) for name in batch.frame.columns])
    if not columns:
        return scored
    names = [name for name in scored.columns if name.startswith("wilayah") or name.endswith("_wilayah")]
    arrays = {name: scored[name].to_numpy(object, copy=True) for name in names}
    blank = [""] * len(batch)
    cells = [
        [cell_text(value) for value in batch.frame[columns[level]].tolist()] if level in columns else blank
        for level in _NAMES
    ]
    owners, units = scored["bukan_kewenangan"].to_numpy(object, copy=True), scored["unit"].tolist()
    known: dict[tuple[str, ...], Place] = {}
    for row, key in enumerate(zip(*cells, strict=True)):
        if not any(key):
            continue
        if key not in known:
            known[key] = place_of_columns(*key)
        before = arrays["kode_wilayah"][row]
        set_place(arrays, row, _said(arrays, row).completed_by(known[key]))
        if owners[row] and owners[row] == belongs_to(units[row], None, government_of(before)):
            owners[row] = belongs_to(units[row], None, government_of(arrays["kode_wilayah"][row]))
    return scored.assign(**arrays, bukan_kewenangan=owners)


def _said(columns: Mapping[str, Any], row: int) -> Place:
    """Return the place that the columns of a scored row stand for."""
    candidates = columns["calon_wilayah"][row].split(SEPARATOR) if columns["calon_wilayah"][row] else ()
    codes = tuple(one.split(" ")[0] for one in candidates)
    named = {level: columns[f"wilayah_{level}"][row] for level in _NAMES}
    return Place(**named, code=columns["kode_wilayah"][row], candidates=codes, total=len(codes))
