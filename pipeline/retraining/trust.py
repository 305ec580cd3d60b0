"""How far each label is trusted: ``models/retrain.toml``, and what an officer's earlier decisions say.

A weight is what a row counts in the fit. The officer's reliability is the posterior mean of a Beta-binomial model
(Gelman et al. 2013, "Bayesian Data Analysis", 2.4) of how many decisions stand, so that few decisions change little.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.retraining.decided import Decided, Kind, Record
from pipeline.settings import checked, read_toml, recipes_dir

FILE = "retrain.toml"
_Weight = Annotated[float, Field(gt=0, le=10)]
_Factor = Annotated[float, Field(gt=0, le=2)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Weights(_Table):
    """What a row counts by where its label comes from; ``urgency``: of an officer's level, whatever the unit."""

    history: _Weight
    agreed: _Weight
    corrected: _Weight
    returned: _Weight
    group: _Weight
    urgency: _Weight


class Reliability(_Table):
    """The Beta prior of how many of an officer's decisions stand, in decisions."""

    prior_kept: float = Field(gt=0, le=10_000)
    prior_overturned: float = Field(gt=0, le=10_000)

    def factor(self, record: Record) -> float:
        """Return the officer's posterior share of kept decisions over the prior's, at most 1; 1 without decisions."""
        prior = self.prior_kept + self.prior_overturned
        share = (record.decided - record.overturned + self.prior_kept) / (record.decided + prior)
        return min(1.0, share * prior / self.prior_kept)


class Bounds(_Table):
    """The least and the most that any row counts."""

    least: _Weight
    most: _Weight

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is more than most")
        return self


class Trust(_Table):
    """All of ``retrain.toml``, frozen. ``officers``: login → factor that the office itself sets."""

    weights: Weights
    reliability: Reliability
    bounds: Bounds
    officers: dict[str, _Factor] = Field(default_factory=dict)

    def unit_weight(self, decision: Decided, record: Record | None = None) -> float:
        """Return what *decision* counts as a label of the unit, above 0 and within the bounds.

        *record*: what became of the officer's decisions, ``None`` where that is not known.
        """
        kind = {
            Kind.AGREED: self.weights.agreed,
            Kind.GROUP: self.weights.group,
            Kind.CORRECTED: self.weights.corrected,
            Kind.RETURNED: self.weights.returned,
        }
        return self._bounded(kind[decision.kind] * self._officer(decision, record))

    def urgency_weight(self, decision: Decided, record: Record | None = None) -> float:
        """Return what *decision* counts as a label of the urgency, above 0 and within the bounds."""
        base = min(self.weights.urgency, self.weights.group) if decision.grouped else self.weights.urgency
        return self._bounded(base * self._officer(decision, record))

    def _officer(self, decision: Decided, record: Record | None) -> float:
        measured = 1.0 if record is None else self.reliability.factor(record)
        return measured * self.officers.get(decision.officer, 1.0)

    def _bounded(self, weight: float) -> float:
        return min(self.bounds.most, max(self.bounds.least, weight))

    def facts(self) -> dict[str, float | int]:
        """Return the weights for the record; of the officers only how many have a factor, never who."""
        return {
            **{f"weight_{name}": value for name, value in self.weights.model_dump().items()},
            **self.reliability.model_dump(),
            "officers_set_by_hand": len(self.officers),
        }


def load_trust(path: Path | None = None) -> Trust:
    """Read the weights from *path*, by default the shipped ``retrain.toml``.

    Raises :class:`OptionError` naming file and key when it cannot be read, a key is unknown or missing, or a value is
    wrong.
    """
    where = path or recipes_dir() / FILE
    return checked(Trust, read_toml(where, "table of trust weights"), where, "docs/retraining.md")
