"""The starter corpus: texts written for this project, with their urgency.

``korpus.csv``: letters to the ministry with its unit. ``daerah.csv``: complaints to a region with the function.
Both say nothing about accuracy on real complaints.
"""

from __future__ import annotations

import csv
from functools import cache

import numpy as np

from pipeline.retraining.data import Labelled, Rows
from pipeline.retraining.offices import FunctionRows, undated
from pipeline.retraining.recipes import load_recipe
from pipeline.settings import data_dir

STARTER = "starter"
_MINISTRY, _REGIONS = "korpus.csv", "daerah.csv"


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (data_dir() / "starter" / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def starter_data() -> Labelled:
    """Return the letters to the ministry with their units, and all texts with their urgency.

    What a letter to the ministry counts for urgency is in ``models/urgency.toml``: most complaints are written to a
    region, and sound so.
    """
    ministry, regions = _rows(_MINISTRY), _rows(_REGIONS)
    every = (*ministry, *regions)
    less: float = load_recipe("urgency")["starter"]["ministry"]
    counts = [1.0 if row.get("unit", "pemda") == "pemda" else less for row in every]
    urgencies = undated([row["isi"] for row in every], [row["urgensi"] for row in every])
    return Labelled(
        units=undated([row["isi"] for row in ministry], [row["unit"] for row in ministry]),
        urgencies=Rows(urgencies.texts, urgencies.labels, urgencies.times, np.array(counts)),
        read=len(every),
    )


def starter_functions() -> FunctionRows:
    """Return the texts that name a function of regional government, with it."""
    rows = [row for row in (*_rows(_MINISTRY), *_rows(_REGIONS)) if row["urusan"]]
    return FunctionRows([row["isi"] for row in rows], [(row["urusan"],) for row in rows])
