"""The check that every batch passes: a pandera schema of its roles.

Only columns that are needed are judged; others pass through. An urgency that is none of the four levels takes
its row out of the batch and reports it. A date that is none leaves its row without a date, for the text can
still be read. Where most values are wrong, the column is the wrong one: an error.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pipeline.catalogue import LEVELS
from pipeline.errors import InputError
from pipeline.intake.batch import Batch, Reject, cell_text

#: Dates outside are typing errors: SP4N's forerunner opened in 2011, other channels are older.
_FIRST_DATE, _LAST_DATE = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")

SCHEMA = pa.DataFrameSchema(
    {
        "text": pa.Column(object, pa.Check(lambda text: isinstance(text, str), element_wise=True)),
        "id": pa.Column(object, pa.Check(lambda key: isinstance(key, str), element_wise=True)),
        "date": pa.Column("datetime64[us]", pa.Check.in_range(_FIRST_DATE, _LAST_DATE), nullable=True),
        "date_readable": pa.Column(bool, pa.Check.eq(True)),
        "unit": pa.Column(object, nullable=True),
        "urgency": pa.Column(object, pa.Check.isin(LEVELS), nullable=True),
    },
    strict=True,
)

_URGENCY_REASON = f"tingkat urgensi tidak dikenal; yang dikenal: {', '.join(LEVELS)}"
_HINTS = {
    "date": "Name another column with --date, or write dates as 2021-01-31, 31/01/2021 or 31 Jan 2021.",
    "urgency": f"Name another column with --urgency; the levels are {', '.join(LEVELS)}.",
}


def role_view(batch: Batch, need: Collection[str]) -> pd.DataFrame:
    """Return the roles of *batch* as a frame that :data:`SCHEMA` describes; roles not needed are empty."""
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
    if not len(batch):
        return batch
    view = role_view(batch, need)
    try:
        SCHEMA.validate(view, lazy=True)
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
