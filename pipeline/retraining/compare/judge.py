"""The gates: champion's and challenger's answers to the same rows against the limits of ``models/gates.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import NEVER, Floats, expected_calibration_error
from pipeline.retraining.bootstrap import Figure, macro_f1, with_intervals
from pipeline.retraining.compare.answers import Answers
from pipeline.retraining.compare.checks import CheckRows
from pipeline.retraining.compare.comparison import Gate
from pipeline.retraining.compare.limits import Limits
from pipeline.routing.curve import RiskCurve

_DARURAT, _YES = "darurat", "ya"
_SIMULATIONS = 200
_MEGA = 1_000_000
_SMALL_MB = 20.0


def unit_gates(
    champion: Answers | None, challenger: Answers, truth: Sequence[str], limits: Limits, *, unfair: bool = False
) -> Iterator[Gate]:
    """Yield the gates on the units of the window's rows, whose units are *truth*.

    Without a champion (it cannot be loaded any more) only what stands by itself is judged. *unfair*: the two cannot be
    held against each other on these rows; their figures are shown and not judged.
    """
    actual = np.asarray(truth, dtype=object)
    enough = len(actual) >= limits.window.min_rows
    yield Gate("rows", None, float(len(actual)), f"{limits.window.min_rows} labelled rows or more", enough)
    if not len(actual):
        return
    if champion is not None:
        relative = [
            *_quality(champion, challenger, actual, limits),
            *_recalls(champion, challenger, actual, limits),
            _coverage(champion, challenger, actual, limits),
        ]
        yield from (replace(gate, passed=False, judged=False) if unfair else gate for gate in relative)
    excess = [None if side is None else _calibration(side, actual) for side in (champion, challenger)]
    limit = limits.calibration.limit
    yield Gate("calibration", excess[0], excess[1], f"error beyond chance at most {limit:g}", (excess[1] or 0) <= limit)


def check_gates(
    champion: Answers | None,
    challenger: Answers,
    levels: Sequence[str],
    checks: CheckRows,
    limits: Limits,
) -> Iterator[Gate]:
    """Yield the gates that look at the built-in check rows too.

    The answers are those to the window's rows with a level (*levels*), then those to *checks*.
    """
    truth = np.array([*levels, *checks.levels], dtype=object)
    urgent = truth == _DARURAT
    if champion is not None:
        rows, before, after = _recall_of(champion.levels, challenger.levels, truth, _DARURAT)
        darurat = limits.darurat_recall
        passed = rows < darurat.min_rows or after >= before - darurat.tolerance - 1e-12
        few = (
            "too few rows to judge"
            if rows < darurat.min_rows
            else f"{rows} rows, {int(urgent[: len(levels)].sum())} of the window"
        )
        yield Gate("recall of darurat", before, after, f"at most {darurat.tolerance:g} lower", passed, few)
    accuses = np.array(checks.accuses)
    told = challenger.guard[len(levels) :] == _YES
    before_told = None if champion is None else float((champion.guard[len(levels) :] == _YES)[accuses].mean())
    recall, least = float(told[accuses].mean()), limits.guard_recall.least
    yield Gate(
        "guard recall", before_told, recall, f"at least {least:g}", recall >= least, f"{int(accuses.sum())} check rows"
    )


def cost_gates(champion: Answers | None, challenger: Answers, limits: Limits) -> Iterator[Gate]:
    """Yield the gates on speed and size."""
    size = challenger.size / _MEGA
    if champion is not None:
        wanted = f"ms a row, at most {limits.speed.slowest:g} times the champion's"
        slow = challenger.seconds > limits.speed.slowest * champion.seconds
        yield Gate("speed", champion.seconds * 1000, challenger.seconds * 1000, wanted, not slow)
    before = None if champion is None else champion.size / _MEGA
    most = limits.size.largest if before is None else min(
        limits.size.largest, max(_SMALL_MB, limits.size.growth * before)
    )  # fmt: skip
    yield Gate("size", before, size, f"at most {most:.0f} MB", size <= most)


def _calibration(side: Answers, actual: NDArray[Any]) -> float:
    # A unit that it does not know it cannot name: a matter of recall, not of calibration.
    known = np.isin(actual.astype(str), list(side.labels))
    return calibration_excess(side.confidence[known], (side.units == actual)[known]) if known.any() else 0.0


def calibration_excess(confidence: Floats, correct: NDArray[np.bool_]) -> float:
    """Return how far the expected calibration error is above that of a perfectly calibrated model on so many rows.

    Binned errors are never 0 (some rows fall in each bin by chance), and the fewer rows the larger they are; the
    simulation draws right and wrong from *confidence* itself (seeded).
    """
    rng = np.random.default_rng(0)
    chance = [
        expected_calibration_error(confidence, rng.random(len(confidence)) < confidence) for _ in range(_SIMULATIONS)
    ]
    return max(0.0, expected_calibration_error(confidence, correct) - float(np.mean(chance)))


def _quality(champion: Answers, challenger: Answers, actual: NDArray[Any], limits: Limits) -> Iterator[Gate]:
    labels = np.unique(np.concatenate([actual, champion.units, challenger.units]).astype(str))
    truth, old, new = (np.searchsorted(labels, side.astype(str)) for side in (actual, champion.units, challenger.units))

    def accuracy(rows: NDArray[np.int64], said: NDArray[np.int64]) -> float:
        return float((said[rows] == truth[rows]).mean())

    def f1(rows: NDArray[np.int64], said: NDArray[np.int64]) -> float:
        return macro_f1(truth[rows], said[rows])

    every = np.arange(len(truth))
    for name, figure, margin in (
        ("accuracy", accuracy, limits.accuracy.margin), ("macro-F1", f1, limits.macro_f1.margin)
    ):  # fmt: skip
        paired = {name: lambda rows, figure=figure: figure(rows, new) - figure(rows, old)}
        difference = with_intervals(paired, len(truth))[name]
        yield Gate(
            name,
            figure(every, old),
            figure(every, new),
            f"lower end of the difference at least -{margin:g}",
            difference.low >= -margin - 1e-12,
            _signed(difference),
            difference.low,
            difference.high,
        )


def _recalls(champion: Answers, challenger: Answers, actual: NDArray[Any], limits: Limits) -> Iterator[Gate]:
    names, counts = np.unique(actual.astype(str), return_counts=True)
    for count, name in sorted(zip((-counts).tolist(), names.tolist(), strict=True)):
        if -count < limits.unit_recall.min_rows:
            continue
        rows, before, after = _recall_of(champion.units, challenger.units, actual, name)
        tolerance = limits.unit_recall.of(name)
        here = actual == name
        change = _change(champion.units[here] == name, challenger.units[here] == name)
        yield Gate(
            f"recall of {name}",
            before,
            after,
            f"upper end of the difference at least -{tolerance:g}",
            change.high >= -tolerance - 1e-12,
            f"{rows} rows, {_signed(change)}",
            change.low,
            change.high,
        )


def _signed(change: Figure) -> str:
    return f"difference {change.value:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"


def _change(old: NDArray[np.bool_], new: NDArray[np.bool_]) -> Figure:
    """Return the mean of (new - old) with its paired bootstrap interval."""
    steps = new.astype(np.int64) - old
    return with_intervals({"change": lambda rows: float(steps[rows].mean())}, len(steps))["change"]


def _recall_of(
    champion: NDArray[Any], challenger: NDArray[Any], truth: NDArray[Any], label: str
) -> tuple[int, float, float]:
    here = truth == label
    rows = int(here.sum())
    if not rows:
        return 0, float("nan"), float("nan")
    return rows, float((champion[here] == label).mean()), float((challenger[here] == label).mean())


def _coverage(champion: Answers, challenger: Answers, actual: NDArray[Any], limits: Limits) -> Gate:
    wanted = limits.coverage.precision
    before, after = (_coverage_at(side, actual, wanted) for side in (champion, challenger))
    tolerance = limits.coverage.tolerance
    said = f"share of rows at precision {wanted:g}, at most {tolerance:g} lower"
    return Gate("coverage", before, after, said, after >= before - tolerance - 1e-12)


def _coverage_at(side: Answers, actual: NDArray[Any], precision: float) -> float:
    arrays = {"confidence_": side.confidence, "correct_": side.units == actual}
    curve = RiskCurve.restore((), arrays)
    threshold = curve.threshold_for(precision)
    return 0.0 if threshold >= NEVER else curve.precision_at(threshold)[1]
