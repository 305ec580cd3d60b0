"""What a citizen wrote is erased everywhere; what was decided stays, and an import does not bring it back."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select, text

from pipeline.errors import OptionError
from pipeline.review import audit, clock, deciding
from pipeline.review.deciding import Choice
from pipeline.review.exporting import export_decisions
from pipeline.review.forgetting import QUOTING, Forgotten, forget
from pipeline.review.people import Person, Role, find_person
from pipeline.review.queue import Filters, page
from pipeline.review.store import Store
from pipeline.review.store.tables import FORGOTTEN, Base, Complaint, Decision, Suggestion
from tests.review.browser import browsers
from tests.review.examples import bring, fill, person, scored

ANYBODY = Person(1, "sari", "Sari", Role.OFFICER, frozenset(), must_change=False)
NIK = "9901011203900001"
GONE = ("Kedondong", "Rambutan", NIK)
QUOTES = dict.fromkeys(QUOTING, 'Rambutan; pungli: "Rambutan"')
TEXT = f"Pak Lurah Kedondong meminta uang Rambutan untuk KTP, NIK {NIK}."


@pytest.fixture
def decided(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Three complaints of two model versions; A0-00001, which is to be erased, and A0-00002 were decided yesterday."""
    frame = scored(3, isi=[TEXT, "Jalan Mangga rusak.", "Lampu Mangga mati."])
    for version in ("contoh/1", "contoh/2"):
        bring(store, frame.assign(versi_model=version, **{name: [value, "", ""] for name, value in QUOTES.items()}))
    sari = person(store)
    with monkeypatch.context() as patch:
        yesterday = clock.now() - dt.timedelta(days=1)
        patch.setattr(clock, "now", lambda: yesterday)
        for number in (1, 2):
            with store.write() as session:
                version = session.get_one(Complaint, number).version
                deciding.decide(session, sari, number, Choice("pemda", "rendah", "teruskan"), version=version)
    return store


def erase(store: Store, *ids: str, waiting: bool = False) -> Forgotten:
    return forget(store, ids, actor="cli:uji", waiting=waiting)


