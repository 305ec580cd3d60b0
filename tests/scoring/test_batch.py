"""Files in, files out: the same bytes for any number of processes and after an interruption."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake import Batch, open_sources, read_all
from pipeline.intake.schema import role_view
from pipeline.routing import VERSION
from pipeline.scoring.batch import OneProcess, Summary, score_source
from pipeline.scoring.columns import own_columns
from pipeline.scoring.journal import Identity, Journal, journal_path
from pipeline.scoring.plain import csv_cell, csv_text, csv_writer
from pipeline.scoring.router import Router
from pipeline.scoring.workers import WorkerPool
from pipeline.settings import ColumnNames, data_dir
from pipeline.tracking.locate import find_folder

ROWS, CHUNK = 90, 20
IDENTITY = Identity("starter/1", "m", "c")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety rows of the starter corpus with dates, an empty cell and two unreadable rows."""
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file)][:ROWS]
    path = tmp_path_factory.mktemp("masukan") / "aduan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "tanggal", "isi", "unit"])
        for i, text in enumerate(texts):
            writer.writerow([f"A-{i:03d}", f"2026-01-{1 + i % 28:02d}", text if i != 7 else "", f"Dinas {i % 3}"])
            if i in (5, 60):
                writer.writerow(["rusak", "", "", "", "", "terlalu banyak"])
    return path


def score(table: Path, out: Path, scorer: object, journal: Journal | None = None, stop: int = 10**9) -> Summary:
    """Score *table*; as a user's Ctrl-C does, interrupt after *stop* rows."""
    rows = 0

    def progress(more: int) -> None:
        nonlocal rows
        rows += more
        if rows >= stop:
            raise KeyboardInterrupt

    source = open_sources([str(table)], ColumnNames(), chunk_rows=CHUNK)
    return score_source(source, str(out), scorer, journal=journal, progress=progress)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pool(starter_store: Path):
    with WorkerPool(find_folder(starter_store, "starter"), 2, pytest.fail) as made:
        made.wait_for_model()
        yield made


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_any_way_gives_the_same_bytes(
    table: Path, tmp_path: Path, starter_router: Router, pool: WorkerPool, ending: str
):
    one = OneProcess(starter_router)
    whole = score(table, tmp_path / f"satu.{ending}", one)
    expected = (tmp_path / f"satu.{ending}").read_bytes()
    assert (whole.rows, whole.rejected, whole.resumed) == (ROWS, 2, 0)
    if ending == "xlsx":  # no moment of writing inside
        with zipfile.ZipFile(tmp_path / "satu.xlsx") as parts:
            assert b"1980-01-01T00:00:00Z</dcterms:created>" in parts.read("docProps/core.xml")
    out = tmp_path / f"dua.{ending}"
    assert score(table, out, pool) == whole
    assert out.read_bytes() == expected
    for first, then in ((one, pool), (pool, one)):
        out.unlink()
        with (
            pytest.raises(KeyboardInterrupt),
            Journal(str(out), IDENTITY, resume=False, say=pytest.fail) as journal,
        ):
            score(table, out, first, journal, stop=2 * CHUNK + 2)
        assert not out.exists()
        with Journal(str(out), IDENTITY, resume=True, say=pytest.fail) as journal:
            again = score(table, out, then, journal)
        assert again.resumed >= 2 * CHUNK
        assert (again.rows, again.units, again.examples) == (whole.rows, whole.units, whole.examples)
        assert out.read_bytes() == expected
        assert not journal_path(str(out)).exists()
    assert (tmp_path / "dua.ditolak.csv").read_bytes() == (tmp_path / "satu.ditolak.csv").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_a_chunk_that_changed_is_scored_again(table: Path, tmp_path: Path, starter_router: Router):
    scorer = CountingScorer(starter_router)
    out = tmp_path / "hasil.csv"
    with pytest.raises(KeyboardInterrupt), Journal(str(out), IDENTITY, resume=False, say=pytest.fail) as journal:
        score(table, out, scorer, journal, stop=3 * CHUNK)
    assert scorer.scored == 3 * CHUNK
    changed = tmp_path / "aduan.csv"
    with table.open(encoding="utf-8", newline="") as old, changed.open("w", encoding="utf-8", newline="") as new:
        rows = list(csv.reader(old))
        (row,) = [row for row in rows if row[0] == "A-025"]
        row[2] += " Lampu jalan juga mati."
        csv.writer(new).writerows(rows)
    with Journal(str(out), IDENTITY, resume=True, say=pytest.fail) as journal:
        summary = score(changed, out, scorer, journal)
    assert scorer.scored == 3 * CHUNK + CHUNK + (ROWS - 3 * CHUNK)
    assert summary.resumed == 2 * CHUNK
    score(changed, tmp_path / "baru.csv", OneProcess(starter_router))
    assert out.read_bytes() == (tmp_path / "baru.csv").read_bytes()


