"""Risk against coverage: how many rows go without a person, and how many of those are right.

The curve is drawn from *held-out* predictions that a model keeps of its training (calibrated confidence, right or
wrong, predicted unit; no texts): each made by a model that had not seen the row, with a calibration that had not
either. After El-Yaniv & Wiener 2010, "On the Foundations of Noise-free Selective Classification".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers import UnitClassifier
from pipeline.classifiers.calibration import NEVER, Floats, threshold_for

Z_ONE_SIDED = 1.645
"""Normal quantile of the 95 % one-sided lower bound of a unit's precision."""


@dataclass(frozen=True)
class UnitTable:
    """What held-out rows say of each unit at a threshold, the arrays in the order of ``names``.

    ``rows``: rows predicted as that unit; ``forwarded``: of those, at or above the threshold; ``right``: of those,
    rightly so (int64); ``precision``: ``right / forwarded`` (float64, NaN where nothing is forwarded).
    ``judged`` (int64): the rows that a unit is judged on; ``lower`` (float64): the 95 % one-sided Wilson bound of their
    precision, 0 without rows.
    """

    names: tuple[str, ...]
    rows: NDArray[np.int64]
    forwarded: NDArray[np.int64]
    right: NDArray[np.int64]
    precision: Floats
    judged: NDArray[np.int64]
    lower: Floats

    def weak(self, floors: Floats, min_rows: int) -> frozenset[str]:
        """Return the units whose lower bound is below their floor or that are judged on fewer than *min_rows*.

        A floor of 0 asks for nothing, not even rows.
        """
        bad = (floors > 0) & ((self.lower < floors) | (self.judged < min_rows))
        return frozenset(name for name, is_bad in zip(self.names, bad.tolist(), strict=True) if is_bad)


