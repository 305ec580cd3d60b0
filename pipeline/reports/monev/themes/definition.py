"""What a theme is: a few weighted stems and a threshold, small enough to keep and to count with next month."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.reports.monev.themes.rapid import StemCounter

SAME = 0.5
"""Cosine of two definitions from which both are one theme."""
_DIGITS = 4


@dataclass(frozen=True)
class Definition:
    """A theme's weights by stem (4 decimals) and the score from which a text belongs to it.

    A text's score is the sum of the weights of its distinct stems over the square root of its number of distinct
    telling stems. ``id`` is the first 10 hex digits of the sha256 of weights and threshold.
    """

    id: str
    name: str
    weights: Mapping[str, float]
    threshold: float

    def to_json(self) -> dict[str, Any]:
        """Return the definition as plain JSON data: nama, bobot, ambang."""
        return {"nama": self.name, "bobot": dict(self.weights), "ambang": self.threshold}

    @classmethod
    def from_json(cls, theme: str, data: Mapping[str, Any]) -> Definition:
        """Return the definition that :meth:`to_json` wrote under the id *theme*."""
        weights = {str(stem): float(weight) for stem, weight in data["bobot"].items()}
        return cls(theme, str(data["nama"]), weights, float(data["ambang"]))


def define(name: str, weights: Mapping[str, float], threshold: float) -> Definition:
    """Return a definition with rounded figures and the id that they make."""
    rounded = {stem: round(float(weights[stem]), _DIGITS) for stem in sorted(weights)}
    limit = round(float(threshold), _DIGITS)
    content = json.dumps([rounded, limit], ensure_ascii=True, sort_keys=True)
    return Definition(hashlib.sha256(content.encode()).hexdigest()[:10], name, rounded, limit)


def assign(definitions: Sequence[Definition], texts: Any) -> NDArray[np.int32]:
    """Return for each of *texts* (sequence or Series of str) the number of its theme in *definitions*, else -1.

    A text's theme depends on nothing but the text and the definitions.
    """
    return assign_with_scores(definitions, texts)[0]


def assign_with_scores(definitions: Sequence[Definition], texts: Any) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return what :func:`assign` does, and each text's score on its best theme (float32, 0 where it has none)."""
    theme = np.full(len(texts), -1, dtype=np.int32)
    score = np.zeros(len(texts), dtype=np.float32)
    if not definitions:
        return theme, score
    stems = sorted({stem for one in definitions for stem in one.weights})
    weights = weight_table(definitions, stems)
    limits = np.array([one.threshold for one in definitions], dtype=np.float32)
    for rows, held, length in StemCounter(stems).chunks(texts):
        scores = np.asarray(held @ weights.T) / length[:, None]
        best = scores.argmax(axis=1)
        value = scores[np.arange(len(best)), best]
        score[rows] = value
        theme[rows] = np.where((value >= limits[best]) & (value > 0), best, -1)
    return theme, score


def weight_table(definitions: Sequence[Definition], stems: Sequence[str]) -> NDArray[np.float32]:
    """Return the weights (themes, stems; float32), 0 for a stem that a theme does not have."""
    column = {stem: number for number, stem in enumerate(stems)}
    table = np.zeros((len(definitions), len(stems)), dtype=np.float32)
    for row, one in enumerate(definitions):
        for stem, weight in one.weights.items():
            table[row, column[stem]] = weight
    return table


def match(old: Sequence[Definition], new: Sequence[Definition], *, least: float = SAME) -> dict[str, str]:
    """Return new id → old id for themes that are the same: cosine of the weights at least *least*, one to one.

    The pairing has the highest sum of cosines (Hungarian method, Kuhn 1955).
    """
    if not old or not new:
        return {}
    stems = sorted({stem for one in (*old, *new) for stem in one.weights})
    first, second = (_unit_rows(weight_table(part, stems)) for part in (new, old))
    alike = first @ second.T
    alike = np.where(alike >= least, alike, 0)
    pairs = zip(*linear_sum_assignment(-alike), strict=True)
    return {new[i].id: old[j].id for i, j in pairs if alike[i, j] >= least}


def _unit_rows(table: NDArray[np.float32]) -> NDArray[np.float32]:
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
