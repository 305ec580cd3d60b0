"""The supervisor's figures: the queue by age, agreement on standing decisions, the officers' work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.review import clock, deciding
from pipeline.review.overview import AGES, DAYS, Overview, Share, figures
from pipeline.review.people import Person
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint
from tests.review.examples import fill, person

ZONE = "Asia/Jakarta"
NOW = dt.datetime(2026, 11, 27, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 27)


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Moves the clock, which stands at NOW."""

    def move(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    move(NOW)
    return move


def seen(store: Store, who: Person, since: dt.date | None = None) -> Overview:
    with store.read() as session:
        return figures(session, who, zone=ZONE, since=since)


def complaints(store: Store) -> list[Complaint]:
    with store.read() as session:
        return list(session.scalars(select(Complaint).order_by(Complaint.id)))


def decide(store: Store, who: Person, complaint: Complaint, unit: str | None, **more: object) -> None:
    with store.write() as session:
        version = session.get_one(Complaint, complaint.id).version
        values = {"level": complaint.level, "action": "teruskan" if unit else "bukan_aduan"} | more
        deciding.decide(session, who, complaint.id, deciding.Choice(unit, **values), version=version)


def received(*days_ago: int) -> list[str]:
    return [(TODAY - dt.timedelta(days=days)).isoformat() for days in days_ago]


def test_waiting_complaints_are_counted_by_age_and_unit(store: Store):
    ages = (0, 1, 3, 4, 7, 8, 14, 15, 59, -2)
    units = ["pemda"] * 5 + ["itjen"] * 5
    due = received(0, 1, 2, -3, -3, -3, -3, -3, -3, -3)
    fill(store, 10, tanggal=received(*ages), unit=units, batas_teruskan=due)
    found = seen(store, person(store, "tuti", "penyelia"))
    assert found.ages == tuple(zip([name for name, _ in AGES], (2, 2, 2, 2, 2), strict=True))
    assert (found.waiting, found.overdue) == (10, 2)
    by_unit = {unit.unit: unit for unit in found.units}
    assert (by_unit["pemda"].waiting, by_unit["pemda"].median_age, by_unit["pemda"].oldest_age) == (5, 3, 7)
    assert (by_unit["itjen"].median_age, by_unit["itjen"].oldest_age) == (14, 59)
    assert (by_unit["pemda"].overdue, by_unit["itjen"].overdue) == (2, 0)


def test_without_a_date_the_local_day_of_the_import_counts(store: Store, at: Callable[[dt.datetime], None]):
    at(dt.datetime(2026, 11, 25, 17, 30, tzinfo=dt.UTC))  # the 26th in Jakarta
    fill(store, 1, tanggal="")
    at(NOW)
    assert [unit.oldest_age for unit in seen(store, person(store, "tuti", "penyelia")).units] == [1]


def test_agreement_counts_standing_decisions_with_a_unit_only(store: Store):
    fill(store, 8, unit="pemda", unit_2="itjen", unit_3="ditjen_otda")
    sari, tuti, rows = person(store), person(store, "tuti", "penyelia"), complaints(store)
    for row in rows[:4]:
        decide(store, sari, row, "pemda")
    decide(store, sari, rows[4], "itjen")
    decide(store, sari, rows[5], None)
    decide(store, tuti, rows[0], "ditjen_otda", returned_from="pemda")  # no longer as suggested
    decide(store, sari, rows[6], "pemda")
    with store.write() as session:
        deciding.undo(session, sari)
    found = seen(store, tuti)
    pemda = next(unit for unit in found.units if unit.unit == "pemda")
    assert pemda.agreement == Share(3, 5)
    assert (pemda.decided, pemda.away, pemda.returned, pemda.waiting) == (3, 2, 1, 2)
    assert (found.decided, found.without_unit, found.undone) == (6, 1, 1)
    assert found.agreement == Share(3, 5)
    assert {unit.unit: unit.decided for unit in found.units} == {"pemda": 3, "itjen": 1, "ditjen_otda": 1}
    assert [(one.name, one.today, one.decided, one.undone) for one in found.officers] == [
        ("Sari", 6, 6, 1),
        ("Tuti", 1, 1, 0),
    ]
    assert found.days[-1] == (TODAY, 7)
    assert len(found.days) == DAYS


def test_urgency_and_model_versions_are_told_apart(store: Store):
    fill(store, 2, unit="pemda", urgensi="sedang", versi_model="contoh/1")
    fill(store, 2, seed=1, unit="pemda", urgensi="tinggi", versi_model="contoh/2")
    sari, rows = person(store), complaints(store)
    for row in rows:
        decide(store, sari, row, "pemda", level="sedang")
    found = seen(store, person(store, "tuti", "penyelia"))
    assert [(row.version, row.agreement, row.urgency) for row in found.versions] == [
        ("contoh/1", Share(2, 2), Share(2, 2)),
        ("contoh/2", Share(2, 2), Share(0, 2)),
    ]
    assert found.urgency == Share(2, 4)


def test_groups_are_told_apart(store: Store):
    fill(store, 3, unit="pemda", kelompok="K-1", tindakan="tinjau")
    sari = person(store)
    seen_rows = {row.id: (row.version, row.suggestion_id) for row in complaints(store)}
    with store.write() as session:
        deciding.decide_group(session, sari, "K-1", seen=seen_rows)
    assert seen(store, person(store, "tuti", "penyelia")).grouped == 3


def test_the_period_begins_at_local_midnight(store: Store, at: Callable[[dt.datetime], None]):
    fill(store, 2, unit="pemda")
    sari, rows = person(store), complaints(store)
    at(dt.datetime(2026, 11, 25, 16, 59, tzinfo=dt.UTC))  # still the 25th in Jakarta
    decide(store, sari, rows[0], "pemda")
    at(dt.datetime(2026, 11, 25, 17, 1, tzinfo=dt.UTC))
    decide(store, sari, rows[1], "pemda")
    at(NOW)
    tuti = person(store, "tuti", "penyelia")
    found = seen(store, tuti, since=dt.date(2026, 11, 26))
    assert (found.decided, found.agreement.n, found.officers[0].decided, found.officers[0].today) == (1, 1, 1, 0)
    assert {day: count for day, count in found.days if count} == {dt.date(2026, 11, 25): 1, dt.date(2026, 11, 26): 1}
    assert seen(store, tuti).decided == 2
    assert seen(store, tuti, since=TODAY).officers == ()


def test_hidden_complaints_count_nowhere(store: Store):
    fill(store, 4, unit=["pemda", "pemda", "itjen", "itjen"])
    sari, rows = person(store), complaints(store)
    decide(store, sari, rows[0], "pemda")
    decide(store, sari, rows[2], "itjen")
    found = seen(store, person(store, "agus", "penyelia", ("pemda",)))
    assert (found.waiting, found.decided, found.agreement) == (1, 1, Share(1, 1))
    assert [unit.unit for unit in found.units] == ["pemda"]
    assert [officer.decided for officer in found.officers] == [1]
    assert found.days[-1][1] == 1
    assert {row.unit for row in found.versions} == {"pemda"}


def test_an_empty_store_has_figures(store: Store):
    found = seen(store, person(store, "tuti", "penyelia"), since=TODAY)
    assert (found.waiting, found.decided, found.units, found.agreement.share) == (0, 0, (), None)


def test_intervals_are_wilson_s():
    low, high = Share(8, 10).interval  # Newcombe 1998 gives 0.490 to 0.943
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert Share(0, 0).interval == (0, 1)
    assert Share(5, 5).interval[1] == 1
