"""Invented periods for the tests: scores that are calibrated unless asked otherwise."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from pipeline.retraining.drift.period import Period, Predictions, Words

UNITS = ("dinas_a", "dinas_b", "dinas_c")
STEMS = ("jalan", "banjir", "sampah", "budi", "qwrtz")


def made(
    rows: int, seed: int = 0, *, name: str = "lama", mix: tuple[float, ...] = (0.5, 0.3, 0.2), labelled: float = 1.0,
    overconfident: float = 0.0, unknown: float = 0.02, length: float = 40, model: str = "contoh/1",
    words: tuple[float, ...] = (0.5, 0.1, 0.1, 0.0, 0.0), trained: bool = False, start: str = "2022-01-01",
) -> Period:  # fmt: skip
    """Return *rows* rows over 90 days; each is right with the chance it states, less *overconfident*."""
    rng = np.random.default_rng(seed)
    confidence = rng.beta(6, 2, rows)
    predicted = np.array(UNITS, dtype=object)[rng.choice(3, rows, p=mix)]
    right = (rng.random(rows) < confidence - overconfident).astype(np.int8)
    right[rng.random(rows) >= labelled] = -1
    other = np.where(predicted == UNITS[0], UNITS[1], UNITS[0]).astype(object)
    labels = np.where(right == 1, predicted, np.where(right == 0, other, "")).astype(object)
    counted = np.maximum(rng.poisson(length, rows), 1).astype(np.float64)
    has = sparse.csr_matrix(rng.random((rows, len(STEMS))) < np.array(words))
    days = np.datetime64(start) + np.sort(rng.integers(0, 90, rows)).astype("timedelta64[D]")
    return Period(
        name=name, model=model, read=rows + 3,
        predictions=Predictions(predicted, confidence, confidence < 0.8, right), unsure=confidence < 0.7,
        words=Words(
            np.array(STEMS, dtype=object), np.array([True, True, False, False, False]), has, counted + 1, counted,
            rng.binomial(counted.astype(int), unknown).astype(np.float64),
        ),
        labels=labels, times=days.astype("datetime64[us]"), trained=trained,
        held_out=Predictions(predicted[:0], confidence[:0], confidence[:0] < 0, right[:0]),
    )  # fmt: skip
