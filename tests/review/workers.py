"""What the officers of test_racing.py do, in threads or in processes of their own."""

from __future__ import annotations

from multiprocessing.connection import Connection
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import ConflictError
from pipeline.review.deciding import Choice, decide
from pipeline.review.locks import release, take
from pipeline.review.people import find_person
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
            choice, version = _as_suggested(session, chosen)
        try:
            with store.write() as session:
                lock = take(session, me, chosen)
            if lock is None or not lock.mine:
                continue
            with store.write() as session:
                decide(session, me, chosen, choice, version=version)
        except ConflictError:
            # Between the look and the lock somebody else had it open and decided it.
            with store.write() as session:
                release(session, me, chosen)
        else:
            done.append(chosen)


def work_at(url: str, login: str, start: Barrier, shares: SimpleQueue[tuple[str, list[int]]]) -> None:
    """Do the same in a process of its own, once all are there; put what this officer decided into *shares*."""
    store = open_store(url)
    start.wait(300)
    shares.put((login, work(store, login)))
    store.close()


def _as_suggested(session: Session, chosen: int) -> tuple[Choice, int]:
    """Return the decision that a complaint's suggestion asks for, and the version that was seen."""
    unit, level, version = session.execute(
        select(Complaint.unit, Complaint.level, Complaint.version).where(Complaint.id == chosen)
    ).one()
    return Choice(unit, level, "teruskan"), version


def decide_and_tell(url: str, login: str, told: Connection) -> None:
    """Decide row after row and tell the id of each once it is kept."""
    store = open_store(url)
    with store.read() as session:
        me = find_person(session, login)
    while True:
        with store.write() as session:
            chosen = next_id(session, me, Filters())
            if chosen is None:
                return
            choice, version = _as_suggested(session, chosen)
            decide(session, me, chosen, choice, version=version)
        told.send(chosen)
