"""Officers' decisions as they come from an export or from the triage store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from pipeline.errors import DataError, MissingColumnError, OptionError
from pipeline.retraining.decided import Kind, Record
from pipeline.retraining.decisions import OLDER, combined, read_decisions
from pipeline.review import clock, deciding
from pipeline.review.deciding import Choice
from pipeline.review.exporting import as_given, export_decisions
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import AuditEntry, Complaint
from pipeline.text import analyze, mask, repair
from tests.review.examples import fill, person
from tests.review.test_exporting import RISKY

NIK, PHONE = "9901011203900001", "081298765432"
TEXTS = [
    "=1+2 jalan rusak di depan balai desa",
    f"KTP saya hilang, NIK {NIK}, hubungi {PHONE}, nama saya Rahmat Contoh.",
    "Lampu jalan mati.\n- gang mawar\n- gang melati",
    "Dana desa tidak diumumkan kepada warga.",
    "tes tes saja",
    "Akta lahir salah nama, sudah dua kali ditolak.",
]
UNITS = ("pemda", "ditjen_dukcapil", "ditjen_dukcapil", "ditjen_dukcapil", "", "pemda")
START = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Six complaints, suggested for Dukcapil. Budi overturns one of Sari's decisions, a unit sends another one back."""
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('triase') / 'triase.db'}")
    fill(
        opened, 6, isi=TEXTS, unit="ditjen_dukcapil", unit_2="pemda", unit_3="itjen", tindakan="tinjau",
        kelompok=["", "", "K1", "K1", "", ""], berkadar_pengawasan="tidak", jenis="pengaduan",
    )  # fmt: skip
    sari, budi = person(opened), person(opened, "budi")
    patch = pytest.MonkeyPatch()
    moment = [START]

    def tick() -> dt.datetime:
        moment[0] += dt.timedelta(minutes=1)
        return moment[0]

    patch.setattr(clock, "now", tick)

    def decide(who, number, *choice, **more) -> None:
        with opened.write() as session:
            version = session.get_one(Complaint, number).version
            deciding.decide(session, who, number, Choice(*choice, **more), version=version)

    decide(sari, 1, "ditjen_dukcapil", "rendah", "teruskan")
    decide(budi, 1, "pemda", "tinggi", "teruskan")
    decide(sari, 2, "ditjen_dukcapil", "rendah", "teruskan")
    with opened.write() as session:
        seen = {n: (row.version, row.suggestion_id or 0) for n in (3, 4) if (row := session.get_one(Complaint, n))}
        done, left = deciding.decide_group(session, sari, "K1", seen=seen)
        assert (len(done), left) == (2, [])
    decide(sari, 5, None, "rendah", "bukan_aduan")
    decide(sari, 6, "itjen", "sedang", "teruskan")
    decide(sari, 6, "pemda", "sedang", "teruskan", returned_from="itjen")
    decide(budi, 5, "itjen", "rendah", "teruskan")
    with opened.write() as session:
        deciding.undo(session, budi)
    patch.undo()
    yield opened
    opened.close()


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def exported(store: Store, tmp_path: Path, ending: str = "csv", *, masked: bool = True) -> Path:
    out = tmp_path / f"keputusan.{ending}"
    export_decisions(store, str(out), actor="cli:uji", masked=masked)
    return out


def test_the_store_tells_all(store: Store):
    found = read_decisions(url_of(store), actor="cli:uji")
    by_id = {decision.id[-1]: decision for decision in found.rows}
    assert (found.read, dict(found.left_out)) == (6, {})
    assert {number: by_id[number].kind for number in "123456"} == {
        "1": Kind.CORRECTED,
        "2": Kind.AGREED,
        "3": Kind.GROUP,
        "4": Kind.GROUP,
        "5": Kind.NO_UNIT,
        "6": Kind.RETURNED,
    }
    assert by_id["2"].text == TEXTS[1]
    assert (by_id["1"].unit, by_id["1"].level, by_id["1"].officer) == ("pemda", "tinggi", "budi")
    # Eight in the evening UTC is the next day in Jakarta.
    assert START < by_id["1"].at < START + dt.timedelta(hours=1)
    assert by_id["1"].day == dt.date(2026, 11, 21)
    assert [row.at for row in found.rows] == sorted((row.at for row in found.rows), reverse=True)
    assert not by_id["5"].teaches_urgency


