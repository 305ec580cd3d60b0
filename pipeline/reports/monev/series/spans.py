"""The periods before and after a change: months as they are, weeks four at a time counted from the change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.reports.monev.series.poisson import Floats

_WEEKS = 4


@dataclass(frozen=True, eq=False)
class Spans:
    """Periods in order, those cut by the change left out.

    ``seen``: complaints on the theme; ``exposure``: other complaints, or days; ``begins``, ``days``: of each period;
    ``middle``: days from the change to its middle; ``after``: whether it lies after the change; ``unit``: what a period
    is called; ``a_year``: periods a year.
    """

    seen: Floats
    exposure: Floats
    begins: tuple[dt.date, ...]
    days: NDArray[np.int64]
    middle: Floats
    after: NDArray[np.bool_]
    unit: str
    a_year: int


def spans(counts: pd.Series, exposure: pd.Series | None, changed_on: dt.date) -> Spans:
    """Return the periods of *counts*. Raises :class:`ValueError` unless its index is months or weeks without a gap."""
    index = counts.index
    if not isinstance(index, pd.DatetimeIndex) or not len(index):
        raise ValueError("counts need a DatetimeIndex of months or weeks")
    starts = index.to_numpy().astype("datetime64[D]")
    months = starts.astype("datetime64[M]")
    monthly = bool((starts == months.astype("datetime64[D]")).all() and (np.diff(months.astype(np.int64)) == 1).all())
    if monthly:
        ends = (months + 1).astype("datetime64[D]")
    elif (np.diff(starts) == np.timedelta64(7, "D")).all():
        ends = starts + np.timedelta64(7, "D")
    else:
        raise ValueError("counts need every month by its first day, or every week, in order")
    change = np.datetime64(changed_on, "D")
    first, second = np.flatnonzero(ends <= change), np.flatnonzero(starts >= change)
    size = 1 if monthly else _WEEKS
    first = first[len(first) % size :]
    second = second[: len(second) - len(second) % size]
    groups = np.concatenate([first, second]).reshape(-1, size)
    begin, end = starts[groups[:, 0]], ends[groups[:, -1]]
    days = (end - begin).astype(np.int64)
    own = counts.to_numpy(dtype=float)
    base = days.astype(float) if exposure is None else (exposure.to_numpy(dtype=float) - own)[groups].sum(axis=1)
    middle = (begin - change).astype(np.int64) + days / 2
    return Spans(
        own[groups].sum(axis=1), base, tuple(begin.tolist()), days, middle, begin >= change,
        "bulan" if monthly else "kurun empat pekan", 12 if monthly else 13,
    )  # fmt: skip
