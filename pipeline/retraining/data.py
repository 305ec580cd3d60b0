"""Labelled rows for training and measuring, under one protocol.

Protocol (docs/experiments.md): drop texts under 8 characters and repeated texts (compared by their letters only),
keep units with enough training rows, test only rows of those units and never with a text seen in training.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.crosswalk import pool_place
from pipeline.intake import Batch

MIN_CHARS = 8
_NOT_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class Rows:
    """Rows with one label each; ``times`` is datetime64[us] with NaT where a row has no date.

    ``weights`` (float64, above 0): what a row counts in training; all 1 where ``None``. ``ids``: the rows' ids in
    their file, ``""`` where a row has none; ``None`` where no row has one.
    """

    texts: list[str]
    labels: list[str]
    times: NDArray[np.datetime64]
    weights: NDArray[np.float64] | None = None
    ids: list[str] | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, keep: Iterable[int]) -> Rows:
        """Return the rows with these numbers, in this order."""
        index = list(keep)
        weights = None if self.weights is None else self.weights[index]
        ids = None if self.ids is None else [self.ids[i] for i in index]
        return Rows([self.texts[i] for i in index], [self.labels[i] for i in index], self.times[index], weights, ids)

    def counts(self) -> NDArray[np.float64]:
        """Return what each row counts in training."""
        return np.ones(len(self)) if self.weights is None else self.weights

    def names(self) -> list[str]:
        """Return the rows' ids, ``""`` where a row has none."""
        return [""] * len(self) if self.ids is None else self.ids

    def joined(self, others: Sequence[Rows]) -> Rows:
        """Return these rows with those of *others* behind them."""
        every = [self, *others]
        return Rows(
            [text for rows in every for text in rows.texts],
            [label for rows in every for label in rows.labels],
            np.concatenate([rows.times for rows in every]),
            np.concatenate([rows.counts() for rows in every]),
            None if all(rows.ids is None for rows in every) else [name for rows in every for name in rows.names()],
        )

    @property
    def dated(self) -> bool:
        """Whether nearly all rows (95 %) have a date, so that folds can be blocks of time."""
        return len(self) > 0 and float(np.isnat(self.times).mean()) <= 0.05

    def times_or_none(self) -> NDArray[np.datetime64] | None:
        """Return the times for folds in time (missing ones first), or ``None`` when rows are not dated."""
        if not self.dated:
            return None
        return np.where(np.isnat(self.times), np.datetime64("1900-01-01", "us"), self.times)

    def digest(self) -> str:
        """Return a sha256 over texts and labels, for the record; it tells nothing of the texts."""
        digest = hashlib.sha256()
        for text, label in zip(self.texts, self.labels, strict=True):
            digest.update(f"{len(text)}:{text}\x00{label}\x01".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


NO_ROWS = Rows([], [], np.empty(0, dtype="datetime64[us]"))


@dataclass(frozen=True)
class Labelled:
    """What the data files give: rows with a unit and rows with an urgency (a row may be in both)."""

    units: Rows
    urgencies: Rows
    read: int


def collect(batches: Sequence[Batch], *, pool_places: bool = False) -> Labelled:
    """Return the labelled rows of *batches*; empty texts are left out."""
    found: dict[str, list[_Found]] = {"unit": [], "urgency": []}
    read = 0
    for batch in batches:
        read += len(batch)
        texts, times = batch.texts(), batch.dates().to_numpy().astype("datetime64[us]")
        units = [pool_place(unit) if unit and pool_places else unit for unit in batch.units()]
        for name, labels in (("unit", units), ("urgency", batch.urgencies())):
            rows = zip(texts, labels, times, batch.ids(), strict=True)
            found[name] += [(text, label, time, id) for text, label, time, id in rows if label and text.strip()]
    return Labelled(units=_rows(found["unit"]), urgencies=_rows(found["urgency"]), read=read)


_Found = tuple[str, str, np.datetime64, str]


def _rows(found: list[_Found]) -> Rows:
    times = np.array([time for _, _, time, _ in found], dtype="datetime64[us]")
    ids = [id for *_, id in found]
    return Rows([text for text, *_ in found], [label for _, label, *_ in found], times, None, ids if any(ids) else None)


def days_of(times: NDArray[np.datetime64]) -> tuple[str, str] | None:
    """Return the first and the last day (ISO) of *times*, ``None`` where all are NaT."""
    known = times[~np.isnat(times)]
    return (str(known.min())[:10], str(known.max())[:10]) if len(known) else None


def letters(text: str) -> str:
    """Return the letters of *text* in lower case: what decides whether two texts are the same."""
    return _NOT_LETTERS.sub("", text.lower())


def different(texts: Sequence[str], without: Iterable[str] = ()) -> list[int]:
    """Return the places of the texts that are neither short, nor repeat an earlier one, nor occur in *without*."""
    seen = set(map(letters, without))
    keep = []
    for place, text in enumerate(texts):
        key = letters(text)
        if len(text) >= MIN_CHARS and key not in seen:
            seen.add(key)
            keep.append(place)
    return keep


def distinct(rows: Rows, *, without: Rows | None = None) -> Rows:
    """Drop short texts, repeats (the first stays) and texts that occur in *without*.

    Officers' decisions stand first (:func:`pipeline.retraining.joining.join`), so a decided row wins over an earlier
    one with the same text.
    """
    return rows.take(different(rows.texts, () if without is None else without.texts))


def default_min_rows(rows: int) -> int:
    """Return how many training rows a unit needs: 20, or 10 below 2,000 rows, or 3 below 200."""
    return 20 if rows >= 2000 else 10 if rows >= 200 else 3


def with_enough(rows: Rows, min_rows: int) -> Rows:
    """Keep the rows of labels that occur *min_rows* times or more."""
    counts = Counter(rows.labels)
    return rows.take(i for i, label in enumerate(rows.labels) if counts[label] >= min_rows)


def of_labels(rows: Rows, labels: Iterable[str]) -> Rows:
    """Keep the rows whose label is one of *labels*."""
    known = set(labels)
    return rows.take(i for i, label in enumerate(rows.labels) if label in known)


def split_by_time(rows: Rows, start: np.datetime64) -> tuple[Rows, Rows]:
    """Return (rows before *start* or undated, rows from *start* on)."""
    later = rows.times >= start
    return rows.take(np.flatnonzero(~later)), rows.take(np.flatnonzero(later))
