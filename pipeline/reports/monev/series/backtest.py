"""Rolling origin: which method forecasts best, and does it beat the naive forecasts by more than noise?

The origins move week by week over an expanding window. The method is chosen on the earlier ones, for all units
together; the later ones, none of whose weeks were seen in choosing, judge it unit by unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reports.monev.series.methods import BASELINES, METHODS, Method
from pipeline.reports.monev.series.poisson import Floats

FIRST_ORIGIN = 16
MOST_JUDGED, MOST_CHOOSING = 39, 26
FEWEST_JUDGED, FEWEST_CHOOSING = 12, 6
LEAST_A_WEEK = 1.0
"""Complaints a week below which a unit neither chooses the method nor is forecast."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """What the method and the baselines would have said at each origin.

    ``origins``: weeks known at each, all of them; ``choosing`` and ``judged`` are places in it. ``expected``: the
    method's mean (origins × horizon × units), ``seen`` what came. ``scores``: mean scaled error of each candidate on
    the choosing origins. ``loss``, ``rival_loss``: mean absolute error a week of each judged origin and unit, of the
    method and of the harder of the baselines, which ``rival`` names by unit. ``statistic``: see :func:`_statistic`.
    """

    method: Method
    origins: NDArray[np.int64]
    choosing: NDArray[np.int64]
    judged: NDArray[np.int64]
    expected: Floats
    seen: Floats
    scores: dict[str, float]
    loss: Floats
    rival_loss: Floats
    rival: tuple[Method, ...]
    statistic: Floats
    critical: float

    @property
    def beats(self) -> NDArray[np.bool_]:
        """Tell for each unit whether the method beats its rival by more than noise."""
        return self.statistic > self.critical


def weeks_needed(horizon: int) -> int:
    """Return the fewest weeks that :func:`backtest` takes."""
    return FIRST_ORIGIN + FEWEST_CHOOSING + FEWEST_JUDGED + 2 * horizon - 2


def backtest(counts: Floats, horizon: int) -> Backtest:
    """Return the rolling-origin record of *counts* (weeks × units, at least :func:`weeks_needed` weeks).

    With n origins, the last ``min(39, n - 7 - 6, 60 %)`` judge (12 at least); those whose weeks end before the first
    judged one begins choose, 26 at most. Candidates are the methods that can run at each choosing origin; the best has
    the least mean absolute error, scaled by the unit's mean absolute change from week to week before the judged
    origins (MASE, Hyndman and Koehler 2006) and averaged over units with a complaint a week or more (all units where
    none has).
    """
    origins = np.arange(FIRST_ORIGIN, len(counts) - horizon + 1)
    most = len(origins) - (horizon - 1) - FEWEST_CHOOSING
    judging = max(min(MOST_JUDGED, most, round(0.6 * len(origins))), FEWEST_JUDGED)
    judged = np.arange(len(origins) - judging, len(origins))
    start = origins[judged[0]]
    choosing = np.flatnonzero(origins + horizon <= start)[-MOST_CHOOSING:]
    seen = np.stack([counts[o : o + horizon] for o in origins])
    scale = np.maximum(np.abs(np.diff(counts[:start], axis=0)).mean(axis=0), 1e-9)
    large = counts[:start].mean(axis=0) >= LEAST_A_WEEK
    large |= not large.any()
    scores, best = {}, (np.inf, METHODS[0])
    for method in METHODS:
        if method.needs > origins[choosing[0]]:
            continue
        errors = np.abs(_run(method, counts, origins[choosing], horizon) - seen[choosing])
        scores[method.key] = float((errors.mean(axis=(0, 1)) / scale)[large].mean())
        best = min(best, (scores[method.key], method), key=lambda pair: pair[0])
    chosen = best[1]
    dropped = int((origins < chosen.needs).sum())
    origins, seen = origins[dropped:], seen[dropped:]
    choosing, judged = choosing - dropped, judged - dropped
    expected = _run(chosen, counts, origins, horizon)
    loss = np.abs(expected - seen)[judged].mean(axis=1)
    rivals = [method for method in BASELINES if method.needs <= start]
    theirs = np.stack([
        np.abs(_run(method, counts, origins[judged], horizon) - seen[judged]).mean(axis=1) for method in rivals
    ])  # fmt: skip
    harder = theirs.mean(axis=1).argmin(axis=0)
    rival_loss = theirs[harder, :, np.arange(counts.shape[1])].T
    return Backtest(
        chosen, origins, choosing, judged, expected, seen, scores, loss, rival_loss,
        tuple(rivals[i] for i in harder), _statistic(rival_loss - loss, horizon - 1), _critical(judging, horizon),
    )  # fmt: skip


def _run(method: Method, counts: Floats, origins: NDArray[np.int64], horizon: int) -> Floats:
    return np.stack([method.run(counts[:o], horizon) for o in origins])


def _statistic(gains: Floats, lags: int) -> Floats:
    """Return the Diebold-Mariano statistic of each column: the mean gain over its Newey-West standard error.

    Neighbouring origins share weeks, so *lags* is the horizon less one (Bartlett weights).
    """
    n = len(gains)
    rest = gains - gains.mean(axis=0)
    variance = (rest**2).sum(axis=0) / n
    for lag in range(1, min(lags, n - 1) + 1):
        variance = variance + 2 * (1 - lag / (lags + 1)) * (rest[lag:] * rest[:-lag]).sum(axis=0) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = gains.mean(axis=0) / np.sqrt(variance / n)
    return np.nan_to_num(value, nan=0.0)


def _critical(n: int, bandwidth: int) -> float:
    """Return the one-sided 1 % point of the statistic under fixed-b asymptotics (Kiefer and Vogelsang 2005, table 1).

    The normal's point would be far too easy with so few, overlapping origins. 1 % and not 5 %, for the gains hang
    together beyond the horizon: where naive and method are about equally good, a tenth passes (docs/forecast.md).
    """
    b = min(bandwidth / n, 1.0)
    return float(2.3263 + 4.1618 * b + 0.5368 * b**2 - 0.9060 * b**3)
