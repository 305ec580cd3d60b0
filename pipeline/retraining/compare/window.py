"""The labelled rows that a version is compared on by hand: ``disposisi compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from pipeline.errors import DataError
from pipeline.intake import Batch
from pipeline.retraining.data import Rows, collect, distinct, split_by_time

NO_DAYS: Mapping[str, np.datetime64] = MappingProxyType({})


@dataclass(frozen=True)
class LaterRows:
    """Different texts with their unit, and with their urgency; ``start``: their first day, ``None`` where undated.

    ``known``: half (``unit``, ``urgency``) → rows left out because a model was trained on the days until theirs.
    """

    units: Rows
    urgencies: Rows
    start: np.datetime64 | None
    known: Mapping[str, int] = field(default_factory=dict)


def later_rows(
    batches: Sequence[Batch],
    first: np.datetime64 | None,
    *,
    pool_places: bool,
    trained: Mapping[str, np.datetime64] = NO_DAYS,
) -> LaterRows:
    """Return the labelled rows of *batches* from the day *first* on (``None``: all).

    *trained*: half → the last day that one of the two models was trained on. Dated rows until then are left out, and
    undated ones among them: they may be the same.

    Raises:
        DataError: There are none.
    """
    data = collect(batches, pool_places=pool_places)
    kept: dict[str, Rows] = {}
    known = {}
    for half, rows in (("unit", data.units), ("urgency", data.urgencies)):
        asked = _from(rows, first)
        kept[half] = distinct(asked)
        if asked.dated and half in trained:
            after = (trained[half] + 1).astype("datetime64[us]")
            seen, later = split_by_time(asked, after)
            kept[half] = distinct(later, without=seen)
            known[half] = len(seen)
    units, urgencies = kept["unit"], kept["urgency"]
    if not len(units) and not len(urgencies) and any(known.values()):
        last = max(trained[half] for half, rows in known.items() if rows)
        raise DataError(
            f"every labelled row is from the days until {last}, which one of the two models was trained on",
            file=", ".join(dict.fromkeys(batch.source for batch in batches)),
            hint="Give later rows, or keep some apart when training: disposisi train --test-from DATE.",
        )
    if not len(units) and not len(urgencies):
        when = "" if first is None else f" from {str(first)[:10]} on"
        raise DataError(
            f"no row{when} has a unit or an urgency", hint="Name the label columns with --unit or --urgency."
        )
    # A window of urgencies alone has days, too.
    rows = units if len(units) else urgencies
    if first is None and rows.dated:
        first = np.nanmin(rows.times)
    if first is not None and len(rows) and rows.dated:
        first = max(first, np.nanmin(rows.times))
    return LaterRows(units, urgencies, first, known)


def _from(rows: Rows, first: np.datetime64 | None) -> Rows:
    return rows if first is None else split_by_time(rows, first)[1]
