"""Forecast of weekly load on real counts: each method against the naive forecasts, what is shown, interval coverage.

    python benchmarks/forecast.py             # about a minute of CPU

Whole ISO weeks of Surabaya (Kelurahan and Kecamatan pooled) and of Kab. Bandung's export. The method is chosen on the
earlier origins and judged on the later ones (pipeline/reports/monev/series/backtest.py); every method is printed on the
judged origins for comparison only. Units with a complaint a week or more before the judged origins.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
from real_rows import show, wilson
from real_series import bandung_days, surabaya_days

from pipeline.reports.monev.series import backtest as rule
from pipeline.reports.monev.series.counting import count_periods
from pipeline.reports.monev.series.forecast import HORIZON, UnitForecast, forecast
from pipeline.reports.monev.series.intervals import Errors
from pipeline.reports.monev.series.methods import BASELINES, METHODS
from pipeline.reports.monev.series.poisson import Floats

WALKS = 400


def lines() -> Iterator[str]:
    for name, key, rows in (("Surabaya", "instansi", surabaya_days()), ("Kab. Bandung", "unit", bandung_days())):
        counts = count_periods(rows["day"], rows[key], "week", rows["day"].max().date())
        yield from city(name, counts)
        yield ""
    yield from noise()
    yield ""
    yield from speed()


def city(name: str, counts: pd.DataFrame) -> Iterator[str]:
    Y = counts.to_numpy(float)
    record = rule.backtest(Y, HORIZON)
    origins = record.origins[record.judged]
    start = origins[0]
    large = Y[:start].mean(axis=0) >= rule.LEAST_A_WEEK
    yield (
        f"## {name}: {len(Y)} weeks, {large.sum()} units with a complaint a week of {Y.shape[1]}; chosen on "
        f"{len(record.choosing)} origins (week {record.origins[record.choosing[0]]} to "
        f"{record.origins[record.choosing[-1]]}), judged on {len(origins)} (week {start} to {origins[-1]})"
    )
    yield ""
    yield f"  {'method':<18} {'chosen by':>9} | judged: {'MASE':>6} {'RMSSE':>6} {'WAPE':>6} {'WAPE of 8 weeks':>16}"
    seen = record.seen[record.judged][..., large]
    for method in (*BASELINES, *METHODS):
        if method.needs > start:
            continue
        expected = np.stack([method.run(Y[:o], HORIZON) for o in origins])[..., large]
        score = record.scores.get(method.key)
        mark = "*" if method is record.method else ""
        yield (
            f"  {method.key + mark:<18} {'-' if score is None else f'{score:.3f}':>9} |         "
            f"{_figures(expected, seen, Y[:start][:, large])}"
        )
    yield ""
    errors = Errors(record.origins, record.expected, record.seen)
    for share in (0.80, 0.95):
        weeks, sums = (errors.inside(record.judged, share, total)[..., large] for total in (False, True))
        yield f"  in the {share:.0%} interval: {weeks.mean():.3f} of weeks, {sums.mean():.3f} of sums of 8 weeks"
    found = forecast(counts)
    shown = [one for one in found if isinstance(one, UnitForecast)]
    whole = counts.sum(axis="columns").to_frame("semua unit")
    of_all = forecast(whole)[0]
    together = "shown" if isinstance(of_all, UnitForecast) else "not shown"
    yield f"  shown: {len(shown)} of {large.sum()} units; all units together {together}"
    heads = f"{'a week':>6} {'statistic':>9} {'MAE':>6} {'naive':>6} {'80 %':>5} {'95 %':>5}"
    yield f"  {'unit':<58} {heads}"
    inside = [errors.inside(record.judged, share).mean(axis=(0, 1)) for share in (0.80, 0.95)]
    for j in np.flatnonzero(large):
        mark = "shown" if isinstance(found[j], UnitForecast) else ""
        yield (
            f"  {str(counts.columns[j])[:58]:<58} {Y[:, j].mean():>6.1f} {record.statistic[j]:>9.1f} "
            f"{record.loss[:, j].mean():>6.2f} {record.rival_loss[:, j].mean():>6.2f} {inside[0][j]:>5.2f} "
            f"{inside[1][j]:>5.2f} {mark}"
        )
    yield f"  statistic needed: {record.critical:.2f}"


def noise() -> Iterator[str]:
    """Yield how often a series is shown where naive and method are about equally good, and where naive is worse.

    A count whose log rate walks by *step* a week; each series alone, 64 weeks.
    """
    yield f"## How often a forecast is shown, {WALKS} invented series of 64 weeks with 30 complaints a week"
    yield ""
    yield f"  {'log rate walks by':<20} {'mean gain over naive':>20}  shown"
    rng = np.random.default_rng(5)
    for step in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3):
        walk = np.cumsum(rng.normal(0, step, (64, WALKS)), axis=0)
        records = [
            rule.backtest(y[:, None].astype(float), HORIZON)
            for y in rng.poisson(30 * np.exp(walk - walk.mean(axis=0))).T
        ]
        gain = 1 - sum(one.loss.sum() for one in records) / sum(one.rival_loss.sum() for one in records)
        yield f"  {step:<20} {gain:>20.3f}  {wilson(sum(bool(one.beats[0]) for one in records), WALKS)}"


def speed() -> Iterator[str]:
    rng = np.random.default_rng(6)
    weeks = pd.date_range("2022-01-03", periods=150, freq="7D")
    counts = pd.DataFrame(rng.poisson(20, (150, 60)), index=weeks)
    begin = time.perf_counter()
    forecast(counts)
    yield f"## 60 units, 150 weeks: {time.perf_counter() - begin:.1f} s"


def _figures(expected: Floats, seen: Floats, past: Floats) -> str:
    errors, change = expected - seen, np.diff(past, axis=0)
    mase = (np.abs(errors).mean(axis=(0, 1)) / np.abs(change).mean(axis=0)).mean()
    rmsse = np.sqrt((errors**2).mean(axis=(0, 1)) / (change**2).mean(axis=0)).mean()
    wape, sums = np.abs(errors).sum() / seen.sum(), np.abs(errors.sum(axis=1)).sum() / seen.sum()
    return f"{mase:>6.3f} {rmsse:>6.3f} {wape:>6.3f} {sums:>16.3f}"


if __name__ == "__main__":
    sys.exit(show(lines))
