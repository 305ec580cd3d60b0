"""What the officers of test_racing.py do, in threads or in processes of their own."""

from __future__ import annotations

import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import ConflictError, LockedError
from pipeline.review.deciding import Choice, decide
from pipeline.review.locks import take
from pipeline.review.people import Person, find_person
from pipeline.review.queue import Filters, next_id
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import Complaint


def work(store: Store, login: str) -> list[int]:
    """Decide one complaint after the other until none is free; return those that this officer decided."""
    with store.read() as session:
        me = find_person(session, login)
    done = []
    while True:
        with store.read() as session:
            chosen = next_id(session, me, Filters())
        if chosen is None:
            return done
        try:
            with store.write() as session:
                lock = take(session, me, chosen)
            if lock is None or not lock.mine:
                continue
            with store.write() as session:
                _accept(session, me, chosen)
        except (LockedError, ConflictError):
            continue
        done.append(chosen)


def work_at(url: str, login: str) -> list[int]:
    """Do the same in a process of its own."""
    store = open_store(url)
    try:
        return work(store, login)
    finally:
        store.close()


def _accept(session: Session, me: Person, chosen: int) -> None:
    unit, level, version = session.execute(
        select(Complaint.unit, Complaint.level, Complaint.version).where(Complaint.id == chosen)
    ).one()
    decide(session, me, chosen, Choice(unit, level, "teruskan"), version=version)


def decide_and_tell(url: str, login: str) -> None:
    """Decide row after row and print the id of each once it is kept."""
    store = open_store(url)
    with store.read() as session:
        me = find_person(session, login)
    while True:
        with store.write() as session:
            chosen = next_id(session, me, Filters())
            if chosen is None:
                return
            _accept(session, me, chosen)
        print(chosen, flush=True)


if __name__ == "__main__":
    decide_and_tell(*sys.argv[1:])
