"""Compare periods: each measure with its test, corrected over all of them, and the estimated accuracy beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.errors import DataError
from pipeline.retraining.drift.distance import (
    Floats,
    Ints,
    bin_counts,
    category_counts,
    holm,
    permuted,
    ratio_difference,
)
from pipeline.retraining.drift.estimate import estimate
from pipeline.retraining.drift.limits import MEASURES, Limits, load_limits
from pipeline.retraining.drift.period import Period, Predictions
from pipeline.retraining.drift.report import Change, DriftReport, Measure, Side
from pipeline.retraining.drift.words import rising_words

_CHANGES = 3
_SEED = 0


@dataclass(frozen=True)
class _Sample:
    """One measure of two periods: counts by category or bin, and what a person reads of them."""

    key: str
    rows: tuple[int, int]
    counts: tuple[Ints, Ints] | None = None
    values: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    skipped: str = ""


def drift(old: Period, new: Period, limits: Limits | None = None) -> DriftReport:
    """Compare *new* with *old*, both by the same model.

    Seeded: the same periods give the same report. Where the model was trained on *old*, its predictions there say
    nothing: its held-out record, all training days together, stands in for them. Where it was trained on *new*,
    measures of predictions are left out. Raises :class:`DataError` when two models made the periods.
    """
    return drift_by(old, [new], limits)[0]


def drift_by(old: Period, news: Sequence[Period], limits: Limits | None = None) -> list[DriftReport]:
    """Compare each of *news* with *old*; p-values are corrected over all measures of all of them together."""
    limits = limits or load_limits()
    if any(new.model != old.model for new in news):
        raise DataError("the periods were made by two models", hint="Make both with the same one.")
    all_samples = [list(_samples(old, new, limits.min_rows)) for new in news]
    judged = [sample for samples in all_samples for sample in samples if sample.counts is not None]
    # Holm multiplies the smallest p by the number of tests: with too few draws nothing could be significant.
    draws = max(limits.permutations, int(np.ceil(2 * len(judged) / limits.alpha)))
    rng = np.random.default_rng(_SEED)
    found = [permuted(*sample.counts, draws, rng) for sample in judged if sample.counts is not None]
    adjusted = iter(zip(found, holm([one.p for one in found]), strict=True))
    reports = []
    for new, samples in zip(news, all_samples, strict=True):
        measures = []
        for sample in samples:
            measure = _described(sample, limits)
            if sample.counts is not None:
                distance, p = next(adjusted)
                measure = replace(
                    measure, distance=distance.observed, beyond=distance.beyond, p=distance.p, p_adjusted=p,
                    significant=p < limits.alpha,
                )  # fmt: skip
            measures.append(measure)
        enough = min(len(old), len(new)) >= limits.min_rows
        reports.append(
            DriftReport(
                model=old.model,
                old=_side(old),
                new=_side(new),
                measures=tuple(measures),
                old_estimate=estimate(old, _reference(old)[0]) if len(_reference(old)[0]) else None,
                new_estimate=estimate(new, new.predictions) if not new.trained else None,
                words=rising_words(old, new) if enough else (),
                alpha=limits.alpha,
                permutations=draws,
                tests=len(judged),
                min_rows=limits.min_rows,
            )
        )
    return reports


def _reference(old: Period) -> tuple[Predictions, bool]:
    """Return predictions of old rows that the model had not seen, and whether they are its held-out record."""
    return (old.held_out, True) if old.trained else (old.predictions, False)


def _side(period: Period) -> Side:
    return Side(period.name, period.days, period.read, len(period), period.trained)


def _samples(old: Period, new: Period, least: int) -> Iterator[_Sample]:
    before, held_out = _reference(old)
    after = new.predictions
    # The record knows confidences, not what the rules of the guard send to a person: both sides by confidence then.
    reviewed = new.unsure if held_out else after.review
    mine, theirs = before.right[before.right >= 0], after.right[after.right >= 0]
    labels = [period.labels[period.labels != ""] for period in (old, new)]
    why = "baris baru dipakai melatih model" if new.trained else ""
    no_units = "" if (before.unit != "").any() or not len(before) else "catatan held-out model tanpa unit"
    yield _mix("unit_prediksi", before.unit, after.unit, least, why or no_units)
    yield _mix("unit_berlabel", labels[0], labels[1], least)
    words = [(period.words.unknown, period.words.counted) for period in (old, new)]
    shares = [unknown / np.maximum(counted, 1) for unknown, counted in words]
    yield _numbers("kosakata", shares[0], shares[1], least, ratios=words)
    yield _numbers("panjang", old.words.length, new.words.length, least)
    yield _numbers("keyakinan", before.confidence, after.confidence, least, why)
    yield _share("ditinjau", before.review, reviewed, least, why)
    yield _share("kesepakatan", mine == 1, theirs == 1, least, why)


def _mix(key: str, old: np.ndarray, new: np.ndarray, least: int, why: str = "") -> _Sample:
    rows = (len(old), len(new))
    if skipped := _too_few(rows, least, why):
        return _Sample(key, rows, skipped=skipped)
    names, before, after = category_counts(old.tolist(), new.tolist())
    return _Sample(key, rows, (before, after), names=tuple(names))


def _numbers(
    key: str, old: Floats, new: Floats, least: int, why: str = "", ratios: Sequence[tuple[Floats, Floats]] | None = None
) -> _Sample:
    rows = (len(old), len(new))
    if skipped := _too_few(rows, least, why):
        return _Sample(key, rows, skipped=skipped)
    sides = ratios or [(side, np.ones(len(side))) for side in (old, new)]
    return _Sample(key, rows, bin_counts(old, new), ratio_difference(sides[0], sides[1]))


def _share(key: str, old: np.ndarray, new: np.ndarray, least: int, why: str = "") -> _Sample:
    rows = (len(old), len(new))
    if skipped := _too_few(rows, least, why):
        return _Sample(key, rows, skipped=skipped)
    counts = [np.bincount(side.astype(np.int64), minlength=2) for side in (old, new)]
    sides = [(side.astype(np.float64), np.ones(len(side))) for side in (old, new)]
    return _Sample(key, rows, (counts[0], counts[1]), ratio_difference(sides[0], sides[1]))


def _too_few(rows: tuple[int, int], least: int, why: str) -> str:
    if why:
        return why
    if max(rows) == 0 or min(rows) == 0:
        return "tidak ada data di salah satu periode"
    return f"terlalu sedikit baris ({rows[0]} dan {rows[1]}; perlu {least})" if min(rows) < least else ""


def _described(sample: _Sample, limits: Limits) -> Measure:
    changes: tuple[Change, ...] = ()
    if sample.names and sample.counts is not None:
        before, after = (side / side.sum() for side in sample.counts)
        largest = np.argsort(-np.abs(after - before), kind="stable")[:_CHANGES]
        changes = tuple(Change(sample.names[i], float(before[i]), float(after[i])) for i in largest.tolist())
    return Measure(
        key=sample.key, title=MEASURES[sample.key], rows=sample.rows, values=sample.values,
        limit=limits.distance[sample.key], skipped=sample.skipped, changes=changes,
    )  # fmt: skip
