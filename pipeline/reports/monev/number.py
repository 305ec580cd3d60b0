"""One figure with its interval and its change against the period before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reports.monev.definitions import Definition, Reference
from pipeline.reports.monev.intervals import NOTHING, Estimate, difference, growth, quantile, share


@dataclass(frozen=True)
class Number:
    """A figure: ``None`` stands for what cannot be computed.

    ``unit``: ``jumlah`` (``value`` is an int), ``bagian`` (a share of 1) or ``hari`` (days). ``low``, ``high``: 95 %
    interval of a share or a quantile. ``before``: value in the period before. ``change``: for a count the growth as a
    share of ``before`` (0.25: a quarter more), else ``value`` less ``before``; with its 95 % interval. ``hits``, ``n``:
    numerator and denominator of a share; ``n`` alone: rows of a quantile. ``references``: values to hold it against.
    """

    key: str
    name: str
    unit: str
    value: float | int | None
    low: float | None = None
    high: float | None = None
    before: float | int | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    hits: int | None = None
    n: int | None = None
    references: tuple[Reference, ...] = ()

    @property
    def is_certain_change(self) -> bool:
        """Tell whether the interval of the change leaves out "no change"."""
        if self.change_low is None or self.change_high is None:
            return False
        return self.change_low > 0 or self.change_high < 0


def count(definition: Definition, now: int, before: int | None) -> Number:
    """Return the count *now*, and its growth against *before* (``None``: there is no period before)."""
    change = NOTHING if before is None else growth(now, before)
    return _number(definition, Estimate(now, math.nan, math.nan), before, change)


def proportion(definition: Definition, now: tuple[int, int], before: tuple[int, int] | None) -> Number:
    """Return the share of *now* (hits, n), and its difference to that of *before*."""
    found = share(*now)
    earlier = NOTHING if before is None else share(*before)
    return _number(definition, found, earlier.value, difference(found, earlier), hits=now[0], n=now[1])


def percentile(definition: Definition, q: float, now: NDArray, before: NDArray | None) -> Number:
    """Return the *q* quantile of the values *now*, and its difference to that of *before*."""
    found = quantile(np.asarray(now, dtype=np.float64), q)
    earlier = NOTHING if before is None else quantile(np.asarray(before, dtype=np.float64), q)
    return _number(definition, found, earlier.value, difference(found, earlier), n=len(now))


def _number(
    definition: Definition,
    found: Estimate,
    before: float | None,
    change: Estimate,
    hits: int | None = None,
    n: int | None = None,
) -> Number:
    return Number(
        definition.key, definition.name, definition.unit, _known(found.value), _known(found.low), _known(found.high),
        _known(before), _known(change.value), _known(change.low), _known(change.high), hits, n, definition.references,
    )  # fmt: skip


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
