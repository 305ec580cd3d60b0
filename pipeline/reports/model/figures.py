"""The figures, each with its 95 % interval and beside it what always answering the commonest unit gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.classifiers.calibration import expected_calibration_error
from pipeline.reports.model.answers import Answers
from pipeline.retraining.bootstrap import Figure, Ints, macro_f1, with_intervals
from pipeline.retraining.risk import wilson

NO_FIGURE = Figure(math.nan, math.nan, math.nan)
_TITLES: Mapping[str, tuple[str, str]] = {
    "accuracy": ("akurasi", "bagian baris yang unit pertamanya benar"),
    "macro_f1": ("macro-F1", "rata-rata F1 semua unit, besar dan kecil sama beratnya"),
    "top3": ("benar di antara tiga", "unit yang benar ada di antara tiga saran"),
    "coverage": ("cakupan", "bagian baris dengan keyakinan di ambang atau lebih, sebelum aturan unit lemah"),
    "precision_reached": ("presisi di atas ambang", "bagian yang benar dari baris itu"),
    "calibration_error": ("galat kalibrasi", "selisih keyakinan dan kenyataan (ECE, 15 kelas; makin kecil makin baik)"),
}
_URGENCY: Mapping[str, tuple[str, str]] = {
    "accuracy": ("akurasi", "bagian baris yang tingkatnya benar"),
    "macro_f1": ("macro-F1", "rata-rata F1 semua tingkat"),
    "qwk": ("kappa kuadratik", "kesepakatan dengan label; salah jauh dihukum lebih berat"),
    "auc_tinggi": ("AUC tinggi ke atas", "peluang aduan tinggi mendapat nilai lebih besar daripada yang di bawahnya"),
    "recall_tinggi": ("recall tinggi ke atas", "bagian aduan tinggi atau darurat yang ditemukan"),
    "precision_tinggi": ("presisi tinggi ke atas", "bagian yang benar dari aduan yang disebut tinggi atau darurat"),
}
_SHARES = frozenset({"accuracy", "top3", "coverage", "majority_accuracy"})
"""Figures that are a share of all measured rows, so that Wilson's interval holds for them."""


@dataclass(frozen=True)
class FigureRow:
    """One figure; ``baseline``: always the commonest label (:data:`NO_FIGURE` where that makes no sense)."""

    key: str
    title: str
    meaning: str
    value: Figure
    baseline: Figure = NO_FIGURE


def measured_figures(answers: Answers) -> list[FigureRow]:
    """Return the figures of *answers* with bootstrap intervals."""
    truth, predicted, correct, confidence = answers.truth, answers.predicted, answers.correct, answers.confidence
    true_probability = answers.probabilities[np.arange(len(answers)), truth]
    in_three = (answers.probabilities > true_probability[:, None]).sum(axis=1) < 3
    sure = confidence >= answers.threshold
    always = np.full(len(answers), answers.names.index(answers.majority), dtype=np.int64)

    def precision(rows: Ints) -> float:
        chosen = sure[rows]
        return float(correct[rows][chosen].mean()) if chosen.any() else math.nan

    functions: dict[str, Callable[[Ints], float]] = {
        "accuracy": lambda rows: float(correct[rows].mean()),
        "macro_f1": lambda rows: macro_f1(truth[rows], predicted[rows]),
        "top3": lambda rows: float(in_three[rows].mean()),
        "coverage": lambda rows: float(sure[rows].mean()),
        "precision_reached": precision,
        "calibration_error": lambda rows: expected_calibration_error(confidence[rows], correct[rows]),
        "majority_accuracy": lambda rows: float((truth[rows] == always[rows]).mean()),
        "majority_macro_f1": lambda rows: macro_f1(truth[rows], always[rows]),
    }
    return _rows(with_intervals(functions, len(answers)), _TITLES)


def logged_figures(metrics: Mapping[str, float], half: str) -> list[FigureRow]:
    """Return the figures that the training of a *half* (``unit`` or ``urgency``) logged.

    Shares of all rows get Wilson's interval; the others have none, for their rows are not kept.
    """
    own = {key.removeprefix(f"{half}_"): value for key, value in metrics.items() if key.startswith(f"{half}_")}
    rows = int(own.get("rows", 0))
    figures = {
        key: Figure(value, *(wilson(value, rows) if key in _SHARES else (math.nan, math.nan)))
        for key, value in own.items()
    }
    return _rows(figures, _TITLES if half == "unit" else _URGENCY)


def _rows(figures: Mapping[str, Figure], titles: Mapping[str, tuple[str, str]]) -> list[FigureRow]:
    return [
        FigureRow(key, *titles[key], figures[key], figures.get(f"majority_{key}", NO_FIGURE))
        for key in titles
        if key in figures
    ]
