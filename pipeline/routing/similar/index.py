"""Reports of this run and of earlier ones, and which of them are about the same matter."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.similar import store
from pipeline.routing.similar.candidates import band_keys, distinct
from pipeline.routing.similar.fields import (
    MOST_ITEMS,
    Codes,
    Features,
    FieldFinder,
    Hashes,
    codes,
    common_words,
    mix,
    word_hash,
)
from pipeline.routing.similar.linking import linked
from pipeline.routing.similar.rows import NO_DAY, Rows, id_numbers, packed_names, place_number
from pipeline.routing.similar.rules import KINDS, load_link_rules
from pipeline.text import Tokenizer, WordTable

PRIOR = 3000
"""Reports that the starter corpus' word shares count for, beside the reports that are there."""
STOP_SHARE = 0.05
"""Words in more of the starter corpus' texts say nothing of a matter."""
_SLOTS_BITS = 18
_SLOTS = 1 << _SLOTS_BITS
_BATCH = 1000


@dataclass(frozen=True)
class Link:
    """For each report added in this run, in order.

    ``group``: id of its group's earliest report, "" alone; ``similar``: ids of the nearest, at most three, joined
    by ";"; ``kind``: ``sama_teks``, ``sama_kejadian`` or ""; ``size``: reports in the group, 1 alone.
    """

    group: list[str]
    similar: list[str]
    kind: list[str]
    size: NDArray[np.int64]


class IncidentIndex:
    """Finds reports of one matter, in this run and against the index file *path* (None: this run only).

    Nothing is closed or dropped: reports are linked. Opening takes the file's lock until :meth:`save` or
    :meth:`close`. Raises :class:`~pipeline.errors.InputError` for a file that is damaged, foreign, newer or in use.
    Not for several threads at once.
    *table*: words met already, which need not be stemmed again.
    """

    def __init__(self, path: Path | None = None, table: WordTable | None = None) -> None:
        self._path = None if path is None else Path(path)
        self._lock = None if self._path is None else store.lock_of(self._path)
        try:
            self._rules = load_link_rules()
            if self._path is not None and self._path.exists():
                self._old = store.read(self._path, _SLOTS)
            else:
                # Without a file nothing is kept, so nothing needs a secret: the same run gives the same result.
                key = 0 if self._path is None else secrets.randbits(63)
                self._old = store.Stored(key, 0, np.zeros(_SLOTS, dtype=np.float32), Rows.none())
        except BaseException:
            self.close()
            raise
        self._tokenizer = Tokenizer(table or WordTable(), mask=False)
        self._finder = FieldFinder(self._tokenizer.table, STOP_SHARE)
        shares = common_words()
        hashes = np.array([word_hash(word) for word in shares], dtype=np.uint64)
        prior = codes(hashes, np.zeros(len(hashes), dtype=np.uint8), self._old.key)
        self._prior = np.bincount(_slots(prior), PRIOR * np.array(list(shares.values())), _SLOTS).astype(np.float32)
        self._counts = self._old.counts.copy()
        self._reports = self._old.reports
        self._parts: list[Rows] = []
        self._order: list[NDArray[np.int64]] = []
        old = self._old.rows
        keys = _report_keys(old.id, old.text)
        self._old_order = np.argsort(keys, kind="stable")
        self._old_keys = keys[self._old_order]
        self._known: dict[int, int] = {}
        self._size = len(old)
        self._links: Link | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file free for others; what was not saved is lost."""
        self._closed = True
        if self._lock is not None:
            self._lock.release()

    def add(self, ids: Sequence[str], texts: Sequence[str], days: NDArray[Any], places: Sequence[str]) -> None:
        """Add reports: *days* as ``datetime64`` (NaT unknown), *places* as Kemendagri codes ("" unknown).

        A report whose id is known with the same words is not another one. Raises ``ValueError`` for sequences of
        different lengths or a closed index.
        """
        if self._closed:
            raise ValueError("The index is closed; open it anew to add reports.")
        if not len(ids) == len(texts) == len(days) == len(places):
            sizes = len(ids), len(texts), len(days), len(places)
            raise ValueError(f"ids, texts, days, places differ in length: {sizes}.")
        days = np.asarray(days).astype("datetime64[D]")
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            self._add(ids[part], texts[part], days[part], places[part])
        self._links = None

    def _add(self, ids: Sequence[str], texts: Sequence[str], days: NDArray[Any], places: Sequence[str]) -> None:
        features = self._finder(self._tokenizer(texts))
        number = id_numbers(ids)
        keys = _report_keys(number, features.text)
        order, new = self._in_old(keys), list[int]()
        for row in np.flatnonzero((order < 0) | (number == 0)).tolist():
            at = self._known.get(int(keys[row]), -1) if number[row] else -1
            if at < 0:
                at = self._size + len(new)
                new.append(row)
                self._known[int(keys[row])] = at
            order[row] = at
        self._order.append(order)
        if not new:
            return
        self._size += len(new)
        kept = np.array(new)
        where = np.array([place_number(place) for place in places], dtype=np.int64)
        bands = band_keys(features, where, len(ids))
        items, count = _items(features, self._old.key, kept, len(ids))
        self._counts += np.bincount(_slots(items), minlength=_SLOTS).astype(np.float32)
        self._reports += len(new)
        names, sizes = packed_names([ids[row] for row in new])
        day = np.where(np.isnat(days), np.int64(NO_DAY), days.astype(np.int64)).astype(np.int32)
        self._parts.append(
            Rows(
                items, count, bands[kept], day[kept], where[kept], number[kept], features.text[kept],
                np.full(len(new), -1, dtype=np.int32), sizes, names,
            )
        )  # fmt: skip

    def _in_old(self, keys: Hashes) -> NDArray[np.int64]:
        """Return which earlier report each is, -1 none."""
        if not len(self._old_keys):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._old_keys, keys), len(self._old_keys) - 1)
        return np.where(self._old_keys[at] == keys, self._old_order[at], -1)

    def groups(self) -> Link:
        """Return the links of this run's reports (see :class:`Link`), in the order in which they were added."""
        if self._links is None:
            new = Rows.joined(self._parts or [Rows.none()])
            self._parts = [new]
            order = np.concatenate([*self._order, np.zeros(0, dtype=np.int64)])
            self._order = [order]
            found = linked(self._old.rows, new, order, self._weight, self._rules)
            new.group[:] = found.centre[len(self._old.rows) :]
            self._group = found.centre
            kinds = [KINDS[kind] for kind in found.kind.tolist()]
            self._links = Link(found.group, found.similar, kinds, found.size)
        return self._links

    def save(self) -> None:
        """Write the index file (nothing without one) and close it: a temporary file takes the old one's place."""
        if self._closed:
            raise ValueError("The index is closed.")
        if self._path is not None:
            self.groups()
            rows = Rows.joined([self._old.rows, *self._parts])
            rows.group = self._group.astype(np.int32)
            store.write(self._path, store.Stored(self._old.key, self._reports, self._counts, rows))
        self.close()

    def _weight(self, items: Codes) -> NDArray[np.float64]:
        """Return each item's rarity: minus the logarithm of the share of reports that hold it."""
        slots = _slots(items)
        held = self._counts[slots].astype(np.float64) + self._prior[slots] + 0.5
        return np.maximum(np.log((self._reports + PRIOR) / held), 0.0)


