"""Arrow types of the input's columns: which Spark can hold, and which holds two files' values."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import pyarrow as pa

from pipeline.scoring.arrow import texts, wider

_SIGNED = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64(), pa.uint64(): pa.decimal128(20, 0)}


def spark_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that Spark has for *kind*: the same or the next wider one, text where it has none.

    Spark's times have microseconds and its whole numbers a sign.
    """
    types = pa.types
    if types.is_dictionary(kind):
        return spark_type(kind.value_type)
    if kind in _SIGNED:
        return _SIGNED[kind]
    if types.is_timestamp(kind) or types.is_date64(kind):
        return pa.timestamp("us", tz=getattr(kind, "tz", None))
    if types.is_float16(kind):
        return pa.float32()
    if types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return pa.binary()
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return pa.list_(spark_type(kind.value_type))
    if types.is_struct(kind):
        return pa.struct([(field.name, spark_type(field.type)) for field in kind])
    if types.is_map(kind):
        return pa.map_(spark_type(kind.key_type), spark_type(kind.item_type))
    held = (types.is_signed_integer, types.is_floating, types.is_boolean, types.is_binary, types.is_date32)
    if any(test(kind) for test in (*held, types.is_decimal128)):
        return kind
    return pa.string()


def widest(kinds: Iterable[pa.DataType]) -> pa.DataType:
    """Return the type that holds the values of all *kinds*; text where there are none, or nothing else does."""
    kind = reduce(wider, kinds, pa.null())
    return pa.string() if pa.types.is_null(kind) else kind


def json_type(values: list[Any]) -> pa.DataType:
    """Return the type of one column of JSON *values*."""
    try:
        return pa.array(values, from_pandas=True).type
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.string()


def cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return *array* as *kind*, a type that :func:`widest` gave for it."""
    if array.type.equals(kind):
        return array
    if pa.types.is_dictionary(array.type):
        return cast(array.dictionary_decode(), kind)
    if pa.types.is_string(kind) and not pa.types.is_large_string(array.type):
        return texts(array.to_pylist())
    # Not safe in Arrow's sense: nanoseconds are cut to the microseconds that Spark has.
    return array.cast(kind, safe=False)
