"""The policy list: themes for the unit that owns the rule, ranked by volume × growth × not completed × urgency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import poisson

from pipeline.catalogue.crosswalk import load_crosswalk
from pipeline.catalogue.functions import functions_by_name, load_functions
from pipeline.catalogue.units import load_units
from pipeline.reports.monev.statuses import ARCHIVED, BLOCKED, COMPLETED, UNKNOWN
from pipeline.reports.monev.themes.finding import Themes
from pipeline.reports.monev.themes.growth import Growth
from pipeline.reports.monev.themes.laws import named_laws

LEAST = 5
"""Complaints of the period that make a theme worth a place in the list."""
MOST_COURTESY = 0.4
"""Share of greetings and thanks among a theme's words from which it is no matter of policy."""
OUT = (ARCHIVED, BLOCKED, UNKNOWN)
"""Stages of reports that nobody has to complete, or of which nothing is known."""
_URGENT = ("tinggi", "darurat")
_REGIONS = 3
_READ = 2_000
"""Texts of a theme, the nearest to its middle, that are searched for laws."""
_LEAST_MONTH = 3


@dataclass(frozen=True)
class Factors:
    """The four factors, each bounded and rising; 1 where the data cannot tell, so that a missing column cancels none.

    ``volume``: log(1 + complaints) / log(1 + the largest theme's), in (0, 1]. ``growth``: 2r / (1 + r) of the odds
    ratio r against the last period, in (0, 2). ``unfinished``: 0.5 + share not completed, in [0.5, 1.5].
    ``urgency``: 0.5 + share of high or emergency urgency, in [0.5, 1.5].
    """

    volume: float
    growth: float
    unfinished: float
    urgency: float

    @property
    def product(self) -> float:
        """The rank's figure."""
        return self.volume * self.growth * self.unfinished * self.urgency


@dataclass(frozen=True)
class PolicyItem:
    """One row of the list.

    ``unit``: who got most of these complaints ("" unknown), ``unit_share`` of them. ``asked``: the theme's name;
    ``quote``: one masked quotation or "". ``since``: first month (its first day) of the run of months, up to the
    period, in which the theme's rate stands above its quiet months' noise; None where there is no such run. ``first``:
    the first month with a complaint on it. ``where``: regions with most of it and their counts. ``same_answer``: share
    of its commonest pair of unit and status, None without a status. ``open_share``: not completed, None without.
    ``services``: functions of the unit (urusan) or its duties; ``laws``: what citizens name.
    """

    theme: str
    unit: str
    unit_share: float | None
    asked: str
    quote: str
    complaints: int
    before: int
    verdict: str
    open_share: float | None
    urgent_share: float | None
    since: dt.date | None
    first: dt.date | None
    where: tuple[tuple[str, int], ...]
    same_answer: float | None
    services: tuple[str, ...]
    laws: tuple[str, ...]
    factors: Factors


def policy_list(
    frame: pd.DataFrame,
    themes: Themes,
    now: NDArray[np.bool_],
    changes: Sequence[Growth],
    quotations: Sequence[Sequence[str]] = (),
    *,
    completed: NDArray[np.bool_] | None = None,
    unit: str | None = None,
    most: int | None = None,
) -> list[PolicyItem]:
    """Return the themes of the period, the most pressing first (ties by theme id).

    *frame* has the columns of ``Reports.frame`` (all rows, also earlier ones), *now* tells the period's rows,
    *changes* is :func:`~.themes.growth.growth` of all themes in order. *completed* (bool per row) tells which reports
    count as completed, as the office's table of statuses says; by default those of the stage ``selesai``.
    With *unit* only rows of that unit are counted (growth stays that of *changes*: hand in the unit's own).
    """
    rows = now if unit is None else now & (frame["unit"] == unit).to_numpy(bool, na_value=False)
    sizes = themes.sizes(rows)
    largest = max(int(sizes.max(initial=0)), 1)
    months = _months(frame["received"])
    totals = np.bincount(months[months >= 0], minlength=1)
    # Up to the period's last month: later rows of the data do not belong to this report.
    last = int(months[now].max(initial=-1))
    done = (frame["stage"] == COMPLETED).to_numpy(bool, na_value=False) if completed is None else completed
    items = []
    for theme, definition in enumerate(themes.definitions):
        if sizes[theme] < LEAST or themes.courtesy[theme] >= MOST_COURTESY:
            continue
        members = np.flatnonzero(rows & (themes.of == theme))
        part = frame.iloc[members]
        owner, owned = _commonest(part["unit"])
        left, urgent = _open_share(part["stage"], done[members]), _urgent_share(part["level"])
        change = changes[theme]
        every = months[themes.of == theme]
        counts = np.bincount(every[every >= 0], minlength=len(totals))
        names = quotations[theme] if theme < len(quotations) else ()
        items.append(
            PolicyItem(
                definition.id, owner, owned, definition.name, names[0] if names else "",
                int(sizes[theme]), change.before, change.verdict, left, urgent,
                _month_day(frame["received"], since(counts, totals, last)),
                _month_day(frame["received"], int(np.flatnonzero(counts)[0]) if counts.any() else None),
                _regions(part["region"]), _same_answer(part), services(owner),
                named_laws(_texts(frame["text"], members[np.argsort(-themes.score[members], kind="stable")[:_READ]])),
                factors(int(sizes[theme]), largest, change.ratio, left, urgent),
            )
        )  # fmt: skip
    items.sort(key=lambda item: (-item.factors.product, item.theme))
    return items[:most]


