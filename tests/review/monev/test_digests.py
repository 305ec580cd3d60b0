"""Publishing digests, and who reads which."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from pipeline.errors import ForbiddenError
from pipeline.review import audit
from pipeline.review.monev import digests
from pipeline.review.monev.content import read_content
from pipeline.review.store import Store
from pipeline.review.store.monev_tables import MonevDecision, MonevDigest, MonevReading
from tests.review.examples import person
from tests.review.monev.examples import PERIOD, digest, issue

UNIT = "ditjen_dukcapil"


def editions(store: Store) -> list[tuple[str, str, int]]:
    with store.read() as session:
        rows = session.scalars(select(MonevDigest).order_by(MonevDigest.id))
        return [(one.period, one.unit, one.edition) for one in rows]


def test_publishing_the_same_again_changes_nothing(store: Store):
    both = digest(), digest(unit=UNIT)
    assert issue(store, *both) == (2, 0)
    assert issue(store, *both) == (0, 2)
    assert editions(store) == [(PERIOD, "", 1), (PERIOD, UNIT, 1)]
    with store.read() as session:
        assert len(audit.entries(session, event=audit.Event.PUBLISH)) == 2


def test_other_content_is_a_new_edition_also_when_it_was_there_before(store: Store):
    first, second = digest(), digest(menunggu=[])
    for one in (first, second, first):
        assert issue(store, one) == (1, 0)
    assert editions(store) == [(PERIOD, "", 1), (PERIOD, "", 2), (PERIOD, "", 3)]
    with store.read() as session:
        newest = digests.find(session, PERIOD, "")
        assert newest is not None
        assert newest.content == first


def test_two_at_once_add_one_edition_and_one_reading(store: Store):
    start = threading.Barrier(2)

    def publish_and_read(_number: int) -> tuple[tuple[int, int], bool]:
        start.wait()
        published = issue(store, digest())
        start.wait()
        with store.write() as session:
            return published, digests.mark_read(session, who, 1)

    who = person(store, "menteri", "pimpinan")
    with ThreadPoolExecutor(2) as pool:
        published, new = zip(*pool.map(publish_and_read, range(2)), strict=True)
    assert sorted(published) == [(0, 1), (1, 0)]
    assert sorted(new) == [False, True]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"periode": ""}, "periode"),
        ({"periode": "../akun"}, "periode"),
        ({"per_tanggal": "31/10/2026"}, "per_tanggal"),
        ({"tema": [{"nama": "tanpa id"}]}, "id"),
        ({"angka": None}, "angka"),
        ({"definisi_tema": {"t": 1}}, "definisi_tema"),
    ],
)
def test_a_digest_of_another_form_is_refused(changes: dict[str, Any], named: str):
    with pytest.raises(ValueError, match=f"'{named}'"):
        read_content(digest(**changes))


def test_one_wrong_digest_keeps_the_others_out(store: Store):
    with pytest.raises(ValueError, match="'angka'"):
        issue(store, digest(), digest("2026-09", angka=None))
    assert editions(store) == []


def test_what_is_shown_is_masked_once_more():
    content = read_content(digest(menunggu=[{"judul": "NIK 3273012501990001", "isi": ""}]))
    assert content.waiting[0].title == "NIK [NIK]"


def test_reading_counts_once_and_for_that_edition(store: Store):
    issue(store, digest())
    who = person(store, "menteri", "pimpinan")
    for new in (True, False):
        with store.write() as session:
            assert digests.mark_read(session, who, 1) is new
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(MonevReading)) == 1
        assert len(audit.entries(session, event=audit.Event.READ_DIGEST)) == 1
        (listed,) = digests.list_digests(session, who)
        assert listed.read_at is not None
    issue(store, digest(menunggu=[]))
    with store.read() as session:
        (listed,) = digests.list_digests(session, who)
    assert (listed.edition, listed.read_at, listed.read_before) == (2, None, True)


def test_a_units_head_sees_only_the_own_digest(store: Store):
    issue(store, digest(), digest(unit=UNIT), digest(unit="itjen"))
    head, minister = person(store, "kepala", "pimpinan", (UNIT,)), person(store, "menteri", "pimpinan")
    with store.write() as session:
        assert [one.unit for one in digests.list_digests(session, head)] == [UNIT]
        assert [one.unit for one in digests.list_digests(session, minister)] == ["", UNIT, "itjen"]
        assert digests.opened(session, head, PERIOD, UNIT)[1].unit == UNIT
        for unit in ("", "itjen", "tidak-ada"):
            with pytest.raises(ForbiddenError, match="bukan untuk unit Anda"):
                digests.opened(session, head, PERIOD, unit)
        for number in (1, 3, 99):
            with pytest.raises(ForbiddenError):
                digests.mark_read(session, head, number)


def test_only_leaders_read(store: Store):
    issue(store, digest())
    people = [person(store, role, role) for role in ("petugas", "penyelia", "analis", "admin")]
    with store.write() as session:
        for who in people:
            for act in (
                partial(digests.list_digests, session, who),
                partial(digests.opened, session, who, PERIOD, ""),
                partial(digests.mark_read, session, who, 1),
            ):
                with pytest.raises(ForbiddenError, match=f"Peran Anda \\({who.role}\\) tidak berhak"):
                    act()


def test_nothing_of_it_can_be_changed(store: Store):
    """The database itself refuses; its triggers are those of the migration."""
    issue(store, digest())
    who = person(store, "menteri", "pimpinan")
    with store.write() as session:
        digests.mark_read(session, who, 1)
        row = {"period": PERIOD, "unit": "", "about": "", "decided": "x", "follow_up": "", "responsible": ""}
        session.add(MonevDecision(**row, officer_id=who.id, at=audit.clock.now()))
        session.flush()
        values = {"who": who.id, "at": audit.clock.now().replace(tzinfo=None)}
        session.execute(
            text(
                "INSERT INTO monev_follow_up (decision_id, state, status, officer_id, at) "
                "VALUES (1, 'selesai', 'x', :who, :at)"
            ),
            values,
        )
        session.execute(
            text(
                "INSERT INTO policy_change "
                "(theme_id, theme_name, definition, unit, change, changed_on, officer_id, at) "
                "VALUES ('t', 't', '{}', '', 'x', '2026-10-01', :who, :at)"
            ),
            values,
        )
    tables = ["monev_digest", "monev_reading", "monev_decision", "monev_follow_up", "policy_change"]
    for table in tables:
        changes = [f"UPDATE {table} SET id = 7", f"DELETE FROM {table}"]
        changes += (
            [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"]
            if store.dialect == "sqlite"
            else [f"TRUNCATE {table} CASCADE"]
        )
        for change in changes:
            with pytest.raises(DatabaseError, match="append-only"), store.write() as session:
                session.execute(text(change))
    with store.read() as session:
        assert [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables] == [1] * 5