@dataclass(frozen=True, eq=False)
class RiskCurve:
    """Held-out predictions, the most confident first.

    ``confidence`` float64, ``correct`` bool, ``unit`` int32 places in ``names``; ``unit`` is empty for a model that
    kept no units (``has_units`` tells).
    """

    confidence: Floats
    correct: NDArray[np.bool_]
    unit: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def restore(cls, names: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> RiskCurve:
        """Return the curve of a model's arrays ``confidence_``, ``correct_`` and, where kept, ``predicted_``.

        Raises :class:`ValueError` when the arrays differ in length or name a unit that is not there.
        """
        confidence = np.asarray(arrays["confidence_"], dtype=np.float64)
        correct = np.asarray(arrays["correct_"], dtype=np.bool_)
        unit = np.asarray(arrays.get("predicted_", ()), dtype=np.int32)
        if len(correct) != len(confidence) or len(unit) not in (0, len(confidence)):
            raise ValueError("the held-out record's arrays differ in length")
        if len(unit) and not (unit.min() >= 0 and unit.max() < len(names)):
            raise ValueError("the held-out record names a unit that the model has not")
        order = np.argsort(-confidence, kind="stable")
        return cls(confidence[order], correct[order], unit[order] if len(unit) else unit, tuple(names))

    @classmethod
    def measured(cls, names: Sequence[str], truth: Sequence[str], probabilities: Floats) -> RiskCurve:
        """Return the curve of measured rows: *truth* against *probabilities*, columns as *names*."""
        predicted = probabilities.argmax(axis=1)
        correct = np.asarray(names, dtype=object)[predicted] == np.asarray(truth, dtype=object)
        arrays = {"confidence_": probabilities.max(axis=1), "correct_": correct, "predicted_": predicted}
        return cls.restore([str(name) for name in names], arrays)

    @classmethod
    def of(cls, classifier: UnitClassifier) -> RiskCurve:
        """Return the curve of a fitted or loaded unit classifier.

        An older model that was never to forward (an office's first one, measured on other offices' rows) has no
        rows of its own to draw a curve from, so it gets an empty one.
        """
        names = [str(name) for name in classifier.classes_]
        arrays = {
            "confidence_": classifier.confidence_, "correct_": classifier.correct_, "predicted_": classifier.predicted_
        }  # fmt: skip
        if not len(classifier.predicted_) and classifier.threshold_ >= NEVER:
            arrays = {name: array[:0] for name, array in arrays.items()}
        return cls.restore(names, arrays)

    def __len__(self) -> int:
        return len(self.confidence)

    @property
    def has_units(self) -> bool:
        """Whether each held-out row's predicted unit is known (a curve without rows knows that there are none)."""
        return len(self.unit) == len(self.confidence)

    @cached_property
    def _hits(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self.correct, dtype=np.int64)])

    def threshold_for(self, precision: float) -> float:
        """Return the lowest confidence from which held-out precision is *precision* or more.

        ``calibration.NEVER``, which no confidence reaches, where none with at least 20 rows above it gives that.
        """
        return threshold_for(self.confidence, self.correct, precision)[0]

    def precision_at(self, threshold: float) -> tuple[float, float, int]:
        """Return (precision, coverage, rows) of the held-out rows at or above *threshold*; NaN where there are none."""
        n = self._above(threshold)
        return (float(self._hits[n] / n) if n else float("nan")), n / max(len(self), 1), n

    def precision_at_share(self, share: float) -> tuple[float, float, int]:
        """Return (precision, threshold, rows) when the most confident *share* (0-1) is forwarded."""
        n = round(min(max(share, 0.0), 1.0) * len(self))
        return (float(self._hits[n] / n), float(self.confidence[n - 1]), n) if n else (float("nan"), NEVER, 0)

    def without(self, names: frozenset[str]) -> RiskCurve:
        """Return the curve of the rows that are not predicted as one of *names*."""
        if not names or not len(self.unit):
            return self
        keep = ~np.isin(self.unit, [i for i, name in enumerate(self.names) if name in names])
        return RiskCurve(self.confidence[keep], self.correct[keep], self.unit[keep], self.names)

    @cached_property
    def _by_unit(self) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
        """The confidences unit by unit, falling; where each unit's begin; how many it has."""
        order = np.argsort(self.unit, kind="stable")
        counts = np.bincount(self.unit, minlength=len(self.names))
        return self.confidence[order], np.cumsum(counts) - counts, counts

    def forwarded(self, thresholds: Floats) -> tuple[float, float, int]:
        """Return (precision, coverage, rows) with a threshold for each of ``names``; NaN where there are none.

        A record without units is read at the lowest of them.
        """
        if not len(self.unit):
            return self.precision_at(float(thresholds.min(initial=np.inf)))
        sent = self.confidence >= thresholds[self.unit]
        n = int(np.count_nonzero(sent))
        right = int(np.count_nonzero(self.correct & sent))
        return (right / n if n else float("nan")), n / max(len(self), 1), n

    def _cuts(self, threshold: Floats, least: int) -> Floats:
        """Return the confidence from which each unit's rows count: *threshold*, or lower for *least* rows."""
        confidence, first, counts = self._by_unit
        place = first + np.minimum(least, counts) - 1
        has = (counts > 0) & (least > 0)
        return np.where(has, np.minimum(confidence[np.where(has, place, 0)], threshold), threshold)

    def units(self, threshold: float | Floats, least: int = 0) -> UnitTable:
        """Return what the held-out rows say of each unit at *threshold*, one for all or one a unit.

        A unit is judged on its rows at or above the threshold; where those are fewer than *least*, on its *least* most
        confident ones, for those above a high threshold are, by all experience, right more often, not less.
        """
        size = len(self.names)
        if not len(self.unit):
            none = np.zeros(size, dtype=np.int64)
            return UnitTable(self.names, none, none, none, np.full(size, np.nan), none, np.zeros(size))
        each = np.broadcast_to(np.asarray(threshold, dtype=np.float64), (size,))
        above = self.confidence >= each[self.unit]
        forwarded = np.bincount(self.unit[above], minlength=size)
        right = np.bincount(self.unit[above & self.correct], minlength=size)
        precision = np.divide(right, forwarded, out=np.full(size, np.nan), where=forwarded > 0)
        seen = self.confidence >= self._cuts(each, least)[self.unit]
        judged = np.bincount(self.unit[seen], minlength=size)
        lower = wilson_lower(np.bincount(self.unit[seen & self.correct], minlength=size), judged)
        rows = np.bincount(self.unit, minlength=size)
        return UnitTable(self.names, rows, forwarded, right, precision, judged, lower)

    @cached_property
    def places(self) -> dict[str, int]:
        """Return each unit's place in ``names``."""
        return {name: place for place, name in enumerate(self.names)}

    def floors(self, floors: Floats, min_rows: int) -> Floors:
        """Return at which thresholds each unit meets its floor; *floors* in the order of ``names``.

        A unit does at a threshold where :meth:`UnitTable.weak` of ``units(threshold, min_rows)`` does not name it.
        """
        confidence, first, counts = self._by_unit
        size = len(confidence)
        asks = floors > 0
        if not size:
            return Floors(self, np.zeros(0, dtype=np.bool_), np.zeros(len(self.names), dtype=np.bool_))
        unit = np.repeat(np.arange(len(self.names)), counts)
        place = np.arange(size)
        # Equal confidences stand or fall together: a threshold cuts where a lower one or another unit follows.
        ends = np.append((np.diff(confidence) != 0) | (np.diff(unit) != 0), True)
        next_end = np.minimum.accumulate(np.where(ends, place, size)[::-1])[::-1]
        kth = first + np.minimum(min_rows, counts) - 1
        least = np.where((counts > 0) & (min_rows > 0), next_end[np.clip(kth, 0, size - 1)], -1)
        judged_to = np.maximum(place, least[unit])
        hits = np.concatenate([[0], np.cumsum(self.correct[np.argsort(self.unit, kind="stable")], dtype=np.int64)])
        judged = judged_to + 1 - first[unit]
        lower = wilson_lower(hits[judged_to + 1] - hits[first[unit]], judged)
        meets = ends & (~asks[unit] | ((lower >= floors[unit]) & (judged >= min_rows)))
        top = ~asks | ((least >= 0) & meets[np.maximum(least, 0)])
        return Floors(self, meets, top)

    def shares(self) -> Floats:
        """Return the share of held-out rows predicted as each of ``names``; all NaN without a record of units."""
        if not len(self.unit):
            return np.full(len(self.names), np.nan)
        return np.bincount(self.unit, minlength=len(self.names)) / len(self.unit)

    def _above(self, threshold: float) -> int:
        """Return how many rows are at or above *threshold*."""
        return int(np.searchsorted(-self.confidence, -threshold, side="right"))


