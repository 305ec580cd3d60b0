"""A store of before the leaders' tables, with rows in it, is brought up to date without loss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from pipeline.review.store import engine as opening
from pipeline.review.store import migrate, open_store
from pipeline.review.store.migrate import VERSION_TABLE
from pipeline.review.store.tables import Base
from tests.review.browser import browsers, decision, send
from tests.review.examples import fill
from tests.review.monev.examples import digest, issue

NEW = {"monev_digest", "monev_reading", "monev_decision", "monev_follow_up", "policy_change"}


def first_step(engine: Engine) -> None:
    """Bring the tables to step 0001 only."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")


def rows(engine: Engine) -> dict[str, list[Any]]:
    tables = [table for table in Base.metadata.tables if table not in NEW] + ["complaint_search"]
    with engine.connect() as connection:
        return {table: sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")))) for table in tables}


def test_a_filled_store_of_step_0001_keeps_all_it_has(database: str, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(opening, "upgrade", first_step)
        old = open_store(database)
        assert not NEW & set(inspect(old.engine).get_table_names())
        fill(old, 6, kelompok="K-1")
        client = browsers(old)("sari", "penyelia")
        assert send(client, "/aduan/1/putuskan", **decision(old, 1)).status_code == 303
        before = rows(old.engine)
        old.close()
    assert {len(before[table]) for table in ("complaint", "suggestion", "decision", "officer")} == {6, 1}
    assert before["audit"]
    new = open_store(database)
    assert rows(new.engine) == before
    with new.read() as session:
        assert session.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one() == "0002"
    assert issue(new, digest()) == (1, 0)
    new.close()
