"""The model card: what a model was trained on, how it was measured, what it cannot do. Written from what was measured.

After Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.classifiers.calibration import NEVER
from pipeline.retraining.risk import risk_table
from pipeline.retraining.unit_half import UnitHalf
from pipeline.retraining.urgency_half import UrgencyHalf
from pipeline.routing.policy import load_policy, plan

FILE = "MODEL_CARD.md"
_WEAK_RECALL = 0.5
_FEW_ROWS = 30


def model_card(reference: str, facts: dict[str, Any], unit: UnitHalf | None, urgency: UrgencyHalf | None) -> str:
    """Return the card as Markdown. *facts* are the manifest's; a half that another model lends is ``None``."""
    lines = [f"# Model card: {reference}", "", f"Trained {facts['created']}, code {facts['code_hash'][:12]}.", ""]
    lines += ["## What it does", "", *_purpose(unit)]
    lines += ["", "## Unit", "", *(_unit(unit) if unit else [f"Taken over from {facts['unit']['from']}."])]
    lines += [
        "",
        "## Urgency",
        "",
        *(_urgency(urgency) if urgency else [f"Taken over from {facts['urgency']['from']}."]),
    ]
    lines += ["", "## Limits and who should not use it", "", *_limits(unit, urgency)]
    return "\n".join(lines) + "\n"


def _purpose(unit: UnitHalf | None) -> Iterator[str]:
    yield "Suggests unit and urgency of an Indonesian public complaint, with reasons, for the person who routes it."
    if unit is not None:
        if unit.classifier.threshold_ >= NEVER:
            yield "No row goes to a unit without a person: no threshold reached the wanted precision on held-out rows."
        else:
            yield (
                f"A row whose confidence is {unit.classifier.threshold_:.3f} or more is marked `teruskan`; "
                "all others wait for a person."
            )


def _unit(half: UnitHalf) -> Iterator[str]:
    facts, figures = half.facts, half.metrics
    yield f"- Data: {facts['rows']:,} different texts of {facts['units']} units{_span(facts)}."
    yield f"- Their sha256 starts with {facts['data_hash'][:12]}."
    if facts["elsewhere"]:
        others = ", ".join(f"{office} ({rows:,})" for office, rows in facts["elsewhere"].items())
        yield f"- Beside them, matched by function and with less weight: {others}. `starter` is project-written text."
    yield f"- Measured on {facts['measured_on']}: {figures['rows']:,.0f} texts that no fit had seen."
    yield (
        "- Protocol: texts under 8 characters and repeated texts are dropped, as are units with too few training rows; "
        "threshold and calibration come from training rows alone."
    )
    yield ""
    yield "| figure | model | always the commonest unit |"
    yield "|---|---|---|"
    yield f"| accuracy | {figures['accuracy']:.3f} | {figures['majority_accuracy']:.3f} |"
    yield f"| macro-F1 | {figures['macro_f1']:.3f} | {figures['majority_macro_f1']:.3f} |"
    yield f"| right unit among three | {figures['top3']:.3f} | |"
    yield f"| share marked `teruskan` | {figures['coverage']:.3f} | |"
    yield f"| of those, right | {_or_dash(figures['precision_reached'])} | |"
    yield f"| calibration error | {figures['calibration_error']:.3f} | |"
    if len(half.risk.curve):
        yield from _risk(half)


def _risk(half: UnitHalf) -> Iterator[str]:
    policy = load_policy()
    yield ""
    yield (
        "Rows that go without a person, by wanted precision (held-out training rows; 95 % Wilson interval), "
        "rows of weak units left to people:"
    )
    yield ""
    yield "| wanted | threshold | coverage | precision | measured: coverage | precision |"
    yield "|---|---|---|---|---|---|"
    for row in risk_table(half.risk, policy).to_dict("records"):
        interval = f" ({row['presisi_bawah']:.3f}-{row['presisi_atas']:.3f})" if row["baris"] else ""
        tested = f"{_or_dash(row['cakupan_uji'])} | {_or_dash(row['presisi_uji'])}"
        yield (
            f"| {row['presisi_diinginkan']:.3g} | {_or_dash(row['ambang'])} | {row['cakupan']:.3f} "
            f"| {_or_dash(row['presisi'])}{interval} | {tested} |"
        )
    weak = plan(policy.with_options(precision=policy.precision), half.risk.curve).weak_units
    if weak:
        yield ""
        named = "; ".join(sorted(weak))
        yield f"Always reviewed at {policy.precision:g} (too few held-out rows or too many wrong): {named}."


def _span(facts: dict[str, Any]) -> str:
    return f", {facts['first_day']} to {facts['last_day']}" if facts.get("first_day") else ", undated"


def _urgency(half: UrgencyHalf) -> Iterator[str]:
    facts, figures = half.facts, half.metrics
    lent = f" and {facts['starter_rows']:,} project-written ones beside them" if facts["starter_rows"] else ""
    yield f"- Data: {facts['rows']:,} different texts{lent}; sha256 {facts['data_hash'][:12]}."
    yield f"- Measured on {facts['measured_on']}: {figures['rows']:,.0f} texts."
    yield ""
    yield "| figure | model | always the commonest level |"
    yield "|---|---|---|"
    yield f"| accuracy | {figures['accuracy']:.3f} | {figures['majority_accuracy']:.3f} |"
    yield f"| quadratic-weighted kappa | {figures['qwk']:.3f} | 0 |"
    yield f"| AUC, tinggi or above | {_or_dash(figures['auc_tinggi'])} | 0.500 |"
    yield f"| of tinggi or above, found | {_or_dash(figures['recall_tinggi'])} | |"
    yield f"| of those called so, right | {_or_dash(figures['precision_tinggi'])} | |"


def _limits(unit: UnitHalf | None, urgency: UrgencyHalf | None) -> Iterator[str]:
    yield "- Not for another office: its units differ. Train with that office's rows or its crosswalk (docs/kantor.md)."
    yield "- Not a replacement for an emergency line: a `darurat` is only as quick as the person who reads the queue."
    yield "- Not for deciding about a person without a person (UU 27/2022): it sorts texts, it does not judge claims."
    yield "- Figures are of one time and place; measure anew on each quarter's rows (`disposisi evaluate`)."
    if unit is not None:
        weak = unit.table[(unit.table["rows"] > 0) & (unit.table["recall"] < _WEAK_RECALL)]
        if len(weak):
            named = "; ".join(f"{r['unit']} ({r['recall']:.2f})" for r in weak.to_dict("records"))
            yield f"- Units that it finds less than half of (recall): {named}."
        few = unit.table[(unit.table["rows"] > 0) & (unit.table["rows"] < _FEW_ROWS)]
        if len(few):
            yield f"- {len(few)} units were measured on fewer than {_FEW_ROWS} rows: their own figures are uncertain."
        yield "- A unit with too few training rows is never suggested."
    if urgency is not None and urgency.prediction.truth.count("darurat") < _FEW_ROWS:
        count = urgency.prediction.truth.count("darurat")
        yield f"- Only {count} measured texts are `darurat`: how many of them it finds is not proven."


def _or_dash(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"
