"""No byte that the commands write holds personal data: the whole pipeline on texts full of invented identities.

OUT without ``--mask`` holds the input's columns by contract: there only what scoring adds is searched. Names are known
after what announces them only (docs/privacy.md says what is not masked), so these stand there. That the search finds
what is there: tests/leaks/test_search.py.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.retraining import corpus as starter
from pipeline.retraining.compare import answers
from pipeline.retraining.compare import run as compare_run
from pipeline.retraining.compare.checks import CheckRows
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.router import Router
from pipeline.text import mask, repair
from tests.leaks.commands import run
from tests.leaks.identities import CELLS, EVERYONE, IDENTITIES, REPORTERS
from tests.leaks.office import ROWS, UNITS, corpus, write_files
from tests.leaks.search import find_leaks, vocabulary

MODEL = ("--model", "bocor")
STARTER_ROWS = starter._rows
ENDINGS = ("csv", "xlsx", "parquet", "jsonl")
CHUNK = 10


class Office:
    """Input files in ``masukan``, the store in ``toko``, what the system keeps for a while in ``sementara``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store, self.inputs, self.scratch = (folder / name for name in ("toko", "masukan", "sementara"))
        for place in (self.inputs, self.scratch):
            place.mkdir()
        write_files(self.inputs)
        self.load = cache(Router.load)
        (folder / "disposisi.toml").write_text(f"[scoring]\nchunk_rows = {CHUNK}\n", encoding="utf-8")

    def file(self, name: str) -> str:
        return str(self.inputs / name)

    def settle(self, patch: pytest.MonkeyPatch) -> None:
        """Make this office the one that commands work for."""
        patch.setenv("DISPOSISI_STORE", str(self.store))
        patch.setenv("DISPOSISI_CONFIG", str(self.folder / "disposisi.toml"))
        patch.setenv("TMPDIR", str(self.scratch))
        patch.setattr(tempfile, "tempdir", str(self.scratch))
        # Loading the model is most of what a command on so few rows takes.
        patch.setattr(Router, "load", self.load)
        # A part of the starter corpus beside the office's rows is enough here, and quick.
        patch.setattr(starter, "_rows", lambda name: STARTER_ROWS(name)[::25])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office with a trained model; what the training said lies in ``pelatihan``."""
    found = Office(tmp_path_factory.mktemp("kantor"))
    said = found.folder / "pelatihan"
    said.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        found.settle(patch)
        patch.chdir(said)
        names = [found.file(name) for name in ("aduan.csv", "ekspor.xlsx", "aduan.jsonl")]
        assert run(said, "train", "--name", "bocor", *names) == 0, (said / "stderr").read_text()
    yield found
    # Whatever the tests below did: the store and the system's own folder for temporary files stay clean.
    assert find_leaks([found.store, found.scratch], EVERYONE) == []


@pytest.fixture
def work(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    office.settle(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Training and measuring.


def test_training_writes_no_identity(office: Office):
    said = office.folder / "pelatihan"
    assert "bocor/1 is registered" in (said / "stdout").read_text()
    assert "3 unreadable rows" in (said / "stderr").read_text()
    assert find_leaks([said, office.store, office.scratch], EVERYONE) == []


def test_the_vocabulary_has_no_part_of_an_identity(office: Office):
    words = vocabulary(office.store)
    ordinary = {word for row in corpus() for word in row["isi"].lower().replace(".", " ").split()}
    assert "ktp" in words
    assert {"<nik>", "<telepon>", "<nama>", "<email>"} <= words
    pieces = {piece for identity in EVERYONE for piece in identity.pieces} - ordinary
    assert words & pieces == set()


def test_measuring_and_listing_write_no_identity(office: Office, work: Path):
    assert run(work, "evaluate", office.file("aduan.csv"), *MODEL, "--json", "angka.json") == 0
    assert run(work, "evaluate", office.file("ekspor.xlsx"), *MODEL) == 0
    assert run(work, "models") == 0
    assert run(work, "models", "--card", "bocor") == 0
    assert (work / "angka.json").stat().st_size > 500
    assert find_leaks(work, EVERYONE) == []


# Retraining, and what tells whether it is needed.


def test_drift_writes_no_identity(office: Office, work: Path):
    labels = ("--decisions", office.file("keputusan.csv"))
    files = (office.file("aduan.csv"), office.file("ekspor.xlsx"))
    assert run(work, "drift", *files, *MODEL, *labels, "--json", "geser.json", "--by", "month") in (0, 3)
    assert run(work, "drift", *files, *MODEL) in (0, 3)
    assert json.loads((work / "geser.json").read_text())["reports"][0]["old"]["rows"] > ROWS / 2
    assert "aduan berbeda" in (work / "stdout").read_text()
    assert find_leaks(work, EVERYONE) == []


@pytest.mark.parametrize("model", [(), MODEL])
def test_what_pick_adds_holds_no_identity(office: Office, work: Path, model: tuple[str, ...]):
    files = (office.file("aduan.csv"), "--labelled", office.file("ekspor.xlsx"))
    assert run(work, "pick", *files, "--budget", "40", "-o", "pilihan.csv", *model) == 0
    picked = read(work / "pilihan.csv")
    assert find_leaks(work / "pilihan.csv", IDENTITIES)  # the input's own columns, by contract
    picked[["urutan_label", "alasan_pilih"]].to_csv(work / "ditambahkan")
    assert picked["alasan_pilih"].str.len().gt(5).all()
    (work / "pilihan.csv").unlink()
    assert find_leaks(work, EVERYONE) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_audit_and_its_patch_hold_no_identity(office: Office, work: Path, ending: str):
    data = office.file("aduan.csv")
    assert run(work, "audit", data, "-o", f"temuan.{ending}", "--triage", "tinjau.csv", "--name", "uji") == 0
    assert read(work / f"temuan.{ending}")["isi"].str.contains("[NIK]", regex=False).any()
    tinjau = read(work / "tinjau.csv")  # holds the texts as they are, for the triage page
    (work / "tinjau.csv").unlink()
    said = [identity.text for identity in IDENTITIES]
    decided = pd.DataFrame({"id": tinjau["id"], "isi": tinjau["isi"], "unit": UNITS[0], "urgensi": "rendah"}).assign(
        tindakan="teruskan", salah_alamat_dari="", peringkat_saran="0", petugas="sari",
        diputuskan_pada="2026-10-01T09:00:00+07:00", catatan=[said[n % len(said)] for n in range(len(tinjau))],
    )  # fmt: skip
    decided.to_csv(office.scratch / "keputusan.csv", index=False)
    assert run(work, "audit", data, "--accept", str(office.scratch / "keputusan.csv"), "-o", "perbaikan.csv") == 0
    (office.scratch / "keputusan.csv").unlink()
    assert len(read(work / "perbaikan.csv")) > 5
    assert find_leaks(work, EVERYONE) == []


def test_retraining_writes_no_identity(office: Office, work: Path, monkeypatch: pytest.MonkeyPatch):
    # How fast the two models are and how they do on built-in rows is of no matter here, and takes long.
    monkeypatch.setattr(answers, "TIMED", 1)
    few = CheckRows(("kebakaran besar", "minta jadwal"), ("darurat", "rendah"), (True, False))
    monkeypatch.setattr(compare_run, "check_rows", lambda: few)
    decisions = ("--decisions", office.file("keputusan.csv"))
    assert run(work, "retrain", "--name", "bocor", *decisions, office.file("aduan.csv")) == 0
    said = (work / "stdout").read_text()
    assert "bocor/2 is registered (@challenger)" in said
    assert "beside the champion bocor/1" in said
    assert "32 used" in said
    assert find_leaks([work, office.store, office.scratch], EVERYONE) == []


def test_a_model_report_holds_no_identity(office: Office, work: Path):
    files = (office.file("aduan.csv"), "--new", office.file("ekspor.xlsx"))
    assert run(work, "report", "model", "bocor", *files, "--learning-curve", "-o", "laporan.html") == 0
    page = (work / "laporan.html").read_text()
    assert "Kesalahan terburuk" in page
    quoted = page[page.index('id="kesalahan"') :]
    assert re.search(r"\[(NIK|KK|TELEPON|EMAIL|REKENING|NPWP|DOKUMEN|PLAT|URL|NAMA)\]", quoted)
    assert list(office.store.rglob("laporan_model.html"))
    assert find_leaks([work, office.store, office.scratch], EVERYONE) == []


# Scoring.


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    if path.suffix == ".jsonl":
        return pd.read_json(path, lines=True, dtype=False)
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_excel(path)


def added(path: Path, target: Path) -> pd.DataFrame:
    """Write the columns that scoring added, and of a workbook the other sheets, to *target*; return the columns."""
    frame = read(path)[list(OUTPUT_COLUMNS)]
    frame.to_csv(target)
    if path.suffix == ".xlsx":
        sheets = load_workbook(path).worksheets[1:]
        assert sheets
        text = "\n".join(str(cells) for sheet in sheets for cells in sheet.iter_rows(values_only=True))
        target.with_suffix(".lembar").write_text(text, encoding="utf-8")
    return frame


@pytest.mark.parametrize(
    ("source", "ending"), [*(("aduan.csv", ending) for ending in ENDINGS), ("ekspor.xlsx", "xlsx")]
)
def test_the_added_columns_hold_no_identity(office: Office, work: Path, source: str, ending: str):
    assert run(work, "score", office.file(source), "-o", f"hasil.{ending}", *MODEL) == 0
    out = work / f"hasil.{ending}"
    frame = added(out, work / "ditambahkan")
    assert len(frame) == ROWS + 1
    assert frame["alasan"].astype(str).str.len().gt(5).all()
    assert (frame[["alasan_2", "alasan_3"]].fillna("") != "").all(axis=None)
    # The input's own columns are there by contract, and the search sees them.
    assert len(find_leaks(out, IDENTITIES)) == len(IDENTITIES)
    out.unlink()
    assert "personal data masked" in (work / "stdout").read_text()
    assert {path.name for path in work.iterdir()} <= {"stdout", "stderr", "ditambahkan", "ditambahkan.lembar"}
    assert find_leaks(work, EVERYONE) == []


# Needs --mask.
@pytest.mark.parametrize(
    ("source", "out"),
    [
        *(("aduan.csv", f"hasil.{ending}") for ending in ENDINGS),
        ("ekspor.xlsx", "hasil.xlsx"),
        ("aduan.jsonl", "hasil.csv"),
    ],
)
def test_masked_output_holds_no_identity(office: Office, work: Path, source: str, out: str):
    assert run(work, "score", office.file(source), "-o", out, "--mask", *MODEL) == 0
    frame = read(work / out)
    text = frame["Isi Laporan Awal" if source == "ekspor.xlsx" else "isi"]
    assert text.str.contains("[NIK]", regex=False).any()
    assert text.str.contains("[NAMA]", regex=False).any()
    assert find_leaks(work, EVERYONE) == []


# Needs --mask.
def test_a_masked_file_scored_again_stays_masked(office: Office, work: Path):
    assert run(work, "score", office.file("aduan.csv"), "-o", "satu.parquet", "--mask", *MODEL) == 0
    assert run(work, "score", "satu.parquet", "-o", "dua.csv", *MODEL) == 0
    assert find_leaks(work, EVERYONE) == []


# Needs --mask.
def test_masked_rows_on_standard_output_hold_no_identity(office: Office, work: Path, monkeypatch: pytest.MonkeyPatch):
    with Path(office.file("aduan.csv")).open("rb") as stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        assert run(work, "score", "-", "-o", "-", "--mask", *MODEL) == 0
    assert (work / "stdout").read_text().count("\n") > ROWS
    assert find_leaks(work, EVERYONE) == []


def test_standard_input_leaves_nothing_behind(office: Office, work: Path, monkeypatch: pytest.MonkeyPatch):
    with Path(office.file("aduan.csv")).open("rb") as stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        assert run(work, "score", "-", "-o", "hasil.csv", *MODEL) == 0
    assert list(office.scratch.glob("disposisi-*")) == []
    (work / "hasil.csv").unlink()
    assert find_leaks(work, EVERYONE) == []


# Needs --index.
def test_the_index_of_earlier_reports_holds_no_identity(office: Office, work: Path):
    for source in ("aduan.csv", "ekspor.xlsx"):
        assert run(work, "score", office.file(source), "-o", "hasil.csv", "--index", "laporan.indeks", *MODEL) == 0
        added(work / "hasil.csv", work / f"ditambahkan.{source}")
        (work / "hasil.csv").unlink()
    assert [path for path in work.iterdir() if path.name.startswith("laporan.indeks")]
    assert find_leaks(work, EVERYONE) == []


# Rows and files that cannot be read, and runs that end badly.


@pytest.mark.parametrize(("source", "rejected"), [("aduan.jsonl", 3), ("rusak.csv", 3)])
def test_reject_files_hold_no_identity(office: Office, work: Path, source: str, rejected: int):
    assert run(work, "score", office.file(source), "-o", "hasil.csv", *MODEL) == 0
    added(work / "hasil.csv", work / "ditambahkan")
    (work / "hasil.csv").unlink()
    assert len(pd.read_csv(work / "hasil.ditolak.csv")) == rejected
    assert find_leaks(work, EVERYONE) == []


@pytest.mark.parametrize(
    "args",
    [
        ("score", "tanpa_kepala.csv", "-o", "a.csv"),
        ("score", "tanpa_kepala.xlsx", "-o", "a.csv"),
        ("score", "tanpa_kepala.csv", "-o", "a.csv", "--text", "isi"),
        ("score", "terpotong.xlsx", "-o", "a.csv"),
        ("score", "bukan_tanggal.csv", "-o", "a.csv", "--date", "tanggal"),
        ("score", "aduan.csv", "-o", "a.csv", "--text", "nama pelapor"),
        ("score", "aduan.csv", "-o", "a.csv", "--text", "isi laporan"),
        ("score", "aduan.csv", "-o", "a.doc"),
        ("evaluate", "bukan_tanggal.csv", "--urgency", "urgensi"),
        ("evaluate", "bukan_tanggal.csv"),
        ("evaluate", "tanpa_kepala.csv"),
        ("train", "bukan_tanggal.csv", "--name", "lain", "--urgency", "urgensi"),
        ("train", "bukan_tanggal.csv", "--name", "lain", "--date", "tanggal", "--test-from", "2026-05-01"),
        ("train", "tanpa_kepala.csv", "--name", "lain", "--unit", "unit"),
        ("train", "aduan.csv", "--name", "lain", "--unit", "id"),
        ("audit", "bukan_tanggal.csv", "-o", "a.csv", "--urgency", "urgensi"),
        ("audit", "aduan.csv", "-o", "a.csv", "--accept", "{}/rusak.csv"),
        ("drift", "bukan_tanggal.csv", "--split", "2026-05-01", "--date", "tanggal"),
        ("drift", "aduan.csv", "{}/ekspor.xlsx", "--decisions", "{}/rusak.csv"),
        ("pick", "tanpa_kepala.csv", "-o", "a.csv"),
        ("report", "bukan_tanggal.csv", "--date", "tanggal", "-o", "a.html"),
        ("retrain", "aduan.csv", "--name", "lain", "--decisions", "{}/bukan_tanggal.csv"),
    ],
    ids=" ".join,
)
def test_error_messages_hold_no_identity(office: Office, work: Path, args: tuple[str, ...]):
    command, source, *options = args
    model = MODEL if command in {"score", "evaluate", "drift", "pick"} else ()
    which = ("model", "bocor") if command == "report" else ()
    given = [option.format(office.inputs) for option in options]
    assert run(work, command, *which, office.file(source), *given, *model) == 2
    said = (work / "stderr").read_text()
    assert said.startswith("disposisi: ")
    assert "Traceback" not in said
    assert find_leaks(work, EVERYONE) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_journal_of_a_run_that_failed_holds_no_identity(office: Office, work: Path, ending: str):
    files = (office.file("aduan.csv"), office.file("bukan_tanggal.csv"))
    assert run(work, "score", *files, "-o", f"hasil.{ending}", "--date", "tanggal", *MODEL) == 2
    journal = work / f".hasil.{ending}.lanjutan"
    assert {path.name for path in work.iterdir()} == {"stdout", "stderr", journal.name}
    assert journal.stat().st_size > 1000
    # The library that writes xlsx keeps its rows in the system's folder until it is done.
    assert find_leaks([work, office.scratch], EVERYONE) == []


def test_the_journal_of_an_interrupted_run_holds_no_identity(
    office: Office, work: Path, monkeypatch: pytest.MonkeyPatch
):
    from pipeline.scoring.journal import Journal

    done: list[bytes] = []
    add = Journal.add

    def ctrl_c(journal: Journal, digest: bytes, body: bytes) -> None:
        add(journal, digest, body)
        done.append(digest)
        if len(done) == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "add", ctrl_c)
        assert run(work, "score", office.file("aduan.csv"), "-o", "hasil.csv", *MODEL) == 1
    assert "--resume goes on" in (work / "stderr").read_text()
    assert {path.name for path in work.iterdir()} == {"stdout", "stderr", ".hasil.csv.lanjutan"}
    assert find_leaks(work, EVERYONE) == []
    assert run(work, "score", office.file("aduan.csv"), "-o", "hasil.csv", "--resume", *MODEL) == 0
    assert f"{4 * CHUNK} of them by the run that was interrupted" in (work / "stdout").read_text()
    assert not (work / ".hasil.csv.lanjutan").exists()


# Needs the command explain.
@pytest.mark.parametrize("part", range(4))
def test_explain_shows_no_identity(office: Office, work: Path, part: int):
    said = " ".join(identity.text for identity in IDENTITIES[part::4])
    text = f"KTP saya belum jadi dan jalan depan rumah rusak parah. {said} Mohon dibantu, terima kasih."
    assert run(work, "explain", text, *MODEL) == 0
    assert (work / "stdout").stat().st_size > 200
    assert find_leaks(work, EVERYONE) == []


# Needs the command explain.
@pytest.mark.parametrize("source", ["aduan.csv", "ekspor.xlsx"])
def test_explain_of_a_files_row_shows_no_identity(office: Office, work: Path, source: str):
    assert run(work, "explain", "L-9999", "--from", office.file(source), *MODEL) == 0
    assert run(work, "explain", "L-0000", "--from", office.file(source), *MODEL) == 0
    assert "[NIK]" in (work / "stdout").read_text()
    assert run(work, "explain", "L-4711", "--from", office.file(source), *MODEL) == 2
    assert find_leaks(work, EVERYONE) == []


# Needs the command explain.
def test_explain_does_not_repeat_a_text_given_for_an_id(office: Office, work: Path):
    text = " ".join(identity.text for identity in IDENTITIES)
    assert run(work, "explain", text, "--from", office.file("aduan.csv"), *MODEL) == 2
    assert find_leaks(work, EVERYONE) == []


@pytest.mark.parametrize(
    "text",
    [
        "Kades Dirgasempana minta uang",
        "atas nama melindarsih kartodumang",
        "hp 0 8 1 2 0 0 0 0 4 4 1 7",
        "akun @tirtodangkulon",
        "surel tirtodangkulon@gmail,com",
        "hormat saya, Bagaskarna Wirasengkuni",
        "Jalan Kenanga 12 RT 03 RW 04",
    ],
)
def test_what_the_page_says_is_not_masked_is_not(text: str):
    """docs/privacy.md lists these; where one is masked one day, the page should say so."""
    assert mask(repair(text)) == text


def test_cells_and_reporters_are_in_the_files(office: Office):
    assert len(find_leaks(Path(office.file("aduan.csv")), EVERYONE)) == len(EVERYONE)
    assert len(find_leaks(Path(office.file("ekspor.xlsx")), [*IDENTITIES, *REPORTERS])) == len(EVERYONE) - len(CELLS)
