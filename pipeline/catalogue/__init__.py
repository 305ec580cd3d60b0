"""Catalogues: units, levels of urgency and their reasons, read from ``data/catalogue``."""

from __future__ import annotations

from pipeline.catalogue.units import Unit, load_units, unit_name, unit_short
from pipeline.catalogue.urgency import LEVELS, reason_text

__all__ = ["LEVELS", "Unit", "load_units", "reason_text", "unit_name", "unit_short"]
