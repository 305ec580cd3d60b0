"""Rule tables in ``data/rules``: each row is a rule with an id, dates of validity and its source."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import InputError
from pipeline.settings import data_dir

_OWN = ("id", "berlaku_dari", "berlaku_sampai", "sumber")
_MEANING = "arti"


@dataclass(frozen=True)
class Rule:
    """One row of a table; ``values`` holds the table's other columns, empty ones as ``""``."""

    id: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    values: Mapping[str, str]
    place: str = ""

    def holds(self, day: dt.date) -> bool:
        """Tell whether the rule is valid on *day*."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def number(self, column: str, *, least: float = -math.inf, most: float = math.inf) -> float:
        """Return a column's number. Raises :class:`InputError` for anything else, or one out of its range."""
        text = self.values[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            ends = f" between {least:g} and {most:g}" if math.isfinite(least) and math.isfinite(most) else ""
            raise self._wrong(
                column, f"is not a number{ends or ' that can stand there'}. Write it with a point, as 0.5."
            )
        return value

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        """Return a column's value. Raises :class:`InputError` where it is none of *allowed*."""
        value = self.values[column]
        if value not in allowed:
            raise self._wrong(column, f"is none of {', '.join(allowed)}.")
        return value

    def _wrong(self, column: str, what: str) -> InputError:
        return InputError(f"{self.place}, rule {self.id!r}: column {column!r}: {self.values[column]!r} {what}")

    def meets(self, other: Rule) -> bool:
        """Tell whether both are valid on one day."""
        later = max(self.valid_from, other.valid_from)
        return self.holds(later) and other.holds(later)


def load_rules(name: str, on: dt.date | None = None) -> list[Rule]:
    """Return the rules of ``data/rules/NAME.tsv`` that are valid on a day (default: today), in order.

    Raises :class:`InputError` as :func:`read_rules`.
    """
    day = on or dt.date.today()
    return [rule for rule in all_rules(name) if rule.holds(day)]


def all_rules(name: str) -> tuple[Rule, ...]:
    """Return every rule of ``data/rules/NAME.tsv``, whatever its days; raises :class:`InputError`."""
    return _read(data_dir() / "rules" / f"{name}.tsv")


@cache
def _read(path: Path) -> tuple[Rule, ...]:
    return tuple(read_rules(path))


def read_rules(path: Path) -> list[Rule]:
    """Return the rules of the tab-separated *path*; lines that begin with ``#`` are comments.

    Raises :class:`InputError` naming file, row and column of a wrong date, a missing source, a cell too many or too
    few, or an id that is valid twice on one day.
    """
    rules: dict[str, list[Rule]] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}). Put the table back.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from error
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    reader = csv.DictReader((line for _, line in numbered), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [column for column in _OWN if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{path}: the column {missing[0]!r} is missing.")
    for (number, line), row in zip(numbered[1:], reader, strict=True):
        place = f"{path}, row {number}"
        cells = line.rstrip("\r\n").count("\t") + 1
        if cells != len(reader.fieldnames or ()):
            raise InputError(
                f"{place}: {cells} cells where the header has {len(reader.fieldnames or ())}. "
                "Put one tab between two columns, also where a cell is empty."
            )
        values = {name: (value or "").strip() for name, value in row.items()}
        first = _day(values["berlaku_dari"], place, "berlaku_dari")
        if first is None:
            raise InputError(f"{place}: column 'berlaku_dari' is empty. Give a date such as 2024-01-31.")
        for column in ("id", "sumber"):
            if not values[column]:
                raise InputError(f"{place}: column {column!r} is empty. Every rule has an id and a source.")
        rule = Rule(
            values["id"], first, _day(values["berlaku_sampai"], place, "berlaku_sampai"), values["sumber"],
            _Values(place, {name: value for name, value in values.items() if name not in _OWN}), place,
        )  # fmt: skip
        if rule.valid_to is not None and rule.valid_to < rule.valid_from:
            raise InputError(f"{place}: column 'berlaku_sampai' is before 'berlaku_dari'. Correct one of them.")
        if any(rule.meets(other) for other in rules.setdefault(rule.id, [])):
            raise InputError(
                f"{place}: column 'id': {rule.id!r} is valid twice on one day. End the earlier row, or give another id."
            )
        rules[rule.id].append(rule)
    return [rule for same in rules.values() for rule in same]


class _Values(dict[str, str]):
    """The columns of a row; one that is not there is the table's fault, said in its own words."""

    def __init__(self, place: str, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self._place = place

    def __missing__(self, column: str) -> str:
        raise InputError(f"{self._place}: there is no column {column!r}. Put it back into the header.")


def _day(text: str, place: str, column: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{place}: column {column!r}: {text!r} is not a date. Write it as 2024-01-31.") from error


def find_rule(rule_id: str) -> tuple[str, Rule] | None:
    """Return the table and the row of a rule, the one valid today where there is one; ``None`` for no known rule."""
    tables = sorted((data_dir() / "rules").glob("*.tsv"))
    found = [(path.stem, rule) for path in tables for rule in _read(path) if rule.id == rule_id]
    today = dt.date.today()
    return next((one for one in found if one[1].holds(today)), found[-1] if found else None)


def rule_note(rule_id: str) -> str:
    """Return what people read of a rule: its table, its source and its days of validity; ``""`` for no known rule."""
    found = find_rule(rule_id)
    if found is None:
        return ""
    table, rule = found
    until = f" until {rule.valid_to.isoformat()}" if rule.valid_to else ""
    meaning = f"{rule.values[_MEANING]}; " if rule.values.get(_MEANING) else ""
    return f"{meaning}{table}.tsv, from {rule.valid_from.isoformat()}{until}; {rule.source}"
