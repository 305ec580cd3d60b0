"""What is kept of each report: hashed features, day, place code, id; as flat arrays that grow by batches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.similar.candidates import BANDS

NO_DAY = np.int32(-(2**31))
ID_BYTES = 200
"""Longer ids are cut: they only name a row."""
_DIGITS = 10
_NEAR_LEVEL = 3
"""Kecamatan: places that share it are the same."""
_LEVELS = (2, 4, 6, 10)
"""Digits of a Kemendagri code down to province, kabupaten/kota, kecamatan, desa/kelurahan."""
_TYPES = {
    "count": np.uint8, "bands": np.uint32, "day": np.int32, "place": np.int64, "id": np.uint64, "text": np.uint64,
    "group": np.int32, "name_size": np.uint8,
}  # fmt: skip


@dataclass
class Rows:
    """Reports by number; per report ``count`` of ``items`` (codes), band keys ``bands``, ``day`` (since 1970, or
    :data:`NO_DAY`), ``place`` (see :func:`place_number`), hash of its id, hash of its words in order, ``group`` (the
    report its group is about, -1 none) and how many bytes of ``names`` are its id.
    """

    items: NDArray[np.uint32]
    count: NDArray[np.uint8]
    bands: NDArray[np.uint32]
    day: NDArray[np.int32]
    place: NDArray[np.int64]
    id: NDArray[np.uint64]
    text: NDArray[np.uint64]
    group: NDArray[np.int32]
    name_size: NDArray[np.uint8]
    names: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.count)

    @classmethod
    def none(cls) -> Rows:
        """Return no rows."""
        empty = {name: np.zeros((0, BANDS) if name == "bands" else 0, dtype=kind) for name, kind in _TYPES.items()}
        return cls(items=np.zeros(0, np.uint32), names=np.zeros(0, np.uint8), **empty)

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Return the rows of *parts* one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.columns()})

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the names of the arrays."""
        return ("items", "names", *_TYPES)

    def wrong(self) -> str:
        """Return what does not fit together in rows that come from a file, "" where all fits."""
        size = len(self.count)
        for name, kind in [*_TYPES.items(), ("items", np.uint32), ("names", np.uint8)]:
            array = getattr(self, name)
            if array.dtype != kind or array.ndim != 1 + (name == "bands"):
                return f"{name} has another type"
            if name in _TYPES and len(array) != size:
                return f"{name} has another length"
        if self.bands.shape[1] != BANDS:
            return "bands has another width"
        if int(self.count.sum(dtype=np.int64)) != len(self.items):
            return "items has another length"
        if int(self.name_size.sum(dtype=np.int64)) != len(self.names):
            return "names has another length"
        return "" if size == 0 or -1 <= self.group.min() <= self.group.max() < size else "group points nowhere"


def id_numbers(ids: Sequence[str]) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each id; 0 for a missing one."""
    digests = [
        hashlib.blake2b(str(i).encode("utf-8", "surrogatepass"), digest_size=8).digest() if i else b"\0" * 8
        for i in ids
    ]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def packed_names(ids: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the ids' bytes one after the other and how many each has."""
    parts = [str(i).encode("utf-8", "replace")[:ID_BYTES] if i else b"" for i in ids]
    return np.frombuffer(b"".join(parts), dtype=np.uint8), np.fromiter(map(len, parts), np.uint8, len(parts))


def place_number(code: str) -> int:
    """Return a Kemendagri code (``35.78.11.1002`` or ``3578111002``, any level) as ten digits; 0 for none."""
    digits = "".join(c for c in code if c.isdigit() and c.isascii())
    level = max((size for size in _LEVELS if size <= len(digits)), default=0)
    return int(digits[:level].ljust(_DIGITS, "0")) if level else 0


def place_relation(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0 where two places are the same (kecamatan or finer), 1 where that is unknown, 2 where they differ."""
    relation = np.ones(len(one), dtype=np.int64)
    same = np.ones(len(one), dtype=bool)
    above = 0
    for level, size in enumerate(_LEVELS, 1):
        unit, parts = 10 ** (_DIGITS - size), 10 ** (size - above)
        first, second = one // unit, other // unit
        # A level is known where its digits are not all zero.
        known = same & (first % parts > 0) & (second % parts > 0)
        relation[known & (first != second)] = 2
        same = known & (first == second)
        if level >= _NEAR_LEVEL:
            relation[same] = 0
        above = size
    return relation
