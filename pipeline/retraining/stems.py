"""Texts into what the classifiers read: stems, and for urgency the rubric's evidence."""

from __future__ import annotations

import numpy as np

from pipeline.classifiers.calibration import Floats
from pipeline.classifiers.evidence import FEATURE_NAMES, EvidenceFinder, feature_row
from pipeline.text import Analyzer, analyze


def tokenise(texts: list[str]) -> list[list[str]]:
    """Return the stems of each text."""
    return [analyze(text) for text in texts]


def tokenise_with_evidence(texts: list[str]) -> tuple[list[list[str]], Floats]:
    """Return the stems and the evidence features (rows, features) of each text."""
    analyzer, finder = Analyzer(), EvidenceFinder()
    docs, rows = [], np.zeros((len(texts), len(FEATURE_NAMES)))
    for i, text in enumerate(texts):
        clean, tokens = analyzer.tokenize(text)
        docs.append([token.stem for token in tokens])
        rows[i] = feature_row(finder.find(tokens, clean), clean)
    return docs, rows
