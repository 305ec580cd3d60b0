"""Many reports of one incident: the rubric's reason ``banyak_terdampak``, which one report cannot show."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import LEVELS
from pipeline.catalogue.rules import load_rules
from pipeline.errors import InputError
from pipeline.routing.decision import INCOMPLETE, REVIEW
from pipeline.scoring.reasons import FEARED

REASON = "banyak_terdampak"
_RAISED = "tinggi"


def raise_crowds(scored: pd.DataFrame, size: NDArray[np.int64], kind: list[str]) -> pd.DataFrame:
    """Return *scored* with the reason ``banyak_terdampak`` where a group has as many reports as the rule says.

    *size* and *kind* are those of each row's group. Where the row's own reasons are among those that the rule names
    (a flood that happens, a cut service), its level rises to ``tinggi``; no level is lowered. Rule: ``kelompok.tsv``.
    """
    rules = load_rules("kelompok")
    if len(rules) > 1:
        raise InputError(f"kelompok.tsv: {rules[0].id!r} and {rules[1].id!r} are valid at once. End one of them.")
    if not rules:
        return scored
    (rule,) = rules
    many = np.flatnonzero((size >= rule.number("laporan", least=2)) & np.isin(kind, rule.values["jenis"].split()))
    if not len(many):
        return scored
    levels, reasons, spoken, actions = (
        scored[name].to_numpy(object, copy=True) for name in ("urgensi", "alasan_urgensi", "aturan", "tindakan")
    )
    raising = rule.values["naik_bila"].split()
    for row in many.tolist():
        own = reasons[row]
        happens = {part.split(":")[0] for part in own.split("; ") if FEARED not in part}
        if not happens.isdisjoint(raising) and LEVELS.index(levels[row]) < LEVELS.index(_RAISED):
            levels[row] = _RAISED
            if actions[row] == INCOMPLETE:
                # Urgency does not wait for what the text lacks.
                actions[row] = REVIEW
        told = f"{REASON}: {size[row]} laporan serupa"
        reasons[row] = told if own.startswith("tidak_ada") else f"{own}; {told}"
        spoken[row] = "; ".join(part for part in (spoken[row], rule.id) if part)
    return scored.assign(urgensi=levels, alasan_urgensi=reasons, aturan=spoken, tindakan=actions)
