"""Classifiers for unit and urgency: sparse linear models with calibrated probabilities and explanations."""

from __future__ import annotations

from pipeline.classifiers.unit import UnitClassifier
from pipeline.classifiers.urgency import UrgencyClassifier

__all__ = ["UnitClassifier", "UrgencyClassifier"]
