"""Units that a model can hardly learn: too few texts, or present for part of the data's time only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from pipeline.retraining.data import default_min_rows

SMALL: Final = "unit_terlalu_kecil"
ONE_PERIOD: Final = "unit_satu_masa"
MOST_CHANCE: Final = 0.001
"""A unit is called absent from a stretch of time if rows as many as its own, drawn from all, miss it less often than
that (after Bonferroni: divided by the number of units)."""
LEAST_SHARE: Final = 0.1
"""Shorter stretches (share of all rows) at an end of the data tell of no unit's beginning or end."""


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """A unit's trouble; ``chance``: how often it would come by accident (0 for a unit too small)."""

    unit: str
    kind: Literal["unit_terlalu_kecil", "unit_satu_masa"]
    rows: int
    chance: float
    reason: str


def small_units(labels: Sequence[str], min_rows: int | None) -> list[UnitFinding]:
    """Return the units with fewer different texts than training asks for (*min_rows*, default by size), smallest first.

    *labels*: one a different text.
    """
    needed = default_min_rows(len(labels)) if min_rows is None else min_rows
    names, counts = np.unique(np.asarray(labels), return_counts=True)
    small = sorted((int(count), str(name)) for name, count in zip(names, counts, strict=True) if count < needed)
    return [
        UnitFinding(
            name, SMALL, count, 0.0,
            f"Hanya {count} teks, perlu {needed}: model tidak akan pernah mengusulkan unit ini. Gabungkan dengan unit "
            "penggantinya atau tambah data.",
        )
        for count, name in small
    ]  # fmt: skip


def one_period_units(labels: Sequence[str], times: np.ndarray) -> list[UnitFinding]:
    """Return the units that begin late or end early in the data, the least likely by chance first.

    The rows are put in the order of *times* (NaT left out). If a unit's n rows lay at random, none of them would be in
    the last share q of all rows with chance (1 - q)^n; likewise for the first.
    """
    dated = np.flatnonzero(~np.isnat(times))
    if not len(dated):
        return []
    order = dated[np.argsort(times[dated], kind="stable")]
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(order.tolist()):
        places[labels[row]].append(place)
    found = []
    for name, where in places.items():
        n, size = len(where), len(order)
        for share, edge, word in (
            ((size - 1 - where[-1]) / size, where[-1], "berakhir"),
            (where[0] / size, where[0], "mulai"),
        ):
            chance = (1.0 - share) ** n * len(places)
            if share >= LEAST_SHARE and chance < MOST_CHANCE:
                day = str(times[order[edge]])[:10]
                first, last = str(times[order[0]])[:10], str(times[order[-1]])[:10]
                reason = (
                    f"{n} teks, {word} pada {day}, sedangkan data mencakup {first} sampai {last}. Mungkin unit ini "
                    "berganti nama, dilebur, atau baru dibentuk: samakan labelnya."
                )
                found.append(UnitFinding(name, ONE_PERIOD, n, chance, reason))
    return sorted(found, key=lambda one: (one.chance, one.unit))
