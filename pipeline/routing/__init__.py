"""From scores to a decision: what an officer should do with a complaint."""

from __future__ import annotations

from pipeline.routing.decision import ACTIONS, OUTPUT_COLUMNS, ROUTED, decide_actions

__all__ = ["ACTIONS", "OUTPUT_COLUMNS", "ROUTED", "decide_actions"]