class CountingScorer(OneProcess):
    """Counts the rows it really scores."""

    scored = 0

    def score(self, jobs):
        for job in jobs:
            self.scored += 0 if job.done else len(job.texts)
            yield from super().score([job])


def test_the_summary_counts_and_shows_the_most_urgent(starter_router: Router):
    def frame(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
        found = pd.DataFrame(rows, columns=["unit", "urgensi", "tindakan"])
        return found.assign(berkadar_pengawasan="tidak", kelompok="", terlambat="").astype("str")

    summary = Summary()
    summary.add(
        ["a", "b", "c", "d"],
        frame(
            [
                ("Jalan", "rendah", "tinjau"),
                ("Air", "darurat", "lengkapi"),
                ("Air", "sedang", "teruskan"),
                ("Air", "sedang", "tinjau"),
            ]
        ),
    )
    summary.add(
        ["e", "f 3201234567890001", "g"],
        frame([("Pasar", "tinggi", "tinjau"), ("Listrik", "darurat", "tinjau"), ("Jalan", "rendah", "tinjau")]),
    )
    assert summary.rows == 7
    assert summary.units == {"Jalan": 2, "Air": 2, "Pasar": 1, "Listrik": 1}
    assert summary.levels == {"rendah": 2, "sedang": 2, "darurat": 2, "tinggi": 1}
    assert summary.actions == {"tinjau": 5, "lengkapi": 1, "teruskan": 1}
    summary.show_examples(OneProcess(starter_router).shorten)
    assert [(example.row["unit"], example.row["urgensi"]) for example in summary.examples] == [
        ("Listrik", "darurat"),
        ("Pasar", "tinggi"),
        ("Air", "sedang"),
    ]
    assert "3201234567890001" not in summary.examples[0].text
    assert [example.text for example in summary.examples[1:]] == ["e", "c"]


def test_own_columns_that_are_named_like_results():
    assert own_columns(["id", "unit", "isi"]) == {"id": "id", "unit": "unit_asal", "isi": "isi"}
    assert own_columns(["id", "unit", VERSION]) == {"id": "id"}


CELLS = ["", ",", '"', "\n", "\r", "a", "é, b", ' "x" ', "=1+1", "\r\n", None, 1, 2.5, float("nan"), True]


@pytest.mark.parametrize("width", [1, 3])
def test_csv_text_is_what_pythons_writer_writes(tmp_path: Path, width: int):
    names = [f"c{i}" for i in range(width)]
    columns = {
        name: pd.Series([CELLS[(i * 7 + k) % 15] for k in range(15)], dtype=object) for i, name in enumerate(names)
    }
    frame = pd.DataFrame(columns)
    if width > 1:
        frame["angka"] = [0.1 * k if k != 3 else float("nan") for k in range(15)]
        frame["teks"] = pd.Series([str(cell) for cell in CELLS], dtype="str")
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv_writer(stream, list(frame.columns))
        writer.writerows(zip(*(map(csv_cell, frame[name].tolist()) for name in frame.columns), strict=True))
    header = ",".join(frame.columns) + "\n"
    assert (header + csv_text(frame)).encode() == path.read_bytes()


def test_pandera_judges_only_what_can_be_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []

    def view(batch: Batch, need: Collection[str]) -> pd.DataFrame:
        calls.append(batch.source)
        return role_view(batch, need)

    monkeypatch.setattr("pipeline.intake.schema.role_view", view)
    (tmp_path / "a.csv").write_text("isi,tanggal,unit\nlampu mati,2021-01-05,Dinas A\n", encoding="utf-8")
    for need, seen in (({"text"}, 0), ({"text", "unit"}, 0), ({"text", "date"}, 1)):
        calls.clear()
        read_all([str(tmp_path / "a.csv")], ColumnNames(), need=need)
        assert len(calls) == seen
