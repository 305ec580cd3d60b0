"""The policy's figures: rules with dates (``data/rules/kebijakan.tsv``), which options override."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.catalogue.rules import Rule, load_rules
from pipeline.classifiers.calibration import Floats
from pipeline.errors import InputError, OptionError
from pipeline.routing.curve import RiskCurve
from pipeline.routing.difference import Difference, Limits, compare
from pipeline.settings import recipes_dir

TABLE = "kebijakan"
_NAMES = {
    "presisi": "precision", "kapasitas": "capacity", "lantai_unit": "unit_floor", "baris_unit": "min_rows",
    "margin": "margin", "beda_keyakinan": "confidence_limit", "beda_unit": "units_limit", "baris_beda": "rows_limit",
}  # fmt: skip
_WHOLE = frozenset({"kapasitas", "baris_unit", "baris_beda"})


@dataclass(frozen=True)
class Policy:
    """What an office wants of rows that go without a person.

    ``precision``: share of them that shall be right. ``capacity``: rows a run that people can review; where it is
    given, the threshold follows from it and ``precision`` rests. ``unit_floor``: rows of a unit are forwarded from
    the lowest threshold, at or above that of all, at which the 95 % one-sided lower bound of its held-out precision
    (with fewer rows there than ``min_rows``: of its ``min_rows`` most confident ones) is at the floor or above; it is
    always reviewed where there is none, or where it has fewer than ``min_rows`` held-out rows at all;
    ``floors`` holds units with a floor of their own.
    ``margin`` is added to ``precision`` for a batch that differs from training (see ``routing.difference``).
    ``rules`` are the ids of the rules that gave the figures.
    """

    precision: float = 0.95
    capacity: int | None = None
    unit_floor: float = 0.0
    min_rows: int = 0
    margin: float = 0.0
    confidence_limit: float = 1.0
    units_limit: float = 1.0
    rows_limit: int = 0
    floors: tuple[tuple[str, float], ...] = ()
    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, value, top in (
            ("precision", self.precision, 1.0), ("unit_floor", self.unit_floor, 1.0), ("margin", self.margin, 1.0),
            *((f"unit_floor of {unit!r}", floor, 1.0) for unit, floor in self.floors),
        ):  # fmt: skip
            if not (0 <= value <= top and (name != "precision" or value > 0)):
                raise OptionError(f"Policy: {name} {value}: give a number between 0 and {top:g}, for example 0.95.")
        if self.capacity is not None and self.capacity < 0:
            raise OptionError(f"Policy: capacity {self.capacity}: give the number of rows that people can review.")

    def with_options(
        self,
        precision: float | None = None,
        capacity: int | None = None,
        unit_floor: float | None = None,
        margin: float | None = None,
    ) -> Policy:
        """Return the policy with what is given in place of the rules' figures.

        A *precision* without a *capacity* also sets a capacity of the rules aside. Raises :class:`OptionError` for
        a value out of its range.
        """
        given: dict[str, Any] = {
            "precision": precision, "capacity": capacity, "unit_floor": unit_floor, "margin": margin
        }  # fmt: skip
        changes = {name: value for name, value in given.items() if value is not None}
        if precision is not None and capacity is None:
            changes["capacity"] = None
        return replace(self, **changes)

    def floors_of(self, names: tuple[str, ...]) -> Floats:
        """Return each unit's floor."""
        own = dict(self.floors)
        return np.array([own.get(name, self.unit_floor) for name in names], dtype=np.float64)

    def compare(self, curve: RiskCurve, counts: dict[str, int], mean_confidence: float) -> Difference:
        """Return how far a batch is from training; arguments as :func:`pipeline.routing.difference.compare` has."""
        limits = Limits(self.confidence_limit, self.units_limit, self.rows_limit)
        return compare(curve, counts, mean_confidence, limits)


def load_policy(on: dt.date | None = None) -> Policy:
    """Return the policy that holds *on* a day (default: today).

    Raises :class:`InputError` naming the rule with an unknown name, a wrong number, or a second value for one thing.
    """
    figures: dict[str, float] = {}
    floors: dict[str, float] = {}
    used = []
    for rule in load_rules(TABLE, on or dt.date.today()):
        value, unit, name = _number(rule), rule.values["unit"], rule.values["nama"]
        if name not in _NAMES or (unit and name != "lantai_unit"):
            raise InputError(
                f"{TABLE}.tsv, rule {rule.id!r}, column 'nama': {name!r}{' for one unit' if unit else ''} is unknown. "
                f"Known: {', '.join(_NAMES)}; only lantai_unit may name a unit."
            )
        here, key = (floors, unit) if unit else (figures, _NAMES[name])
        if key in here:
            raise InputError(
                f"{TABLE}.tsv, rule {rule.id!r}: another rule for {name} {unit} holds on the same day. End one of them."
            )
        here[key] = value
        used.append(rule.id)
    figures.setdefault("precision", _recipe_precision())
    whole = {_NAMES[name] for name in _WHOLE}
    typed: dict[str, Any] = {name: int(value) if name in whole else value for name, value in figures.items()}
    return Policy(**typed, floors=tuple(floors.items()), rules=tuple(used))


def _number(rule: Rule) -> float:
    text = rule.values["nilai"]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    whole = rule.values["nama"] not in _WHOLE or value.is_integer()
    if not (math.isfinite(value) and value >= 0 and whole):
        raise InputError(
            f"{TABLE}.tsv, rule {rule.id!r}, column 'nilai': {text!r} is no such number. Write it as 0.95, rows as 200."
        )
    return value


def _recipe_precision() -> float:
    recipe = tomllib.loads((recipes_dir() / "unit.toml").read_text(encoding="utf-8"))
    return float(recipe["decision"]["precision"])
