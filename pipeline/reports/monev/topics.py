"""What the complaints of a period are about: themes, how they grow, by unit and region, and the policy list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import unit_name
from pipeline.reports.forms.formats import share
from pipeline.reports.monev.cohort import Cohort, cohort, previous_cohort
from pipeline.reports.monev.period import Period
from pipeline.reports.monev.policy import PolicyItem, policy_list
from pipeline.reports.monev.reading import Reports
from pipeline.reports.monev.themes import (
    Definition,
    Growth,
    Themes,
    find_themes,
    growth,
    growth_by,
    quotes,
    theme_table,
)
from pipeline.reports.monev.themes.growth import RISES, SAME
from pipeline.review.web.words import number

_OWNER: Final = 0.5
_FITTED_DAYS: Final = 366
"""Themes are looked for in a year: in a month of a small office there are too few, and they would not last."""
MOST_ITEMS: Final = 20
"""Themes of the policy list at most."""


@dataclass(frozen=True)
class Growing:
    """A theme that grows more than chance: what is said of it, and the unit it concerns most (``""``: unknown)."""

    id: str
    name: str
    told: str
    unit: str


@dataclass(frozen=True)
class Crossed:
    """Themes × the units or regions of the period: ``counts`` int64 [groups, themes], the largest group first."""

    groups: tuple[str, ...]
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Topics:
    """Themes of the period. ``changes``: one a theme, in order; ``changes_of``: column → theme × group.

    ``voices``: up to three masked quotations a theme. ``items``: the policy list, the most pressing first.
    """

    themes: Themes
    changes: tuple[Growth, ...]
    changes_of: Mapping[str, tuple[Growth, ...]]
    crossed: Mapping[str, Crossed]
    voices: tuple[tuple[str, ...], ...]
    items: tuple[PolicyItem, ...]

    @property
    def growing(self) -> list[Growing]:
        """Themes that grow, those first whose growth is largest for sure."""
        owner = {item.theme: item.unit for item in self.items if owns(item)}
        return [self._told(one, owner.get(self.themes.ids[one.theme], "")) for one in _rising(self.changes)]

    @property
    def growing_of(self) -> dict[str, list[Growing]]:
        """The same within each unit."""
        found: dict[str, list[Growing]] = {}
        for one in _rising(self.changes_of.get("unit", ())):
            found.setdefault(one.group, []).append(self._told(one, one.group))
        # A small unit's own numbers may be too few, where all complaints on its theme clearly grow.
        for grown in self.growing:
            own = found.setdefault(grown.unit, [])
            if grown.unit and grown.id not in {one.id for one in own}:
                own.append(grown)
        return found

    @property
    def definitions(self) -> dict[str, dict[str, Any]]:
        """Theme's id → its definition as plain JSON."""
        return {one.id: one.to_json() for one in self.themes.definitions}

    def _told(self, change: Growth, unit: str) -> Growing:
        definition = self.themes.definitions[change.theme]
        return Growing(definition.id, definition.name, growth_text(change), unit)


def find_topics(reports: Reports, period: Period, as_of: dt.date, known: Sequence[Definition]) -> Topics:
    """Return the themes of *period* against the period before; those of *known* (earlier reports) keep their ids."""
    frame = reports.frame
    now, before = np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    now[cohort(reports, period, as_of).rows] = True
    before[previous_cohort(reports, period, as_of).rows] = True
    year = cohort(reports, None, as_of)
    secret = frame["secret"].to_numpy(dtype=bool)
    recent = now | before
    recent[year.rows[year.age < _FITTED_DAYS]] = True
    themes = find_themes(frame["text"], fit_on=recent & ~secret).with_ids_of(known)
    size = len(themes.definitions)
    changes = growth(themes.of, now, before, size)
    voices = quotes(themes, frame["text"], now, ~secret)
    changes_of: dict[str, tuple[Growth, ...]] = {}
    crossed: dict[str, Crossed] = {}
    for column in ("unit", "region"):
        if column in reports.has and size:
            codes, names = frame[column].cat.codes.to_numpy(), list(frame[column].cat.categories)
            changes_of[column] = growth_by(themes.of, now, before, size, codes, names)
            crossed[column] = _cross(themes, now, codes, names)
    items = policy_list(_as_of(frame, year), themes, now, changes, voices, most=MOST_ITEMS) if size else []
    return Topics(themes, changes, changes_of, crossed, voices, tuple(items))


def growth_text(change: Growth) -> str:
    """Return ``120 aduan (sebelumnya 40); porsi naik 2,9× (95 %: 2,0–4,1)``."""
    text = f"{number(change.now)} aduan (sebelumnya {number(change.before)})"
    if change.ratio is None or change.low is None or change.high is None:
        return f"{text}; terlalu sedikit untuk dibandingkan"
    times = f"{number(change.ratio, 1)}× (95 %: {number(change.low, 1)}–{number(change.high, 1)})"
    return f"{text}; porsi {verdict_text(change.verdict)}, {times}"


def owner_text(item: PolicyItem) -> str:
    """Return whose theme it is: a unit that got most of it, else that it is spread over several."""
    got = "" if item.unit_share is None else f" ({share(item.unit_share, 0)} dari aduannya)"
    return f"{unit_name(item.unit)}{got}" if owns(item) else f"Beberapa unit; terbanyak {unit_name(item.unit)}{got}"


def owns(item: PolicyItem) -> bool:
    """Tell whether one unit got at least half of the theme's complaints."""
    return item.unit_share is not None and item.unit_share >= _OWNER


def verdict_text(verdict: str) -> str:
    """Return a verdict as people read it: what is not certain is not called unchanged."""
    return "belum tentu berubah" if verdict == SAME else verdict


def policy_text(item: PolicyItem) -> str:
    """Return what a leader reads of a policy item without a recorded change."""
    left = "" if item.open_share is None else f"; {share(item.open_share, 0)} belum selesai"
    owner = f" {owner_text(item)}." if item.unit else ""
    counted = f"{number(item.complaints)} aduan (sebelumnya {number(item.before)}){left}"
    return f"{counted}; belum ada perubahan tercatat.{owner}"


def _rising(changes: Sequence[Growth]) -> list[Growth]:
    rising = [one for one in changes if one.verdict == RISES]
    return sorted(rising, key=lambda one: (-(one.low or 0.0), one.theme, one.group))


def _cross(themes: Themes, now: NDArray[np.bool_], codes: NDArray[np.integer], names: Sequence[str]) -> Crossed:
    counts = theme_table(themes.of, now, len(themes.definitions), codes, len(names))
    total = counts.sum(axis=1)
    order = [place for place in np.lexsort((np.arange(len(names)), -total)) if total[place]]
    return Crossed(tuple(names[place] for place in order), counts[order])


def _as_of(frame: pd.DataFrame, everything: Cohort) -> pd.DataFrame:
    """Return what the policy list counts, with each report's stage as it stood on the cohort's day."""
    found = frame[["received", "text", "unit", "status", "level", "region"]].copy(deep=False)
    stage = np.full(len(frame), -1, dtype=np.int8)
    stage[everything.rows] = everything.stage
    found["stage"] = pd.Categorical.from_codes(stage, frame["stage"].cat.categories)
    return found
