"""One complaint's whole story: what was read, what was suggested and why, each rule that spoke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.classifiers.evidence_features import feature_rows
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.finish import RunOptions
from pipeline.scoring.router import Router
from pipeline.text import mask, repair

UNITS = 5


@dataclass(frozen=True)
class Story:
    """One complaint as the router sees it; nothing in it is personal data.

    ``text``: repaired and masked; ``stems``: what the classifiers read; ``row``: the scored columns; ``units``:
    (label, probability, words for it against the best other one), the likeliest first; ``levels``: (level,
    probability), the lowest first; ``evidence``: (reason, words as written, status) of the urgency rubric.
    """

    text: str
    stems: list[str]
    row: dict[str, Any]
    units: list[tuple[str, float, str]]
    levels: list[tuple[str, float]]
    evidence: list[tuple[str, str, str]]


def tell(router: Router, complaint: pd.DataFrame, text: str, options: RunOptions) -> Story:
    """Return the story of *complaint*, a frame of one row whose column *text* holds the citizen's words."""
    row = router.score(complaint, text=text, options=options).iloc[0]
    value = complaint[text].iloc[0]
    words = value if isinstance(value, str) else ""
    rows = router.tokenize([words])
    evidence = router.evidence.find(rows)
    features = router.unit.vectorize(rows)
    unit = router.unit.probabilities(features)[0]
    level_features = router.urgency.vectorize(rows, feature_rows(evidence, rows).astype(np.float64))
    level = router.urgency.probabilities(level_features)[0]
    order = np.argsort(-unit, kind="stable")[:UNITS]
    why = router.reasons.units(rows, features, order[None])
    units = [
        (str(router.unit.classes_[one]), float(unit[one]), words[0])
        for one, words in zip(order.tolist(), why, strict=True)
    ]
    return Story(
        text=mask(repair(words)),
        stems=rows.stems(0),
        row={name: row[name] for name in OUTPUT_COLUMNS},
        units=units,
        levels=list(zip(map(str, router.urgency.classes_), level.tolist(), strict=True)),
        evidence=[(one.reason, rows.texts[0][one.start : one.end], one.status) for one in evidence.of(0)],
    )
