"""The period's record of leaders taking part."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.review import clock, people
from pipeline.review.monev import LeadersRecord, digests, leaders_record
from pipeline.review.monev.decisions import Resolution, decide, report
from pipeline.review.store import Store
from tests.review.examples import person
from tests.review.monev.examples import PERIOD, digest, issue

UNIT = "ditjen_dukcapil"


def records(store: Store, monkeypatch: pytest.MonkeyPatch) -> dict[str, LeadersRecord]:
    """Two weeks of November with three leaders, as the record tells them on two days; ``unit``: only one digest's."""

    def at(day: int, hour: int = 3) -> None:
        monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC))

    at(1)
    issue(store, digest(), digest(unit=UNIT), digest(unit="itjen"))
    minister = person(store, "menteri", "pimpinan")
    head = person(store, "kepala", "pimpinan", (UNIT,))
    person(store, "sekjen", "pimpinan")
    gone = person(store, "pergi", "pimpinan")
    person(store, "sari", "penyelia")
    with store.write() as session:
        people.set_active(session, gone.login, active=False)
        digests.mark_read(session, minister, 1)
    issue(store, digest(menunggu=[]))
    at(2)
    with store.write() as session:
        for due in (10, 10, 20, None):
            on = None if due is None else dt.date(2026, 11, due)
            decide(session, minister, PERIOD, "", Resolution("Putusan", "", "Lanjut", UNIT, on))
        decide(session, minister, PERIOD, "", Resolution("Tanpa tindak lanjut"))
        decide(session, minister, PERIOD, "", Resolution("Baru", replaces=5))
    at(10, 16)  # 23.00 in Jakarta: still that day
    with store.write() as session:
        report(session, head, 1, "selesai", "beres")
    at(11)
    with store.write() as session:
        report(session, head, 2, "selesai", "beres, terlambat")
        report(session, head, 4, "selesai", "beres")
        report(session, head, 4, "terhambat", "ternyata belum")
        digests.mark_read(session, head, 2)
        people.change_person(session, head.login, units=["itjen"])
    with store.read() as session:
        days = {"early": dt.date(2026, 11, 10), "late": dt.date(2026, 11, 21)}
        found = {name: leaders_record(session, PERIOD, as_of=day) for name, day in days.items()}
        found["unit"] = leaders_record(session, PERIOD, as_of=days["late"], unit=UNIT)
        found["none"] = leaders_record(session, "2026-01", as_of=days["late"])
    return found


def test_the_record_of_a_period(store: Store, monkeypatch: pytest.MonkeyPatch):
    found = records(store, monkeypatch)
    who_read_what(found["late"])
    what_was_decided_and_done_in_time(found["late"])
    early, unit, empty = found["early"], found["unit"], found["none"]
    assert (len(early.readings), early.done, early.due, early.in_time) == (1, 1, 1, 1)  # what came later does not count
    assert early.decisions[1].reports == ()
    assert (unit.published, unit.decisions, unit.read) == ((UNIT,), (), 1)
    assert (empty.published, empty.read_share, empty.in_time_share, empty.not_read) == ((), None, None, ())


def who_read_what(late: LeadersRecord) -> None:
    assert late.published == ("", UNIT, "itjen")
    assert [(one.leader.name, one.leader.role, one.leader.units, one.unit, one.edition) for one in late.readings] == [
        ("Menteri", "pimpinan", (), "", 1),
        ("Kepala", "pimpinan", (UNIT,), UNIT, 1),
    ]
    assert (late.read, late.read_share) == (2, pytest.approx(2 / 3))
    assert [(one.leader.name, one.unit) for one in late.not_read] == [("Kepala", "itjen"), ("Sekjen", "")]
    assert late.unled == (UNIT,)


def what_was_decided_and_done_in_time(late: LeadersRecord) -> None:
    assert [one.state for one in late.decisions] == [
        "selesai", "selesai", "belum ada laporan", "terhambat", "diganti", "",
    ]  # fmt: skip
    assert [one.done_on for one in late.decisions[:2]] == [dt.date(2026, 11, 10), dt.date(2026, 11, 11)]
    assert (len(late.standing), late.follow_ups, late.done, late.due, late.in_time) == (5, 4, 2, 3, 1)
    assert late.in_time_share == pytest.approx(1 / 3)
    assert [one.overdue(late.as_of) for one in late.decisions] == [False, False, True, False, False, False]
