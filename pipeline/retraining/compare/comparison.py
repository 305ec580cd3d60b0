"""The outcome of a comparison: gates passed and failed, as a table, as JSON in the challenger's run, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FILE = "comparison.json"
"""Where the challenger's MLflow run keeps it."""


@dataclass(frozen=True)
class Gate:
    """One thing that a challenger must reach. Figures are ``None`` where there is nothing to measure.

    ``low``, ``high``: 95 % interval of (challenger - champion), where the gate looks at it. Not ``judged``: the two
    sides' figures cannot be held against each other, so it is neither passed nor failed.
    """

    name: str
    champion: float | None
    challenger: float | None
    wanted: str
    passed: bool
    note: str = ""
    low: float | None = None
    high: float | None = None
    judged: bool = True

    def line(self) -> str:
        """Return the gate as one line of a table."""
        figures = f"{_cell(self.champion):>10} {_cell(self.challenger):>10}"
        verdict = "n/a" if not self.judged else "ok" if self.passed else "FAILED"
        note = f" ({self.note})" if self.note else ""
        return f"  {verdict:<6}  {figures}  {self.name}: {self.wanted}{note}"


@dataclass(frozen=True)
class Comparison:
    """What the gates say of *challenger* beside *champion* (``NAME/VERSION``) on *rows* rows from *start* on.

    ``start`` is an ISO date, ``""`` where the rows have none. ``code`` and ``champion_code``: sha256 of the code that
    answered. ``warnings``: what limits the comparison. ``stood_in``: on the units a model of the champion's recipe,
    trained on history before the window, answered in the champion's place.
    """

    challenger: str
    champion: str
    rows: int
    urgency_rows: int
    start: str
    code: str
    champion_code: str
    gates: tuple[Gate, ...]
    warnings: tuple[str, ...] = ()
    stood_in: bool = False

    @property
    def failed(self) -> tuple[Gate, ...]:
        """The gates that are judged and not passed."""
        return tuple(gate for gate in self.gates if gate.judged and not gate.passed)

    @property
    def unjudged(self) -> tuple[Gate, ...]:
        """The gates that could not be judged."""
        return tuple(gate for gate in self.gates if not gate.judged)

    @property
    def passed(self) -> bool:
        """Whether every gate is judged and passed."""
        return not self.failed and not self.unjudged

    def verdict(self) -> str:
        """Return the outcome as a sentence."""
        if self.passed:
            return "All gates are passed."
        failed = f"{len(self.failed)} of {len(self.gates)} gates failed"
        if not self.unjudged:
            return f"{failed}."
        return f"{failed}, {len(self.unjudged)} could not be judged (n/a)."

    def lines(self, *, failed_only: bool = False) -> Iterator[str]:
        """Yield the table for a terminal."""
        since = f" from {self.start} on" if self.start else ""
        yield f"{self.challenger} beside the champion {self.champion} on {self.rows:,} rows{since}"
        yield from (f"  Note: {warning}" for warning in self.warnings)
        yield f"  {'gate':<6}  {'champion':>10} {'challenger':>10}"
        yield from (gate.line() for gate in (self.failed if failed_only else self.gates))
        if not failed_only:
            yield f"  {self.verdict()}"

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Comparison:
        """Return the comparison that :meth:`to_dict` gave."""
        lists = {"gates": tuple(Gate(**gate) for gate in facts["gates"]), "warnings": tuple(facts["warnings"])}
        return cls(**{**facts, **lists})


def _cell(value: float | None) -> str:
    if value is None or value != value:
        return "-"
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:,.0f}"
