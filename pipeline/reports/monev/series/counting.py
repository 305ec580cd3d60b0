"""Complaints per week or month and unit, in whole periods only."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
import pandas as pd

Every = Literal["week", "month"]
FREQUENCY: dict[Every, str] = {"week": "W-SUN", "month": "M"}
"""pandas' names: ISO weeks run from Monday to Sunday."""
_SPARE = {"week": 1, "month": 4}
"""Days that may lack at the beginning: no complaint need come on the very first day."""


def count_periods(
    received: pd.Series, labels: pd.Series, every: Every, last: dt.date, first: dt.date | None = None
) -> pd.DataFrame:
    """Return counts (int64), a row a whole period (its first day as DatetimeIndex), a column a label, commonest first.

    Args:
        received: When each complaint came (datetime64); rows without it, after *last* or before *first* do not count.
        labels: The label of each, like *received*; rows without one do not count.
        every: ``week`` (ISO) or ``month``.
        last: Last day that the data cover; the period that it cuts is dropped.
        first: First day that they cover (default: the first complaint's); a period that lacks more than its first
            seventh is dropped.

    A period without complaints has zeros. The frame is empty where no period is whole.
    """
    days = received.dt.normalize()
    begin = days.min() if first is None else pd.Timestamp(first)
    end = pd.Timestamp(last)
    codes, names = pd.factorize(labels)
    if pd.isna(begin) or end < begin or not len(names):
        return pd.DataFrame(index=pd.DatetimeIndex([]))
    periods = pd.period_range(begin, end, freq=FREQUENCY[every])
    whole = np.asarray(periods.start_time + pd.Timedelta(days=_SPARE[every]) >= begin)
    whole &= np.asarray(periods.end_time.normalize() <= end)
    starts = periods.start_time
    use = ((days >= begin) & (days <= end)).to_numpy() & (codes >= 0)
    place = starts.searchsorted(days.to_numpy()[use], side="right") - 1
    flat = np.bincount(place * len(names) + codes[use], minlength=len(periods) * len(names))
    table = flat.reshape(len(periods), len(names))[whole]
    order = sorted(range(len(names)), key=lambda i: (-int(table[:, i].sum()), str(names[i])))
    return pd.DataFrame(table[:, order], index=starts[whole], columns=[str(names[i]) for i in order])
