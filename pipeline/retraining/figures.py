"""Pictures of a run: the confusion matrix, made without a display."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix

from pipeline.retraining.unit_half import Prediction

MAX_LABELS = 30
_OTHERS = "(lainnya)"
_LABEL_CHARS = 42


def confusion_figure(prediction: Prediction, labels: list[str]) -> Figure:
    """Return the confusion matrix of *labels* (rows: truth, shares of the row), the rest pooled.

    The number of rows stands in each cell; more than :data:`MAX_LABELS` labels are pooled into one.
    """
    shown = labels[:MAX_LABELS]
    known = set(shown)
    pooled = [
        [label if label in known else _OTHERS for label in side] for side in (prediction.truth, prediction.predicted)
    ]
    if any(_OTHERS in side for side in pooled):
        shown = [*shown, _OTHERS]
    counts = confusion_matrix(pooled[0], pooled[1], labels=shown)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 4.5 + 0.42 * len(shown)
    figure = Figure(figsize=(size + 2, size), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names = [label if len(label) <= _LABEL_CHARS else label[: _LABEL_CHARS - 1] + "…" for label in shown]
    axes.set_xticks(range(len(shown)), names, rotation=90)
    axes.set_yticks(range(len(shown)), [f"{name} ({n})" for name, n in zip(names, counts.sum(axis=1), strict=True)])
    for row, column in zip(*np.nonzero(counts), strict=True):
        dark = shares[row, column] > 0.5
        axes.text(
            column, row, counts[row, column], ha="center", va="center", fontsize=7, color="white" if dark else "black"
        )
    axes.set_xlabel("prediksi")
    axes.set_ylabel("sebenarnya (jumlah baris)")
    figure.colorbar(image, ax=axes, shrink=0.6, label="bagian dari baris")
    return figure


def log_half(mlflow: Any, prediction: Prediction, labels: list[str], name: str) -> None:
    """Log the confusion matrix of one half as picture *name*."""
    mlflow.log_figure(confusion_figure(prediction, labels), name)
