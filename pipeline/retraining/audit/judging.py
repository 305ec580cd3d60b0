"""Judge every label by models that have not seen its row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.catalogue import LEVELS
from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.classifiers.calibration import Floats, HeldOut
from pipeline.classifiers.features import StemVectorizer
from pipeline.classifiers.linear import fit_one_against_rest
from pipeline.classifiers.unit import calibrate
from pipeline.retraining.audit.confident import Doubts, Ints, cleanlab_doubts, doubts, thresholds
from pipeline.retraining.data import MIN_CHARS, Rows, default_min_rows, letters, with_enough
from pipeline.retraining.offices import undated
from pipeline.retraining.stems import tokenise
from pipeline.retraining.urgency_half import examples_of

FOLDS = 5
LEAST_ROWS = 5
"""Texts of a unit from which on held-out folds can judge it: one a fold. Below, the unit's rows are judged by the
others.
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """What held-out models say of one label: the likeliest other one, both probabilities, the score, the verdict."""

    other: str
    p_other: float
    p_given: float
    score: float
    wrong: bool


@dataclass(frozen=True)
class HeldOutTexts:
    """Text → its probabilities by models that had not seen it, columns as ``classes``; each class's ``limits``."""

    by_text: dict[str, Floats]
    classes: list[str]
    limits: Floats


def text_groups(texts: Sequence[str], labels: Sequence[str | None]) -> list[list[int]]:
    """Return the labelled rows that say the same (compared by their letters), groups in order of their first row."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, (text, label) in enumerate(zip(texts, labels, strict=True)):
        key = letters(text) if label is not None and len(text) >= MIN_CHARS else ""
        if key:
            groups[key].append(number)
    return list(groups.values())


def majority(labels: Sequence[str]) -> str:
    """Return the commonest of *labels*, of equals the first."""
    return Counter(labels).most_common(1)[0][0]


def unit_probabilities(
    texts: Sequence[str], labels: Sequence[str | None], groups: Sequence[Sequence[int]], recipe: dict[str, Any]
) -> HeldOutTexts | None:
    """Return each text's probabilities of units; ``None`` where fewer than two units can be learned.

    Equal texts (*groups*) are one row of the training, with their commonest label, so none judges itself.
    """
    every = _one_a_group(texts, labels, groups)
    # Not the training's own floor: a class of five texts is judged badly, but better than not at all.
    least = min(LEAST_ROWS, default_min_rows(len(every)))
    learned = with_enough(every, least)
    if len(set(learned.labels)) < 2:
        return None
    docs = dict(zip(every.texts, tokenise(every.texts), strict=True))
    of = [docs[text] for text in learned.texts]
    held_out = UnitClassifier(recipe).held_out(of, learned.labels, None, FOLDS)
    found = _by_text(learned, held_out, held_out.cross_fitted(calibrate), [str(name) for name in held_out.classes])
    rest = [text for text in every.texts if text not in found.by_text]
    if rest:
        judged = _judge_rest([docs[text] for text in rest], of, learned, held_out, recipe)
        found.by_text.update(zip(rest, judged, strict=True))
    return found


def urgency_probabilities(
    texts: Sequence[str],
    labels: Sequence[str | None],
    groups: Sequence[Sequence[int]],
    recipe: dict[str, Any],
    starter: Rows,
) -> HeldOutTexts | None:
    """Return each text's probabilities of levels; *starter* teaches beside the others. ``None``: too few rows."""
    every = _one_a_group(texts, labels, groups)
    if len(every) < FOLDS or len(set(every.labels)) < 2:
        return None
    own = {letters(text) for text in every.texts}
    lent = starter.take(i for i, text in enumerate(starter.texts) if letters(text) not in own)
    held_out = UrgencyClassifier(recipe).held_out(examples_of(every), FOLDS, examples_of(lent))
    probabilities = held_out.cross_fitted(UrgencyClassifier.calibrate)
    return _by_text(every, held_out, probabilities, [LEVELS[int(code)] for code in held_out.classes])


def judge(
    texts: Sequence[str],
    labels: Sequence[str | None],
    groups: Sequence[Sequence[int]],
    held_out: HeldOutTexts,
    *,
    with_cleanlab: bool = False,
) -> dict[int, Judged]:
    """Return for each row of *groups* that was judged what its text's probabilities say of the row's own label.

    Raises :class:`OptionError` where cleanlab is asked for and absent.
    """
    by_text, classes = held_out.by_text, held_out.classes
    numbers = {name: number for number, name in enumerate(classes)}
    judged = [(row, by_text[texts[group[0]]]) for group in groups if texts[group[0]] in by_text for row in group]
    given = np.array([numbers.get(str(labels[row]), -1) for row, _ in judged], dtype=np.int64)
    probabilities = np.array([found for _, found in judged])
    found = doubts(probabilities, given, held_out.limits)
    if with_cleanlab:
        found = _with_cleanlab(found, probabilities, given)
    return {
        row: Judged(
            classes[int(found.other[place])],
            float(found.p_other[place]),
            float(found.p_given[place]),
            float(found.score[place]),
            bool(found.wrong[place]),
        )
        for place, (row, _) in enumerate(judged)
    }


def _by_text(rows: Rows, held_out: HeldOut, probabilities: Floats, classes: list[str]) -> HeldOutTexts:
    by_text = {rows.texts[row]: probabilities[place] for place, row in enumerate(held_out.rows)}
    return HeldOutTexts(by_text, classes, thresholds(probabilities, held_out.truth))


def _one_a_group(texts: Sequence[str], labels: Sequence[str | None], groups: Sequence[Sequence[int]]) -> Rows:
    return undated(
        [texts[group[0]] for group in groups],
        [majority([label for row in group if (label := labels[row]) is not None]) for group in groups],
    )


def _judge_rest(
    docs: list[list[str]], of: list[list[str]], learned: Rows, held_out: HeldOut, recipe: dict[str, Any]
) -> Floats:
    """Return probabilities of texts whose own unit is too small to learn, by a model of all the others."""
    vectorizer = StemVectorizer(recipe["features"]).fit(of)
    weights = np.ones(len(of))
    _, coef, intercept = fit_one_against_rest(vectorizer.transform(of), learned.labels, weights, recipe["classifier"])
    fitted: Callable[[Floats], Floats] = calibrate(held_out.scores, held_out.truth)
    return fitted(vectorizer.features(docs).dot(coef) + intercept)


def _with_cleanlab(own: Doubts, probabilities: Floats, given: Ints) -> Doubts:
    """Return *own* with cleanlab's score and verdict for the labels that the model has; cleanlab takes no others."""
    known = given >= 0
    theirs = cleanlab_doubts(probabilities[known], given[known])
    score, wrong = own.score.copy(), own.wrong.copy()
    score[known], wrong[known] = theirs.score, theirs.wrong
    return Doubts(own.other, own.p_other, own.p_given, score, wrong)
