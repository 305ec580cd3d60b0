"""Pairs worth a look: MinHash signatures (rensa), cut into bands; reports that share a band's key are candidates.

Bands of two hashes find wordings alike anywhere (Leskovec et al. 2020, *Mining of Massive Datasets*, 3.4); bands of
one hash with the place in the key find other wordings of a matter in the same kelurahan or kecamatan; the street's
name is a key of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.similar.fields import CLASSES, Features, Hashes, mix

PAIRS, SINGLES, STREETS = 12, 8, 3
BANDS = PAIRS + SINGLES + STREETS
_SEED = 20_240_101
_FULL = 24
"""Members of a bucket that are compared each with each."""
_NEAR = 10
"""In a fuller one each is compared with so many next to it by place and day, and with the first of its place."""
_KEYS = np.array([CLASSES.index("jalan"), CLASSES.index("perum"), CLASSES.index("tempat"), CLASSES.index("tiket")])

Ints = NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


def band_keys(features: Features, places: Ints, size: int) -> NDArray[np.uint32]:
    """Return the keys of *size* texts, shape (size, BANDS); 0 is no key. *places* 0 is none."""
    from rensa import RMinHash

    said = (features.kind == 0) & ~features.common
    counts = np.bincount(features.row[said], minlength=size)
    offsets = np.append(0, np.cumsum(counts)).astype(np.uint64)
    keys = np.zeros((size, BANDS), dtype=np.uint32)
    if size == 0:
        return keys
    if offsets[-1]:
        hashes = np.ascontiguousarray(features.hash[said])
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, 2 * PAIRS, _SEED)
        lowest = np.array(matrix.to_rows(), dtype=np.uint64).reshape(size, 2 * PAIRS)
        number = np.arange(PAIRS, dtype=np.uint64)
        pair = mix(mix(lowest[:, 0::2] + (number << np.uint64(33))) ^ lowest[:, 1::2])
        place = mix(places.astype(np.uint64))[:, None] ^ number[:SINGLES] << np.uint64(40)
        single = np.where(places[:, None] > 0, mix(place ^ lowest[:, :SINGLES]), np.uint64(0))
        keys[:, :PAIRS] = pair >> np.uint64(32)
        keys[:, PAIRS : PAIRS + SINGLES] = single >> np.uint64(32)
        keys[counts == 0] = 0
    _put_streets(keys, features)
    return keys


def _put_streets(keys: NDArray[np.uint32], features: Features) -> None:
    named = np.flatnonzero(np.isin(features.kind, _KEYS))
    row = features.row[named]
    nth = np.arange(len(row)) - np.searchsorted(row, row)
    kept = nth < STREETS
    named, row, nth = named[kept], row[kept], nth[kept]
    value = mix(features.hash[named] + features.kind[named].astype(np.uint64))
    keys[row, PAIRS + SINGLES + nth] = value >> np.uint64(32)


def pairs_within(
    bands: Callable[[int | slice], NDArray[np.uint32]], place: Ints, day: NDArray[np.int32],
    alive: NDArray[np.bool_], asked: NDArray[np.bool_], may: Callable[[Ints, Ints], NDArray[np.bool_]],
) -> tuple[Ints, Ints]:  # fmt: skip
    """Return (first, second) numbers of candidate pairs with an *asked* report in each.

    ``bands(b)``: all reports' keys of some bands; ``place`` and ``day`` of all, ``alive``: which to look at;
    ``may(one, other)`` tells cheaply for which pairs a link is possible at all.
    """
    every = np.zeros(0, dtype=np.int64)
    size = len(place)
    late = (day.astype(np.int64) + 2**31).astype(np.uint64)
    sort_by = (mix(place.astype(np.uint64)) >> np.uint64(32) << np.uint64(32)) | late
    for band in [*range(PAIRS + SINGLES), slice(PAIRS + SINGLES, BANDS)]:
        rows, keys = _members(bands(band), alive, asked)
        if len(rows):
            found = _in_buckets(rows, keys, sort_by[rows], asked)
            found = found[may(found // size, found % size)]
            every = distinct(np.concatenate([every, found]))
    return every // size, every % size


def _members(
    keys: NDArray[np.uint32], alive: NDArray[np.bool_], asked: NDArray[np.bool_]
) -> tuple[Ints, NDArray[np.uint32]]:
    """Return row and key of those whose key an asked one has, too."""
    width = keys.shape[1] if keys.ndim > 1 else 1
    keys = keys.ravel()
    rows = np.flatnonzero((keys > 0) & np.repeat(alive, width))
    wanted = distinct(keys[rows[asked[rows // width]]])
    if not len(wanted):
        return np.zeros(0, dtype=np.int64), wanted
    there = np.minimum(np.searchsorted(wanted, keys[rows]), len(wanted) - 1)
    rows = rows[wanted[there] == keys[rows]]
    return rows // width, keys[rows]


def _in_buckets(rows: Ints, keys: NDArray[np.uint32], sort_by: Hashes, asked: NDArray[np.bool_]) -> Ints:
    order = np.lexsort((rows, sort_by, keys))
    rows, keys, place = rows[order], keys[order], sort_by[order] >> np.uint64(32)
    count = len(rows)
    at = np.arange(count)
    new_bucket = np.append(True, keys[1:] != keys[:-1])
    start = np.maximum.accumulate(np.where(new_bucket, at, 0))
    new_run = new_bucket | np.append(True, place[1:] != place[:-1])
    run = np.maximum.accumulate(np.where(new_run, at, 0))
    end = np.append(np.flatnonzero(new_bucket)[1:], count)[np.cumsum(new_bucket) - 1]
    reach = np.where(end - start <= _FULL, _FULL, _NEAR)
    found = [_coded(rows[at], rows[run], asked)]
    for step in range(1, _FULL):
        here = at[(reach > step) & (at + step < end)]
        if not len(here):
            break
        found.append(_coded(rows[here], rows[here + step], asked))
    return distinct(np.concatenate(found))


def _coded(one: Ints, other: Ints, asked: NDArray[np.bool_]) -> Ints:
    low, high = np.minimum(one, other), np.maximum(one, other)
    kept = (low != high) & (asked[low] | asked[high])
    coded: Ints = low[kept] * len(asked) + high[kept]
    return coded


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """Return *values* sorted, each once; ``np.unique`` takes ten times as long for numbers that rarely repeat."""
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])[: len(values)]]