def _report_keys(ids: Hashes, texts: Hashes) -> Hashes:
    """Return one number for id and words of each report."""
    return mix(ids) ^ texts


def _slots(items: Codes) -> NDArray[np.int64]:
    """Return where an item is counted: many share a place only by chance, which makes a rare one look commoner."""
    return ((items * np.uint32(0x9E3779B1)) >> np.uint32(32 - _SLOTS_BITS)).astype(np.int64)


def _items(features: Features, key: int, kept: NDArray[np.int64], size: int) -> tuple[Codes, NDArray[np.uint8]]:
    """Return the codes of the rows *kept*, fields first, and how many each has."""
    chosen = np.flatnonzero(~features.common & np.isin(features.row, kept))
    row, kind, hashes = features.row[chosen], features.kind[chosen], features.hash[chosen]
    by = np.lexsort((hashes, kind == 0, row))
    row, kind, hashes = row[by], kind[by], hashes[by]
    nth = np.arange(len(row)) - np.searchsorted(row, row)
    few = nth < MOST_ITEMS
    row, items = row[few], codes(hashes[few], kind[few], key)
    # Two words may share a code once in some millions: a code stands once in a row.
    both = distinct((row.astype(np.uint64) << np.uint64(32)) | items)
    row, items = (both >> np.uint64(32)).astype(np.int64), both.astype(np.uint32)
    return items, np.bincount(row, minlength=size)[kept].astype(np.uint8)
