"""Arrow's types for columns whose parts suggest different ones."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from pipeline.intake.batch import is_missing
from pipeline.scoring.plain import csv_cell


def texts(values: list[Any]) -> pa.Array:
    """Return *values* as text, written as in the csv output; missing is null."""
    return pa.array([None if is_missing(value) else csv_cell(value) for value in values], pa.string())


def wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return the type that holds both."""
    if one.equals(other) or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    both = (one, other)
    if all(pa.types.is_signed_integer(kind) for kind in both):
        return pa.int64()
    if all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in both):
        return pa.float64()
    if all(pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None) for kind in both):
        return pa.timestamp("us")
    return pa.string()
