"""The scored row: its columns and its action (contract in docs/architecture.md)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FORWARD: Final = "teruskan"
REVIEW: Final = "tinjau"
INCOMPLETE: Final = "lengkapi"
NOT_A_COMPLAINT: Final = "bukan_aduan"

ACTIONS: Final = {
    FORWARD: "teruskan ke unit tanpa pemeriksaan",
    REVIEW: "perlu ditinjau petugas",
    INCOMPLETE: "minta pelapor melengkapi",
    NOT_A_COMPLAINT: "bukan aduan",
}
"""Action → what people read."""

ROUTED: Final = frozenset({FORWARD, REVIEW})
"""Actions of rows that a unit gets, with or without a person's look."""

OUTPUT_COLUMNS: Final = (
    "unit", "keyakinan", "unit_2", "keyakinan_2", "unit_3", "keyakinan_3",
    "urgensi", "keyakinan_urgensi", "tindakan", "alasan", "alasan_urgensi", "versi_model",
)  # fmt: skip
"""Columns a scored row gains, in this order."""


def decide_actions(confidence: NDArray[np.float64], threshold: float) -> NDArray[np.object_]:
    """Return ``teruskan`` where the calibrated probability reaches the model's threshold, else ``tinjau``."""
    return np.where(confidence >= threshold, FORWARD, REVIEW).astype(object)
