"""The policy: which rows go to their unit without a person, by wanted precision or by what people can review.

Its figures are rules with dates (``data/rules/kebijakan.tsv``); what they lead to is read off the model's held-out
rows (:class:`~pipeline.routing.curve.RiskCurve`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import MIN_CONFIDENT_ROWS, NEVER, Floats
from pipeline.routing.curve import Floors, RiskCurve
from pipeline.routing.decision import FORWARD, REVIEW
from pipeline.routing.difference import Difference
from pipeline.routing.policy_table import Policy, load_policy

__all__ = ["Plan", "Policy", "PolicyDecision", "decide", "load_policy", "plan", "priority"]

UNSURE = "kebijakan:keyakinan"
WEAK_UNIT = "kebijakan:unit_lemah"
CAPACITY = "kebijakan:kapasitas"
FORCED = "kebijakan:wajib"
_MOST = 0.999
"""A margin never asks for more: at 1 a single wrong held-out row would stop everything."""
_RANKS = {"darurat": 1, "tinggi": 2}
_TO_REVIEW, _REST = 3, 4


@dataclass(frozen=True)
class PolicyDecision:
    """One action a row, and what stands behind it.

    ``actions``: ``teruskan`` or ``tinjau``. ``rules``: why a row is reviewed, several joined by ``; `` (``""`` for
    ``teruskan``). ``expected_precision``: of the rows to forward, as the held-out rows at the same thresholds have it,
    at least the 20 most confident ones (NaN where nothing is to be forwarded or known). ``weak_units``: always
    reviewed; ``unit_thresholds``: units with a threshold of their own, above ``threshold``.
    ``reviewed``: rows to review; ``over_capacity``: by how many they are more than people can review. ``notes``:
    lines for the summary.
    """

    actions: NDArray[np.object_]
    threshold: float
    rules: NDArray[np.object_]
    expected_precision: float
    weak_units: frozenset[str]
    reviewed: int = 0
    over_capacity: int = 0
    notes: tuple[str, ...] = field(default=())
    unit_thresholds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Plan:
    """What a policy comes to with a model before any row is seen; the fields as :class:`PolicyDecision` has them.

    ``coverage`` is the share of held-out rows that would go without a person. ``cuts`` (float64): the threshold of
    each of the model's units, ``inf`` for those always reviewed, and one ``inf`` more for a unit it does not know.
    """

    threshold: float
    expected_precision: float
    coverage: float
    weak_units: frozenset[str]
    notes: tuple[str, ...]
    cuts: Floats
    unit_thresholds: Mapping[str, float]


@lru_cache(maxsize=32)
def plan(policy: Policy, curve: RiskCurve) -> Plan:
    """Return the plan by wanted precision (a capacity needs the rows: see :func:`decide`).

    The threshold is that of all held-out rows, weak units among them. A unit that does not meet its floor there gets
    the lowest threshold above at which it does, or none. A lower precision so never forwards fewer rows. Lowering the
    threshold for what the others gain kept less of the wanted precision (docs/decisions.md).
    """
    chosen = _plan_at(policy, curve, curve.threshold_for(policy.precision))
    if len(curve) and chosen.threshold >= NEVER:
        return replace(chosen, notes=(*chosen.notes, "No threshold reaches this precision: every row is reviewed."))
    return chosen


def _plan_at(policy: Policy, curve: RiskCurve, threshold: float) -> Plan:
    own = _floors(curve, policy.unit_floor, policy.min_rows, policy.floors).thresholds(threshold)
    precision, coverage, n = curve.forwarded(own)
    named = dict(zip(curve.names, own.tolist(), strict=True))
    weak = frozenset(name for name, cut in named.items() if cut == np.inf)
    rest = curve.without(weak)
    if n < MIN_CONFIDENT_ROWS <= len(rest) and threshold < NEVER:
        precision, _, _ = rest.precision_at(float(rest.confidence[MIN_CONFIDENT_ROWS - 1]))
    notes = []
    if not len(curve):
        notes.append("This model has no held-out rows of this office: every row is reviewed.")
    elif not curve.has_units:
        notes.append("This model was made before units were kept: no unit has a floor. Train it again.")
    above = {name: cut for name, cut in named.items() if threshold < cut < np.inf}
    return Plan(threshold, precision, coverage, weak, tuple(notes), np.append(own, np.inf), above)


@lru_cache(maxsize=32)
def _floors(curve: RiskCurve, unit_floor: float, min_rows: int, own: tuple[tuple[str, float], ...]) -> Floors:
    floors = dict(own)
    values = np.array([floors.get(name, unit_floor) for name in curve.names], dtype=np.float64)
    return curve.floors(values, min_rows)


def decide(
    policy: Policy,
    curve: RiskCurve,
    units: NDArray[np.object_],
    confidence: Floats,
    forced: NDArray[np.bool_] | None = None,
) -> PolicyDecision:
    """Decide about rows that a unit gets (leave those out that are incomplete or no complaint).

    *units* (object, shape (rows,)): the predicted unit; *confidence* (float64): its calibrated probability.
    *forced* (bool): rows that another rule sends to a person; they count against the capacity. With a capacity the
    rows are decided over all at once: the least confident ones are reviewed, as many as people can; rows of one
    confidence stay together, and so do those of a unit that meets its floor only at a lower threshold, so some
    capacity may be left over. More capacity never forwards more rows. Without rows of their own, a unit and a model
    forward nothing, whatever the capacity.
    """
    forced = np.zeros(len(confidence), dtype=np.bool_) if forced is None else forced
    difference = _difference(policy, curve, units, confidence) if policy.margin > 0 else None
    places = curve.places
    codes = np.fromiter((places.get(unit, -1) for unit in units.tolist()), dtype=np.int64, count=len(units))
    if policy.capacity is None:
        if difference is not None and difference.differs:
            policy = replace(policy, precision=max(policy.precision, min(policy.precision + policy.margin, _MOST)))
        chosen = plan(policy, curve)
    else:
        chosen = _plan_at(policy, curve, _by_capacity(policy, curve, codes, confidence, forced))
    own = chosen.cuts[codes]
    unsure = confidence < chosen.threshold
    weak = (confidence < own) & (own > chosen.threshold)
    code = unsure + 2 * weak + 4 * forced
    reviewed = int(np.count_nonzero(code))
    over = 0 if policy.capacity is None else max(reviewed - policy.capacity, 0)
    notes = list(chosen.notes)
    expected = chosen.expected_precision
    if reviewed == len(confidence) > 0:
        expected = float("nan")
    if policy.capacity is not None and reviewed == len(confidence) > 0:
        notes.append("Every row is reviewed.")
    if over:
        notes.append(
            f"{reviewed:,} rows have to be reviewed (unit's floor or another rule), {over:,} more than the capacity "
            f"of {policy.capacity:,}: no other row is reviewed."
        )
    if difference is not None and (warning := difference.warning()) is not None:
        notes.append(warning)
    why = _reasons(UNSURE if policy.capacity is None else CAPACITY)
    return PolicyDecision(
        actions=np.where(code == 0, FORWARD, REVIEW).astype(object), threshold=chosen.threshold, rules=why[code],
        expected_precision=expected, weak_units=chosen.weak_units, reviewed=reviewed,
        over_capacity=over, notes=tuple(notes), unit_thresholds=chosen.unit_thresholds,
    )  # fmt: skip


def _by_capacity(
    policy: Policy, curve: RiskCurve, codes: NDArray[np.int64], confidence: Floats, forced: NDArray[np.bool_]
) -> float:
    """Return the threshold that leaves as many rows to review as people can.

    Each row counts by the highest threshold at which it is forwarded, which its unit's floor may have set lower.
    """
    floors = _floors(curve, policy.unit_floor, policy.min_rows, policy.floors)
    levels = floors.levels(codes, confidence)
    free = levels[~forced & (levels > -np.inf)]
    return _below(free, (policy.capacity or 0) - (len(confidence) - len(free)))


def _below(confidence: Floats, rows: int) -> float:
    """Return the threshold that has at most *rows* of *confidence* below it, as many as ties allow."""
    if rows <= 0 or not len(confidence):
        return 0.0
    if rows >= len(confidence):
        return float(np.nextafter(confidence.max(), np.inf))
    return float(np.partition(confidence, rows)[rows])


def _reasons(unsure: str) -> NDArray[np.object_]:
    """Return the text of each code: 1 unsure, 2 below its unit's own threshold, 4 forced."""
    parts = ((4, FORCED), (2, WEAK_UNIT), (1, unsure))
    return np.array(["; ".join(text for bit, text in parts if code & bit) for code in range(8)], dtype=object)


def _difference(policy: Policy, curve: RiskCurve, units: NDArray[np.object_], confidence: Floats) -> Difference:
    mean = float(confidence.mean()) if len(confidence) else 0.0
    return policy.compare(curve, Counter(units.tolist()), mean)


def priority(levels: NDArray[np.object_], actions: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return each row's place in the order of work: 1 ``darurat``, 2 ``tinggi``, 3 others to review, 4 the rest.

    Urgency never waits for the unit nor for what the text lacks: a ``darurat`` is 1 whatever its action, for a wrong
    ``bukan_aduan`` must not hide an emergency.
    """
    ranks = np.where(np.asarray(actions) == REVIEW, _TO_REVIEW, _REST).astype(np.int64)
    for level, rank in _RANKS.items():
        ranks[np.asarray(levels) == level] = rank
    return ranks
