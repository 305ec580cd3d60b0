"""Scored tables into the store: once, again, with another model, with rows that are not taken, without names."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select, text

from pipeline.errors import InputError
from pipeline.review import audit
from pipeline.review.choices import unit_choices
from pipeline.review.deciding import Choice, decide
from pipeline.review.importing import CHUNK_ROWS, Imported, import_scored
from pipeline.review.scored_rows import replaces
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import NO_DUE, WAITING, AuditEntry, Complaint, Suggestion, UnitChoice
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.output import open_output
from pipeline.settings import ColumnNames
from tests.leaks.identities import IDENTITIES, REPORTERS
from tests.review.examples import bring, fill, person, scored


def complaints(store: Store) -> list[Complaint]:
    with store.read() as session:
        return list(session.scalars(select(Complaint).order_by(Complaint.id)))


def number_of(store: Store, table: type) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_row_arrives_whole(store: Store):
    row = scored(
        1, isi="Nama saya Bagaskarna Wirasengkuni, NIK 9935017213900417 ditolak.", unit="pemda", keyakinan=0.75,
        urgensi="tinggi", tindakan="tinjau", tanggal="2026-11-02", batas_teruskan="2026-11-05", prioritas="2",
        wilayah="Kec. Wajo, Kota Makassar, Sulawesi Selatan", kelompok="A0-00001", berkadar_pengawasan="ya",
    )  # fmt: skip
    assert bring(store, row) == Imported(read=1, new=1)
    (complaint,) = complaints(store)
    assert complaint.external_id == "A0-00001"
    assert complaint.received == dt.datetime(2026, 11, 2)
    assert [complaint.text[start:end] for start, end, _ in complaint.spans] == [
        "Bagaskarna Wirasengkuni",
        "9935017213900417",
    ]
    assert (complaint.unit, complaint.confidence, complaint.level) == ("pemda", 0.75, "tinggi")
    assert (complaint.action, complaint.rank, complaint.due) == ("tinjau", 2, dt.date(2026, 11, 5))
    assert (complaint.place, complaint.group_name, complaint.watched) == ("Kota Makassar", "A0-00001", True)
    assert (complaint.state, complaint.version, complaint.restricted) == (WAITING, 1, False)
    with store.read() as session:
        suggestion = session.get_one(Suggestion, complaint.suggestion_id)
    assert list(suggestion.row) == list(OUTPUT_COLUMNS)
    assert suggestion.row["keyakinan"] == 0.75
    assert suggestion.row["batas_teruskan"] == "2026-11-05"
    assert suggestion.row["alasan"] == "KTP; blangko; kosong"
    assert suggestion.model_version == "contoh/1"


@pytest.mark.parametrize(
    ("column", "value", "field", "expected"),
    [
        ("wilayah", "", "place", ""),
        ("wilayah", "Jawa Barat", "place", "Jawa Barat"),
        ("wilayah", "Kec. Lubuk Alung, Kab. Padang Pariaman, Sumatera Barat", "place", "Kab. Padang Pariaman"),
        ("saran_kerahasiaan", "rahasia", "restricted", True),
        ("saran_kerahasiaan", "anonim", "restricted", False),
        ("aturan", "kebijakan:keyakinan; pengawasan:unit_dituduh", "restricted", True),
        ("isi", "", "text", ""),
        ("keyakinan", "0,5", "confidence", 0.5),
        ("tanggal", "entah", "received", None),
    ],
)
def test_single_values(store: Store, column: str, value: str, field: str, expected: object):
    bring(store, scored(1, **{column: value}))
    assert getattr(complaints(store)[0], field) == expected


@pytest.mark.parametrize(
    ("forward", "finish", "due"),
    [
        ("2026-11-05", "2026-11-16", dt.date(2026, 11, 5)),
        ("", "2026-11-16", dt.date(2026, 11, 16)),
        ("", "", NO_DUE),
    ],
)
def test_a_complaint_is_due_when_it_is_to_be_forwarded(store: Store, forward: str, finish: str, due: dt.date):
    bring(store, scored(1, batas_teruskan=forward, batas_waktu=finish))
    assert complaints(store)[0].due == due


def test_twice_is_once(store: Store):
    assert fill(store, 30) == Imported(read=30, new=30)
    before = [(row.id, row.suggestion_id) for row in complaints(store)]
    assert fill(store, 30) == Imported(read=30, same=30)
    assert [(row.id, row.suggestion_id) for row in complaints(store)] == before
    assert number_of(store, Suggestion) == 30


def test_more_rows_than_a_chunk(store: Store):
    size = CHUNK_ROWS + 7
    frame = scored(size)
    assert bring(store, frame) == Imported(read=size, new=size)
    assert [row.external_id for row in complaints(store)] == frame["id"].tolist()
    assert all(row.suggestion_id for row in complaints(store))
    assert bring(store, pd.concat([frame, scored(3, seed=1)])) == Imported(read=size + 3, new=3, same=size)


def test_another_model_gives_new_suggestions_where_complaints_wait(store: Store):
    me = person(store)
    fill(store, 3, unit="pemda", urgensi="sedang")
    first, second, _ = complaints(store)
    with store.write() as session:
        decide(session, me, first.id, Choice("pemda", "sedang", "teruskan"), version=1)
    assert fill(store, 3, versi_model="contoh/2", unit="ditjen_otda") == Imported(read=3, updated=3)
    decided, waiting, _ = complaints(store)
    assert (decided.unit, decided.suggestion_id) == ("pemda", first.suggestion_id)
    assert waiting.unit == "ditjen_otda"
    assert waiting.suggestion_id != second.suggestion_id
    assert number_of(store, Suggestion) == 6
    assert fill(store, 3, versi_model="contoh/2", unit="itjen") == Imported(read=3, same=3)
    assert complaints(store)[1].unit == "ditjen_otda"


def shown_version(store: Store, number: int = 1) -> str:
    with store.read() as session:
        return session.get_one(Suggestion, session.get_one(Complaint, number).suggestion_id).model_version


def test_an_older_version_of_the_same_model_is_kept_but_not_shown(store: Store):
    fill(store, 1, versi_model="contoh/9", unit="pemda")
    assert fill(store, 1, versi_model="contoh/8", unit="itjen") == Imported(read=1, updated=1)
    assert (shown_version(store), complaints(store)[0].unit, number_of(store, Suggestion)) == ("contoh/9", "pemda", 2)
    fill(store, 1, versi_model="contoh/10", unit="ditjen_otda")
    assert (shown_version(store), complaints(store)[0].unit) == ("contoh/10", "ditjen_otda")
    fill(store, 1, versi_model="lain/1", unit="setjen")  # of another model: the one imported last
    assert (shown_version(store), complaints(store)[0].unit) == ("lain/1", "setjen")
    fill(store, 1, versi_model="contoh/7")
    assert shown_version(store) == "contoh/7"


@pytest.mark.parametrize(
    ("current", "other", "expected"),
    [
        ("a/3", "a/2", False), ("a/3", "a/4", True), ("a/9", "a/10", True), ("a/3", "b/2", True),
        ("a/b/3", "a/b/2", False),
        ("a", "b", True), ("a/x", "a/2", True), ("a/2", "a/x", True), ("a/²", "a/1", True),
    ],
)  # fmt: skip
def test_which_version_is_shown(current: str, other: str, expected: bool):
    assert replaces(current, other) is expected


def test_what_was_restricted_once_stays_so(store: Store):
    me = person(store)
    fill(store, 3, saran_kerahasiaan=["rahasia", "", ""])
    with store.write() as session:
        decide(session, me, 2, Choice("pemda", "sedang", "teruskan"), version=1)
    fill(store, 3, versi_model="contoh/2", aturan=["", "pengawasan:unit_dituduh", ""])
    assert [row.restricted for row in complaints(store)] == [True, True, False]
    fill(store, 3, versi_model="contoh/1b", saran_kerahasiaan=["", "", "rahasia"])
    fill(store, 3, versi_model="contoh/3")
    assert [row.restricted for row in complaints(store)] == [True, True, True]


def test_the_statistics_are_kept(store: Store):
    fill(store, 40)
    fresh = open_store(store.engine.url)
    try:
        with fresh.read() as session:
            if store.dialect == "sqlite":
                known = session.scalars(text("SELECT idx FROM sqlite_stat1 WHERE tbl = 'complaint'")).all()
                assert "ix_complaint_queue" in known
            else:
                rows = text("SELECT reltuples FROM pg_class WHERE relname = 'complaint'")
                assert session.scalar(rows) == 40
    finally:
        fresh.close()


def test_rows_that_are_not_taken_are_told_without_their_text(store: Store, tmp_path: Path):
    frame = scored(9).astype(object)
    frame.loc[0, "id"] = ""
    frame.loc[1, "versi_model"] = ""
    frame.loc[2, "urgensi"] = "genting"
    frame.loc[3, "tindakan"] = "buang"
    frame.loc[4, "keyakinan"] = "banyak"
    frame.loc[5, "unit"] = "x" * 201
    frame.loc[7, ["id", "isi"]] = frame.loc[6, ["id", "isi"]].tolist()  # the same again
    frame.loc[8, "id"] = frame.loc[6, "id"]  # the same id, another text
    rejects = tmp_path / "skor.ditolak.csv"
    assert bring(store, frame, rejects=rejects) == Imported(read=9, new=1, same=1, rejected=7)
    with rejects.open(encoding="utf-8", newline="") as file:
        found = [(int(row["baris"]), row["alasan"]) for row in csv.DictReader(file)]
    assert [row for row, _ in found] == [2, 3, 4, 5, 6, 7, 10]
    assert "belum diberi skor" in found[1][1]
    assert "teks lain" in found[-1][1]
    said = rejects.read_text(encoding="utf-8")
    assert not any(text in said for text in frame["isi"])
    bring(store, scored(1, seed=2), rejects=rejects)
    assert not rejects.exists()


def test_a_known_id_with_another_text_changes_nothing(store: Store):
    fill(store, 2)
    before = complaints(store)[0].text
    assert fill(store, 2, isi="Teks lain sama sekali.", versi_model="contoh/2") == Imported(read=2, rejected=2)
    assert complaints(store)[0].text == before
    assert number_of(store, Suggestion) == 2


def test_a_table_without_scores_is_refused(store: Store):
    frame = scored(2)[["id", "tanggal", "isi", "unit"]]
    with pytest.raises(InputError, match=r"keyakinan, urgensi, tindakan, versi_model.*disposisi score"):
        bring(store, frame)
    assert complaints(store) == []


def test_results_that_an_older_version_did_not_write_are_empty(store: Store):
    kept = ["id", "isi", "unit", "keyakinan", "urgensi", "tindakan", "versi_model"]
    assert bring(store, scored(4, urgensi="darurat", tindakan="tinjau")[kept]) == Imported(read=4, new=4)
    complaint = complaints(store)[0]
    assert (complaint.rank, complaint.due, complaint.place) == (1, NO_DUE, "")
    with store.read() as session:
        row = session.get_one(Suggestion, complaint.suggestion_id).row
    assert row["unit_2"] == ""
    assert row["keyakinan_2"] is None


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".jsonl"])
def test_every_format_that_scoring_writes(store: Store, tmp_path: Path, ending: str):
    frame = scored(5)
    path = tmp_path / f"skor{ending}"
    with open_output(str(path), list(frame.columns), date_columns=["tanggal"]) as output:
        output.write(frame)
    done = import_scored(store, [str(path)], ColumnNames(), actor="cli:uji", rejects=None)
    assert done == Imported(read=5, new=5)
    assert fill(store, 5) == Imported(read=5, same=5)
    with store.read() as session:
        rows = session.scalars(select(Suggestion.row).order_by(Suggestion.id)).all()
    assert [row["batas_waktu"] for row in rows] == frame["batas_waktu"].tolist()
    assert [row["keyakinan"] for row in rows] == pytest.approx(frame["keyakinan"].tolist())
    assert [row.received for row in complaints(store)] == [dt.datetime.fromisoformat(day) for day in frame["tanggal"]]


def test_the_reporters_name_leaves_no_trace(store: Store, tmp_path: Path):
    names = [REPORTERS[place % len(REPORTERS)].written for place in range(6)]
    texts = [IDENTITIES[place].text for place in range(6)]
    frame = scored(6, isi=texts, **{"Nama Pelapor": names, "No HP": "081400001285"})
    bring(store, frame, rejects=tmp_path / "ditolak.csv")
    with store.read() as session:
        kept = " ".join(
            str(value) for table in (Complaint, Suggestion, AuditEntry, UnitChoice)
            for row in session.execute(select(table.__table__)) for value in row
        )  # fmt: skip
    assert not any(word in kept.lower() for reporter in REPORTERS for word in reporter.words)
    assert "081400001285" not in kept
    assert all(text in kept for text in texts)


def test_units_become_choices(store: Store):
    fill(store, 3, unit="Dinas PU", unit_2="Dinas Sosial", unit_3="")
    with store.read() as session:
        assert unit_choices(session) == ["Dinas PU", "Dinas Sosial"]
    fill(store, 3, seed=1, unit="pemda")
    with store.read() as session:
        assert {"Dinas PU", "Dinas Sosial", "pemda", "ipdn"} <= set(unit_choices(session))


def test_the_log_tells_of_the_import_also_where_it_breaks_off(store: Store, tmp_path: Path):
    good, bad = tmp_path / "baik.csv", tmp_path / "buruk.csv"
    scored(4).to_csv(good, index=False)
    scored(2, seed=1)[["id", "isi"]].to_csv(bad, index=False)
    with pytest.raises(InputError):
        import_scored(store, [str(good), str(bad)], ColumnNames(), actor="cli:uji", rejects=None)
    with store.read() as session:
        (entry,) = audit.entries(session, event=audit.Event.IMPORT)
    assert entry.actor == "cli:uji"
    assert entry.details["berkas"] == ["baik.csv", "buruk.csv"]
    assert (entry.details["dibaca"], entry.details["baru"]) == (4, 4)
    assert len(complaints(store)) == 4


def test_progress_moves_on_by_rows(store: Store, tmp_path: Path):
    path = tmp_path / "skor.csv"
    scored(12).to_csv(path, index=False)
    moved: list[int] = []
    import_scored(store, [str(path)], ColumnNames(), actor="cli:uji", rejects=None, progress=moved.append)
    assert moved == [12]
