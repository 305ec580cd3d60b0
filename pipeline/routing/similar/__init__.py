"""The same complaint again: near-identical texts and reports of one incident, in a batch and against earlier ones."""

from __future__ import annotations

from pipeline.routing.similar.index import IncidentIndex, Link

__all__ = ["IncidentIndex", "Link"]
