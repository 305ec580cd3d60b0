"""In what order the queue stands, and cursors: the sorting key of a page's last row, behind which the next one begins.

Waiting complaints stand by priority, deadline, confidence; decided ones by the moment of the decision, newest first.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, UnaryExpression, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from pipeline.errors import ReviewError
from pipeline.review.store.tables import DECIDED, Complaint


@dataclass(frozen=True)
class Order:
    """The columns that complaints are sorted by, and what reads each column's value from a cursor."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    readers: tuple[Callable[[Any], Any], ...]
    newest_first: bool = False

    def clauses(self) -> list[UnaryExpression[Any] | ColumnElement[Any]]:
        """Return what ``ORDER BY`` takes."""
        return [column.desc() if self.newest_first else column.asc() for column in self.columns]

    def behind(self, key: Sequence[Any]) -> ColumnElement[bool]:
        """Return the condition that a complaint stands behind the one whose sorting key is *key*."""
        here = tuple_(*(literal(value, column.type) for value, column in zip(key, self.columns, strict=True)))
        columns = tuple_(*self.columns)
        return columns < here if self.newest_first else columns > here

    def cursor(self, complaint: Complaint) -> str:
        """Return the cursor of the page behind *complaint*."""
        key = [getattr(complaint, column.key) for column in self.columns]
        told = [value.isoformat() if isinstance(value, dt.date) else value for value in key]
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")

    def read(self, cursor: str) -> list[Any]:
        """Return the sorting key that *cursor* holds. Raises :class:`ReviewError` where it is damaged."""
        try:
            values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            return [read(value) for read, value in zip(self.readers, values, strict=True)]
        except (ValueError, TypeError, RecursionError, OverflowError) as error:
            raise ReviewError("Alamat halaman antrian ini rusak. Buka antrian dari awal.") from error


def order_of(state: str) -> Order:
    """Return the order of the complaints in *state*."""
    return _DECIDED if state == DECIDED else _WAITING


def _whole(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("no whole number of the database")
    return value


def _moment(value: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(value)
    return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)


_WAITING: Final = Order(
    (Complaint.rank, Complaint.due, Complaint.confidence, Complaint.id),
    (_whole, dt.date.fromisoformat, float, _whole),
)
_DECIDED: Final = Order((Complaint.decided_at, Complaint.id), (_moment, _whole), newest_first=True)
