"""A period as a model sees it: predictions, words and labels, as arrays; no texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.catalogue.crosswalk import pool_place
from pipeline.retraining.data import days_of
from pipeline.retraining.drift.rows import Rows
from pipeline.retraining.stems import tokenise
from pipeline.routing.decision import FORWARD
from pipeline.routing.policy import load_policy, plan
from pipeline.scoring.router import Router

_SEEN_SHARE = 0.05
"""A share of rows on the days of training from which on a period counts as trained on."""

Floats = NDArray[np.float64]
By = Literal["month", "week"]


@dataclass(frozen=True, eq=False)
class Predictions:
    """One entry a row: ``unit`` (object) predicted, ``confidence`` (float64) its calibrated probability.

    ``review`` (bool): a person looks at the row; ``right`` (int8): 1 the label is that unit, 0 it is another one that
    the model knows, -1 not known.
    """

    unit: NDArray[np.object_]
    confidence: Floats
    review: NDArray[np.bool_]
    right: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, keep: NDArray[np.int64]) -> Predictions:
        """Return the rows with these numbers."""
        return Predictions(self.unit[keep], self.confidence[keep], self.review[keep], self.right[keep])


@dataclass(frozen=True, eq=False)
class Words:
    """Words of each row as counts (float64).

    ``length``: all words; ``counted``: of those, words that are neither numbers nor masked personal data;
    ``unknown``: of those, words that the model does not know, or, of rows that it was trained on, would not know
    without that row. ``has`` (bool CSR, rows x ``stems``): which rows have which stem; ``known`` (bool): stems that the
    model knows.
    """

    stems: NDArray[np.object_]
    known: NDArray[np.bool_]
    has: sparse.csr_matrix
    length: Floats
    counted: Floats
    unknown: Floats

    def take(self, keep: NDArray[np.int64]) -> Words:
        """Return the rows with these numbers."""
        parts = (self.length[keep], self.counted[keep], self.unknown[keep])
        return Words(self.stems, self.known, self.has[keep], *parts)

    @cached_property
    def known_stems(self) -> frozenset[str]:
        """Stems of these texts that the model knows."""
        return frozenset(self.stems[self.known].tolist())

    @cached_property
    def rows_with(self) -> dict[str, int]:
        """How many rows have each stem."""
        counts = np.asarray(self.has.sum(axis=0)).ravel().astype(np.int64)
        return {stem: int(n) for stem, n in zip(self.stems.tolist(), counts.tolist(), strict=True) if n}


@dataclass(frozen=True, eq=False)
class Period:
    """One period by one model.

    ``unsure`` (bool): rows that the policy reviews by their confidence alone. ``trained``: the model was trained on
    these days, so its predictions are better than they will be on new rows; ``held_out``: what it said of its
    training rows before it had seen them (empty where it kept nothing). ``read``, ``labels`` and
    ``times`` as :class:`~pipeline.retraining.drift.rows.Rows` has them.
    """

    name: str
    model: str
    read: int
    predictions: Predictions
    unsure: NDArray[np.bool_]
    words: Words
    labels: NDArray[np.object_]
    times: NDArray[np.datetime64]
    trained: bool
    held_out: Predictions

    def __len__(self) -> int:
        return len(self.predictions)

    def take(self, keep: NDArray[np.int64], name: str | None = None) -> Period:
        """Return the rows with these numbers as a period of that *name*."""
        return replace(
            self, name=name or self.name, read=len(keep), predictions=self.predictions.take(keep),
            unsure=self.unsure[keep], words=self.words.take(keep), labels=self.labels[keep], times=self.times[keep],
        )  # fmt: skip

    def by(self, what: By) -> Iterator[Period]:
        """Yield the period's months or ISO weeks in order; rows without a date are in none."""
        known = np.flatnonzero(~np.isnat(self.times))
        # numpy's weeks begin on Thursdays, the day of 1970-01-01.
        days = self.times[known].astype("datetime64[D]") + np.timedelta64(3 if what == "week" else 0, "D")
        parts = days.astype("datetime64[M]" if what == "month" else "datetime64[W]")
        for part in np.unique(parts):
            start = part.astype("datetime64[D]") - np.timedelta64(3 if what == "week" else 0, "D")
            yield self.take(known[parts == part], str(part) if what == "month" else f"pekan {start}")

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day of the rows that have one."""
        return days_of(self.times)


def period(router: Router, rows: Rows, name: str, *, unseen: bool = False) -> Period:
    """Return *rows* as *router* sees them.

    Labels are pooled as the model's training data was. *unseen*: none of the rows was trained on, whatever their days
    say (another office's rows, for example).
    """
    labels = rows.labels
    if router.manifest.get("pool_places"):
        labels = np.array([pool_place(label) if label else "" for label in labels.tolist()], dtype=object)
    units = np.array([str(unit) for unit in router.unit.classes_], dtype=object)
    policy = replace(load_policy(), capacity=None, margin=0.0)  # those take a whole run
    cuts = plan(policy, router.curve).cuts
    scored = router.score_texts(rows.texts)
    predicted, confidence = scored["unit"].to_numpy(object), scored["keyakinan"].to_numpy(np.float64)
    right = np.where(np.isin(labels, units), labels == predicted, -1).astype(np.int8)
    places = np.searchsorted(units.astype(str), predicted.astype(str))
    trained = not unseen and _on_training_days(router, rows.times)
    curve = router.curve
    known_units = units[curve.unit] if curve.has_units else np.full(len(curve), "", dtype=object)
    unsure = curve.confidence < (cuts[curve.unit] if curve.has_units else cuts.min())
    return Period(
        name=name,
        model=router.version,
        read=rows.read,
        predictions=Predictions(predicted, confidence, (scored["tindakan"] != FORWARD).to_numpy(bool), right),
        unsure=confidence < cuts[places],
        words=_words(router, rows.texts, trained),
        labels=labels,
        times=rows.times,
        trained=trained,
        held_out=Predictions(known_units, curve.confidence, unsure, curve.correct.astype(np.int8)),
    )


def _on_training_days(router: Router, times: NDArray[np.datetime64]) -> bool:
    facts = router.manifest.get("unit", {})
    known = times[~np.isnat(times)].astype("datetime64[D]")
    if "first_day" not in facts or not len(known):
        return False
    inside = (known >= np.datetime64(facts["first_day"])) & (known <= np.datetime64(facts["last_day"]))
    return bool(inside.mean() >= _SEEN_SHARE)


def _words(router: Router, texts: list[str], trained: bool) -> Words:
    docs = tokenise(texts)
    vectorizer = router.unit.vectorizer_
    # The rarest features stand in the fewest texts that training asks for: without this text they would not be there.
    rarest = float(vectorizer.idf.max()) if trained and len(vectorizer.idf) else float("inf")
    numbers: dict[str, int] = {}
    row = np.repeat(np.arange(len(docs)), [len(doc) for doc in docs])
    column = np.array([numbers.setdefault(stem, len(numbers)) for doc in docs for stem in doc], dtype=np.int64)
    stems = list(numbers)
    counts = np.array([not (stem.isdigit() or stem.startswith("<")) for stem in stems], dtype=bool)
    weights = np.array([_weight(vectorizer.words, vectorizer.idf, stem) for stem in stems], dtype=np.float64)
    has = sparse.csr_matrix((np.ones(len(row), dtype=bool), (row, column)), shape=(len(docs), len(stems)))
    counted, unknown = counts[column], (counts & ~(weights < rarest))[column]

    def by_row(marks: NDArray[np.bool_]) -> Floats:
        return np.bincount(row, weights=marks, minlength=len(docs)).astype(np.float64)

    parts = (by_row(np.ones_like(counted)), by_row(counted), by_row(unknown))
    return Words(np.array(stems, dtype=object), ~np.isnan(weights), has, *parts)


def _weight(words: dict[str, int], idf: NDArray[np.float32], stem: str) -> float:
    """Return the inverse document frequency of *stem*, NaN for an unknown one."""
    column = words.get(stem)
    return float("nan") if column is None else float(idf[column])
