"""The triage store: opening, migrating, what is append-only."""

from __future__ import annotations

import datetime as dt
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DatabaseError, StatementError

from pipeline.errors import OptionError, ReviewError
from pipeline.review.store import Store, open_store
from pipeline.review.store.migrate import VERSION_TABLE
from pipeline.review.store.tables import AuditEntry, Base, Secret

WHEN = dt.datetime(2026, 11, 27, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
OWN_TABLES = ("complaint_search", VERSION_TABLE)


def an_entry(store: Store) -> None:
    with store.write() as session:
        session.add(AuditEntry(at=WHEN, actor="uji", event="masuk"))


def test_the_migration_makes_the_tables_that_the_code_declares(store: Store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        found = compare_metadata(context, Base.metadata)
    ours = [one for one in found if "complaint_search" not in str(one)]
    assert ours == []


CHANGES = {
    "both": ["UPDATE audit SET actor = 'lain'", "DELETE FROM audit"],
    "sqlite": ["INSERT OR REPLACE INTO audit (id, at, actor, event) SELECT id, at, 'lain', event FROM audit"],
    "postgresql": ["TRUNCATE audit", "TRUNCATE audit CASCADE"],
}


def test_the_audit_log_refuses_changes(store: Store):
    an_entry(store)
    for change in CHANGES["both"] + CHANGES[store.dialect]:
        with pytest.raises(DatabaseError, match="append-only"), store.write() as session:
            session.execute(text(change))
    with store.read() as session:
        assert [entry.actor for entry in session.scalars(select(AuditEntry))] == ["uji"]


def test_moments_come_back_in_utc(store: Store):
    an_entry(store)
    with store.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert entry.at == WHEN
    assert entry.at.utcoffset() == dt.timedelta(0)


def test_a_moment_without_a_zone_is_refused(store: Store):
    naive = AuditEntry(at=WHEN.replace(tzinfo=None), actor="uji", event="masuk")
    with store.read() as session:
        session.add(naive)
        with pytest.raises(StatementError, match="needs a time zone"):
            session.flush()


def test_a_failed_write_leaves_nothing(store: Store):
    def write_and_fail() -> None:
        with store.write() as session:
            session.add(Secret(name="a", value="b"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with store.read() as session:
        assert session.scalars(select(Secret)).all() == []


def test_many_may_open_a_new_store_at_once(database: str):
    start = threading.Barrier(6)

    def opening(_number: int) -> Store:
        start.wait()
        return open_store(database, size=2)

    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(opening, range(6)))
    for store in stores:
        with store.read() as session:
            assert session.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one() == "0002"
        store.close()


def test_writers_wait_for_each_other(store: Store):
    with store.write() as session:
        session.add(Secret(name="hitungan", value="0"))

    def count(_number: int) -> None:
        for _ in range(10):
            with store.write() as session:
                row = session.scalars(select(Secret).with_for_update()).one()
                row.value = str(int(row.value) + 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with store.read() as session:
        assert session.scalars(select(Secret)).one().value == "40"


def test_a_newer_store_is_refused_by_name(database: str):
    opened = open_store(database)
    with opened.write() as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    opened.close()
    with pytest.raises(ReviewError, match=r"newer version of disposisi \(9999\)"):
        open_store(database)


def test_files_are_for_their_owner_only(tmp_path: Path):
    path = tmp_path / "baru" / "triase.db"
    open_store(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_mlflows_database_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "mlflow.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE experiments (a int)"))
        connection.execute(text("CREATE TABLE runs (a int)"))
    engine.dispose()
    before = path.read_bytes()
    with pytest.raises(OptionError, match="is MLflow's database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("bukan alamat", "is no database URL"),
        ("sqlite://", "is a file"),
        ("sqlite:///:memory:", "is a file"),
        ("sqlite:///file:uji?mode=memory&uri=true", "is a file"),
        ("mysql://sari:rahasia@localhost/x", "is a file"),
        ("postgresql://sari:rahasia@127.0.0.1:1/x", "cannot be opened"),
        ("postgresql://127.0.0.1:1/x?user=sari&password=rahasia", "before the @"),
        ("sqlite:////proc/tidak/ada.db", "cannot be written"),
    ],
)
def test_a_wrong_address_is_one_clear_error_without_the_password(url: str, message: str):
    with pytest.raises(OptionError, match=message) as caught:
        open_store(url)
    assert "rahasia" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "catatan.db"
    path.write_text("bukan basis data, hanya catatan panjang\n" * 50, encoding="utf-8")
    with pytest.raises(OptionError, match="cannot be opened"):
        open_store(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8").startswith("bukan")


def test_a_reader_sees_one_state(store: Store):
    with store.read() as session:
        assert session.scalars(select(Secret)).all() == []
        with store.write() as other:
            other.add(Secret(name="a", value="b"))
        assert session.scalars(select(Secret.name)).all() == []
    with store.read() as session:
        assert session.scalars(select(Secret.name)).all() == ["a"]
