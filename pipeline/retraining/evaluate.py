"""Measure a router on labelled rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.errors import DataError
from pipeline.intake import Batch
from pipeline.retraining.data import collect, distinct, of_labels
from pipeline.retraining.metrics import per_unit, unit_metrics, urgency_metrics
from pipeline.retraining.risk import Risk, risk_table, unit_table
from pipeline.retraining.stems import tokenise, tokenise_with_evidence
from pipeline.routing.curve import RiskCurve
from pipeline.routing.policy import Policy, load_policy
from pipeline.scoring.router import Router
from pipeline.scoring.writer import finite


@dataclass(frozen=True)
class Report:
    """Figures of one router on one data set; a half without labels is ``None``."""

    version: str
    read: int
    unit: Mapping[str, float] | None
    table: pd.DataFrame
    unknown_unit_rows: int
    urgency: Mapping[str, float] | None
    risk: Risk | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures for JSON; NaN becomes ``None``."""
        return {
            "model": self.version,
            "rows_read": self.read,
            "unit": finite(self.unit),
            "unknown_unit_rows": self.unknown_unit_rows,
            "per_unit": self.table.to_dict("records"),
            "urgency": finite(self.urgency),
            "risk": self._risk(risk_table),
            "risk_per_unit": self._risk(unit_table),
        }

    def _risk(self, table: Callable[[Risk, Policy], pd.DataFrame]) -> list[dict[str, Any]]:
        if self.risk is None or not len(self.risk.curve):
            return []
        records: list[dict[str, Any]] = finite(table(self.risk, load_policy()).to_dict("records"))
        return records


def evaluate(router: Router, batches: Sequence[Batch]) -> Report:
    """Measure *router*; the majority baseline is the commonest label of these rows.

    Raises :class:`DataError` when no row has a label that the router can be measured on.
    """
    data = collect(batches, pool_places=bool(router.manifest.get("pool_places")))
    labelled = distinct(data.units)
    known = of_labels(labelled, [str(c) for c in router.unit.classes_])
    unit: Mapping[str, float] | None = None
    risk: Risk | None = None
    table = pd.DataFrame(columns=["unit", "rows", "precision", "recall", "f1"])
    if len(known):
        probabilities = router.unit.probabilities(router.unit.vectorize(tokenise(known.texts)))
        predicted = [str(c) for c in router.unit.classes_[probabilities.argmax(axis=1)]]
        majority = Counter(known.labels).most_common(1)[0][0]
        unit = unit_metrics(known.labels, router.unit.classes_, probabilities, router.threshold, majority)
        table = per_unit(known.labels, predicted)
        curve = RiskCurve.of(router.unit)
        risk = Risk(curve, curve, RiskCurve.measured(router.unit.classes_.tolist(), known.labels, probabilities))
    urgent = of_labels(distinct(data.urgencies), router.urgency.classes_)
    urgency: Mapping[str, float] | None = None
    if len(urgent):
        docs, evidence = tokenise_with_evidence(urgent.texts)
        levels = router.urgency.probabilities(router.urgency.vectorize(docs, evidence))
        decided = [router.urgency.classes_[i] for i in router.urgency.decide(levels)]
        urgency = urgency_metrics(urgent.labels, decided, router.urgency.classes_, levels)
    if unit is None and urgency is None:
        raise DataError(
            "no row has a unit or an urgency that the model knows",
            hint="Name the label columns with --unit or --urgency, or choose the office's own model.",
        )
    return Report(router.version, data.read, unit, table, len(labelled) - len(known), urgency, risk)
