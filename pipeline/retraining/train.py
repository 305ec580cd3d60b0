"""Train a router: two halves, measured, logged to MLflow and registered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from pipeline.catalogue import LEVELS
from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.errors import DataError
from pipeline.retraining.card import FILE, model_card
from pipeline.retraining.data import Labelled, Rows
from pipeline.retraining.figures import log_half
from pipeline.retraining.offices import Elsewhere
from pipeline.retraining.recipes import flat, load_recipe
from pipeline.retraining.risk import log_risk
from pipeline.retraining.unit_half import UnitHalf, train_unit, train_unit_from_elsewhere
from pipeline.retraining.urgency_half import UrgencyHalf, train_urgency
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.routing.policy import load_policy
from pipeline.scoring import pyfunc_script
from pipeline.text import text_version
from pipeline.tracking.artefact import read_artefact, write_artefact
from pipeline.tracking.bundle import code_hash
from pipeline.tracking.registry import ModelVersion, check_name, find, register

NO_RECORD: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Trained:
    """What one training gave. A half that another model serves is ``None``; ``borrowed`` names that model."""

    version: ModelVersion
    unit: UnitHalf | None
    urgency: UrgencyHalf | None
    borrowed: str | None
    read: int


def train_model(
    store: Path,
    name: str,
    data: Labelled,
    *,
    test_from: np.datetime64 | None = None,
    min_rows: int | None = None,
    pool_places: bool = False,
    elsewhere: Elsewhere | None = None,
    starter_urgencies: Rows | None = None,
    lender: str = "starter",
    record: Mapping[str, Mapping[str, Any]] = NO_RECORD,
) -> Trained:
    """Train on *data*, measure, log and register the next version of *name*.

    *pool_places* says that *data* was collected so; the model remembers it for measuring. *elsewhere* is what other
    offices know: beside the office's own rows, or instead of them where it names an office that has none.
    *starter_urgencies* stand beside the office's own urgencies.
    Where units or urgencies are absent, that half of the model *lender* is taken over as it is.
    *record* (table → name → value): more of how the data was made, such as officers' decisions or label fixes; it goes
    into the manifest as it is, and into the run's parameters as ``table.name``.
    Raises :class:`DataError` when both are absent or too few.
    """
    check_name(name)
    new_office = elsewhere is not None and bool(elsewhere.office) and not len(data.units)
    if not new_office and not len(data.units) and not len(data.urgencies):
        raise DataError("no row has a text and a label", hint="Name the label columns with --unit or --urgency.")
    recipes = {half: load_recipe(half) for half in ("unit", "urgency")}
    unit: UnitHalf | None = None
    if len(data.units):
        unit = train_unit(data.units, recipes["unit"], test_from=test_from, min_rows=min_rows, elsewhere=elsewhere)
    elif new_office and elsewhere is not None:
        unit = train_unit_from_elsewhere(recipes["unit"], elsewhere, min_rows)
    urgency = train_urgency(data.urgencies, recipes["urgency"], starter_urgencies) if len(data.urgencies) else None
    borrowed: str | None = None
    unit_classifier: UnitClassifier | None = unit.classifier if unit else None
    urgency_classifier: UrgencyClassifier | None = urgency.classifier if urgency else None
    if unit_classifier is None or urgency_classifier is None:
        found, folder = find(store, lender)
        lent_unit, lent_urgency, _ = read_artefact(folder)
        borrowed = found.reference
        unit_classifier = unit_classifier or lent_unit
        urgency_classifier = urgency_classifier or lent_urgency
    facts = {**_facts(unit, urgency, borrowed), "pool_places": pool_places, **record}
    card = partial(model_card, facts=facts, unit=unit, urgency=urgency)
    write = partial(_write, unit_classifier, urgency_classifier, facts, card)
    version = register(
        store,
        name,
        write,
        model_script=pyfunc_script(),
        output_columns={c: column_kind(c) for c in OUTPUT_COLUMNS},
        log=lambda mlflow: _log_tables(mlflow, unit, urgency),
        params=_params(recipes, facts) | _flat_record(record),
        metrics=_metrics(unit, urgency),
    )
    return Trained(version, unit, urgency, borrowed, data.read)


def _write(
    unit: UnitClassifier,
    urgency: UrgencyClassifier,
    facts: dict[str, Any],
    card: Callable[[str], str],
    folder: Path,
    reference: str,
) -> None:
    write_artefact(folder, unit, urgency, {**facts, "version": reference, "threshold": unit.threshold_})
    (folder / FILE).write_text(card(reference), encoding="utf-8")


def _facts(unit: UnitHalf | None, urgency: UrgencyHalf | None, borrowed: str | None) -> dict[str, Any]:
    return {
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "code_hash": code_hash(),
        "unit": unit.facts if unit else {"from": borrowed},
        "urgency": urgency.facts if urgency else {"from": borrowed},
    }


def _params(recipes: dict[str, dict[str, Any]], facts: dict[str, Any]) -> dict[str, Any]:
    params: dict[str, Any] = {key: facts[key] for key in ("code_hash", "pool_places")}
    for half in ("unit", "urgency"):
        if "from" in facts[half]:
            params[f"{half}.from"] = facts[half]["from"]
        else:
            params |= flat(half, recipes[half])
            single = {key: value for key, value in facts[half].items() if not isinstance(value, dict)}
            params |= {f"{half}.{key}": value for key, value in single.items()}
    return params | {f"text.{key}": value for key, value in text_version().items()}


def _flat_record(record: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{table}.{name}": value for table, values in record.items() for name, value in values.items()}


def _metrics(unit: UnitHalf | None, urgency: UrgencyHalf | None) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for name, half in (("unit", unit), ("urgency", urgency)):
        if half is not None:
            metrics |= {f"{name}_{key}": value for key, value in half.metrics.items()}
    return metrics


def _log_tables(mlflow: Any, unit: UnitHalf | None, urgency: UrgencyHalf | None) -> None:
    if unit is not None:
        mlflow.log_text(unit.table.to_csv(index=False), "per_unit.csv")
        log_half(mlflow, unit.prediction, [str(c) for c in unit.table["unit"]], "confusion_unit.png")
        log_risk(mlflow, unit.risk, load_policy())
    if urgency is not None:
        levels = [level for level in LEVELS if level in set(urgency.prediction.truth)]
        log_half(mlflow, urgency.prediction, levels, "confusion_urgency.png")
