"""From which distance on a measure gives an alarm: ``models/drift.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipeline.errors import OptionError
from pipeline.settings import checked, read_toml, recipes_dir

FILE = "drift.toml"
MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "unit_prediksi": "unit menurut model",
        "unit_berlabel": "unit menurut label",
        "kosakata": "kata yang tidak dikenal",
        "panjang": "panjang (kata)",
        "keyakinan": "keyakinan",
        "ditinjau": "perlu ditinjau",
        "kesepakatan": "sepakat dengan petugas",
    }
)
"""Key → what people read, in the order of the table."""
WORSE: Mapping[str, int] = MappingProxyType({"kosakata": 1, "keyakinan": -1, "ditinjau": 1, "kesepakatan": -1})
"""Which way a measure gets worse; only that way it gives an alarm. The others do both ways."""


class Limits(BaseModel):
    """``alpha``: level of the tests, corrected for their number; ``permutations``: draws of each, at least;

    ``min_rows``: fewer rows on a side get no verdict; ``distance``: for each of :data:`MEASURES` the Jensen-Shannon
    distance beyond chance (0-1, base 2) from which on a significant change is an alarm.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    alpha: float = Field(gt=0, lt=0.5)
    permutations: int = Field(ge=99, le=1_000_000)
    min_rows: int = Field(ge=2)
    distance: Mapping[str, float]

    @field_validator("distance")
    @classmethod
    def _all_measures(cls, distance: Mapping[str, float]) -> Mapping[str, float]:
        if set(distance) != set(MEASURES):
            raise ValueError(f"one limit each is needed for {', '.join(MEASURES)}")
        if not all(0 <= limit <= 1 for limit in distance.values()):
            raise ValueError("a limit lies between 0 and 1")
        return MappingProxyType(dict(distance))

    def with_alarms(self, given: Sequence[str]) -> Limits:
        """Return the limits with those of *given* (``MEASURE=DISTANCE``) in place of their own.

        Raises :class:`OptionError` for an unknown measure or a distance that is none.
        """
        distance = dict(self.distance)
        for argument in given:
            key, _, value = argument.partition("=")
            if key not in distance:
                raise OptionError(f"--alarm {argument!r}: write MEASURE=DISTANCE; measures are {', '.join(distance)}.")
            try:
                distance[key] = float(value)
            except ValueError as error:
                raise OptionError(f"--alarm {argument!r}: the distance is a number between 0 and 1.") from error
            if not 0 <= distance[key] <= 1:
                raise OptionError(f"--alarm {argument!r}: the distance is a number between 0 and 1.")
        return self.model_copy(update={"distance": MappingProxyType(distance)})


def load_limits() -> Limits:
    """Return what ``models/drift.toml`` says. Raises :class:`OptionError` naming the key that is wrong."""
    path = recipes_dir() / FILE
    raw = read_toml(path, "table of limits")
    return checked(Limits, {**raw.get("test", {}), "distance": raw.get("distance", {})}, path, "docs/drift.md")
