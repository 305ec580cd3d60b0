"""What a model version answers to texts, asked in a process of its own that runs the version's own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.calibration import Floats
from pipeline.errors import ModelError
from pipeline.retraining.compare import child
from pipeline.tracking.registry import ModelVersion

RANKED = ("unit", "unit_2", "unit_3")
TIMED = 300
"""Texts whose scoring is timed: enough that a model's speed shows, few enough that it takes seconds."""


@dataclass(frozen=True)
class Answers:
    """Answers of *version* to texts, in their order.

    ``labels``: the units that it knows. ``ranked``: its first three units (object, shape (rows, 3), ``""`` for none);
    ``confidence``: calibrated probability of the first (float64); ``levels``, ``guard``: its urgency and
    ``berkadar_pengawasan``. ``seconds``: of the processor for a row, for others may use the machine, too; ``size``:
    bytes of its artefact.
    """

    version: ModelVersion
    labels: frozenset[str]
    ranked: NDArray[Any]
    confidence: Floats
    levels: NDArray[Any]
    guard: NDArray[Any]
    seconds: float
    size: int

    def of(self, rows: slice) -> Answers:
        """Return the answers to some of the texts."""
        parts = {name: getattr(self, name)[rows] for name in ("ranked", "confidence", "levels", "guard")}
        return replace(self, **parts)

    @property
    def units(self) -> NDArray[Any]:
        """The first unit of each row."""
        return self.ranked[:, 0]


def ask(version: ModelVersion, artefact: Path, texts: Sequence[str], labels: Iterable[str]) -> Answers:
    """Return what *version*, whose router lies in *artefact* and knows the units *labels*, answers to *texts*.

    Raises:
        ModelError: It cannot be loaded, or its process dies.
    """
    code = artefact.parents[1] / "code"
    timed = min(TIMED, len(texts))
    request = {
        "artefact": str(artefact),
        "code": str(code) if (code / "pipeline").is_dir() else "",
        "texts": list(texts),
        "timed": timed,
    }
    reply = _run(version, request)
    return replace(
        answers_of(version, {"berkadar_pengawasan": [""] * len(texts), **reply["columns"]}, labels),
        seconds=reply["seconds"] / max(timed, 1),
        size=sum(file.stat().st_size for file in artefact.rglob("*") if file.is_file()),
    )


def answers_of(version: ModelVersion, columns: Any, labels: Iterable[str]) -> Answers:
    """Return scored rows (name → values: a table or a mapping) as the answers of *version*; seconds and size are 0."""
    return Answers(
        version=version,
        labels=frozenset(labels),
        ranked=np.array([list(columns[name]) for name in RANKED], dtype=object).T,
        confidence=np.array(columns["keyakinan"], dtype=np.float64),
        levels=np.array(columns["urgensi"], dtype=object),
        guard=np.array(columns["berkadar_pengawasan"], dtype=object),
        seconds=0.0,
        size=0,
    )


def _run(version: ModelVersion, request: dict[str, Any]) -> dict[str, Any]:
    # -I: neither this folder nor PYTHONPATH may put another disposisi before the model's own.
    command = [sys.executable, "-I", str(Path(child.__file__))]
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command,
        input=json.dumps(request),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **one_thread},
        check=False,
    )
    try:
        reply: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        reply = {"error": f"its process ended with code {done.returncode} (out of memory?)"}
    if "error" in reply:
        raise ModelError(f"{version.reference} cannot be compared: {reply['error']}")
    return reply
