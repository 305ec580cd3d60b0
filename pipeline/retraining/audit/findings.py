"""Run an audit: every labelled row in the order of doubt, with what was found and a reason that an officer reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.catalogue import unit_name
from pipeline.retraining.audit.judging import (
    Judged,
    judge,
    majority,
    text_groups,
    unit_probabilities,
    urgency_probabilities,
)
from pipeline.retraining.audit.rows import ROLES, AuditRow, Role, classes_of
from pipeline.retraining.audit.staff import STAFF, staff_texts
from pipeline.retraining.audit.units import UnitFinding, one_period_units, small_units
from pipeline.retraining.corpus import starter_data
from pipeline.retraining.recipes import load_recipe

WRONG: Final = "label_meragukan"
CONFLICT: Final = "duplikat_bertentangan"
_STAFF_SCORE = 1.0
"""Rules this strict (docs/audit.md) go before any doubt of the model."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One label of one row. ``kinds``: what was found, none where it looks right; ``score``: 0-1, the order among rows.

    ``proposed`` is ``""`` where the row should have no label at all. ``p_proposed``, ``p_given``: probabilities of
    both by models that had not seen the row, ``None`` where none could judge it.
    """

    row: AuditRow
    role: Role
    given: str
    kinds: tuple[str, ...]
    score: float
    proposed: str
    p_proposed: float | None
    p_given: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """What an audit found: ``rows`` (units first, then urgencies, each the most doubtful first), troubles of units."""

    rows: list[Finding]
    units: list[UnitFinding]
    unjudged: tuple[Role, ...]

    def count(self, kind: str) -> int:
        """Return how many rows have a finding of this kind."""
        return sum(kind in finding.kinds for finding in self.rows)


def audit(
    rows: Sequence[AuditRow], *, pool_places: bool = False, min_rows: int | None = None, with_cleanlab: bool = False
) -> Audit:
    """Audit the labels of *rows*.

    *pool_places* and *min_rows* as in training: they decide the classes and which unit is too small. ``unjudged`` names
    the labels that no model could judge, for want of rows. Raises :class:`OptionError` where cleanlab is asked for and
    absent.
    """
    texts = [row.text for row in rows]
    staff = staff_texts(texts)
    found: list[Finding] = []
    units: list[UnitFinding] = []
    unjudged: list[Role] = []
    for role in ROLES:
        labels = classes_of(rows, role, pool_places=pool_places)
        own = [number for number, label in enumerate(labels) if label is not None]
        if not own:
            continue
        groups = text_groups(texts, labels)
        if role == "unit":
            units = _units(rows, labels, groups, min_rows)
            held_out = unit_probabilities(texts, labels, groups, load_recipe("unit"))
        else:
            starter = starter_data().urgencies
            held_out = urgency_probabilities(texts, labels, groups, load_recipe("urgency"), starter)
        judged = {} if held_out is None else judge(texts, labels, groups, held_out, with_cleanlab=with_cleanlab)
        if not judged:
            unjudged.append(role)
        group_of = {row: group for group in groups for row in group}
        of_role = [
            _finding(rows[number], role, number, labels, judged, group_of.get(number, [number]), staff)
            for number in own
        ]
        found += sorted(of_role, key=lambda finding: -finding.score)
    return Audit(found, units, tuple(unjudged))


def _units(
    rows: Sequence[AuditRow], labels: Sequence[str | None], groups: Sequence[Sequence[int]], min_rows: int | None
) -> list[UnitFinding]:
    distinct = [majority([str(labels[row]) for row in group]) for group in groups]
    times = np.array([rows[group[0]].time for group in groups], dtype="datetime64[us]")
    return [*small_units(distinct, min_rows), *one_period_units(distinct, times)] if distinct else []


def _finding(
    row: AuditRow,
    role: Role,
    number: int,
    labels: Sequence[str | None],
    judged: dict[int, Judged],
    group: Sequence[int],
    staff: dict[int, tuple[str, ...]],
) -> Finding:
    given = str(labels[number])
    model = judged.get(number)
    kinds, reasons, score, proposed = list[str](), list[str](), 0.0, given
    if model is not None:
        score = model.score
        if model.wrong:
            kinds.append(WRONG)
            proposed = model.other
            reasons.append(
                f"Model yang belum melihat laporan ini memberi {_percent(model.p_other)} untuk "
                f"{unit_name(model.other)}, {_percent(model.p_given)} untuk {unit_name(given)}."
            )
    votes = Counter(str(labels[other]) for other in group)
    if len(votes) > 1:
        most = _settled(votes, model, given)
        if most != given:
            kinds.append(CONFLICT)
            proposed = most
            score = max(score, 1.0 - votes[given] / votes.total())
            reasons.append(
                f"{votes.total()} laporan berteks sama, {votes[most]} di antaranya berlabel {unit_name(most)} dan "
                f"{votes[given]} {unit_name(given)}."
            )
    if number in staff:
        kinds.append(STAFF)
        proposed, score = "", _STAFF_SCORE
        reasons.append("Teks tampaknya ditulis petugas, bukan pelapor. Bila benar, putuskan: bukan aduan.")
    p_proposed: float | None = None
    if model is not None:
        p_proposed = {model.other: model.p_other, given: model.p_given}.get(proposed)
    p_given = None if model is None else model.p_given
    return Finding(row, role, given, tuple(kinds), score, proposed, p_proposed, p_given, tuple(reasons))


def _settled(votes: Counter[str], model: Judged | None, given: str) -> str:
    """Return the label that most equal texts have; of equally many the one that the model holds likelier."""
    best = max(votes.values())
    first = [label for label, count in votes.items() if count == best]
    if len(first) == 1 or model is None or given not in first:
        return first[0]
    return model.other if model.other in first and model.p_other > model.p_given else given


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
