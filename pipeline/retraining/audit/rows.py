"""The rows that an audit judges, as they stand in the data files, and the number by which a decision finds its row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from pipeline.catalogue.crosswalk import pool_place
from pipeline.intake import Batch

Role = Literal["unit", "urgency"]
ROLES: Final[tuple[Role, ...]] = ("unit", "urgency")
PREFIX: Final = "audit/"
"""Begins the number of every audit row in the triage store: no complaint of an office is called so."""
_DIGEST_BYTES = 8
_LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of a data file. ``labels``: role → the cell as it stands, of the roles that have one; ``columns``: their
    names.

    ``time`` is datetime64[us], NaT where there is none.
    """

    file: str
    number: int
    id: str
    text: str
    labels: dict[Role, str]
    columns: dict[Role, str]
    time: np.datetime64

    def key(self, role: Role) -> str:
        """Return what names this row's label of *role*: it changes with the text, the label, the id and the place."""
        parts = [self.file, self.id or str(self.number), self.text, role, self.columns[role], self.labels[role]]
        digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
        for part in parts:
            digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def triage_id(self, role: Role, name: str) -> str:
        """Return ``audit/NAME/ROW/KEY``, the number of this row in the triage store; ROW is its own id for people."""
        usable = self.id and len(self.id) <= _LONGEST_ID and self.id.isprintable()
        return f"{PREFIX}{name}/{self.id if usable else f'baris-{self.number}'}/{self.key(role)}"


def audit_rows(batches: Sequence[Batch]) -> list[AuditRow]:
    """Return the rows of *batches* that have a text and a label."""
    rows = []
    for batch in batches:
        units, levels = batch.units(), batch.urgencies()
        times = batch.dates().to_numpy().astype("datetime64[us]")
        names: dict[Role, str | None] = {"unit": batch.columns.unit, "urgency": batch.columns.urgency}
        columns: dict[Role, str] = {role: name for role, name in names.items() if name is not None}
        file = Path(batch.source).name
        for place, (text, row_id) in enumerate(zip(batch.texts(), batch.ids(), strict=True)):
            found: dict[Role, str | None] = {"unit": units[place], "urgency": levels[place]}
            labels: dict[Role, str] = {role: label for role, label in found.items() if label}
            if labels and text.strip():
                rows.append(AuditRow(file, int(batch.rows[place]), row_id, text, labels, columns, times[place]))
    return rows


def classes_of(rows: Sequence[AuditRow], role: Role, *, pool_places: bool) -> list[str | None]:
    """Return each row's label of *role* as training sees it (places joined where asked), ``None`` where it has none."""
    labels = [row.labels.get(role) for row in rows]
    if role == "unit" and pool_places:
        return [pool_place(label) if label else None for label in labels]
    return labels
