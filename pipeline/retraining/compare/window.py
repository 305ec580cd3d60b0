"""The labelled rows that a version is compared on by hand: ``disposisi compare``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import DataError
from pipeline.intake import Batch
from pipeline.retraining.data import Rows, collect, distinct, split_by_time


@dataclass(frozen=True)
class LaterRows:
    """Different texts with their unit, and with their urgency; ``start``: their first day, ``None`` where undated."""

    units: Rows
    urgencies: Rows
    start: np.datetime64 | None


def later_rows(batches: Sequence[Batch], first: np.datetime64 | None, *, pool_places: bool) -> LaterRows:
    """Return the labelled rows of *batches* from the day *first* on (``None``: all).

    Raises:
        DataError: There are none.
    """
    data = collect(batches, pool_places=pool_places)
    units, urgencies = (distinct(_from(rows, first)) for rows in (data.units, data.urgencies))
    if not len(units) and not len(urgencies):
        when = "" if first is None else f" from {str(first)[:10]} on"
        raise DataError(
            f"no row{when} has a unit or an urgency", hint="Name the label columns with --unit or --urgency."
        )
    if first is None and units.dated:
        first = np.nanmin(units.times)
    return LaterRows(units, urgencies, first)


def _from(rows: Rows, first: np.datetime64 | None) -> Rows:
    return rows if first is None else split_by_time(rows, first)[1]
