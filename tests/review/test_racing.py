"""Eight officers at once lose nothing and decide nothing twice; what a killed process told of is kept."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from pipeline.errors import ConflictError, ReviewError
from pipeline.review import audit
from pipeline.review.deciding import Choice, decide, decide_group, undo
from pipeline.review.people import Person
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import DECIDED, DECISION, WAITING, AuditEntry, Complaint, Decision, Suggestion
from tests.review import workers
from tests.review.examples import fill, person
from tests.review.workers import decide_and_tell, work, work_at

ROWS, OFFICERS = 200, 8

# Imports what the officers' processes need once; each is a copy of it, and none shares anything with the tests' own.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([workers.__name__])


def hire(store: Store) -> list[str]:
    return [person(store, f"petugas{number}").login for number in range(OFFICERS)]


def check_all_once(store: Store, shares: list[list[int]]) -> None:
    """Every row has one decision, of who believes to have made it; everybody got some."""
    with store.read() as session:
        decided = session.execute(select(Decision.complaint_id, Decision.kind, Decision.officer_id)).all()
        states = session.scalars(select(Complaint.state)).all()
        versions = set(session.scalars(select(Complaint.version)))
        entries = session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.event == audit.Event.DECIDE))
        held = session.scalar(select(func.count()).where(Complaint.locked_by.is_not(None)))
    assert sorted(row.complaint_id for row in decided) == list(range(1, ROWS + 1))
    assert {row.kind for row in decided} == {DECISION}
    assert set(states) == {DECIDED}
    assert (versions, entries, held) == ({2}, ROWS, 0)
    mine = {officer: sorted(number for number, _, by in decided if by == officer) for officer in range(1, OFFICERS + 1)}
    assert list(mine.values()) == [sorted(share) for share in shares]
    assert min(map(len, shares)) > 0


def test_eight_threads(store: Store):
    fill(store, ROWS)
    logins = hire(store)
    start = threading.Barrier(OFFICERS)

    def run(login: str) -> list[int]:
        start.wait(30)
        return work(store, login)

    with ThreadPoolExecutor(OFFICERS) as pool:
        shares = list(pool.map(run, logins))
    check_all_once(store, shares)


def test_eight_processes(tmp_path: Path):
    """On SQLite, whose writers wait for each other by way of the file alone."""
    url = f"sqlite:///{tmp_path / 'triase.db'}"
    store = open_store(url)
    fill(store, ROWS)
    logins = hire(store)
    start, shares = processes.Barrier(OFFICERS), processes.SimpleQueue()
    officers = [processes.Process(target=work_at, args=(url, login, start, shares), daemon=True) for login in logins]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join(300)
    assert [officer.exitcode for officer in officers] == [0] * OFFICERS
    found = dict(shares.get() for _ in officers)
    check_all_once(store, [found[login] for login in logins])
    store.close()


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run *actions* at the same moment; return what they gave, or the refusal."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        start.wait(30)
        try:
            return action()
        except ReviewError as refusal:
            return refusal

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def decide_one(store: Store, who: Person, version: int) -> Decision:
    with store.write() as session:
        return decide(session, who, 1, Choice("pemda", "sedang", "teruskan"), version=version)


def test_of_eight_who_decide_one_complaint_one_does(store: Store):
    fill(store, 1, unit="pemda")
    people = [person(store, login) for login in (f"petugas{number}" for number in range(OFFICERS))]
    for version in range(1, 6):
        found = at_once(*(partial(decide_one, store, who, version) for who in people))
        winners = [who for who, one in zip(people, found, strict=True) if isinstance(one, Decision)]
        assert len(winners) == 1
        refusals = [one for one in found if isinstance(one, ConflictError)]
        assert len(refusals) == OFFICERS - 1
        assert all(winners[0].name in str(one) for one in refusals)
    with store.read() as session:
        assert session.scalar(select(func.count(Decision.id))) == 5
        assert session.get_one(Complaint, 1).version == 6


def test_a_correction_against_an_undo(store: Store):
    """One of both wins; the complaint then points to what stands."""
    fill(store, 1, unit="pemda")
    sari, budi = person(store), person(store, "budi")

    def take_back() -> object:
        with store.write() as session:
            return undo(session, sari)

    def standing() -> tuple[tuple[str, int | None], int]:
        with store.read() as session:
            row = session.get_one(Complaint, 1)
            return (row.state, row.decided_by), row.version

    for _ in range(6):
        before, version = standing()
        decide_one(store, sari, version)
        corrected, undone = at_once(partial(decide_one, store, budi, version + 1), take_back)
        assert isinstance(corrected, Decision) != isinstance(undone, list)
        found, last = standing()
        assert found == ((DECIDED, budi.id) if isinstance(corrected, Decision) else before)
        assert last == version + 2


def test_two_decide_the_same_group(store: Store):
    fill(store, 40, kelompok="g", tindakan="tinjau")
    people = [person(store), person(store, "budi")]
    with store.read() as session:
        newest_first = select(Complaint.id, Complaint.suggestion_id).order_by(Complaint.id.desc())
        seen = {number: (1, suggestion) for number, suggestion in session.execute(newest_first)}

    def run(who: Person) -> tuple[list[Decision], list[int]]:
        with store.write() as session:
            return decide_group(session, who, "g", seen=seen)

    at_once(*(partial(run, who) for who in people))
    with store.read() as session:
        assert sorted(session.scalars(select(Decision.complaint_id))) == list(range(1, 41))


def test_an_import_against_an_undo(store: Store):
    """Whoever is first: a complaint that waits shows the newest suggestion, one that was decided its own."""
    fill(store, 1, unit="pemda")
    sari, version = person(store), 1

    def take_back() -> object:
        with store.write() as session:
            return undo(session, sari)

    for number in range(2, 8):
        decide_one(store, sari, version)
        at_once(partial(fill, store, 1, unit="pemda", versi_model=f"contoh/{number}"), take_back)
        with store.read() as session:
            row = session.get_one(Complaint, 1)
            assert row.state == WAITING
            assert session.get_one(Suggestion, row.suggestion_id).model_version == f"contoh/{number}"
            version = row.version


def test_two_import_the_same(store: Store):
    done = at_once(*(lambda: fill(store, 50) for _ in range(2)))
    assert sorted((one.new, one.same) for one in done) == [(0, 50), (50, 0)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_what_was_told_kept_survives_a_kill(database: str):
    store = open_store(database)
    try:
        fill(store, ROWS)
        person(store)
        told = killed_after(database, 25)
        assert 25 <= len(told) < ROWS
        with store.read() as session:
            decided = set(session.scalars(select(Complaint.id).where(Complaint.state == DECIDED)))
            assert set(told) <= decided
            assert len(decided) <= len(told) + 1  # one may have been kept and not told
            assert sorted(session.scalars(select(Decision.complaint_id))) == sorted(decided)
            logged = select(AuditEntry.complaint_id).where(AuditEntry.event == audit.Event.DECIDE)
            assert sorted(session.scalars(logged)) == sorted(decided)
            if store.dialect == "sqlite":
                assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        # The next one goes on where it was.
        assert len(work(store, "sari")) == ROWS - len(decided)
    finally:
        store.close()


def killed_after(url: str, number: int) -> list[int]:
    """Start a process that decides, kill it once it told of *number* decisions, and return all that it told."""
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=decide_and_tell, args=(url, "sari", there), daemon=True)
    child.start()
    there.close()
    with here:
        told = [here.recv() for _ in range(number)]
        child.kill()
        with suppress(EOFError):
            while True:
                told.append(here.recv())
    child.join()
    assert child.exitcode == -signal.SIGKILL
    return told
