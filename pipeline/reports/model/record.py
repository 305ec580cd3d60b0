"""What the registry, the artefact and the training's run say of a model version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.retraining.card import FILE as CARD
from pipeline.retraining.compare.comparison import Comparison
from pipeline.retraining.promotion import comparison_of
from pipeline.scoring.router import Router
from pipeline.tracking.registry import ModelVersion, artefact_folder, find_version, read_text
from pipeline.tracking.store import open_store

FILE = "laporan_model.html"
"""Where the model's MLflow run keeps the report."""
_PER_UNIT = "per_unit.csv"


@dataclass(frozen=True)
class Record:
    """A version with its router and what was kept of its training.

    ``card``: the model card (Markdown), ``""`` without; ``per_unit``: the run's csv, ``None`` without; ``tags``: why
    it became champion; ``comparison``: ``None`` where it was never compared.
    """

    version: ModelVersion
    router: Router
    card: str
    per_unit: str | None
    tags: Mapping[str, str]
    params: Mapping[str, str]
    comparison: Comparison | None

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The artefact's manifest."""
        return self.router.manifest


def read_record(store: Path, reference: str) -> Record:
    """Return what is kept of the version that ``NAME[@alias|/version]`` names.

    Raises :class:`~pipeline.errors.ModelNotFoundError`, :class:`~pipeline.errors.ModelError`.
    """
    version = find_version(store, reference)
    folder = artefact_folder(store, version)
    client = open_store(store)
    run = client.get_run(version.run_id)
    card = folder / CARD
    return Record(
        version=version,
        router=Router.load(folder),
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        per_unit=read_text(store, version, _PER_UNIT),
        tags=dict(client.get_model_version(version.name, str(version.version)).tags),
        params=dict(run.data.params),
        comparison=comparison_of(store, version),
    )


def log_report(store: Path, version: ModelVersion, page: str) -> None:
    """Keep *page* in the version's run."""
    open_store(store).log_text(version.run_id, page, FILE)
