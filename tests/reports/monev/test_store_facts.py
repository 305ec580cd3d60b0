"""What the triage store tells of a period."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from pipeline.errors import OptionError
from pipeline.reports.monev.period import parse_period
from pipeline.reports.monev.store_facts import StoreFacts, store_facts
from pipeline.review import clock, deciding, passwords
from pipeline.review.people import Person
from pipeline.review.store import open_store
from pipeline.review.store.tables import AuditEntry, Complaint
from tests.review.examples import fill, person

WIB = ZoneInfo("Asia/Jakarta")
OCTOBER = parse_period("2026-10")


class Office:
    """A store whose clock the tests set."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = f"sqlite:///{folder / 'triase.db'}"
        self.store = open_store(self.url)
        self._patch = monkeypatch
        self.at("2026-10-01T08:00")

    def at(self, local: str) -> None:
        moment = dt.datetime.fromisoformat(local).replace(tzinfo=WIB)
        self._patch.setattr(clock, "now", lambda: moment.astimezone(dt.UTC))

    def decide(self, who: Person, number: int, unit: str | None, **more: object) -> None:
        with self.store.write() as session:
            row = session.scalars(select(Complaint).order_by(Complaint.id)).all()[number]
            values = {"level": row.level, "action": "teruskan" if unit else "bukan_aduan"} | more
            deciding.decide(session, who, row.id, deciding.Choice(unit, **values), version=row.version)

    def facts(self, **more: object) -> StoreFacts:
        return store_facts(self.url, OCTOBER, WIB, **more)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return Office(tmp_path, monkeypatch)


def pair(facts: StoreFacts, key: str) -> tuple[int | None, int | None]:
    return facts.numbers[key].hits, facts.numbers[key].n


def test_decisions_of_the_period_are_counted(office: Office):
    actions = ["teruskan"] * 4 + ["tinjau"] * 4
    days = [f"2026-10-0{n}" for n in (1, 1, 2, 2, 3, 3, 4, 4)]
    fill(office.store, 8, unit="pemda", unit_2="itjen", unit_3="ditjen_otda", tindakan=actions, tanggal=days)
    sari, tuti = person(office.store), person(office.store, "tuti", "penyelia")
    office.at("2026-10-05T00:00")
    office.decide(sari, 0, "pemda")
    office.decide(sari, 4, "pemda")
    office.decide(sari, 5, "itjen")  # corrected
    office.decide(sari, 6, None)  # no complaint: no unit to be right or wrong about
    office.at("2026-10-09T00:00")
    office.decide(tuti, 4, "ditjen_otda", returned_from="pemda")  # replaces the decision of the 5th
    office.at("2026-11-01T00:30")  # already November in Jakarta, still October by UTC
    office.decide(sari, 7, "itjen")
    facts = office.facts()
    assert facts.decided == 4
    assert pair(facts, "dikoreksi") == (2, 3)
    assert pair(facts, "dikembalikan") == (1, 5)
    # Forwarded by the model and touched by nobody: rows 1, 2, 3. By people up to 31 October: rows 0, 4, 5, 6.
    assert pair(facts, "diputuskan_otomatis") == (3, 7)
    assert facts.numbers["waktu_putusan_median"].value == pytest.approx(2.0)  # days: 4, 6, 2, 1
    assert facts.numbers["dikoreksi"].before is None
    assert {definition.key for definition in facts.definitions} == set(facts.numbers)
    november = store_facts(office.url, parse_period("2026-11"), WIB)
    assert november.decided == 1
    assert november.numbers["dikoreksi"].before == pytest.approx(2 / 3)


def test_undone_decisions_count_nowhere(office: Office):
    fill(office.store, 2, unit="pemda", tindakan="tinjau", tanggal="2026-10-02")
    sari = person(office.store)
    office.at("2026-10-05T00:00")
    office.decide(sari, 0, "itjen")
    with office.store.write() as session:
        deciding.undo(session, sari)
    assert office.facts().numbers == {}


def test_what_came_after_the_day_is_left_out(office: Office):
    fill(office.store, 2, unit="pemda", tindakan="tinjau", tanggal="2026-10-02")
    sari = person(office.store)
    office.at("2026-10-05T10:00")
    office.decide(sari, 0, "pemda")
    office.at("2026-10-25T10:00")
    office.decide(sari, 1, "pemda")
    assert office.facts().decided == 2
    early = office.facts(as_of=dt.date(2026, 10, 10))
    assert early.decided == 1
    assert pair(early, "dikoreksi") == (0, 1)


def test_nothing_is_written_and_a_missing_store_is_not_made(office: Office, tmp_path: Path):
    fill(office.store, 1, tanggal="2026-10-02")
    with office.store.read() as session:
        before = len(session.scalars(select(AuditEntry)).all())
    office.facts()
    with office.store.read() as session:
        assert len(session.scalars(select(AuditEntry)).all()) == before
    with pytest.raises(OptionError, match="no such triage store"):
        store_facts(f"sqlite:///{tmp_path / 'tidak_ada.db'}", OCTOBER, WIB)
    assert not (tmp_path / "tidak_ada.db").exists()
