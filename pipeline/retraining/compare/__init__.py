"""Challenger against champion: both answer the same later rows, each in a process of its own, and gates judge.

A model that is loaded where ``pipeline`` is imported runs *that* code, not its own; hence the processes.
"""

from __future__ import annotations

from pipeline.retraining.compare.comparison import Comparison, Gate
from pipeline.retraining.compare.run import compare_with_champion

__all__ = ["Comparison", "Gate", "compare_with_champion"]
