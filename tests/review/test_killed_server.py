"""The power fails while four programs decide over HTTP: what the server confirmed is kept, once, and it goes on."""

from __future__ import annotations

import queue
import random
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from pipeline.review import audit
from pipeline.review.sessions import make_api_token
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import DECIDED, AuditEntry, Complaint, Decision, Officer
from tests.review.chromium.server import PATIENCE, Server, serving, until
from tests.review.examples import UNITS, fill, person

ROWS, CLIENTS, CONFIRMED = 120, 4, 25

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")

Kept = tuple[int, str, str, str]
"""Complaint, unit, urgency and the officer's login, as an answer of 201 confirmed them."""


class Clients:
    """Programs with a key each that decide all *numbers*; each number is tried by two of them.

    ``kept``: what was confirmed. ``refused``: numbers whose second attempt was told that they are decided.
    """

    def __init__(self, keys: Sequence[tuple[str, str]], numbers: Sequence[int]) -> None:
        self._keys = keys
        self._work: queue.SimpleQueue[int] = queue.SimpleQueue()
        twice = [*numbers, *numbers]
        random.Random(len(twice)).shuffle(twice)
        for number in twice:
            self._work.put(number)
        self._lock = threading.Lock()
        self.kept: list[Kept] = []
        self.refused: list[int] = []

    def run(self, server: Server, *, kill_after: int | None = None) -> None:
        """Decide until nothing is left, or until the server is killed: after *kill_after* confirmations."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            running = [pool.submit(self._decide_all, server, login, key) for login, key in self._keys]
            if kill_after is not None:
                until(lambda: len(self.kept) >= kill_after or any(one.done() for one in running))
                server.process.kill()
                server.process.wait(PATIENCE)
            ended_well = [one.result() for one in running]
        assert ended_well == [kill_after is None] * CLIENTS

    def _decide_all(self, server: Server, login: str, key: str) -> bool:
        """Return whether the server was there to the end."""
        draw = random.Random(login)
        with httpx.Client(base_url=server.address, timeout=PATIENCE, headers={"Authorization": f"Bearer {key}"}) as api:
            while True:
                try:
                    number = self._work.get_nowait()
                except queue.Empty:
                    return True
                unit, level = draw.choice(UNITS), draw.choice(("rendah", "sedang", "tinggi", "darurat"))
                body = {"nomor": number, "versi": 1, "unit": unit, "urgensi": level, "tindakan": "teruskan"}
                try:
                    answer = api.post("/api/keputusan", json=body)
                except httpx.TransportError:
                    return False
                assert answer.status_code in {201, 409}, answer.text
                with self._lock:
                    if answer.status_code == 201:
                        self.kept.append((number, unit, level, login))
                    else:
                        self.refused.append(number)


def test_confirmed_decisions_survive_a_killed_server(database: str, tmp_path: Path):
    store = open_store(database)
    try:
        fill(store, ROWS)
        logins = [person(store, f"program{number}").login for number in range(CLIENTS)]
        with store.write() as session:
            keys = [(login, make_api_token(session, login, "uji", 1)) for login in logins]
        first = Clients(keys, range(1, ROWS + 1))
        with serving(database, tmp_path) as server:
            first.run(server, kill_after=CONFIRMED)
            assert server.process.returncode == -signal.SIGKILL
            assert server.faults() == []
        decided = until(lambda: settled(store, first.kept))
        assert CONFIRMED <= len(first.kept) < ROWS
        assert set(first.kept) <= set(decided)
        assert len(decided) <= len(first.kept) + CLIENTS  # kept, and killed before the answer was out

        open_numbers = sorted(set(range(1, ROWS + 1)) - {number for number, *_ in first.kept})
        second = Clients(keys, open_numbers)
        with serving(database, tmp_path) as server:
            second.run(server)
            assert server.faults() == []
        untold = set(decided) - set(first.kept)
        check_all_once(store, [*first.kept, *second.kept, *untold])
        attempts = Counter(second.refused)
        assert {number for number, times in attempts.items() if times == 2} == {number for number, *_ in untold}
    finally:
        store.close()


def settled(store: Store, kept: Sequence[Kept]) -> list[Kept] | None:
    """Return what is decided, once PostgreSQL has given up what the killed server had begun."""
    with store.read() as session:
        if store.dialect == "postgresql":
            others = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            if session.execute(text(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")).scalar_one():
                return None
        return decisions(store)


def decisions(store: Store) -> list[Kept]:
    with store.read() as session:
        rows = session.execute(
            select(Decision.complaint_id, Decision.unit, Decision.level, Officer.login)
            .join(Officer, Officer.id == Decision.officer_id)
            .order_by(Decision.id)
        )
        return [(number, str(unit), level, login) for number, unit, level, login in rows]


def check_all_once(store: Store, confirmed: Sequence[Kept]) -> None:
    """Every complaint has the one decision that was confirmed, in the audit log too, and the store is sound."""
    found = decisions(store)
    assert sorted(found) == sorted(confirmed)
    assert sorted(number for number, *_ in found) == list(range(1, ROWS + 1))
    with store.read() as session:
        rows = session.execute(
            select(Complaint.id, Complaint.state, Complaint.version, Complaint.decided_unit, Decision.unit)
            .join(Decision, Decision.id == Complaint.decision_id)
        ).all()  # fmt: skip
        assert [(state, version, unit) for _, state, version, unit, _ in rows] == [
            (DECIDED, 2, decided) for *_, decided in rows
        ]
        assert len(rows) == ROWS
        logged = select(AuditEntry.complaint_id).where(AuditEntry.event == audit.Event.DECIDE)
        assert sorted(session.scalars(logged)) == list(range(1, ROWS + 1))
        assert session.scalar(select(func.count()).where(Complaint.locked_by.is_not(None))) == 0
        if store.dialect == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
