"""History and officers' decisions as one set of labelled rows; a decision takes the place of what history says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.catalogue.crosswalk import pool_place
from pipeline.retraining.data import NO_ROWS, Labelled, Rows, letters
from pipeline.retraining.decided import Decided, Decisions, Kind
from pipeline.retraining.trust import Trust
from pipeline.text import mask_texts, repair


@dataclass(frozen=True)
class Joined:
    """``data``: the decided rows (newest first), then history's others, each with its weight.

    ``decisions``: what was joined. ``history_units``, ``history_urgencies``: labels that history gave.
    ``replaced_units``, ``replaced_urgencies``: how many of them a decision took the place of; ``changed_units``: of the
    units, those to which the decision gives another unit, ``removed_units``: those to which it gives none.
    ``other_texts``: decisions whose id stands in history with another text.
    """

    data: Labelled
    decisions: Decisions
    history_units: int
    history_urgencies: int
    replaced_units: int
    changed_units: int
    removed_units: int
    replaced_urgencies: int
    other_texts: int

    def facts(self) -> dict[str, int]:
        """Return the counts for the record."""
        kinds = self.decisions.kinds()
        return {
            "decisions": len(self.decisions.rows),
            **{kind.name.lower(): kinds[kind] for kind in Kind},
            "left_out": sum(self.decisions.left_out.values()),
            "history_units": self.history_units,
            "history_urgencies": self.history_urgencies,
            "replaced_units": self.replaced_units,
            "changed_units": self.changed_units,
            "removed_units": self.removed_units,
            "replaced_urgencies": self.replaced_urgencies,
            "other_texts": self.other_texts,
        }


def join(history: Labelled, decisions: Decisions, trust: Trust, *, pool_places: bool = False) -> Joined:
    """Return *history* with *decisions* in it.

    A decision takes the place of history's row with its id and of rows with the letters of its text; personal data is
    compared as masked, for exports are. ``teruskan`` teaches unit and urgency, ``lengkapi`` the urgency,
    ``bukan_aduan`` nothing: both take history's unit away. A decision counts on the day that its complaint came in,
    else on its own.
    *pool_places*: as *history* was collected.
    """
    rows = decisions.rows
    texts = [*history.units.texts, *history.urgencies.texts]
    keys = _keys([decision.text for decision in rows])
    key_of = dict(zip(texts, _keys(texts), strict=True))
    # Of decisions on the same text the newest counts; they stand newest first.
    by_key = {key: decision for key, decision in zip(reversed(keys), reversed(rows), strict=True) if key}
    by_id = {decision.id: (decision, key) for decision, key in zip(rows, keys, strict=True)}

    def decided(history_rows: Rows) -> list[Decided | None]:
        found = []
        for text, name in zip(history_rows.texts, history_rows.names(), strict=True):
            same_id = by_id.get(name) if name else None
            found.append(same_id[0] if same_id else by_key.get(key_of[text]))
        return found

    def unit_of(decision: Decided) -> str:
        return pool_place(decision.taught_unit) if pool_places else decision.taught_unit

    units, urgencies = decided(history.units), decided(history.urgencies)
    replaced = [
        (unit_of(decision), label)
        for decision, label in zip(units, history.units.labels, strict=True)
        if decision is not None
    ]
    others = {
        name
        for side in (history.units, history.urgencies)
        for text, name in zip(side.texts, side.names(), strict=True)
        if name in by_id and name and by_id[name][1] != key_of[text]
    }

    def taught(wanted: Callable[[Decided], str], weigh: Callable[[Decided], float]) -> Rows:
        return _rows([(decision, wanted(decision), weigh(decision)) for decision in rows if wanted(decision)])

    records = decisions.records
    unit_rows = taught(unit_of, lambda d: trust.unit_weight(d, records.get(d.officer)))
    urgency_rows = taught(
        lambda d: d.level if d.teaches_urgency else "", lambda d: trust.urgency_weight(d, records.get(d.officer))
    )
    return Joined(
        data=Labelled(
            units=unit_rows.joined([_kept(history.units, units, trust)]),
            urgencies=urgency_rows.joined([_kept(history.urgencies, urgencies, trust)]),
            read=history.read + decisions.read,
        ),
        decisions=decisions,
        history_units=len(history.units),
        history_urgencies=len(history.urgencies),
        replaced_units=len(replaced),
        changed_units=sum(bool(unit) and unit != label for unit, label in replaced),
        removed_units=sum(not unit for unit, _ in replaced),
        replaced_urgencies=sum(decision is not None for decision in urgencies),
        other_texts=len(others),
    )


def _keys(texts: Sequence[str]) -> list[str]:
    return [letters(text) for text in mask_texts([repair(text) for text in texts])]


def _rows(taught: Sequence[tuple[Decided, str, float]]) -> Rows:
    if not taught:
        return NO_ROWS
    return Rows(
        [decision.text for decision, _, _ in taught],
        [label for _, label, _ in taught],
        np.array([decision.received or decision.day for decision, _, _ in taught], dtype="datetime64[us]"),
        np.array([weight for _, _, weight in taught]),
        [decision.id for decision, _, _ in taught],
    )


def _kept(history: Rows, decided: Sequence[Decided | None], trust: Trust) -> Rows:
    kept = history.take(i for i, decision in enumerate(decided) if decision is None)
    return Rows(kept.texts, kept.labels, kept.times, kept.counts() * trust.weights.history, kept.ids)
