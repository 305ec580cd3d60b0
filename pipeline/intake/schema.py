"""The check that every batch passes whose dates or urgencies are needed: a pandera schema of its roles.

Only columns that are needed are judged; others pass through. An urgency that is none of the four levels takes
its row out of the batch and reports it. A date that is none leaves its row without a date, for the text can
still be read. Where most values are wrong, the column is the wrong one: an error.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.catalogue import LEVELS
from pipeline.errors import InputError
from pipeline.intake.batch import Batch, Reject, cell_text

if TYPE_CHECKING:
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

#: Dates outside are typing errors: SP4N's forerunner opened in 2011, other channels are older.
_FIRST_DATE, _LAST_DATE = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")

#: Only these can be wrong; every cell is some text, id or unit.
_JUDGED = frozenset({"date", "urgency"})

_URGENCY_REASON = f"tingkat urgensi tidak dikenal; yang dikenal: {', '.join(LEVELS)}"
_HINTS = {
    "date": "Name another column with --date, or write dates as 2021-01-31, 31/01/2021 or 31 Jan 2021.",
    "urgency": f"Name another column with --urgency; the levels are {', '.join(LEVELS)}.",
}


@cache
def schema() -> pa.DataFrameSchema:
    """Return the schema of :func:`role_view` (pandera takes a second to load, so only who needs it waits)."""
    import pandera.pandas as pa

    only_text = pa.Check(lambda column: column.map(type).eq(str))
    return pa.DataFrameSchema(
        {
            "text": pa.Column(object, only_text),
            "id": pa.Column(object, only_text),
            "date": pa.Column("datetime64[us]", pa.Check.in_range(_FIRST_DATE, _LAST_DATE), nullable=True),
            "date_readable": pa.Column(bool, pa.Check.eq(True)),
            "unit": pa.Column(object, nullable=True),
            "urgency": pa.Column(object, pa.Check.isin(LEVELS), nullable=True),
        },
        strict=True,
    )


def role_view(batch: Batch, need: Collection[str]) -> pd.DataFrame:
    """Return the roles of *batch* as a frame that :func:`schema` describes; roles not needed are empty."""
    size = len(batch)
    judge_date = "date" in need and batch.columns.date is not None
    dates = batch.dates() if judge_date else pd.Series(pd.NaT, index=range(size), dtype="datetime64[us]")
    readable = np.ones(size, dtype=bool)
    if judge_date:
        given = np.array([cell_text(value) != "" for value in batch.frame[batch.columns.date].tolist()], dtype=bool)
        readable = ~given | dates.notna().to_numpy()
    urgencies = batch.urgencies() if "urgency" in need else [None] * size
    return pd.DataFrame(
        {
            "text": pd.Series(batch.texts(), dtype=object),
            "id": pd.Series(batch.ids(), dtype=object),
            "date": dates,
            "date_readable": readable,
            "unit": pd.Series(batch.units(), dtype=object),
            "urgency": pd.Series(urgencies, dtype=object),
        }
    )


def check_batch(batch: Batch, need: Collection[str]) -> Batch:
    """Return *batch* without the rows whose needed urgency is no level; they are added to its rejects.

    Raises:
        InputError: More than half of a needed column's values are wrong; names file, row and column.
    """
    if not len(batch) or not _JUDGED & set(need):
        return batch
    from pandera.errors import SchemaErrors

    view = role_view(batch, need)
    try:
        schema().validate(view, lazy=True)
    except SchemaErrors as error:
        wrong = _wrong_rows(error)
    else:
        return batch
    for role, places in wrong.items():
        name = getattr(batch.columns, role)
        given = sum(cell_text(value) != "" for value in batch.frame[name].tolist())
        if len(places) > given / 2:
            what = f"{len(places)} of {given} values are no {role}"
            row = int(batch.rows[places[0]])
            raise InputError(what, file=batch.source, row=row, column=name, hint=_HINTS[role])
    places = wrong.get("urgency", [])
    if not places:
        return batch
    keep = np.ones(len(batch), dtype=bool)
    keep[places] = False
    reason = f"kolom '{batch.columns.urgency}': {_URGENCY_REASON}"
    return batch.keep(keep, [Reject(batch.source, int(batch.rows[place]), reason) for place in places])


def _wrong_rows(error: SchemaErrors) -> dict[str, list[int]]:
    """Return the places of the wrong rows for each role."""
    found: dict[str, set[int]] = {}
    for case in error.failure_cases.itertuples():
        if pd.isna(case.index):  # a fault of the whole view, that is: of this package
            raise error
        found.setdefault(str(case.column).removesuffix("_readable"), set()).add(int(case.index))
    return {role: sorted(places) for role, places in found.items()}
