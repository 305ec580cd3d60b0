"""Whether a theme grew: its share of the complaints against the last period, with false discoveries held down.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words", equations 15 to 22): the
prior is the themes' shares in both periods together. q: Benjamini & Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

LEAST_ROWS = 50
"""Complaints that a period must have before anything is said."""
LEAST_THEME = 10
"""Complaints of a theme, both periods together, before anything is said of it."""
LEVEL = 0.05
RISES, FALLS, SAME, TOO_FEW = "naik", "turun", "tetap", "terlalu sedikit"
_PRIOR = 5.0
"""Weight of the prior, in complaints, for each theme on average."""
_Z95 = float(norm.ppf(0.975))


@dataclass(frozen=True)
class Growth:
    """One theme's change; ``group`` is the unit or region, "" for all rows.

    ``now``, ``before``: complaints; ``share_now``, ``share_before``: of all the group's complaints; ``ratio``: odds now
    over odds before, drawn towards 1 by the prior, with its 95 % interval ``low``, ``high``; ``z``, ``p``, ``q``
    of the log-odds; None where there are too few. ``verdict``: naik, turun, tetap (q < .05 decides), terlalu sedikit.
    """

    theme: int
    now: int
    before: int
    share_now: float | None
    share_before: float | None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    z: float | None = None
    p: float | None = None
    q: float | None = None
    verdict: str = TOO_FEW
    group: str = ""


def growth(of: NDArray[np.int32], now: NDArray[np.bool_], before: NDArray[np.bool_], themes: int) -> tuple[Growth, ...]:
    """Return the change of each of *themes* themes, in their order.

    *of* is each row's theme (-1 none), *now* and *before* tell which rows are of which period.
    """
    return _with_q(_changes(of[now], of[before], themes, ""))


def growth_by(
    of: NDArray[np.int32], now: NDArray[np.bool_], before: NDArray[np.bool_], themes: int,
    codes: NDArray[np.integer], groups: Sequence[str],
) -> tuple[Growth, ...]:  # fmt: skip
    """Return theme × group (unit or region) for all pairs with complaints, one q over all pairs that are tested.

    *codes* is each row's place in *groups* (-1 unknown), as of a pandas categorical.
    """
    found: list[Growth] = []
    for code, name in enumerate(groups):
        here = codes == code
        if not (here & (now | before)).any():
            continue
        changes = _changes(of[here & now], of[here & before], themes, str(name))
        found += [one for one in changes if one.now or one.before]
    return _with_q(found)


def theme_table(
    of: NDArray[np.int32], rows: NDArray[np.bool_], themes: int, codes: NDArray[np.integer], groups: int
) -> NDArray[np.int64]:
    """Return counts (groups, themes) of the chosen rows; rows without theme or group are left out."""
    kept = rows & (of >= 0) & (codes >= 0)
    flat = codes[kept].astype(np.int64) * themes + of[kept]
    return np.bincount(flat, minlength=groups * themes).reshape(groups, themes).astype(np.int64)


def _changes(now: NDArray[np.int32], before: NDArray[np.int32], themes: int, group: str) -> list[Growth]:
    # Rows of no theme are a class of their own: a share is of all complaints.
    counts = np.array([np.bincount(part + 1, minlength=themes + 1) for part in (now, before)], dtype=np.float64)
    totals = counts.sum(axis=1)
    prior = (themes + 1) * _PRIOR
    share = counts.sum(axis=0) / max(totals.sum(), 1)
    weight = prior * share
    found = []
    for theme in range(themes):
        many, few = counts[0, theme + 1], counts[1, theme + 1]
        shares = [float(count / total) if total else None for count, total in zip((many, few), totals, strict=True)]
        one = Growth(theme, int(many), int(few), shares[0], shares[1], group=group)
        if totals.min() >= LEAST_ROWS and many + few >= LEAST_THEME:
            smooth = np.array([many, few]) + weight[theme + 1]
            logs = np.log(smooth / (totals + prior - smooth))
            delta = float(logs[0] - logs[1])
            error = float(np.sqrt((1 / smooth).sum()))
            one = replace(
                one, ratio=float(np.exp(delta)), low=float(np.exp(delta - _Z95 * error)),
                high=float(np.exp(delta + _Z95 * error)), z=delta / error, p=float(2 * norm.sf(abs(delta / error))),
            )  # fmt: skip
        found.append(one)
    return found


def _with_q(changes: Sequence[Growth]) -> tuple[Growth, ...]:
    tested = [i for i, one in enumerate(changes) if one.p is not None]
    done = list(changes)
    values = np.array([changes[i].p for i in tested], dtype=np.float64)
    order = np.argsort(values, kind="stable")
    smallest = 1.0
    for place in range(len(order) - 1, -1, -1):
        i = tested[order[place]]
        smallest = min(smallest, float(values[order[place]]) * len(order) / (place + 1))
        one = changes[i]
        verdict = SAME if smallest >= LEVEL else RISES if (one.z or 0) > 0 else FALLS
        done[i] = replace(one, q=smallest, verdict=verdict)
    return tuple(done)
