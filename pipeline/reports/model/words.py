"""The words that weigh most for and against each unit in the linear model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.catalogue import unit_name
from pipeline.classifiers import UnitClassifier
from pipeline.retraining.drift.words import may_be_shown

UNITS = 30
FOR, AGAINST = 10, 5
_CHECKED = 400
"""Features of each unit and side that are looked at: far more than are shown, for many may not be."""


@dataclass(frozen=True)
class UnitWords:
    """Stems and pairs of stems of one unit, the weightiest first."""

    unit: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]


def strongest_words(classifier: UnitClassifier) -> list[UnitWords]:
    """Return the words of the :data:`UNITS` units suggested most often on held-out rows (all, where none are kept).

    A word's weight is its coefficient, so a common and a rare word count alike. Shown are only words of a public list
    that are no names (:func:`pipeline.retraining.drift.words.may_be_shown`; of a pair, both): what masking hides, its
    typed tokens and anything that a citizen may have spelt so that masking missed it stay out.
    """
    names = [str(name) for name in classifier.classes_]
    words = sorted(classifier.vectorizer_.words, key=classifier.vectorizer_.words.__getitem__)
    held_out = np.bincount(classifier.predicted_, minlength=len(names))
    found = []
    for unit in np.argsort(-held_out, kind="stable")[:UNITS].tolist():
        weights = classifier.coef_[: len(words), unit]
        order = np.argsort(-weights, kind="stable")
        plus = [int(i) for i in order[:_CHECKED] if weights[i] > 0]
        minus = [int(i) for i in order[::-1][:_CHECKED] if weights[i] < 0]
        found.append(UnitWords(unit_name(names[unit]), _shown(words, plus, FOR), _shown(words, minus, AGAINST)))
    return found


def _shown(words: list[str], columns: list[int], most: int) -> tuple[str, ...]:
    found: list[str] = []
    for column in columns:
        if len(found) == most:
            break
        if all(may_be_shown(stem) for stem in words[column].split(" ")):
            found.append(words[column])
    return tuple(found)
