"""Texts into what the classifiers read: stems, and for urgency the rubric's evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from joblib import Parallel, delayed

from pipeline.classifiers.calibration import Floats
from pipeline.classifiers.evidence import EvidenceFinder
from pipeline.classifiers.evidence_features import feature_rows
from pipeline.text import Tokenizer, WordTable

PROCESSES = 2
MANY = 2000
"""Texts from which two processes are quicker than one, their start included."""

_Result = TypeVar("_Result")


def tokenise(texts: list[str]) -> list[list[str]]:
    """Return the stems of each text."""
    return [stems for part in _side_by_side(_stems, texts) for stems in part]


def tokenise_with_evidence(texts: list[str]) -> tuple[list[list[str]], Floats]:
    """Return the stems and the evidence features (rows, features) of each text."""
    parts = _side_by_side(_stems_and_evidence, texts)
    return [stems for docs, _ in parts for stems in docs], np.vstack([rows for _, rows in parts])


def _side_by_side(work: Callable[[list[str]], _Result], texts: list[str]) -> list[_Result]:
    """Do *work* on parts of *texts* in processes where they are many; the parts stay in order."""
    if len(texts) < MANY:
        return [work(texts)]
    size = -(-len(texts) // PROCESSES)
    parts = [texts[start : start + size] for start in range(0, len(texts), size)]
    result: list[_Result] = Parallel(n_jobs=PROCESSES)(delayed(work)(part) for part in parts)
    return result


def _stems(texts: list[str]) -> list[list[str]]:
    rows = Tokenizer(WordTable())(texts)
    return [rows.stems(row) for row in range(len(rows))]


def _stems_and_evidence(texts: list[str]) -> tuple[list[list[str]], Floats]:
    tokenize = Tokenizer(WordTable())
    rows = tokenize(texts)
    evidence = EvidenceFinder(tokenize.table).find(rows)
    return [rows.stems(row) for row in range(len(rows))], feature_rows(evidence, rows).astype(np.float64)
