"""The gates' limits: ``models/gates.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.settings import checked, read_toml, recipes_dir

FILE = "gates.toml"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PromotionRules(_Table):
    """What becomes of a version that was never compared with a champion."""

    uncompared: Literal["warn", "refuse"]


class WindowLimits(_Table):
    """Labelled rows that a comparison takes at least."""

    min_rows: int = Field(ge=1)


class Margin(_Table):
    """How far below 0 the lower end of a difference's 95 % interval may lie."""

    margin: float = Field(ge=0, le=1)


class UnitRecallLimits(_Table):
    """How much lower a unit's recall may be, for units with so many rows; ``units`` names exceptions."""

    min_rows: int = Field(ge=1)
    tolerance: float = Field(ge=0, le=1)
    units: dict[str, float] = Field(default_factory=dict)

    def of(self, unit: str) -> float:
        """Return the tolerance of *unit*."""
        return self.units.get(unit, self.tolerance)


class DaruratLimits(_Table):
    """How much lower the recall of darurat may be, judged on so many rows at least."""

    tolerance: float = Field(ge=0, le=1)
    min_rows: int = Field(ge=1)


class CalibrationLimits(_Table):
    """Highest expected calibration error beyond chance."""

    limit: float = Field(gt=0, le=1)


class CoverageLimits(_Table):
    """How much lower the coverage at a wanted precision may be."""

    precision: float = Field(ge=0.5, lt=1)
    tolerance: float = Field(ge=0, le=1)


class SpeedLimits(_Table):
    """Most seconds a row, times the champion's."""

    slowest: float = Field(gt=0)


class SizeLimits(_Table):
    """Largest artefact in MB, and its growth against the champion's."""

    largest: float = Field(gt=0)
    growth: float = Field(gt=0)


class GuardLimits(_Table):
    """Least recall of complaints that accuse officials."""

    least: float = Field(ge=0, le=1)


class Limits(_Table):
    """All gates' limits."""

    promotion: PromotionRules
    window: WindowLimits
    accuracy: Margin
    macro_f1: Margin
    unit_recall: UnitRecallLimits
    darurat_recall: DaruratLimits
    calibration: CalibrationLimits
    coverage: CoverageLimits
    speed: SpeedLimits
    size: SizeLimits
    guard_recall: GuardLimits


def load_limits(path: Path | None = None) -> Limits:
    """Read *path*, by default the shipped ``models/gates.toml``.

    Raises:
        OptionError: The file cannot be read, or a key is missing, unknown or out of range.
    """
    path = path or recipes_dir() / FILE
    return checked(Limits, read_toml(path, "file of gates"), path, "docs/retraining.md")
