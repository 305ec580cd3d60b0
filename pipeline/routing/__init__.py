"""From scores to a decision: what an officer should do with a complaint."""

from __future__ import annotations

from pipeline.routing.decision import ACTIONS, DATE_COLUMNS, OUTPUT_COLUMNS, ROUTED, VERSION, column_kind

__all__ = ["ACTIONS", "DATE_COLUMNS", "OUTPUT_COLUMNS", "ROUTED", "VERSION", "column_kind"]
