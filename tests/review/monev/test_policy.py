"""What was changed because of a theme."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.errors import ConflictError, ForbiddenError
from pipeline.review import clock
from pipeline.review.monev import changes
from pipeline.review.monev.policy import changes_for, open_themes, record_change, withdraw
from pipeline.review.monev.words import FieldError
from pipeline.review.people import Person
from pipeline.review.store import Store
from tests.review.examples import person
from tests.review.monev.examples import CARDS, LAMPS, digest, issue

UNIT = "ditjen_dukcapil"
DAY = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC))


@pytest.fixture
def analyst(store: Store) -> Person:
    issue(store, digest("2026-09"), digest(), digest(unit=UNIT))
    return person(store, "ani", "analis")


def keep(store: Store, who: Person, theme: str = LAMPS, text: str = "Perda diubah", on: dt.date | None = DAY) -> int:
    with store.write() as session:
        return record_change(session, who, theme, text, on)


def test_a_change_keeps_the_themes_definition_for_the_next_report(store: Store, analyst: Person):
    keep(store, analyst, text="Perda diubah, hubungi 081234567890")
    keep(store, analyst, CARDS, on=dt.date(2026, 10, 1))
    with store.read() as session:
        later, first = changes(session)
        assert [one.theme_id for one in changes(session, until=dt.date(2026, 10, 31))] == [CARDS]
    assert (later.theme_id, first.theme_id) == (CARDS, LAMPS)
    assert first.definition == digest()["definisi_tema"][LAMPS]
    assert (first.unit, first.changed_on, first.by, first.by_role) == ("pemda", DAY, "Ani", "analis")
    assert first.text == "Perda diubah, hubungi [TELEPON]"


def test_a_change_is_taken_back_by_a_later_row(store: Store, analyst: Person):
    number = keep(store, analyst)
    with store.write() as session:
        withdraw(session, analyst, number)
    with store.read() as session:
        assert changes(session) == []
    with pytest.raises(ConflictError, match="sudah ditarik"), store.write() as session:
        withdraw(session, analyst, number)
    for other in (number + 1, 99):  # the row that took it back is no change itself
        with pytest.raises(ForbiddenError), store.write() as session:
            withdraw(session, analyst, other)


def test_themes_are_those_of_the_newest_digests_each_once(store: Store, analyst: Person):
    definitions = {**digest()["definisi_tema"], "t-baru": {"nama": "parkir liar", "bobot": {}, "ambang": 1.0}}
    issue(store, digest("2026-11", tema=[], definisi_tema={"t-baru": definitions["t-baru"]}))
    with store.read() as session:
        found = [(one.id, one.unit, one.period) for one in open_themes(session, analyst)]
    assert found == [(LAMPS, UNIT, "2026-10"), (CARDS, UNIT, "2026-10"), ("t-baru", "", "2026-11")]


def test_what_is_missing_or_wrong_is_named(store: Store, analyst: Person):
    for theme, text, on, field in (
        ("tidak-ada", "x", DAY, "tema"),
        (LAMPS, " ", DAY, "perubahan"),
        (LAMPS, "x", None, "tanggal"),
        (LAMPS, "x", dt.date(2026, 11, 28), "tanggal"),
    ):
        with pytest.raises(FieldError) as caught:
            keep(store, analyst, theme, text, on)
        assert caught.value.field == field


def test_people_with_units_write_and_see_what_is_their_units(store: Store, analyst: Person):
    issue(store, digest(unit="itjen", tema=[], definisi_tema={"t-lain": {"nama": "pungutan liar"}}))
    head = person(store, "kepala", "pimpinan", (UNIT,))
    keep(store, analyst)
    own = keep(store, head)
    with store.write() as session:
        assert [one.id for one in changes_for(session, head)] == [own]
        assert len(changes_for(session, analyst)) == 2
        assert "t-lain" not in [one.id for one in open_themes(session, head)]
        with pytest.raises(ForbiddenError):
            withdraw(session, head, own - 1)
        withdraw(session, analyst, own)


def test_who_may_not(store: Store, analyst: Person):
    for role in ("petugas", "admin"):
        with pytest.raises(ForbiddenError, match="tidak berhak"):
            keep(store, person(store, role, role))
