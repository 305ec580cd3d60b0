"""The policy: which rows go to their unit without a person, by wanted precision or by what people can review.

Its figures are rules with dates (``data/rules/kebijakan.tsv``); what they lead to is read off the model's held-out
rows (:class:`~pipeline.routing.curve.RiskCurve`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import MIN_CONFIDENT_ROWS, NEVER, Floats
from pipeline.routing.curve import RiskCurve
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
    ``teruskan``). ``expected_precision``: of the rows to forward, as the held-out rows at that threshold have it, at
    least the 20 most confident ones (NaN where nothing is to be forwarded or known). ``weak_units``: always reviewed.
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


@dataclass(frozen=True)
class Plan:
    """What a policy comes to with a model before any row is seen; the fields as :class:`PolicyDecision` has them.

    ``coverage`` is the share of held-out rows that would go without a person.
    """

    threshold: float
    expected_precision: float
    coverage: float
    weak_units: frozenset[str]
    notes: tuple[str, ...]


@lru_cache(maxsize=32)
def plan(policy: Policy, curve: RiskCurve) -> Plan:
    """Return the plan by wanted precision (a capacity needs the rows: see :func:`decide`).

    The threshold is that of all held-out rows, weak units among them, and rows of weak units are reviewed on top:
    lowering it for what the others gain kept less of the wanted precision (docs/decisions.md).
    """
    return _plan_at(policy, curve, curve.threshold_for(policy.precision))


def _plan_at(policy: Policy, curve: RiskCurve, threshold: float, also: frozenset[str] = frozenset()) -> Plan:
    """Return the plan at *threshold*; the units *also* are weak in any case."""
    weak = also
    if not len(curve):
        weak = frozenset(curve.names)
    elif curve.has_units:
        weak |= curve.units(threshold, policy.min_rows).weak(policy.floors_of(curve.names), policy.min_rows)
    rest = curve.without(weak)
    precision, _, n = rest.precision_at(threshold)
    if n < MIN_CONFIDENT_ROWS <= len(rest) and threshold < NEVER:
        precision, _, _ = rest.precision_at(float(rest.confidence[MIN_CONFIDENT_ROWS - 1]))
    notes = []
    if not len(curve):
        notes.append("Model ini tidak punya baris held-out kantor ini: tidak ada baris yang diteruskan tanpa petugas.")
    elif not curve.has_units:
        notes.append("Model ini dibuat sebelum catatan per unit ada: lantai presisi unit tidak berlaku. Latih ulang.")
    return Plan(threshold, precision, n / max(len(curve), 1), weak, tuple(notes))


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
    confidence stay together, so a tie may leave some capacity over. Without rows of their own, a unit and a model
    forward nothing, whatever the capacity.
    """
    forced = np.zeros(len(confidence), dtype=np.bool_) if forced is None else forced
    difference = _difference(policy, curve, units, confidence) if policy.margin > 0 else None
    if policy.capacity is None:
        if difference is not None and difference.differs:
            policy = replace(policy, precision=max(policy.precision, min(policy.precision + policy.margin, _MOST)))
        chosen = plan(policy, curve)
        weak = _rows_of(units, chosen.weak_units, curve)
    else:
        chosen, weak = _by_capacity(policy, curve, units, confidence, forced)
    unsure = confidence < chosen.threshold
    code = unsure + 2 * weak + 4 * forced
    reviewed = int(np.count_nonzero(code))
    over = 0 if policy.capacity is None else max(reviewed - policy.capacity, 0)
    notes = list(chosen.notes)
    expected = chosen.expected_precision
    if policy.capacity is not None and reviewed == len(confidence):
        expected = float("nan")
        notes.append("Semua baris ditinjau petugas.")
    if over:
        notes.append(
            f"{reviewed} baris wajib ditinjau (unit lemah atau aturan lain), {over} lebih banyak dari kapasitas "
            f"{policy.capacity}: tidak ada baris lain yang ditinjau."
        )
    if difference is not None and (warning := difference.warning()) is not None:
        notes.append(warning)
    why = _reasons(UNSURE if policy.capacity is None else CAPACITY)
    return PolicyDecision(
        actions=np.where(code == 0, FORWARD, REVIEW).astype(object), threshold=chosen.threshold, rules=why[code],
        expected_precision=expected, weak_units=chosen.weak_units, reviewed=reviewed,
        over_capacity=over, notes=tuple(notes),
    )  # fmt: skip


def _by_capacity(
    policy: Policy, curve: RiskCurve, units: NDArray[np.object_], confidence: Floats, forced: NDArray[np.bool_]
) -> tuple[Plan, NDArray[np.bool_]]:
    """Return the plan whose threshold leaves as many rows below it as can be reviewed, and the weak units' rows.

    Weak units depend on the threshold and take capacity from the rest, which lowers the threshold: units only ever
    join them, so this ends.
    """
    capacity = policy.capacity or 0
    weak_units: frozenset[str] = frozenset()
    weak = _rows_of(units, weak_units, curve)
    while True:
        free = confidence[~(forced | weak)]
        left = capacity - (len(confidence) - len(free))
        threshold = _below(free, left)
        found = _plan_at(policy, curve, threshold, weak_units)
        if found.weak_units == weak_units:
            return found, weak
        weak_units, weak = found.weak_units, _rows_of(units, found.weak_units, curve)


def _below(confidence: Floats, rows: int) -> float:
    """Return the threshold that has at most *rows* of *confidence* below it, as many as ties allow."""
    if rows <= 0 or not len(confidence):
        return 0.0
    if rows >= len(confidence):
        return float(np.nextafter(confidence.max(), np.inf))
    return float(np.partition(confidence, rows)[rows])


def _rows_of(units: NDArray[np.object_], names: frozenset[str], curve: RiskCurve) -> NDArray[np.bool_]:
    """Return which rows have one of the weak units *names*, or a unit that the model's record does not know."""
    known = dict.fromkeys(curve.names, False) | dict.fromkeys(names, True)
    return np.fromiter((known.get(unit, True) for unit in units.tolist()), dtype=np.bool_, count=len(units))


def _reasons(unsure: str) -> NDArray[np.object_]:
    """Return the text of each code: 1 unsure, 2 weak unit, 4 forced."""
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
