"""The audit log: append-only, filtered, and its keyed hashes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from pipeline.review import audit
from pipeline.review.audit import Event
from pipeline.review.store import Store
from pipeline.review.store.tables import AuditEntry, Complaint, Secret
from tests.review.examples import fill, person


def test_an_entry_tells_who_did_what_to_which(store: Store):
    who = person(store)
    fill(store, 1)
    with store.write() as session:
        number = session.scalars(select(Complaint.id)).one()
        audit.write(
            session, Event.DECIDE, person=who, complaint_id=number, model_version="contoh/1",
            before={"unit": "itjen"}, after={"unit": "pemda"}, details={"catatan": 12},
        )  # fmt: skip
        audit.write(session, Event.IMPORT, actor="cli:" + "x" * 200)
        audit.write(session, Event.SCORE)
    with store.read() as session:
        nobody, command_line, entry = audit.entries(session, limit=3)
    assert (entry.actor, entry.officer_id, entry.event) == ("sari", who.id, "putuskan")
    assert (entry.complaint_id, entry.model_version) == (number, "contoh/1")
    assert (entry.before, entry.after, entry.details) == ({"unit": "itjen"}, {"unit": "pemda"}, {"catatan": 12})
    assert (command_line.officer_id, len(command_line.actor)) == (None, 100)
    assert (nobody.actor, nobody.before, nobody.details) == ("-", None, None)


def test_entries_are_kept_with_the_change_or_not_at_all(store: Store):
    def write_and_fail() -> None:
        with store.write() as session:
            audit.write(session, Event.SCORE, actor="uji")
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.read() as session:
        assert audit.entries(session) == []


def test_entries_are_filtered_and_paged(store: Store):
    with store.write() as session:
        for number in range(25):
            audit.write(session, Event.SCORE if number % 2 else Event.EXPORT, actor=f"uji{number % 3}")
            session.flush()
    with store.read() as session:
        first = audit.entries(session, limit=10)
        second = audit.entries(session, limit=10, before_id=first[-1].id)
        third = audit.entries(session, limit=10, before_id=second[-1].id)
        numbers = [entry.id for entry in [*first, *second, *third]]
        assert numbers == sorted(numbers, reverse=True)
        assert len(set(numbers)) == 25
        assert len(audit.entries(session, event="ekspor")) == 13
        assert {e.actor for e in audit.entries(session, event=Event.SCORE, actor="uji1")} == {"uji1"}
        assert audit.entries(session, complaint_id=7) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'lain'",
        "UPDATE audit SET details = NULL WHERE id = 1",
        "DELETE FROM audit WHERE id = 1",
    ],
)
def test_the_log_refuses_changes(store: Store, change: str):
    with store.write() as session:
        audit.write(session, Event.SCORE, actor="uji", details={"baris": 1})
    with pytest.raises(DatabaseError, match="append-only"), store.write() as session:
        session.execute(text(change))
    with store.read() as session:
        assert [(entry.actor, entry.details) for entry in audit.entries(session)] == [("uji", {"baris": 1})]


def test_an_entry_cannot_be_changed_through_its_object(store: Store):
    with store.write() as session:
        audit.write(session, Event.SCORE, actor="uji")
    with pytest.raises(DatabaseError, match="append-only"), store.write() as session:
        session.scalars(select(AuditEntry)).one().actor = "lain"
    with pytest.raises(DatabaseError, match="append-only"), store.write() as session:
        session.delete(session.scalars(select(AuditEntry)).one())


def test_keyed_hashes_are_the_same_for_the_same_value_by_one_key(store: Store):
    with store.write() as session:
        first = audit.keyed_hash(session, "9935017213900417")
    with store.read() as session:
        assert audit.keyed_hash(session, "9935017213900417") == first
        assert audit.keyed_hash(session, "9935017213900418") != first
        key = session.scalars(select(Secret.value)).one()
    assert len(first) == len(key) == 64
    assert int(first, 16)


def test_another_store_has_another_key(store: Store, tmp_path):
    from pipeline.review.store import open_store

    other = open_store(f"sqlite:///{tmp_path / 'lain.db'}")
    with store.write() as one, other.write() as two:
        assert audit.keyed_hash(one, "sama") != audit.keyed_hash(two, "sama")
    other.close()


def test_first_uses_at_once_agree_on_the_key(store: Store):
    def first_use(_: int) -> str:
        with store.write() as session:
            return audit.keyed_hash(session, "sama")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(first_use, range(8)))) == 1
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Secret)) == 1
