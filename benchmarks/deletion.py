"""Deletion test (DeYoung et al. 2020, "ERASER"): are the words named as reasons the ones that carry the decision?"""

from __future__ import annotations

import numpy as np

from pipeline.classifiers import UnitClassifier
from pipeline.classifiers.contributions import Explainer
from pipeline.classifiers.explanation import find_phrases
from pipeline.retraining.bootstrap import Figure, with_intervals
from pipeline.text.analyzer import Analyzer

ROWS = 500
DRAWS = 10


def deletion_test(model: UnitClassifier, texts: list[str]) -> dict[str, Figure]:
    """Return the share of rows where named words count more than random ones, and both mean drops.

    Dropped are the words named as reasons, against as many random words (mean of :data:`DRAWS` draws); compared is how
    far the unit's probability falls.
    """
    rng = np.random.default_rng(0)
    analyzer, explain = Analyzer(), Explainer(model.vectorizer_, model.coef_)
    named_drops, random_drops = [], []
    for i in rng.permutation(len(texts))[:ROWS]:
        rows = analyzer.tokenize([texts[i]])
        clean, tokens, stems = rows.texts[0], rows.tokens(0), rows.stems(0)
        features = model.vectorize(rows)
        probabilities = model.probabilities(features)[0]
        best, second = np.argsort(-probabilities, kind="stable")[:2]
        parts = explain(rows, features, np.array([best]), np.array([second]))
        found = find_phrases(rows, parts, np.ones(1, dtype=bool)).get(0, [])
        named = {word for phrase in found for word in phrase.lower().split()}
        drop = {k for k, token in enumerate(tokens) if set(clean[token.start : token.end].lower().split()) & named}
        if not drop or len(drop) == len(tokens):
            continue
        dropped = [drop, *(set(rng.permutation(len(stems))[: len(drop)].tolist()) for _ in range(DRAWS))]
        kept = [[s for k, s in enumerate(stems) if k not in gone] for gone in dropped]
        after = model.probabilities(model.vectorize(kept))[:, best]
        named_drops.append(probabilities[best] - after[0])
        random_drops.append(probabilities[best] - after[1:].mean())
    named, random = np.array(named_drops), np.array(random_drops)
    return with_intervals(
        {
            "named_beats_random": lambda rows: float((named > random)[rows].mean()),
            "drop_named": lambda rows: float(named[rows].mean()),
            "drop_random": lambda rows: float(random[rows].mean()),
        },
        len(named),
    )
