"""Interrupted time series on real counts: false alarms at dates when nothing was changed, planted falls, coverage.

    python benchmarks/interrupted.py          # about a minute of CPU

Real series: Surabaya's complaints by unit (Kelurahan and Kecamatan pooled) and by topic (counted only, as themes
would be), Kab. Bandung's by unit, each against all other complaints. At a placebo date nobody changed anything that we
know of, so 5 % of the intervals should exclude no change. A planted fall takes each later complaint out with the
chance given. Simulated series have more years than the real ones; how much they swing is taken from Surabaya.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from real_rows import show, wilson
from real_series import bandung_days, surabaya_days

from pipeline.reports.monev.series.counting import count_periods
from pipeline.reports.monev.series.interrupted import Effect, effect

LEAST = 100
"""Complaints in all below which a series is left out."""
FALLS = (0.0, 0.3, 0.5)
SIMULATED = 300

Case = tuple[pd.Series, pd.Timestamp, pd.Series]
"""Counts of a theme, a date, all complaints."""


def lines() -> Iterator[str]:
    city, town = surabaya_days(), bandung_days()
    tables = {
        "Surabaya, unit": ("instansi", city), "Surabaya, topic": ("topik", city), "Kab. Bandung, unit": ("unit", town),
    }  # fmt: skip
    yield f"## Placebo dates and planted falls on real counts (series of {LEAST} complaints or more; 95 % Wilson)"
    yield ""
    heads = f"{'excludes 0, none planted':<28} {'called a fall':<22} {'-30 % found':<22} -50 % found"
    yield f"  {'series':<26} {'dates':>5}  {heads}"
    for name, (key, rows) in tables.items():
        for every in ("week", "month"):
            cases = list(placebos(rows, key, every))
            if cases:
                yield _row(f"{name}, {every}s", cases)
    cases = list(after_peaks(city, "topik"))
    yield _row("Surabaya, topic, at peaks", cases)
    yield "  at peaks: the change comes right after the four weeks with the most complaints so far"
    yield ""
    swing = own_swing(city)
    yield f"## Simulated months, {SIMULATED} each; log rate swings by {swing:.2f} (that of Surabaya's units)"
    yield ""
    heads = f"{'truth in interval':<22} {'visible':<22} median width"
    yield f"  {'autocorr.':>9} {'a month':>7} {'before':>6} {'after':>5} {'trend':>6} {'planted':>7}  {heads}"
    for correlation, mean, before, after, trend in (
        (0.25, 20, 12, 6, 0.0), (0.25, 100, 12, 6, 0.0), (0.25, 100, 24, 12, 0.0), (0.25, 500, 24, 12, 0.0),
        (0.25, 100, 36, 12, 0.0), (0.25, 100, 36, 12, -0.2), (0.5, 100, 12, 6, 0.0), (0.5, 100, 24, 12, 0.0),
    ):  # fmt: skip
        for fall in FALLS:
            yield simulated(correlation, mean, before, after, trend, fall, swing)


def placebos(rows: pd.DataFrame, key: str, every: str) -> Iterator[Case]:
    """Yield each series of LEAST complaints with each date that has 8 months before and 3 after it."""
    table = _table(rows, key, every)
    per = 4 if every == "week" else 1
    total = table.sum(axis="columns")
    for name in table.columns[table.sum() >= LEAST]:
        for place in range(8 * per, len(table) - 3 * per + 1, 2 if every == "week" else 1):
            yield table[name], table.index[place], total


def after_peaks(rows: pd.DataFrame, key: str) -> Iterator[Case]:
    """Yield each series with the date right after its most complaints so far."""
    table = _table(rows, key, "week")
    total = table.sum(axis="columns")
    for name in table.columns[table.sum() >= LEAST]:
        sums = table[name].rolling(4).sum().to_numpy()
        for place in range(32, len(table) - 11):
            if sums[place - 1] == np.nanmax(sums[:place]):
                yield table[name], table.index[place], total


def own_swing(rows: pd.DataFrame) -> float:
    """Return by how much (log scale, sd) a unit's share of the complaints of four weeks swings beyond chance.

    Weighted over units by their complaints.
    """
    table = _table(rows, "instansi", "week")
    table = table[table.columns[table.sum() >= LEAST]]
    blocks = table.to_numpy(float)[: len(table) // 4 * 4].reshape(-1, 4, table.shape[1]).sum(axis=1)
    others = blocks.sum(axis=1, keepdims=True) - blocks
    expected = others * blocks.sum(axis=0) / others.sum(axis=0)
    extra = ((blocks - expected) ** 2 - expected).sum(axis=0) / (expected**2).sum(axis=0)
    return float(np.sqrt(np.average(np.maximum(extra, 0), weights=blocks.sum(axis=0))))


def simulated(correlation: float, mean: float, before: int, after: int, trend: float, fall: float, swing: float) -> str:
    rng = np.random.default_rng(3)
    n = before + after
    index = pd.date_range("2021-01-01", periods=n, freq="MS")
    years = np.arange(n) / 12
    hits = seen = 0
    widths = []
    for _ in range(SIMULATED):
        noise = rng.normal(0, swing, n)
        for i in range(1, n):
            noise[i] = correlation * noise[i - 1] + np.sqrt(1 - correlation**2) * noise[i]
        rate = mean * (1 + trend) ** years * np.exp(noise - swing**2 / 2)
        rate[before:] *= 1 - fall
        counts = pd.Series(rng.poisson(rate), index)
        found = effect(counts, index[before].date(), counts + rng.poisson(20 * mean, n))
        if isinstance(found, Effect):
            hits += found.low <= -fall <= found.high
            seen += found.visible
            widths.append(found.high - found.low)
    width = float(np.median(widths))
    return (
        f"  {correlation:>9g} {mean:>7g} {before:>6} {after:>5} {trend:>+6.0%} {fall:>7.0%}  "
        f"{wilson(hits, len(widths)):<22} {wilson(seen, len(widths)):<22} {width:.2f}"
    )


def _table(rows: pd.DataFrame, key: str, every: str) -> pd.DataFrame:
    return count_periods(rows["day"], rows[key], every, rows["day"].max().date())


def _row(name: str, cases: Iterable[Case]) -> str:
    cells = []
    size = 0
    for fall in FALLS:
        rng = np.random.default_rng(1)
        visible = falls = size = 0
        for counts, date, total in cases:
            later = counts.index >= date
            kept = rng.binomial(counts.to_numpy(), np.where(later, 1 - fall, 1.0))
            found = effect(pd.Series(kept, counts.index), date.date(), total - counts + kept)
            if isinstance(found, Effect):
                size += 1
                visible += found.visible
                falls += found.visible and found.change < 0
        cells += (
            [f"{wilson(visible, size):<28}", f"{wilson(falls, size):<22}"]
            if not fall
            else [f"{wilson(falls, size):<22}"]
        )
    return f"  {name:<26} {size:>5}  {' '.join(cells)}"


if __name__ == "__main__":
    sys.exit(show(lines))