def test_an_officers_record_counts_what_others_overturned(store: Store):
    """Sari: one overturned by Budi, one sent back; what was undone counts neither for Budi nor against Sari."""
    assert dict(read_decisions(url_of(store)).records) == {"sari": Record(7, 2), "budi": Record(1, 0)}


def test_reading_the_store_is_on_record(store: Store):
    with store.read() as session:
        before = len(list(session.scalars(select(AuditEntry.id))))
    read_decisions(url_of(store), actor="cli:analis")
    with store.read() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))[before:]
    assert [(entry.event, entry.actor) for entry in entries] == [("ekspor", "cli:analis")]
    assert entries[0].details == {"baris": 6, "disamarkan": False, "bentuk": "latih", "sejak": None}


def test_without_texts_nothing_personal_is_read(store: Store, tmp_path: Path):
    """``drift`` and ``audit`` need no text: the same decisions stand, and the audit log gets no entry."""
    with store.read() as session:
        before = len(list(session.scalars(select(AuditEntry.id))))
    found = read_decisions(url_of(store), texts=False)
    with store.read() as session:
        assert len(list(session.scalars(select(AuditEntry.id)))) == before
    assert found.units() == {f"A0-0000{n}": unit for n, unit in enumerate(UNITS, start=1) if unit}
    assert {row.text for row in found.rows} == {""}
    assert dict(found.left_out) == {}
    told = read_decisions(str(exported(store, tmp_path)), texts=False)
    assert [(row.id, row.unit, row.note, row.text) for row in told.rows] == [
        (row.id, row.unit, row.note, "") for row in found.rows
    ]
    assert combined([found, told]).units() == found.units()


def test_a_wrong_path_makes_no_store(tmp_path: Path):
    with pytest.raises(OptionError, match="no such triage store"):
        read_decisions(f"sqlite:///{tmp_path / 'tiada.db'}")
    assert list(tmp_path.iterdir()) == []


def test_no_text_or_officer_is_in_what_is_shown(store: Store):
    shown = repr(read_decisions(url_of(store)))
    assert "KTP" not in shown
    assert "sari" not in shown


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl"])
def test_an_export_tells_the_same(store: Store, tmp_path: Path, ending: str):
    """All but who decided as a group, and the texts, which are masked."""
    stored, found = read_decisions(url_of(store)), read_decisions(str(exported(store, tmp_path, ending)))
    assert (found.read, dict(found.left_out), dict(found.records)) == (6, {}, {})
    for one, other in zip(stored.rows, found.rows, strict=True):
        for name in (
            "id",
            "unit",
            "level",
            "action",
            "returned_from",
            "suggested",
            "rank",
            "officer",
            "day",
            "received",
        ):
            assert getattr(one, name) == getattr(other, name), name
        assert (one.received, one.at.replace(microsecond=0)) == (other.received, other.at)
        assert mask(repair(one.text)) == other.text


def test_a_masked_export_teaches_the_same_words(store: Store, tmp_path: Path):
    stored, found = read_decisions(url_of(store)), read_decisions(str(exported(store, tmp_path)))
    content = (tmp_path / "keputusan.csv").read_text("utf-8")
    assert NIK not in content
    assert "[NIK]" in content
    for one, other in zip(stored.rows, found.rows, strict=True):
        assert analyze(one.text) == analyze(other.text)
    assert {"<nik>", "<telepon>", "<nama>"} <= {stem for row in found.rows for stem in analyze(row.text)}


def test_apostrophes_against_formulas_are_taken_off(tmp_path: Path, store: Store):
    content = exported(store, tmp_path).read_text("utf-8")
    assert "'=1+2" in content
    texts = {row.text for row in read_decisions(str(tmp_path / "keputusan.csv")).rows}
    assert TEXTS[0] in texts
    assert TEXTS[2] in texts


