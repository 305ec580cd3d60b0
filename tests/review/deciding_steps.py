"""What officers do in the tests of decisions and of their undoing, on a clock that stands still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import event

from pipeline.review import clock
from pipeline.review.deciding import Choice, decide, undo
from pipeline.review.people import Person
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint, Decision

START = dt.datetime(2026, 11, 27, 7, 5, tzinfo=dt.UTC)
FORWARD = Choice("ditjen_otda", "tinggi", "teruskan")


def stop_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stop the clock; the function that is returned moves it to so many minutes after its start."""

    def to(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + dt.timedelta(minutes=minutes))

    to(0)
    return to


def put(store: Store, who: Person, choice: Choice = FORWARD, number: int = 1, version: int = 1) -> Decision:
    with store.write() as session:
        return decide(session, who, number, choice, version=version)


def listen(store: Store, sent: list[str]) -> None:
    """Put every statement that the database gets from now on into *sent*."""

    @event.listens_for(store.engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)


def back(store: Store, who: Person) -> list[int]:
    with store.write() as session:
        return [decision.complaint_id for decision in undo(session, who)]


def standing(store: Store, number: int = 1) -> tuple[str, int, str | None, str | None, int | None]:
    with store.read() as session:
        row = session.get_one(Complaint, number)
        return row.state, row.version, row.decided_unit, row.decided_action, row.decided_by


def suggestion_of(store: Store, number: int = 1) -> int | None:
    with store.read() as session:
        return session.get_one(Complaint, number).suggestion_id


def seen_of(store: Store, *numbers: int) -> dict[int, tuple[int, int]]:
    """What an officer who looks now sees of these complaints: version and suggestion."""
    with store.read() as session:
        rows = [session.get_one(Complaint, number) for number in numbers]
        return {row.id: (row.version, row.suggestion_id or 0) for row in rows}
