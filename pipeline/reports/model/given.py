"""DATA, sorted by what the model has seen of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import DataError
from pipeline.intake import Batch
from pipeline.retraining.data import NO_ROWS, Labelled, Rows, collect, distinct, split_by_time


@dataclass(frozen=True)
class Given:
    """The labelled rows of DATA: ``trained`` on the model's days of training or undated, ``unseen`` after them.

    Both hold different texts, and ``unseen`` none of ``trained``. ``files``: names without folders; ``read``: rows
    read; ``rejected``: rows that could not be read; ``labelled``: all of them, by label; ``measured_from``: the first
    day of the rows that the training measured on, ``None`` where it did so by folds, or before the manifest said it.
    """

    files: tuple[str, ...]
    read: int
    rejected: int
    labelled: Labelled
    trained: Rows
    unseen: Rows
    measured_from: np.datetime64 | None

    @property
    def months(self) -> dict[str, int]:
        """Rows with a unit in each month (``2022-01``) that has any, in order."""
        times = self.labelled.units.times
        months = times[~np.isnat(times)].astype("datetime64[M]").astype(str)
        return dict(sorted(Counter(months.tolist()).items()))


def sort_rows(batches: Sequence[Batch], manifest: Mapping[str, Any], *, unseen: bool = False) -> Given:
    """Sort the rows of *batches* by the days of training in *manifest*.

    With *unseen* no row was trained on, whatever its day. Without days of training, every row counts as trained on.
    Raises :class:`DataError` when no row has a unit or an urgency.
    """
    data = collect(batches, pool_places=bool(manifest.get("pool_places")))
    if not len(data.units) and not len(data.urgencies):
        source = batches[0].source if batches else None
        raise DataError("no row has a text and a label", file=source, hint="Name the label columns with --unit.")
    facts = manifest.get("unit", {})
    last = facts.get("last_day")
    before, after = (NO_ROWS, data.units) if unseen else (data.units, NO_ROWS)
    if last is not None and not unseen:
        before, after = split_by_time(data.units, (np.datetime64(last, "D") + 1).astype("datetime64[us]"))
    trained = distinct(before)
    measured_from = facts.get("measured_from")
    return Given(
        files=tuple(dict.fromkeys(Path(batch.source).name for batch in batches)),
        read=data.read,
        rejected=sum(len(batch.rejects) for batch in batches),
        labelled=data,
        trained=trained,
        unseen=distinct(after, without=trained),
        measured_from=None if measured_from is None else np.datetime64(measured_from, "us"),
    )