@dataclass(frozen=True, eq=False)
class Floors:
    """At which thresholds each unit of ``curve`` meets its floor.

    Made by :meth:`RiskCurve.floors`. ``meets`` (bool, in the order of ``curve._by_unit``): whether it does at a row's
    confidence, False for all but the last of equal ones; ``top`` (bool, by unit): whether it does above all its rows.
    Between two rows' confidences a threshold means what the higher one does.
    """

    curve: RiskCurve
    meets: NDArray[np.bool_]
    top: NDArray[np.bool_]

    def thresholds(self, threshold: float) -> Floats:
        """Return each unit's own threshold: the lowest at or above *threshold* at which it meets its floor.

        ``inf`` for a unit without any, and for all of a curve without rows. Falls or stays as *threshold* falls.
        """
        curve = self.curve
        if not len(curve.unit):
            return np.full(len(curve.names), threshold if len(curve) else np.inf)
        confidence, first, _ = curve._by_unit
        above = np.bincount(curve.unit[: curve._above(threshold)], minlength=len(curve.names))
        last = first + np.maximum(above, 1) - 1
        here = np.where(above > 0, self.meets[np.minimum(last, len(confidence) - 1)], self.top)
        place = np.arange(len(confidence))
        best = np.maximum.accumulate(np.where(self.meets, place, -1))[np.minimum(last, len(confidence) - 1)]
        # Just above the next lower confidence, and not at the higher one itself: what holds there holds from there on.
        own = np.nextafter(confidence[np.minimum(best + 1, len(confidence) - 1)], np.inf)
        return np.where(here, threshold, np.where((above > 0) & (best >= first), own, np.inf))

    def levels(self, units: NDArray[np.int64], confidence: Floats) -> Floats:
        """Return for each row the highest threshold at which it is forwarded; ``-inf`` where there is none.

        *units*: places in ``curve.names``, -1 for an unknown unit. That is the row's confidence, or, where the unit
        does not meet its floor there, the next lower threshold at which it does.
        """
        curve = self.curve
        if not len(curve.unit):
            return np.where((units >= 0) & (len(curve) > 0), confidence, -np.inf)
        levels = np.full(len(confidence), -np.inf)
        known, first, counts = curve._by_unit
        size = len(known)
        place = np.arange(size)
        next_met = np.append(np.minimum.accumulate(np.where(self.meets, place, size)[::-1])[::-1], size)
        order = np.argsort(units, kind="stable")
        cuts = np.searchsorted(units[order], np.arange(len(curve.names) + 1))
        for unit in np.flatnonzero(np.diff(cuts)).tolist():
            rows = order[cuts[unit] : cuts[unit + 1]]
            begin, end = int(first[unit]), int(first[unit] + counts[unit])
            above = np.searchsorted(-known[begin:end], -confidence[rows], side="right")
            last = begin + np.maximum(above, 1) - 1
            here = np.where(above > 0, self.meets[np.minimum(last, size - 1)], self.top[unit])
            after = next_met[last]
            lower = np.where(after < end, known[np.minimum(after, size - 1)], -np.inf)
            levels[rows] = np.where(here, confidence[rows], lower)
        return levels


def wilson_lower(right: NDArray[np.int64], rows: NDArray[np.int64], z: float = Z_ONE_SIDED) -> Floats:
    """Return the lower end of Wilson's interval (1927) for *right* of *rows*; 0 where there are no rows."""
    n = np.maximum(rows, 1).astype(np.float64)
    share = right / n
    centre = share + z * z / (2 * n)
    spread = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    lower: Floats = np.where(rows > 0, np.maximum((centre - spread) / (1 + z * z / n), 0.0), 0.0)
    return lower
