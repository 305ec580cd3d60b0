"""The measurements: each function runs its processes and returns figures as they came."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from speed_models import DISPOSISI, HERE, Models
from speed_process import Finished, first_row, pinned, run
from speed_texts import Complaint, Written, grow, write_csv


@dataclass(frozen=True)
class Program:
    """One program from csv to csv: seconds of its runs, start to exit; seconds inside where it tells; peak MB."""

    name: str
    seconds: tuple[float, ...]
    inside: float | None
    peak_mb: float | None

    @property
    def median(self) -> float:
        """Return the median of the runs."""
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Growth:
    """One size: the file, seconds start to exit, peak MB of all processes together."""

    rows: int
    mb: float
    seconds: float
    peak_mb: float | None


@dataclass(frozen=True)
class Starts:
    """Seconds, medians: ``--help``; one row scored, start to exit; first row of a large file on standard output."""

    help: float
    one_row: float
    first_of_many: float


def score(source: Path, target: str | Path, models: Models, workers: int) -> list[str]:
    """Return the command that scores *source* on as many cores as workers."""
    name = ("--model", models.name, "--workers", str(workers))
    return pinned([DISPOSISI, "score", source, "-o", target, *name], workers)


def floor(source: Path, model: Path, *options: str) -> list[str]:
    """Return the command of the floor, with *options* of speed_floor.py, on one core."""
    return pinned([sys.executable, HERE / "speed_floor.py", source, f"{source}.out.csv", model, *options], 1)


def end_to_end(source: Path, models: Models, rounds: int) -> list[Program]:
    """Run the floor and disposisi with one and two workers in turn; memory in a run of its own."""
    out = f"{source}.hasil.csv"
    commands = {
        "(a) the floor, one core": floor(source, models.floor),
        "disposisi score --workers 1, one core": score(source, out, models, 1),
        "disposisi score --workers 2, both cores": score(source, out, models, 2),
    }
    runs: dict[str, list[Finished]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command, models.env))
    return [_program(name, runs[name], run(command, models.env, memory=True)) for name, command in commands.items()]


def _program(name: str, runs: Sequence[Finished], watched: Finished) -> Program:
    tells = runs[0].last_line.startswith("{")
    inside = statistics.median(one.result()["inside"] for one in runs) if tells else None
    return Program(name, tuple(one.seconds for one in runs), inside, watched.peak_mb)


def in_process(source: Path, models: Models) -> dict[str, dict[str, Any]]:
    """Return cold and warm seconds of scoring alone: PySastrawi before the floor, the floor itself, the router."""
    found = {}
    stemmed, bare = (models.stemmed, ("--stem",)), (models.floor, ())
    for name, (model, options) in {"stemmed": stemmed, "floor": bare}.items():
        done = run(floor(source, model, *options, "--passes", "2"), {}).result()
        cold, warm = done["passes"]
        found[name] = {"rows": done["rows"], "cold": sum(cold.values()), "warm": sum(warm.values())}
        found[name] |= {"stemming_cold": cold["stemming"], "stemming_warm": warm["stemming"]}
    found["router"] = router_process("passes", source, models)
    return found


def router_process(what: str, source: Path, models: Models) -> dict[str, Any]:
    """Return what speed_router.py prints for *what*, on one core."""
    command = [sys.executable, HERE / "speed_router.py", what, source, models.name]
    result: dict[str, Any] = run(pinned(command, 1), models.env).result()
    return result


def starts(folder: Path, many: Path, corpus: Sequence[Complaint], models: Models, rounds: int) -> Starts:
    """Measure how soon a new process answers, on one core; files are in the system's cache."""
    one = write_csv(folder / "one.csv", grow(corpus, 1)).path
    helped = [run(pinned([DISPOSISI, "--help"], 1), models.env).seconds for _ in range(3 * rounds)]
    single = [run(score(one, folder / "one.hasil.csv", models, 1), models.env).seconds for _ in range(rounds)]
    first = [first_row(score(many, "-", models, 1), models.env) for _ in range(rounds)]
    return Starts(statistics.median(helped), statistics.median(single), statistics.median(first))


def growth(folder: Path, corpus: Sequence[Complaint], sizes: Sequence[int], models: Models) -> list[Growth]:
    """Score files of these *sizes* with two workers and look at their memory; one file on the disk at a time."""
    found = []
    for size in sizes:
        written: Written = write_csv(folder / "growth.csv", grow(corpus, size))
        out = folder / "growth.hasil.csv"
        done = run(score(written.path, out, models, 2), models.env, memory=True)
        found.append(Growth(size, written.size / 1e6, done.seconds, done.peak_mb))
        print(f"    {size:,} rows: {done.seconds:.1f} s", flush=True)
        written.path.unlink()
        out.unlink()
    return found
