"""``--mask``: personal data out of what is written to OUT."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.intake import Batch
from pipeline.intake.sp4n import PERSONAL_COLUMNS, plain_name
from pipeline.text import mask_texts, repair

HIDDEN = "[DISEMBUNYIKAN]"
"""Stands for a whole cell of a column that holds nothing but personal data."""

_LONG = 10**9
"""Whole numbers from ten digits on are nobody's count: an NIK, a phone or an account that a sheet took for a number."""


def mask_batch(batch: Batch) -> Batch:
    """Return *batch* with personal data masked in every text cell, but for its id and its dates.

    A cell of a column that holds personal data only (``Nama Pelapor``, ``NIK``, ``No HP``) becomes :data:`HIDDEN`,
    whatever its type; an empty one stays empty. Of the numbers elsewhere those of ten digits or more are hidden, too.
    """
    keep = {batch.columns.id, batch.columns.date}
    frame = batch.frame
    masked = {name: _masked(name, frame[name]) for name in frame.columns if name not in keep}
    return replace(batch, frame=frame.assign(**masked))


def _masked(name: str, column: pd.Series) -> pd.Series:
    values = column.tolist()
    if plain_name(str(name)) in PERSONAL_COLUMNS:
        filled = column.notna() & (column.astype(str).str.strip() != "")
        return column.astype(object).where(~filled, HIDDEN)
    for place, value in enumerate(values):
        if isinstance(value, int | float) and abs(value) >= _LONG:
            values[place] = HIDDEN
    texts = [place for place, value in enumerate(values) if isinstance(value, str) and value]
    for place, text in zip(texts, mask_texts([repair(values[place]) for place in texts]), strict=True):
        values[place] = text
    return pd.Series(values, index=column.index, dtype=object)
