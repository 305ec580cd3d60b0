"""Tables and goals of the speed benchmark as markdown, and their places in docs/performance.md."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from speed_process import can_pin, cores

Cell = str | float | int | None


@dataclass(frozen=True)
class Goal:
    """A measured *value* and the *limit* it is held against; ``None`` was not measured."""

    name: str
    value: float | None
    limit: float
    unit: str
    at_most: bool = True

    @property
    def reached(self) -> bool | None:
        """Whether the value keeps the limit, ``None`` where it was not measured."""
        if self.value is None:
            return None
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def goals_table(goals: Sequence[Goal]) -> str:
    words = {True: "reached", False: "**not reached**", None: "not measured"}
    rows: list[Sequence[Cell]] = []
    for goal in goals:
        sign = "≤" if goal.at_most else "≥"
        measured = "-" if goal.value is None else f"{number(goal.value)} {goal.unit}"
        rows.append((goal.name, f"{sign} {number(goal.limit)} {goal.unit}", measured, words[goal.reached]))
    return table(("goal", "limit", "measured", ""), rows)


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a markdown table; numbers with three figures that count, ``None`` as ``-``."""
    lines = [f"| {' | '.join(heads)} |", "|---|" + "--:|" * (len(heads) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


def _cell(value: Cell) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return *value* with three figures that count; whole numbers whole, with commas."""
    if value == int(value):
        return f"{int(value):,}"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def machine() -> str:
    """Return what the figures depend on, without the machine's name."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn", "pandas"))
    pinned = "pinned with taskset" if can_pin() else "not pinned (no taskset here)"
    return (
        f"{len(cores())} cores of {_processor()}, processes {pinned}; {platform.system()}, "
        f"Python {platform.python_version()}, {packages}."
    )


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.machine()


def insert(text: str, blocks: Mapping[str, str]) -> str:
    """Return *text* with each block between its marks ``<!-- name -->`` and ``<!-- /name -->``.

    Raises ``ValueError`` where a mark is missing.
    """
    for name, block in blocks.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"the page has no place marked {name}")
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}{block}\n{end}{rest.partition(end)[2]}"
    return text
