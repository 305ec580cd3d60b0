"""Goals and tables made of the figures of one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from speed_models import Models
from speed_parts import Growth, Program, Starts
from speed_report import Goal, goals_table, machine, table
from speed_sastrawi import StemmerTimes
from speed_texts import REAL, Written

MILLION, BEFORE = 1_000_000, 100_000


@dataclass(frozen=True)
class Results:
    """All figures of one run."""

    written: Written
    models: Models
    programs: list[Program]
    passes: dict[str, dict[str, Any]]
    stages: dict[str, Any]
    stemmers: StemmerTimes | str
    starts: Starts
    growth: list[Growth]


def goals(found: Results) -> list[Goal]:
    """Hold the figures against what the project set itself."""
    rows, (floor, one, two) = found.written.rows, found.programs
    stemmed, router = found.passes["stemmed"], found.passes["router"]
    sastrawi = None
    if isinstance(found.stemmers, StemmerTimes):
        sastrawi = found.stemmers.old_ms / 1000 * rows / router["cold"]
    peaks = {size.rows: size.peak_mb for size in found.growth}
    most, before = peaks.get(MILLION), peaks.get(BEFORE)
    return [
        Goal(f"csv → csv, {rows:,} rows, one core", one.median / floor.median, 2.0, "x the floor's time"),
        Goal(f"csv → csv, {rows:,} rows, both cores", two.median / floor.median, 1.2, "x the floor's time"),
        Goal("scoring, cold", stemmed["cold"] / router["cold"], 2, "x as fast as (b)", at_most=False),
        Goal("scoring, warm", stemmed["warm"] / router["warm"], 4, "x as fast as (b)", at_most=False),
        Goal("scoring, cold, against (c) stemming, a row", sastrawi, 1000, "x as fast as (c)", at_most=False),
        Goal("peak memory of 1,000,000 rows, all processes", most, 1000, "MB"),
        Goal("the same against 100,000 rows", most / before if most and before else None, 1.1, "x"),
        Goal("one row in a new process, start to exit", found.starts.one_row, 3, "s"),
        Goal("first row of a large file on standard output", found.starts.first_of_many, 3, "s"),
        Goal("`disposisi --help`", found.starts.help, 0.2, "s"),
        Goal("one row through a loaded router", router["single_ms"], 3, "ms"),
    ]


def blocks(found: Results) -> dict[str, str]:
    """Return the page's tables by their marks."""
    return {
        "machine": setting(found),
        "goals": goals_table(goals(found)),
        "end-to-end": end_to_end_table(found),
        "passes": passes_table(found),
        "stages": stages_table(found.stages),
        "sastrawi": sastrawi_table(found.stemmers),
        "growth": growth_table(found.growth),
    }


def setting(found: Results) -> str:
    source = "Surabaya's complaints" if REAL.is_file() else "the starter corpus"
    return (
        f"{machine()}\nTexts from {source}, {found.written.mean_length:.0f} characters on average; models trained on "
        f"{found.models.rows:,} rows of {found.models.units} units."
    )


def end_to_end_table(found: Results) -> str:
    rows, floor = found.written.rows, found.programs[0].median
    heads = ("", "s, median", "least–most", "s inside", "rows/s", "peak MB", "x floor")
    lines = []
    for one in found.programs:
        spread = f"{min(one.seconds):.2f}–{max(one.seconds):.2f}"
        lines.append((one.name, one.median, spread, one.inside, rows / one.median, one.peak_mb, one.median / floor))
    return f"{rows:,} rows, {found.written.size / 1e6:.0f} MB:\n\n{table(heads, lines)}"


def passes_table(found: Results) -> str:
    names = {"floor": "(a) the floor", "stemmed": "(b) PySastrawi, then the floor", "router": "disposisi's router"}
    base = found.passes["stemmed"]
    lines = []
    for key, name in names.items():
        one = found.passes[key]
        speeds = [one["rows"] / one[temperature] for temperature in ("cold", "warm")]
        ratios = [base[temperature] / one[temperature] for temperature in ("cold", "warm")]
        lines.append((name, speeds[0], speeds[1], ratios[0], ratios[1]))
    router = found.passes["router"]
    stems = [1e6 * base[f"stemming_{temperature}"] / base["rows"] for temperature in ("cold", "warm")]
    stemming = f"(b) spends {stems[0]:.0f} µs a row on stemming when cold, {stems[1]:.0f} µs when warm."
    single = f"Loading the router takes {router['loading']:.2f} s. One row through it: {router['single_ms']:.2f} ms"
    heads = ("", "rows/s cold", "rows/s warm", "x (b) cold", "x (b) warm")
    return f"{table(heads, lines)}\n\n{single} (median; 95 % below {router['single_ms_95']:.2f} ms).\n{stemming}"


def stages_table(stages: dict[str, Any]) -> str:
    cold, warm = stages["cold"], stages["warm"]
    rows = cold["rows"]
    lines = []
    for stage, seconds in cold["seconds"].items():
        again = warm["seconds"][stage]
        memory = _highest(stages, "peaks", stage), _highest(stages, "added", stage)
        share = f"{100 * again / warm['whole']:.0f} %"
        lines.append((stage, 1e6 * seconds / rows, 1e6 * again / rows, rows / seconds, rows / again, share, *memory))
    whole = [1e6 * one["whole"] / rows for one in (cold, warm)]
    peak = max((mb for one in (cold, warm) for mb in one["peaks"].values()), default=None)
    lines.append(("all", *whole, rows / cold["whole"], rows / warm["whole"], "100 %", peak, None))
    heads = ("stage", "µs/row cold", "µs/row warm", "rows/s cold", "rows/s warm", "share warm", "peak MB", "adds MB")
    return table(heads, lines)


def _highest(stages: dict[str, Any], what: str, stage: str) -> float | None:
    found = [one[what][stage] for one in (stages["cold"], stages["warm"]) if stage in one[what]]
    return max(found) if found else None


def sastrawi_table(found: StemmerTimes | str) -> str:
    if isinstance(found, str):
        return f"Not measured: {found}."
    lines = [
        ("(c) Sastrawi 1.0.1, stemming alone", found.old_ms, 1.0),
        ("PySastrawi, stemming alone", found.new_ms, found.old_ms / found.new_ms),
        ("disposisi, everything", found.disposisi_ms, found.old_ms / found.disposisi_ms),
    ]
    return table((f"{found.texts} texts, each in a new process", "ms/text", "x (c)"), lines)


def growth_table(found: list[Growth]) -> str:
    heads = ("rows", "MB", "s", "µs/row", "rows/s", "peak MB", "KB/row")
    lines = []
    for one in found:
        each = None if one.peak_mb is None else 1000 * one.peak_mb / one.rows
        speed = (1e6 * one.seconds / one.rows, one.rows / one.seconds)
        lines.append((f"{one.rows:,}", one.mb, one.seconds, *speed, one.peak_mb, each))
    return table(heads, lines)
