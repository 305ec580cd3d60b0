"""Values to filter by, with how many wait for each; kept for a short time, since counting reads all that wait."""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy.orm import Session

from pipeline.review import queue
from pipeline.review.people import Person

SECONDS: Final = 30.0
Facets = dict[str, list[tuple[str, int]]]


class FacetCache:
    """Keeps :func:`pipeline.review.queue.facets` for :data:`SECONDS`, once for all who may see the same units."""

    def __init__(self) -> None:
        self._kept: dict[frozenset[str], tuple[float, Facets]] = {}

    def of(self, session: Session, person: Person) -> Facets:
        """Return the values that *person* may filter by, with numbers at most :data:`SECONDS` old."""
        now = time.monotonic()
        kept = self._kept.get(person.units)
        if kept is not None and now - kept[0] < SECONDS:
            return kept[1]
        found = queue.facets(session, person)
        self._kept[person.units] = (now, found)
        return found