@pytest.mark.parametrize("text", [*RISKY, "  \n=1", "Jl. A-1; lampu, 'kutipan'", "'bagus' katanya", ""])
def test_as_given_is_the_way_back(text: str):
    from pipeline.review.exporting import _inert

    assert as_given(_inert(pd.DataFrame({"isi": [text]}))["isi"][0]) == text


def table(**columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "id": ["A1", "A2", "A3"],
            "isi": ["jalan rusak berat", "lampu jalan mati", "sampah menumpuk"],
            "unit": "pemda",
            "urgensi": "rendah",
            "tindakan": "teruskan",
            "salah_alamat_dari": "",
            "peringkat_saran": "1",
            "diputuskan_pada": "2026-11-20T10:00:00+07:00",
        }
    )
    return frame.assign(**columns)


def read(frame: pd.DataFrame, tmp_path: Path, name: str = "a.csv"):
    frame.to_csv(tmp_path / name, index=False)
    return read_decisions(str(tmp_path / name))


def test_what_cannot_be_used_is_counted_and_no_more(tmp_path: Path):
    frame = pd.concat(
        [
            table(),
            table(id=["", "B2", "B3"], isi=["a a a a", "", "b b b"], tindakan=["teruskan", "teruskan", "tinjau"]),
            table(id=["C1", "C2", "C3"], unit=["", "pemda", "pemda"], urgensi=["rendah", "gawat", "RENDAH"]),
            table(id=["D1", "D2", "D3"], diputuskan_pada=["kemarin", "", "2026-11-21"]),
        ]
    )
    found = read(frame, tmp_path)
    assert [row.id for row in found.rows] == ["D3", "C3", "A3", "A2", "A1"]
    assert found.read == 12
    assert sum(found.left_out.values()) == 7
    assert found.left_out["diputuskan_pada is no moment"] == 2
    assert {"no id", "no text", "forwarded, but no unit"} <= set(found.left_out)
    assert not any("gawat" in reason or "kemarin" in reason for reason in found.left_out)


@pytest.mark.parametrize(("rows", "why"), [(3, r"among 3 \(3 forwarded, but no unit\)"), (0, "among 0.")])
def test_a_file_without_a_decision_of_use_is_refused_by_name(tmp_path: Path, rows: int, why: str):
    with pytest.raises(DataError, match=rf"a\.csv: no decision of use {why}.*review export"):
        read(table(unit="")[:rows], tmp_path)


def test_the_latest_decision_of_a_complaint_wins(tmp_path: Path):
    moments = ["2026-11-20T10:00:00+07:00", "2026-11-20T04:00:00+00:00", "2026-11-20T09:00:00"]
    found = read(table(id=["A1", "A1", "A1"], unit=["a", "b", "c"], diputuskan_pada=moments), tmp_path)
    assert [row.unit for row in found.rows] == ["b"]
    assert dict(found.left_out) == {OLDER: 2}


def test_a_newer_decision_that_teaches_nothing_still_replaces_the_older(tmp_path: Path):
    later = ["2026-11-20T10:00:00+07:00", "2026-11-21T10:00:00+07:00", "2026-11-20T10:00:00+07:00"]
    found = read(table(id=["A1", "A1", "A3"], unit=["a", "", "c"], diputuskan_pada=later), tmp_path)
    assert [row.id for row in found.rows] == ["A3"]


def test_several_sources_are_one(tmp_path: Path):
    first = read(table(), tmp_path)
    second = read(
        table(unit="itjen", diputuskan_pada="2026-11-22T10:00:00+07:00", id=["A1", "Z1", "Z2"]), tmp_path, "b.csv"
    )
    both = combined([second, first])
    assert [(row.id, row.unit) for row in both.rows] == [
        ("Z2", "itjen"), ("Z1", "itjen"), ("A1", "itjen"), ("A3", "pemda"), ("A2", "pemda"),
    ]  # fmt: skip
    assert (both.read, dict(both.left_out)) == (6, {OLDER: 1})


def test_a_table_that_is_no_export_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "a.csv"
    table().drop(columns=["tindakan", "urgensi"]).to_csv(path, index=False)
    with pytest.raises(MissingColumnError, match="review export") as error:
        read_decisions(str(path))
    assert (error.value.file, error.value.column) == (str(path), "urgensi")
