"""The mistakes that the model was surest of: where to look first, at the label or at the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.catalogue import unit_name
from pipeline.reports.model.answers import Answers
from pipeline.scoring.examples import shorten

MOST = 20


@dataclass(frozen=True)
class Mistake:
    """One wrong answer. ``text``: masked and shortened; which row it is, nobody is told."""

    text: str
    truth: str
    suggested: str
    confidence: float
    of_truth: float


def worst_mistakes(answers: Answers) -> list[Mistake]:
    """Return the :data:`MOST` wrong answers with the highest confidence, the surest first."""
    wrong = np.flatnonzero(~answers.correct)
    order = wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:MOST].tolist()
    texts = shorten([answers.rows.texts[row] for row in order])
    return [
        Mistake(
            text=text,
            truth=unit_name(answers.names[answers.truth[row]]),
            suggested=unit_name(answers.names[answers.predicted[row]]),
            confidence=float(answers.confidence[row]),
            of_truth=float(answers.probabilities[row, answers.truth[row]]),
        )
        for row, text in zip(order, texts, strict=True)
    ]
