"""What the queue is narrowed to, as an address says it and as the database takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from pipeline.errors import ReviewError
from pipeline.review import clock
from pipeline.review.people import Person, visible
from pipeline.review.refusals import ZONE
from pipeline.review.store.search import text_matches
from pipeline.review.store.tables import DECIDED, WAITING, Complaint

_KEYS = {
    "unit": "unit", "level": "urgensi", "action": "tindakan", "place": "wilayah", "words": "kata",
    "group": "kelompok", "mine": "milik", "state": "status", "late": "batas", "watched": "pengawasan",
}  # fmt: skip
"""Field of :class:`Filters` → its name in an address."""
_TICKED = {"mine": "saya", "late": "lewat", "watched": "ya"}
"""Filters that are on or off → what stands for "on" in an address."""
_LONGEST = 200


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; ``""`` is everything. ``mine``: locked by me now, or decided by me.

    ``late``: the deadline is over, which only what waits can miss. ``watched``: accuses an office-holder.
    """

    unit: str = ""
    level: str = ""
    action: str = ""
    place: str = ""
    words: str = ""
    group: str = ""
    mine: bool = False
    state: str = WAITING
    late: bool = False
    watched: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Return the filters that an address's parameters set; other parameters are left alone.

        Raises :class:`ReviewError` where the state is none.
        """
        given: dict[str, Any] = {name: query.get(key, "").strip()[:_LONGEST] for name, key in _KEYS.items()}
        given |= {name: given[name] == on for name, on in _TICKED.items()}
        given["state"] = given["state"] or WAITING
        if given["state"] not in {WAITING, DECIDED}:
            raise ReviewError(f"Status aduan tidak dikenal. Pilih {WAITING} atau {DECIDED}.")
        return cls(**given)

    def to_query(self) -> dict[str, str]:
        """Return the filters that are set as parameters of an address."""
        given: dict[str, Any] = asdict(self)
        given |= {name: on if given[name] else "" for name, on in _TICKED.items()}
        given["state"] = "" if self.state == WAITING else self.state
        return {_KEYS[name]: value for name, value in given.items() if value}


def conditions(session: Session, person: Person, filters: Filters, *, zone: str = ZONE) -> list[ColumnElement[bool]]:
    """Return the conditions on :class:`Complaint` that *filters* and what *person* may see stand for.

    *zone*: time zone in which a deadline's day ends.
    """
    found = standing(person, filters.state)
    columns: list[tuple[InstrumentedAttribute[str], str]] = [
        (Complaint.unit, filters.unit),
        (Complaint.level, filters.level),
        (Complaint.action, filters.action),
        (Complaint.place, filters.place),
        (Complaint.group_name, filters.group),
    ]
    found += [column == value for column, value in columns if value]
    if filters.group and person.units:
        # A group is named after a complaint: to find others by it would tell of one that the person may not know of.
        own = select(Complaint.external_id).where(Complaint.external_id == filters.group, *visible(person))
        found.append(own.correlate(None).exists())
    if filters.late and filters.state == WAITING:
        found.append(Complaint.due < clock.today(zone))
    if filters.watched:
        found.append(Complaint.watched == true())  # as the index ix_complaint_watched says it
    words = text_matches(session, filters.words)
    if words is not None:
        found.append(words)
    if filters.mine and filters.state == WAITING:
        found += [Complaint.id.in_(_own("locked_by", person)), Complaint.locked_until > clock.now()]
    elif filters.mine:
        found.append(Complaint.id.in_(_own("decided_by", person)))
    return found


def _own(column: str, person: Person) -> Select[int]:
    """Return the query for the rows that are a person's: few, where the databases expect many and would read all."""
    other = aliased(Complaint)
    return select(other.id).where(getattr(other, column) == person.id)


def standing(person: Person, state: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a complaint is in *state* and *person* may see it."""
    if state == WAITING and person.units:
        # As visible() says where nothing is decided, in a form that an index answers.
        return [Complaint.state == state, Complaint.unit.in_(sorted(person.units)), Complaint.restricted.is_(False)]
    return [Complaint.state == state, *visible(person)]
