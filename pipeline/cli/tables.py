"""Metrics as lines of text, shared by ``train`` and ``evaluate``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_UNIT = (
    ("accuracy", "majority_accuracy"),
    ("macro_f1", "majority_macro_f1"),
    ("top3", None),
    ("coverage", None),
    ("precision_reached", None),
    ("calibration_error", None),
)
_URGENCY = (
    ("accuracy", "majority_accuracy"),
    ("macro_f1", None),
    ("qwk", None),
    ("auc_tinggi", None),
    ("recall_tinggi", None),
    ("precision_tinggi", None),
    ("mean_level_error", None),
)
_SHOWN_UNITS = 40


def unit_lines(metrics: Mapping[str, float], table: pd.DataFrame) -> Iterator[str]:
    """Yield the unit classifier's figures beside the majority baseline, then each unit's."""
    yield from _lines(metrics, _UNIT)
    yield ""
    yield f"  {'precision':>9} {'recall':>7} {'f1':>6} {'rows':>6}  unit"
    for row in table.head(_SHOWN_UNITS).to_dict("records"):
        yield f"  {row['precision']:>9.3f} {row['recall']:>7.3f} {row['f1']:>6.3f} {row['rows']:>6}  {row['unit']}"
    if len(table) > _SHOWN_UNITS:
        yield f"  ... and {len(table) - _SHOWN_UNITS} more units (per_unit.csv in the run)"


def urgency_lines(metrics: Mapping[str, float]) -> Iterator[str]:
    """Yield the urgency classifier's figures beside the majority baseline."""
    yield from _lines(metrics, _URGENCY)


def _lines(metrics: Mapping[str, float], wanted: tuple[tuple[str, str | None], ...]) -> Iterator[str]:
    yield f"  {'':<18} {'model':>7} {'majority':>9}   ({metrics['rows']:,.0f} rows)"
    for name, baseline in wanted:
        value = metrics[name]
        shown = "-" if value != value else f"{value:.3f}"
        beside = f"{metrics[baseline]:.3f}" if baseline else ""
        yield f"  {name:<18} {shown:>7} {beside:>9}"