def factors(count: int, largest: int, ratio: float | None, left: float | None, urgent: float | None) -> Factors:
    """Return the four factors of a theme with *count* complaints; what is None counts 1."""
    return Factors(
        float(np.log1p(count) / np.log1p(max(largest, count))),
        1.0 if ratio is None else 2 * ratio / (1 + ratio),
        1.0 if left is None else 0.5 + left,
        1.0 if urgent is None else 0.5 + urgent,
    )


def since(counts: NDArray[np.int64], totals: NDArray[np.int64], last: int) -> int | None:
    """Return the first month of the unbroken run up to month *last* whose count is above noise, else None.

    Noise: the theme's rate in the quieter half of the months before *last*; a month is above it when its count lies
    above the 97.5 % point of a Poisson distribution with that rate. At least three months must come before.
    """
    rates = counts[:last][totals[:last] > 0] / totals[:last][totals[:last] > 0]
    if last < 0 or len(rates) < _LEAST_MONTH:
        return None
    quiet = float(np.sort(rates)[: (len(rates) + 1) // 2].mean())
    first = None
    for month in range(last, -1, -1):
        if counts[month] < _LEAST_MONTH or counts[month] <= poisson.ppf(0.975, quiet * totals[month]):
            break
        first = month
    return first


def services(unit: str) -> tuple[str, ...]:
    """Return the functions (urusan) that *unit* has by a crosswalk or its name; of a ministry's unit its duties."""
    ministry = load_units()
    if unit in ministry:
        return (ministry[unit].duties,)
    crosswalk = load_crosswalk()
    known = [list(crosswalk.functions(office, unit)) for office, units in crosswalk.offices.items() if unit in units]
    functions = load_functions()
    return tuple(functions[code].name for code in (known[0] if known else functions_by_name(unit)) if code in functions)


def _texts(texts: pd.Series, rows: NDArray[np.int64]) -> list[str]:
    return [text for text in texts.iloc[rows] if isinstance(text, str)]


def _months(received: pd.Series) -> NDArray[np.int64]:
    """Return each row's month, counted from the earliest; -1 without a date."""
    number = received.to_numpy("datetime64[M]").astype(np.int64)
    dated = ~received.isna().to_numpy()
    earliest = int(number[dated].min()) if dated.any() else 0
    return np.where(dated, number - earliest, -1)


def _month_day(received: pd.Series, month: int | None) -> dt.date | None:
    if month is None:
        return None
    earliest = received.min().to_period("M")
    return (earliest + month).to_timestamp().date()


def _commonest(values: pd.Series) -> tuple[str, float | None]:
    counts = values.dropna().astype(str).value_counts()
    if counts.empty:
        return "", None
    best = min(counts.index[counts == counts.iloc[0]])
    return str(best), float(counts[best] / counts.sum())


def _open_share(stage: pd.Series, done: NDArray[np.bool_]) -> float | None:
    counted = (stage.notna() & ~stage.isin(OUT)).to_numpy(bool)
    return float((~done[counted]).mean()) if counted.any() else None


def _urgent_share(level: pd.Series) -> float | None:
    known = level.dropna().astype(str)
    return float(known.isin(_URGENT).mean()) if len(known) else None


def _regions(region: pd.Series) -> tuple[tuple[str, int], ...]:
    counts = region.dropna().astype(str).value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple((str(name), int(count)) for name, count in ordered[:_REGIONS])


def _same_answer(part: pd.DataFrame) -> float | None:
    pairs: Any = part[["unit", "status"]].dropna().astype(str).value_counts()
    return float(pairs.iloc[0] / pairs.sum()) if len(pairs) else None
