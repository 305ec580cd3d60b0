"""How many working days an office has, by kind of report and day of receipt (``data/rules/batas_waktu.tsv``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pipeline.catalogue.rules import Rule, all_rules, read_rules
from pipeline.errors import InputError

TABLE = "batas_waktu"
_SUPERVISORY = {"ya": True, "tidak": False}
_LIMITS = ("teruskan", "jawaban", "selesai", "tutup_tanpa_jawaban")


@dataclass(frozen=True)
class Limit:
    """Limits in working days after receipt; ``close``: after a follow-up that the reporter left unanswered.

    ``id``, ``source`` and ``note`` are those of the rule.
    """

    id: str
    forward: int
    answer: int
    finish: int
    source: str
    close: int
    note: str = ""


@dataclass(frozen=True)
class Period:
    """The days of receipt (both inclusive, ``last`` None: without end) on which ``limit`` holds; None: no limit."""

    first: dt.date
    last: dt.date | None
    limit: Limit | None

    def holds(self, day: dt.date) -> bool:
        """Tell whether the period holds *day*."""
        return self.first <= day and (self.last is None or day <= self.last)


class TimeLimits:
    """The rules of a table, found by kind, supervisory or not, and day of receipt.

    Raises :class:`InputError` naming rule and column of a wrong cell, and the two rules that hold on one day.
    """

    def __init__(self, rules: Iterable[Rule], file: str = f"{TABLE}.tsv") -> None:
        self._periods: dict[tuple[str, bool], list[Period]] = {}
        owners: dict[int, str] = {}
        for rule in rules:
            period = Period(rule.valid_from, rule.valid_to, _limit(rule, file))
            owners[id(period)] = rule.id
            for kind in _parts(rule, "jenis", file):
                for word in _parts(rule, "berkadar_pengawasan", file):
                    if word not in _SUPERVISORY:
                        raise _wrong(rule, "berkadar_pengawasan", file, "Write ya, tidak or ya;tidak.")
                    self._periods.setdefault((kind, _SUPERVISORY[word]), []).append(period)
        for (kind, _), periods in self._periods.items():
            for one, two in combinations(periods, 2):
                if one.holds(two.first) or two.holds(one.first):
                    raise InputError(
                        f"the rules {owners[id(one)]!r} and {owners[id(two)]!r} hold on the same days for {kind!r}",
                        file=file,
                        column="berlaku_sampai",
                        hint="End the older rule the day before the newer one begins.",
                    )
        self.kinds: tuple[str, ...] = tuple(dict.fromkeys(kind for kind, _ in self._periods))

    @classmethod
    def load(cls, path: str | Path | None = None) -> TimeLimits:
        """Return the limits of the package's table, or those of *path* (same columns)."""
        return cls(all_rules(TABLE)) if path is None else cls(read_rules(Path(path)), str(path))

    def for_(self, kind: str, supervisory: bool, received: dt.date) -> Limit | None:
        """Return the limit of a report received on *received*; None where the kind has none or no rule holds that day.

        Raises :class:`InputError` for a kind that the table does not name.
        """
        return next((period.limit for period in self.periods(kind, supervisory) if period.holds(received)), None)

    def periods(self, kind: str, supervisory: bool) -> tuple[Period, ...]:
        """Return the periods of one kind of report. Raises :class:`InputError` for a kind not in the table."""
        if kind not in self.kinds:
            raise InputError(f"unknown kind of report {kind!r}", hint=f"The table knows {', '.join(self.kinds)}.")
        return tuple(self._periods.get((kind, supervisory), ()))


def _limit(rule: Rule, file: str) -> Limit | None:
    cells = [rule.values.get(column, "") for column in _LIMITS]
    if set(cells) == {"-"}:
        return None
    days = []
    for column, cell in zip(_LIMITS, cells, strict=True):
        if not (cell.isascii() and cell.isdigit() and int(cell)):
            raise _wrong(rule, column, file, "Write working days from 1 on, or '-' in all four columns for no limit.")
        days.append(int(cell))
    forward, answer, finish, close = days
    return Limit(rule.id, forward, answer, finish, rule.source, close, rule.values.get("catatan", ""))


def _parts(rule: Rule, column: str, file: str) -> list[str]:
    parts = [part.strip() for part in rule.values.get(column, "").split(";") if part.strip()]
    if not parts:
        raise _wrong(rule, column, file, "Name at least one.")
    return parts


def _wrong(rule: Rule, column: str, file: str, hint: str) -> InputError:
    return InputError(f"rule {rule.id!r} has a missing or wrong value", file=file, column=column, hint=hint)
