"""The region of a row: what its text names, completed by the columns of an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.intake import Batch
from pipeline.intake.batch import cell_text
from pipeline.intake.sp4n import plain_name
from pipeline.routing.findings import PLACE_COLUMNS, government_of, parse_candidates, place_texts
from pipeline.routing.jurisdiction import belongs_to
from pipeline.routing.places import Place, place_of_columns

CODE = PLACE_COLUMNS.index("kode_wilayah")
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
    said = list(zip(*(scored[name].tolist() for name in PLACE_COLUMNS), strict=True))
    blank = [""] * len(batch)
    cells = [
        [cell_text(value) for value in batch.frame[columns[level]].tolist()] if level in columns else blank
        for level in _NAMES
    ]
    owners, units = scored["bukan_kewenangan"].to_numpy(object, copy=True), scored["unit"].tolist()
    whole: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}
    for row, key in enumerate(zip(*cells, strict=True)):
        if not any(key):
            continue
        before = said[row]
        if (before, key) not in whole:
            whole[before, key] = place_texts(_said(before).completed_by(place_of_columns(*key)))
        said[row] = whole[before, key]
        if owners[row] and owners[row] == belongs_to(units[row], None, _government(before)):
            owners[row] = belongs_to(units[row], None, _government(said[row]))
    regions: dict[str, Any] = {name: [texts[place] for texts in said] for place, name in enumerate(PLACE_COLUMNS)}
    return scored.assign(**regions, bukan_kewenangan=owners)


def _said(texts: tuple[str, ...]) -> Place:
    """Return the place that the texts of ``PLACE_COLUMNS`` stand for."""
    _, code, provinsi, kabkota, kecamatan, desa, candidates = texts
    codes, total = parse_candidates(candidates)
    return Place(provinsi, kabkota, kecamatan, desa, code, codes, total)


def _government(texts: tuple[str, ...]) -> str:
    return government_of(texts[CODE], texts[-1])
