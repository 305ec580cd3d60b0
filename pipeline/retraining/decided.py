"""One officer's decision as retraining sees it, and what became of an officer's decisions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.catalogue import LEVELS
from pipeline.routing.decision import FORWARD, INCOMPLETE, NOT_A_COMPLAINT

ACTIONS = (FORWARD, INCOMPLETE, NOT_A_COMPLAINT)
_TEACH_URGENCY = (FORWARD, INCOMPLETE)


class Kind(StrEnum):
    """How a decision relates to the suggestion that the officer saw."""

    AGREED = "agreed"
    GROUP = "agreed as a group"
    CORRECTED = "corrected"
    RETURNED = "returned"
    NO_UNIT = "no unit"


@dataclass(frozen=True)
class Decided:
    """The decision that stands on one complaint.

    ``received``: local time that the complaint came in, ``None`` where unknown. ``unit``: who got it, ``""`` where
    nobody did. ``rank``: 1-3 where the unit is that suggestion, 0 where it is another, ``None`` where unknown.
    ``day``: the local day of the decision. ``grouped``: decided together with others (known from a store only).
    ``text`` is ``""`` where none was read; ``note``: what the officer remarked.
    """

    id: str
    text: str = field(repr=False)
    received: dt.datetime | None
    unit: str
    level: str
    action: str
    returned_from: str
    suggested: str
    rank: int | None
    officer: str = field(repr=False)
    at: dt.datetime
    day: dt.date
    grouped: bool = False
    note: str = field(default="", repr=False)

    @property
    def kind(self) -> Kind:
        """How it relates to the suggestion. A complaint that a unit sent back is a correction whatever its rank."""
        if not self.taught_unit:
            return Kind.NO_UNIT
        if self.returned_from:
            return Kind.RETURNED
        agreed = self.unit == self.suggested if self.rank is None else self.rank == 1
        if not agreed:
            return Kind.CORRECTED
        return Kind.GROUP if self.grouped else Kind.AGREED

    @property
    def taught_unit(self) -> str:
        """The unit that it is a label of: only what was forwarded went to one, whatever the cell holds."""
        return self.unit if self.action == FORWARD else ""

    @property
    def teaches_urgency(self) -> bool:
        """Whether its level is a label: what is no complaint has no urgency to learn."""
        return self.action in _TEACH_URGENCY

    def fault(self, *, texts: bool = True) -> str | None:
        """Return why it is of no use, ``None`` where it is; holds no cell's text. *texts*: it takes a text."""
        if not self.id:
            return "no id"
        if texts and not self.text.strip():
            return "no text"
        if self.action not in ACTIONS:
            return f"tindakan is none of {', '.join(ACTIONS)}"
        if self.level not in LEVELS:
            return f"urgensi is none of {', '.join(LEVELS)}"
        if self.action == FORWARD and not self.unit:
            return "forwarded, but no unit"
        return None


@dataclass(frozen=True)
class Record:
    """What became of one officer's decisions: how many were made and not undone, how many of them overturned."""

    decided: int
    overturned: int


@dataclass(frozen=True)
class Decisions:
    """The decisions that stand, the newest first, one a complaint.

    ``read``: decisions seen. ``left_out``: reason → how many were not used. ``records``: officer's login → what became
    of the officer's decisions, for officers of a triage store.
    """

    rows: tuple[Decided, ...]
    read: int
    left_out: Mapping[str, int]
    records: Mapping[str, Record] = field(default_factory=dict, repr=False)

    def kinds(self) -> Counter[Kind]:
        """Return how many decisions are of each kind."""
        return Counter(decision.kind for decision in self.rows)

    def units(self) -> dict[str, str]:
        """Return complaint's id → unit of the decisions that give it to one."""
        return {decision.id: decision.unit for decision in self.rows if decision.action == FORWARD}