def dump(store: Store) -> str:
    """Everything that the database tells of every table, the search index among them."""
    with store.read() as session:
        rows = [tuple(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
        if store.dialect == "sqlite":
            session.execute(text("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, complaint_search, instance)"))
            rows += [tuple(row) for row in session.execute(text("SELECT term FROM temp.words"))]
        else:
            rows += [tuple(row) for row in session.execute(text("SELECT body::text FROM complaint_search"))]
    return json.dumps(rows, default=str).lower()


def found(store: Store, words: str, state: str) -> list[str]:
    with store.read() as session:
        rows = page(session, ANYBODY, Filters(words=words, state=state)).rows
    return [row.complaint.external_id for row in rows]


def test_nothing_of_the_text_is_left(decided: Store):
    before = dump(decided)
    assert all(word.lower() in before for word in GONE)
    assert found(decided, "kedondong", "diputuskan") == ["A0-00001"]
    assert erase(decided, "A0-00001") == Forgotten(1, 0, clean=True)
    after = dump(decided)
    assert not [word for word in GONE if word.lower() in after]
    assert "mangga" in after
    assert found(decided, "kedondong", "diputuskan") == []
    assert found(decided, "mangga", "diputuskan") == ["A0-00002"]
    with decided.read() as session:
        erased = session.get_one(Complaint, 1)
        rows = session.scalars(select(Suggestion.row).where(Suggestion.complaint_id == 1)).all()
        assert (erased.text, erased.spans, erased.state, erased.decided_unit) == ("", [], "diputuskan", "pemda")
        assert session.scalars(select(Decision.unit).where(Decision.complaint_id == 1)).all() == ["pemda"]
    assert [{row[name] for name in QUOTING} for row in rows] == [{""}, {""}]
    assert all(row["unit"] and row["keyakinan"] for row in rows)


def test_nothing_is_left_in_the_files_of_sqlite(tmp_path: Path):
    from pipeline.review.store import open_store

    path = tmp_path / "berkas.db"
    opened = open_store(f"sqlite:///{path}")
    # Texts of many pages, in leaves and in pages of their own, split and merged by a second import.
    texts = [
        f"Tanda{number}x {'jalan rusak di desa ' * (1 + number % 7 * 60)} akhir{number}z." for number in range(150)
    ]
    frame = scored(150, isi=texts, alasan=[f"kutipan{number}q" for number in range(150)])
    bring(opened, frame)
    bring(opened, frame.assign(versi_model="contoh/2"))
    chosen = range(0, 150, 3)
    marks = [
        f"{mark}{number}{end}" for number in chosen for mark, end in (("Tanda", "x"), ("akhir", "z"), ("kutipan", "q"))
    ]
    marks += [mark.lower() for mark in marks]
    assert erase(opened, *(frame["id"][number] for number in chosen), waiting=True) == Forgotten(50, 0, clean=True)
    files = b"".join(file.read_bytes() for file in tmp_path.glob("berkas.db*"))
    opened.close()
    assert not [mark for mark in marks if mark.encode() in files]
    assert b"Tanda1x" in files


def test_a_reader_keeps_the_log_and_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pipeline.review.store import engine, open_store

    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0.2)
    opened = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    fill(opened, 1, isi=TEXT)
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM complaint").fetchall()
    assert not erase(opened, "A0-00001", waiting=True).clean
    reader.close()
    assert erase(opened, "A0-00001", waiting=True) == Forgotten(0, 1, clean=True)
    opened.close()


def test_an_erasure_is_on_record(decided: Store):
    erase(decided, "A0-00001", "A0-00003", waiting=True)
    with decided.read() as session:
        entries = audit.entries(session, event=audit.Event.FORGET)
    assert [(entry.actor, entry.complaint_id, entry.before, entry.after) for entry in entries] == [
        ("cli:uji", 3, {"status": "menunggu"}, {"status": FORGOTTEN}),
        ("cli:uji", 1, {"status": "diputuskan"}, {"status": "diputuskan"}),
    ]


def test_what_waits_is_erased_only_when_asked_and_leaves_the_queue(decided: Store):
    with pytest.raises(OptionError, match=r"A0-00003.*--waiting"):
        erase(decided, "A0-00001", "A0-00003")
    assert "kedondong" in dump(decided)
    assert found(decided, "", "menunggu") == ["A0-00003"]
    assert erase(decided, "A0-00003", waiting=True).erased == 1
    assert found(decided, "", "menunggu") == []


def test_an_unknown_number_erases_nothing(decided: Store):
    with pytest.raises(OptionError, match="No complaint has this id: tiada"):
        erase(decided, "A0-00001", "tiada")
    assert "kedondong" in dump(decided)


def test_a_decision_that_may_be_undone_is_waited_for(decided: Store):
    with decided.write() as session:
        sari = find_person(session, "sari")
        version = session.get_one(Complaint, 3).version
        deciding.decide(session, sari, 3, Choice("pemda", "rendah", "teruskan"), version=version)
    with pytest.raises(OptionError, match=r"undone: A0-00003.*Wait"):
        erase(decided, "A0-00003", waiting=True)


def test_it_may_be_repeated(decided: Store):
    erase(decided, "A0-00001")
    assert erase(decided, "A0-00001", "A0-00001", "A0-00002") == Forgotten(1, 1, clean=True)


def test_an_import_does_not_bring_it_back(decided: Store, tmp_path: Path):
    erase(decided, "A0-00001")
    frame = scored(3, isi=[TEXT, "Jalan Mangga rusak.", "Lampu Mangga mati."], versi_model="contoh/3", **QUOTES)
    done = bring(decided, frame, rejects=tmp_path / "ditolak.csv")
    assert (done.new, done.updated, done.rejected) == (0, 2, 1)
    assert "kedondong" not in dump(decided)
    assert len(pd.read_csv(tmp_path / "ditolak.csv")) == 1


def test_exports_leave_it_out(decided: Store, tmp_path: Path):
    erase(decided, "A0-00001")
    assert export_decisions(decided, str(tmp_path / "a.csv"), actor="cli:uji") == 1
    assert pd.read_csv(tmp_path / "a.csv")["id"].tolist() == ["A0-00002"]


def test_a_decided_ones_page_can_still_be_opened(decided: Store):
    erase(decided, "A0-00001", "A0-00003", waiting=True)
    client = browsers(decided)("tuti", "penyelia")
    assert client.get("/aduan/3").status_code == 404
    for address in ("/aduan/1", "/penyelia", "/antrian", "/audit"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Rambutan" not in answer.text
    assert "cli:uji menghapus isi aduan A0-00003, yang belum diputuskan" in client.get("/audit").text
