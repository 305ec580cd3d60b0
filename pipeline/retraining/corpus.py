"""The starter corpus: texts written for this project, with unit, urgency and, for regional matters, the function."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np

from pipeline.retraining.data import Labelled, Rows
from pipeline.retraining.offices import FunctionRows
from pipeline.settings import data_dir

STARTER = "starter"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def starter_data() -> Labelled:
    """Return the corpus (project-written text; figures on it say nothing about real complaints)."""
    texts = [row["isi"] for row in _rows()]
    nowhen = np.full(len(texts), np.datetime64("NaT", "us"))
    return Labelled(
        units=Rows(texts, [row["unit"] for row in _rows()], nowhen),
        urgencies=Rows(texts, [row["urgensi"] for row in _rows()], nowhen),
        read=len(texts),
    )


def starter_functions() -> FunctionRows:
    """Return the texts that name a function of regional government, with it."""
    rows = [row for row in _rows() if row["urusan"]]
    return FunctionRows([row["isi"] for row in rows], [(row["urusan"],) for row in rows])
