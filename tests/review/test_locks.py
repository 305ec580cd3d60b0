"""Locks: one person has a complaint open, for a while; a supervisor may take it over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.errors import ForbiddenError
from pipeline.review import audit, clock
from pipeline.review.locks import LOCK, MOST_LOCKS, Lock, release, take
from pipeline.review.people import Person
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint
from tests.review.examples import fill, person

START = dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC)


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stop the clock; the function moves it to so many minutes after its start."""

    def to(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + dt.timedelta(minutes=minutes))

    to(0)
    return to


def open_it(store: Store, who: Person, *, force: bool = False) -> Lock | None:
    with store.write() as session:
        return take(session, who, 1, force=force)


def holder(store: Store) -> int | None:
    with store.read() as session:
        return session.scalar(select(Complaint.locked_by).where(Complaint.id == 1))


def test_one_has_it_until_it_expires(store: Store, move: Callable[[float], None]):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    until = START + LOCK
    assert open_it(store, sari) == Lock(True, "Sari", until)
    move(9.9)
    assert open_it(store, budi) == Lock(False, "Sari", until)
    move(10)
    assert open_it(store, budi) == Lock(True, "Budi", START + 2 * LOCK)
    assert open_it(store, sari) == Lock(False, "Budi", START + 2 * LOCK)


def test_opening_again_makes_it_last(store: Store, move: Callable[[float], None]):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    open_it(store, sari)
    move(8)
    assert open_it(store, sari) == Lock(True, "Sari", START + LOCK + dt.timedelta(minutes=8))
    move(17)
    assert open_it(store, budi) == Lock(False, "Sari", START + LOCK + dt.timedelta(minutes=8))


def test_giving_it_up(store: Store):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    open_it(store, sari)
    with store.write() as session:
        release(session, budi, 1)  # not his
    assert holder(store) == sari.id
    with store.write() as session:
        release(session, sari, 1)
    assert holder(store) is None


def test_a_supervisor_takes_over_on_record(store: Store):
    fill(store, 1)
    sari, wati = person(store), person(store, "wati", "penyelia")
    open_it(store, sari)
    found = open_it(store, wati)
    assert found is not None
    assert not found.mine
    found = open_it(store, wati, force=True)
    assert found is not None
    assert found.mine
    assert holder(store) == wati.id
    with store.read() as session:
        (entry,) = audit.entries(session, event=audit.Event.TAKE_OVER)
    assert (entry.actor, entry.complaint_id) == ("wati", 1)
    assert (entry.before, entry.after) == ({"pemegang": "Sari"}, {"pemegang": "Wati"})
    open_it(store, wati, force=True)  # her own: nothing is taken over
    with store.read() as session:
        assert len(audit.entries(session, event=audit.Event.TAKE_OVER)) == 1


def test_an_officer_may_not_take_over(store: Store):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    open_it(store, sari)
    with pytest.raises(ForbiddenError, match="mengambil alih"):
        open_it(store, budi, force=True)
    assert holder(store) == sari.id


def test_who_only_looks_locks_nothing(store: Store):
    fill(store, 1)
    sari, nia = person(store), person(store, "nia", "analis")
    assert open_it(store, nia) is None
    assert holder(store) is None
    open_it(store, sari)
    found = open_it(store, nia)
    assert found is not None
    assert (found.mine, found.by) == (False, "Sari")


def test_one_person_has_a_few_open_at_most(store: Store, move: Callable[[float], None]):
    fill(store, 14)
    sari, budi = person(store), person(store, "budi")

    def open_number(who: Person, number: int) -> None:
        with store.write() as session:
            take(session, who, number)

    def held(who: Person) -> set[int]:
        with store.read() as session:
            return set(session.scalars(select(Complaint.id).where(Complaint.locked_by == who.id)))

    open_number(budi, 14)
    for number in range(1, MOST_LOCKS + 1):
        move(number / 100)
        open_number(sari, number)
    assert held(sari) == set(range(1, MOST_LOCKS + 1))
    move(1)
    open_number(sari, 1)  # opened again: no longer the oldest
    open_number(sari, 11)
    assert held(sari) == {1, *range(3, 12)}
    open_number(sari, 2)
    open_number(sari, 14)
    assert held(sari) == {1, 2, *range(4, 12)}
    assert held(budi) == {14}


def test_what_is_out_of_sight_cannot_be_opened(store: Store):
    fill(store, 1, unit="pemda")
    with pytest.raises(ForbiddenError, match="di luar unit Anda"):
        open_it(store, person(store, "joko", units=("itjen",)))
    with pytest.raises(ForbiddenError, match="tidak berhak melihat"):
        open_it(store, person(store, "tono", "admin"))
    found = open_it(store, person(store, "rina", units=("pemda",)))
    assert found is not None
    assert found.mine
    budi = person(store, "budi")
    with store.write() as session, pytest.raises(ForbiddenError, match="tidak ada"):
        take(session, budi, 99)
