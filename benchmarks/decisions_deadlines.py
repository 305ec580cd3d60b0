"""Limits in force, worked examples and the speed of setting deadlines: ``python benchmarks/decisions_deadlines.py``.

No accuracy: the real complaints are of 2021 to 2023, whose holidays are not known here, and nobody recorded deadlines.
"""

from __future__ import annotations

import datetime as dt
import time

import numpy as np

from pipeline.catalogue.holidays import Calendar
from pipeline.catalogue.time_limits import TimeLimits
from pipeline.routing.deadline import DeadlineSetter

TODAY = dt.date(2026, 4, 2)
EXAMPLES = (
    ("permintaan_informasi", False, dt.date(2026, 3, 13), "Idulfitri with its cuti bersama in between"),
    ("pengaduan", False, dt.date(2026, 12, 23), "over the change of year"),
    ("pengaduan", True, dt.date(2026, 1, 3), "received on a Saturday"),
)
REPEATS = 7


def lines() -> list[str]:
    """Return the section as lines of markdown."""
    calendar, limits = Calendar(), TimeLimits.load()
    out = ["## Deadlines", "", "Working days after receipt, by the day of receipt.", ""]
    out += [
        "| received | kind | supervisory | forward | first answer | finish | rule |",
        "|---|---|---|--:|--:|--:|---|",
    ]
    for day in (dt.date(2024, 12, 31), dt.date(2025, 1, 1)):
        for kind in limits.kinds:
            for supervisory in (False, True):
                limit = limits.for_(kind, supervisory, day)
                cells = (limit.forward, limit.answer, limit.finish, f"`{limit.id}`") if limit else ("-", "-", "-", "")
                row = (day, kind, "ya" if supervisory else "tidak", *cells)
                out.append("| " + " | ".join(map(str, row)) + " |")
    out += ["", f"Three examples, judged on {TODAY}. Holidays are known for {', '.join(map(str, calendar.years))}.", ""]
    out += [
        "| received | kind | supervisory | forward | first answer | finish | overdue | why |",
        "|---|---|---|---|---|---|---|---|",
    ]
    setter = DeadlineSetter(calendar, limits, TODAY)
    rows = setter.set([row[0] for row in EXAMPLES], [row[1] for row in EXAMPLES], [row[2] for row in EXAMPLES])
    for at, (kind, supervisory, received, why) in enumerate(EXAMPLES):
        ends = (rows.forward[at], rows.answer[at], rows.finish[at])
        mark = "ya" if supervisory else "tidak"
        out.append("| " + " | ".join(map(str, (received, kind, mark, *ends, rows.overdue[at], why))) + " |")
    out += ["", f"Speed, best of {REPEATS} runs, processor time of one core.", ""]
    out += ["| rows in a batch | distinct days | rows a second |", "|--:|--:|--:|"]
    for count, days in ((1_000, 30), (1_000, 330), (1_000_000, 330)):
        out.append(f"| {count:,} | {days} | {rows_a_second(setter, count, days):,.0f} |")
    return out


def rows_a_second(setter: DeadlineSetter, count: int, days: int) -> float:
    """Return how many of *count* rows of all kinds, received on *days* different days, are done in a second."""
    random = np.random.default_rng(0)
    kinds = random.choice(["pengaduan", "aspirasi", "permintaan_informasi", "bukan_aduan"], count).tolist()
    supervisory = (random.random(count) < 0.1).tolist()
    received = np.datetime64("2026-01-01") + random.integers(0, days, count).astype("timedelta64[D]")
    best = np.inf
    # The clock of the processor is coarse beside one small batch.
    batches = max(1, 50_000 // count)
    for _ in range(REPEATS):
        start = time.process_time()
        for _ in range(batches):
            setter.set(kinds, supervisory, received)
        best = min(best, time.process_time() - start)
    return count * batches / best


def main() -> None:
    print("\n".join(lines()))


if __name__ == "__main__":
    main()
