"""Drift on real complaints: normal months, Surabaya in 2022 and 2023, another city, false alarms, planted shifts.

    python benchmarks/drift.py                # trains two models, about four minutes of CPU
    python benchmarks/drift.py --work /tmp/d  # and keeps them there for the next time

A model of January to June 2022 reads the months after, one of 2022 reads the first quarter of 2023 (units of
Kelurahan and Kecamatan pooled; texts repeated within or across periods left out). The limits of models/drift.toml were
set by the pairs of months July to December 2022 alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from real_rows import DATA, EXPORT, wilson

from pipeline.errors import ModelNotFoundError
from pipeline.intake import read_all
from pipeline.retraining.drift import Limits, Period, drift, drift_by, load_limits, period, read_rows
from pipeline.retraining.drift.limits import MEASURES
from pipeline.retraining.drift.overview import overview_lines
from pipeline.retraining.reading import read_training
from pipeline.retraining.starter import train_starter
from pipeline.retraining.train import train_model
from pipeline.scoring.router import Router
from pipeline.settings import ColumnNames
from pipeline.tracking.registry import find

COLUMNS = ColumnNames(text="isi", unit="instansi", date="tanggal")
CUTS = {"surabaya-h1": "2022-07-01", "surabaya-2022": "2023-01-01"}
CHOSEN = 6
"""Months that the limits were set by: July to December 2022."""
SPLITS, PLANTED, DRAWS = 200, 50, 999


def lines(work: Path) -> Iterator[str]:
    limits = load_limits()
    batches = read_all([str(DATA / "surabaya.csv")], COLUMNS, need={"text", "unit", "date"})
    routers = {name: _router(work, name) for name in CUTS}
    periods = {name: _periods(router, CUTS[name], batches) for name, router in routers.items()}
    months = list(periods["surabaya-h1"][1].by("month"))
    yield from normal_range(months[:CHOSEN], limits)
    for name, (old, new) in periods.items():
        yield ""
        yield f"## {name}: months from {CUTS[name]} on against its training months ({len(old):,} rows)"
        yield ""
        reports = drift_by(old, list(new.by("month")), limits)
        yield from overview_lines(reports)
        found = [report.new_estimate for report in reports if report.new_estimate is not None]
        gaps = np.array([one.gap for one in found])
        inside = sum(one.estimated.low <= one.real.value <= one.estimated.high for one in found)
        yield (
            f"  estimate less real: mean {gaps.mean():+.3f}, mean size {np.abs(gaps).mean():.3f}, largest "
            f"{gaps[np.abs(gaps).argmax()]:+.3f}; real in the estimate's interval in {inside} of {len(gaps)} months; "
            f"majority {min(one.majority for one in found):.3f}-{max(one.majority for one in found):.3f}"
        )
    yield ""
    old, quarter = periods["surabaya-2022"]
    yield "## The quarter as a whole, and another city's rows, by the model of 2022"
    yield ""
    foreign = read_rows(read_all([str(DATA / EXPORT)], ColumnNames())).distinct()
    others = [replace(quarter, name="2023 Q1"), period(routers["surabaya-2022"], foreign, "Kab. Bandung", unseen=True)]
    for other in others:
        yield from overview_lines([drift(old, other, limits)])
    unseen = periods["surabaya-h1"][1]
    half_year = unseen.take(np.flatnonzero(unseen.times < np.datetime64("2023-01-01")), "H2")
    yield ""
    yield from false_alarms(half_year, months[:CHOSEN], limits)
    yield ""
    yield from planted(half_year, limits)


def normal_range(months: list[Period], limits: Limits) -> Iterator[str]:
    """Yield what the pairs of *months* differ by."""
    reports = [drift(a, b, limits) for a, b in combinations(months, 2)]
    yield f"## Distances beyond chance between {len(months)} months, {len(reports)} pairs ({_names(months)})"
    yield ""
    yield f"  {'measure':<14} {'median':>7} {'largest':>8} {'limit':>6}  largest between"
    for place, key in enumerate(MEASURES):
        values = np.array([report.measures[place].beyond for report in reports])
        worst = reports[int(values.argmax())]
        where = f"{worst.old.name} and {worst.new.name}"
        limit = limits.distance[key]
        yield f"  {key:<14} {np.median(values):>7.3f} {values.max():>8.3f} {limit:>6g}  {where}"


def false_alarms(rows: Period, months: list[Period], limits: Limits) -> Iterator[str]:
    """Yield how often random halves of the same rows differ: by the tests alone, and as alarms."""
    quick = limits.model_copy(update={"permutations": DRAWS})
    yield f"## Random halves of the same months, {SPLITS} splits each ({DRAWS} draws a test; 95 % Wilson)"
    yield ""
    yield f"  {'rows a half':<22} {'any test significant':>28} {'alarm':>28}"
    for name, whole in ((f"{_names(months)}", rows), (months[-1].name, months[-1])):
        rng = np.random.default_rng(1)
        significant = alarms = 0
        for _ in range(SPLITS):
            first, second = _halves(whole, rng)
            report = drift(first, second, quick)
            significant += any(measure.significant for measure in report.measures)
            alarms += bool(report.alarms)
        shown = f"{len(whole) // 2:,} of {name}"
        yield f"  {shown:<22} {wilson(significant, SPLITS):>28} {wilson(alarms, SPLITS):>28}"


def planted(rows: Period, limits: Limits) -> Iterator[str]:
    """Yield how often a shift planted into one of two random halves gives an alarm, and how often by its measure."""
    quick = limits.model_copy(update={"permutations": DRAWS})
    yield f"## Shifts planted into one random half, {PLANTED} splits each: share of splits with an alarm"
    yield ""
    common = max(set(rows.predictions.unit.tolist()), key=rows.predictions.unit.tolist().count)
    shifts: dict[str, tuple[str, Callable[[Period, np.random.Generator], Period]]] = {
        "the commonest unit twice as common": ("unit_prediksi", lambda half, rng: _more(half, common, 2, rng)),
        "the commonest unit three times as common": ("unit_prediksi", lambda half, rng: _more(half, common, 3, rng)),
        "one label in ten is another unit": ("kesepakatan", lambda half, rng: _relabelled(half, 0.1, rng)),
        "one word in twenty unknown": ("kosakata", lambda half, rng: _unknown(half, 0.05, rng)),
    }
    for name, (key, shift) in shifts.items():
        rng = np.random.default_rng(2)
        hits = here = 0
        for _ in range(PLANTED):
            first, second = _halves(rows, rng)
            report = drift(first, shift(second, rng), quick)
            hits += bool(report.alarms)
            here += any(measure.key == key for measure in report.alarms)
        yield f"  {name:<42} {wilson(hits, PLANTED)}, by {key} {here / PLANTED:.2f}"


def _more(half: Period, unit: str, times: int, rng: np.random.Generator) -> Period:
    here = half.predictions.unit == unit
    share = times * here.mean()
    weights = np.where(here, share / here.sum(), (1 - share) / (~here).sum())
    return half.take(rng.choice(len(half), len(half), p=weights))


def _relabelled(half: Period, share: float, rng: np.random.Generator) -> Period:
    right = half.predictions.right.copy()
    right[(right == 1) & (rng.random(len(right)) < share)] = 0
    return replace(half, predictions=replace(half.predictions, right=right))


def _unknown(half: Period, share: float, rng: np.random.Generator) -> Period:
    known = (half.words.counted - half.words.unknown).astype(np.int64)
    return replace(half, words=replace(half.words, unknown=half.words.unknown + rng.binomial(known, share)))


def _halves(rows: Period, rng: np.random.Generator) -> tuple[Period, Period]:
    order = rng.permutation(len(rows))
    return rows.take(order[: len(rows) // 2], "first"), rows.take(order[len(rows) // 2 :], "second")


def _periods(router: Router, day: str, batches: list) -> tuple[Period, Period]:
    old, new = read_rows(batches).split(np.datetime64(day, "us"))
    return period(router, old.distinct(), "data latih"), period(router, new.distinct(without=old), "sesudahnya")


def _router(work: Path, name: str) -> Router:
    try:
        return Router.load(find(work, name)[1])
    except ModelNotFoundError:
        try:
            find(work, "starter")
        except ModelNotFoundError:
            train_starter(work)
        given = read_training(
            [str(DATA / "surabaya.csv")], COLUMNS, need={"text", "unit", "date"}, kantor=None, crosswalks=[],
            pool_places=True,
        )  # fmt: skip
        train_model(
            work, name, given.home, test_from=np.datetime64(CUTS[name], "us"), pool_places=True,
            elsewhere=given.elsewhere, starter_urgencies=given.starter_urgencies,
        )  # fmt: skip
        return Router.load(find(work, name)[1])


def _names(months: list[Period]) -> str:
    return f"{months[0].name} to {months[-1].name}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="folder that keeps the models")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(options.work or Path(folder)):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
