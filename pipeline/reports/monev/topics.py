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
from pipeline.reports.monev.cohort import cohort, previous_cohort
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
from pipeline.reports.monev.themes.growth import RISES
from pipeline.review.web.words import number

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
        owner = {item.theme: item.unit for item in self.items}
        return [self._told(one, owner.get(self.themes.ids[one.theme], "")) for one in _rising(self.changes)]

    @property
    def growing_of(self) -> dict[str, list[Growing]]:
        """The same within each unit."""
        found: dict[str, list[Growing]] = {}
        for one in _rising(self.changes_of.get("unit", ())):
            found.setdefault(one.group, []).append(self._told(one, one.group))
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
    themes = find_themes(frame["text"], fit_on=now | before).with_ids_of(known)
    size = len(themes.definitions)
    changes = growth(themes.of, now, before, size)
    voices = quotes(themes, frame["text"], now, ~frame["secret"].to_numpy(dtype=bool))
    changes_of: dict[str, tuple[Growth, ...]] = {}
    crossed: dict[str, Crossed] = {}
    for column in ("unit", "region"):
        if column in reports.has and size:
            codes, names = frame[column].cat.codes.to_numpy(), list(frame[column].cat.categories)
            changes_of[column] = growth_by(themes.of, now, before, size, codes, names)
            crossed[column] = _cross(themes, now, codes, names)
    items = policy_list(_numbered(frame), themes, now, changes, voices, most=MOST_ITEMS) if size else []
    return Topics(themes, changes, changes_of, crossed, voices, tuple(items))


def growth_text(change: Growth) -> str:
    """Return ``120 aduan (sebelumnya 40); porsi naik 2,9× (95 %: 2,0–4,1)``."""
    text = f"{number(change.now)} aduan (sebelumnya {number(change.before)})"
    if change.ratio is None or change.low is None or change.high is None:
        return f"{text}; terlalu sedikit untuk dibandingkan"
    times = f"{number(change.ratio, 1)}× (95 %: {number(change.low, 1)}–{number(change.high, 1)})"
    return f"{text}; porsi {change.verdict} {times}" if change.verdict != "tetap" else f"{text}; porsi tetap, {times}"


def policy_text(item: PolicyItem) -> str:
    """Return what a leader reads of a policy item without a recorded change."""
    left = "" if item.open_share is None else f"; {share(item.open_share, 0)} belum selesai"
    owner = f" Pemilik: {unit_name(item.unit)}." if item.unit else ""
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


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that the policy list counts, without the others' weight."""
    return frame[["received", "text", "unit", "status", "stage", "level", "region"]]
