"""Decisions as a table: what training reads of it, what people see, what stays hidden, what is on record."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import select

from pipeline.errors import ForbiddenError, OptionError
from pipeline.review import audit, clock, deciding
from pipeline.review.deciding import Choice
from pipeline.review.exporting import COLUMNS, export_decisions
from pipeline.review.store import Store
from pipeline.review.store.tables import AuditEntry, Complaint
from pipeline.settings import ColumnNames
from pipeline.text import analyze, find_personal, repair
from tests.review.examples import UNITS, fill, person

NIK, PHONE = "9901011203900001", "081298765432"
FORMULA = "=1+2 jalan rusak di depan balai desa"


@pytest.fixture
def decided(store: Store) -> Store:
    """66 complaints, 64 of them decided: 60 with a unit, 3 dismissed, 1 undone; one text looks like a formula."""
    texts = [f"Jalan desa nomor {number} rusak dan belum dibetulkan sejak tahun lalu." for number in range(66)]
    texts[0] = FORMULA
    texts[1] = f"KTP saya hilang, NIK {NIK}, hubungi {PHONE} segera, blangko kosong."
    fill(store, 66, isi=texts)
    sari = person(store)
    with store.read() as session:
        rows = list(session.scalars(select(Complaint).order_by(Complaint.id)))
    for number, row in enumerate(rows[:64]):
        choice = Choice(UNITS[number % 5], "tinggi" if number % 2 else "rendah", "teruskan")
        if number >= 60:
            choice = Choice(None, "rendah", "bukan_aduan")
        if number == 2:
            choice = Choice("pemda", "sedang", "teruskan", ("itjen", "ditjen_otda"), f"Telepon {PHONE}", "ditjen_otda")
        with store.write() as session:
            deciding.decide(session, sari, row.id, choice, version=row.version)
    with store.write() as session:
        deciding.undo(session, sari)
    return store


def csv_of(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_training_reads_it_without_options(decided: Store, tmp_path: Path, ending: str):
    from pipeline.retraining.reading import read_training

    out = tmp_path / f"keputusan.{ending}"
    assert export_decisions(decided, str(out), actor="cli:uji") == 63
    given = read_training([str(out)], ColumnNames(), need={"text"}, kantor=None, crosswalks=[], pool_places=False)
    assert given.rejected == 0
    assert Counter(given.home.units.labels) == {unit: 12 + (unit == "pemda") - (unit == UNITS[2]) for unit in UNITS}
    assert Counter(given.home.urgencies.labels) == {"rendah": 29 + 3, "tinggi": 30, "sedang": 1}
    assert ("'" if ending == "csv" else "") + FORMULA in given.home.units.texts
    assert given.home.units.dated


def test_columns_say_what_was_suggested_and_decided(decided: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "keputusan.csv"
    export_decisions(decided, str(out), actor="cli:uji", zone="Asia/Makassar")
    table = csv_of(out)
    assert tuple(table.columns) == COLUMNS
    row = table.iloc[2]
    assert row[["unit", "urgensi", "tindakan", "salinan", "salah_alamat_dari"]].tolist() == [
        "pemda", "sedang", "teruskan", "itjen; ditjen_otda", "ditjen_otda",
    ]  # fmt: skip
    assert (row["petugas"], row["model_saran"]) == ("sari", "contoh/1")
    assert row["unit_saran"] in UNITS
    assert 0.4 <= float(row["keyakinan_saran"]) <= 0.99
    moment = dt.datetime.fromisoformat(row["diputuskan_pada"])
    assert moment.utcoffset() == dt.timedelta(hours=8)
    assert set(table["peringkat_saran"]) <= {"", "0", "1", "2", "3"}
    assert set(table["peringkat_saran"][60:]) == {""}
    assert set(table["unit"][60:]) == {""}


def test_personal_data_is_masked_unless_asked(decided: Store, tmp_path: Path):
    out = tmp_path / "keputusan.csv"
    export_decisions(decided, str(out), actor="cli:uji")
    assert NIK not in out.read_text("utf-8")
    assert PHONE not in out.read_text("utf-8")
    table = csv_of(out)
    assert "[NIK]" in table["isi"][1]
    assert table["catatan"][2] == "Telepon [TELEPON]"
    export_decisions(decided, str(out), actor="cli:uji", masked=False)
    table = csv_of(out)
    assert NIK in table["isi"][1]
    assert table["catatan"][2] == "Telepon [TELEPON]"


def test_a_formula_stays_text_in_the_sheet(decided: Store, tmp_path: Path):
    out = tmp_path / "keputusan.xlsx"
    export_decisions(decided, str(out), actor="cli:uji")
    sheet = openpyxl.load_workbook(out)["Disposisi"]
    head = [cell.value for cell in sheet[1]]
    assert tuple(head) == COLUMNS
    cell = sheet.cell(2, head.index("isi") + 1)
    assert (cell.value, cell.data_type) == (FORMULA, "s")
    assert isinstance(sheet.cell(2, head.index("tanggal") + 1).value, dt.datetime)
    assert isinstance(sheet.cell(2, head.index("keyakinan_saran") + 1).value, float)
    assert isinstance(sheet.cell(2, head.index("peringkat_saran") + 1).value, int)
    assert sheet.max_row == 64


RISKY = [
    '=HYPERLINK("http://contoh.id";"klik")',
    "+6281298765432 belum dijawab",
    "-2+3 hari",
    "- jalan rusak\n- lampu mati",
    "@camat tolong",
    "  =1+2",
    "\t=1+2",
    "\tjalan rusak",
    "＝1+2",
    "jalan;=1+2;rusak",
    'lampu;"=1+1;',
    "KTP\t+62 hilang",
    f"-{NIK} hilang",
]
"""Texts that a spreadsheet would run, as a whole or after the semicolon that divides cells in Indonesian Excel."""


def exported_texts(store: Store, tmp_path: Path, texts: list[str], name: str) -> list[str]:
    fill(store, len(texts), isi=texts)
    sari = person(store)
    for number in range(1, len(texts) + 1):
        with store.write() as session:
            version = session.get_one(Complaint, number).version
            deciding.decide(session, sari, number, Choice("pemda", "rendah", "teruskan", (), "=1+2"), version=version)
    out = tmp_path / name
    export_decisions(store, str(out), actor="cli:uji", masked=False)
    if name.endswith(".csv"):
        with out.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert {row["catatan"] for row in rows} == {"'=1+2"}
        return [row["isi"] for row in rows]
    return list(pd.read_parquet(out)["isi"])


def test_no_cell_of_a_csv_is_a_formula_and_every_word_stays(store: Store, tmp_path: Path):
    exported = exported_texts(store, tmp_path, RISKY, "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        content = stream.read()
    cells = [cell for mark in ",;" for row in csv.reader(io.StringIO(content), delimiter=mark) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert not [cell for cell in exported if cell.startswith(("\t", "\r"))]
    for kept, text in zip(exported, RISKY, strict=True):
        assert analyze(repair(kept)) == analyze(repair(text))
        found = [[repair(each)[span.start : span.end] for span in find_personal(repair(each))] for each in (kept, text)]
        assert found[0] == found[1]


def test_texts_that_are_no_formulas_are_exact(store: Store, tmp_path: Path):
    plain = ["Jalan rusak - tolong = dibetulkan + lampu @ gang", "Jl. A-1; lampu, 'kutipan'"]
    assert exported_texts(store, tmp_path, plain, "a.csv") == plain


def test_parquet_is_exact(store: Store, tmp_path: Path):
    assert exported_texts(store, tmp_path, RISKY, "a.parquet") == list(map(repair, RISKY))


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl"])
def test_only_its_owner_reads_a_file_with_personal_data(
    decided: Store, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / f"a.{ending}"
    seen = []
    write = audit.write

    def look(*given: object, **named: object) -> None:
        seen.extend(path.stat().st_mode & 0o077 for path in tmp_path.glob(".a-*"))
        write(*given, **named)

    monkeypatch.setattr("pipeline.review.exporting.audit.write", look)
    out.write_text("dari ekspor sebelumnya")
    out.chmod(0o644)
    assert export_decisions(decided, str(out), actor="cli:uji", masked=False) == 63
    assert out.stat().st_mode & 0o777 == 0o600
    assert seen == [0]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "a"))] == [out.name]
    export_decisions(decided, str(out), actor="cli:uji")
    assert out.stat().st_mode & 0o777 != 0o600


def test_a_folder_is_no_file_for_personal_data(store: Store, tmp_path: Path):
    (tmp_path / "a.csv").mkdir()
    for name in ("a.csv", "tiada/a.csv", "a.txt"):
        with pytest.raises(OptionError):
            export_decisions(store, str(tmp_path / name), actor="cli:uji", masked=False)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_export_is_on_record(decided: Store, tmp_path: Path):
    export_decisions(decided, str(tmp_path / "a.csv"), actor="cli:uji", masked=False, since=dt.date(2026, 1, 2))
    with decided.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "ekspor")).one()
    assert (entry.actor, entry.details) == (
        "cli:uji",
        {"baris": 63, "disamarkan": False, "bentuk": "csv", "sejak": "2026-01-02"},
    )


def test_nothing_is_written_where_the_record_fails(decided: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("log")

    monkeypatch.setattr("pipeline.review.exporting.audit.write", broken)
    with pytest.raises(RuntimeError):
        export_decisions(decided, str(tmp_path / "a.csv"), actor="cli:uji")
    assert list(tmp_path.glob("*.csv")) == []


def test_only_what_the_person_may_see(decided: Store, tmp_path: Path):
    agus = person(decided, "agus", "penyelia", ("itjen",))
    out = tmp_path / "keputusan.csv"
    rows = export_decisions(decided, str(out), person=agus)
    table = csv_of(out)
    assert 0 < rows < 63
    assert ((table["unit"] == "itjen") | (table["unit_saran"] == "itjen")).all()
    with pytest.raises(ForbiddenError):
        export_decisions(decided, str(out), person=person(decided, "budi"))


def test_since_takes_whole_local_days(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fill(store, 2)
    sari = person(store)
    with store.read() as session:
        rows = list(session.scalars(select(Complaint).order_by(Complaint.id)))
    for row, minute in zip(rows, (59, 0), strict=True):
        moment = dt.datetime(2026, 11, 25, 16 + (minute == 0), minute, tzinfo=dt.UTC)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        with store.write() as session:
            deciding.decide(session, sari, row.id, Choice("pemda", "rendah", "teruskan"), version=row.version)
    out = tmp_path / "a.csv"
    assert export_decisions(store, str(out), actor="cli:uji", since=dt.date(2026, 11, 26)) == 1
    assert csv_of(out)["diputuskan_pada"].tolist() == ["2026-11-26T00:00:00+07:00"]


def test_an_unknown_ending_is_refused(store: Store, tmp_path: Path):
    with pytest.raises(OptionError):
        export_decisions(store, str(tmp_path / "a.txt"), actor="cli:uji")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl"])
def test_no_decisions_give_an_empty_table(store: Store, tmp_path: Path, ending: str):
    out = tmp_path / f"a.{ending}"
    assert export_decisions(store, str(out), actor="cli:uji") == 0
    assert out.exists()
