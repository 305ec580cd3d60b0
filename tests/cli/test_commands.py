"""The commands as an operator calls them: outputs, exit codes, one clear line for a fault of the user's."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from pipeline.cli import COMMANDS
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.settings import data_dir
from tests.command import run

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "sp4n_kecil.xlsx"
TOPICS = {
    "Dinas Jalan": ["jalan berlubang di {}", "aspal {} rusak parah", "lubang besar dekat {}", "perbaikan jalan {}"],
    "Dinas Sampah": ["sampah menumpuk di {}", "tumpukan sampah {} bau", "truk sampah tidak ke {}", "bau sampah {}"],
}
PLACES = ["pasar", "sekolah", "masjid", "terminal", "lapangan", "jembatan", "kantor", "gereja", "taman", "rumah"]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A small invented office: two units, eighty rows, dates over a year."""
    rows = [
        (f"{template.format(place)} nomor {i}{'x' * i}", unit, f"2022-{1 + (i + 3 * j) % 12:02d}-{1 + i:02d}")
        for unit, templates in TOPICS.items()
        for j, template in enumerate(templates)
        for i, place in enumerate(PLACES)
    ]
    path = tmp_path / "kantor.csv"
    pd.DataFrame(rows, columns=["isi", "instansi", "tanggal"]).to_csv(path, index=False)
    return path


def test_the_sample_batch(use_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    sample = data_dir() / "samples" / "aduan_contoh.csv"
    assert run("score", str(sample), "-o", "hasil.csv") == 0
    given = pd.read_csv(sample, dtype=str, keep_default_na=False)
    scored = pd.read_csv(tmp_path / "hasil.csv", dtype=str, keep_default_na=False)
    assert list(scored.columns) == [*given.columns, *OUTPUT_COLUMNS]
    pd.testing.assert_frame_equal(scored[list(given.columns)], given)
    assert {"lengkapi", "bukan_aduan", "tinjau"} <= set(scored["tindakan"])
    shown = capsys.readouterr().out
    assert "rows need a person" in shown
    assert "hasil.csv" in shown
    assert "9999" not in shown
    assert not list(tmp_path.glob(".*sementara*"))


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "jsonl", "csv"])
def test_an_export_comes_back_whole(use_store: Path, tmp_path: Path, ending: str):
    assert run("score", str(FIXTURE), "-o", f"hasil.{ending}") == 0
    read = {"xlsx": partial(pd.read_excel, engine="openpyxl"), "parquet": pd.read_parquet, "csv": pd.read_csv}
    path = tmp_path / f"hasil.{ending}"
    frame = pd.read_json(path, lines=True) if ending == "jsonl" else read[ending](path)
    assert list(frame.columns[-len(OUTPUT_COLUMNS) :]) == list(OUTPUT_COLUMNS)
    assert frame.columns[0] == "Tracking ID"


def test_train_evaluate_promote(use_store: Path, office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    columns = ("--text", "isi", "--unit", "instansi", "--date", "tanggal")
    assert run("train", "--name", "kantor", str(office), *columns, "--test-from", "2022-10-01") == 0
    shown = capsys.readouterr().out
    assert "kantor/1 is registered (@champion)" in shown
    assert "majority" in shown
    assert "urgency half of starter/1 serves" in shown
    assert run("train", "--name", "kantor", str(office), *columns) == 0
    assert "kantor/2 is registered (@challenger)" in capsys.readouterr().out
    arguments = ("evaluate", str(office), "--model", "kantor@challenger", *columns[:4], "--json", "angka.json")
    assert run(*arguments) == 0
    figures = pd.read_json(tmp_path / "angka.json", typ="series")
    assert figures["unit"]["accuracy"] > 0.9
    assert figures["model"] == "kantor/2"
    assert run("promote", "kantor", "2") == 0
    capsys.readouterr()
    assert run("models") == 0
    listed = capsys.readouterr().out
    assert "kantor/2" in listed
    assert run("score", str(office), "-o", "hasil.csv", "--model", "kantor", "--text", "isi") == 0
    assert set(pd.read_csv("hasil.csv")["versi_model"]) == {"kantor/2"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("score", "tidak-ada.csv", "-o", "a.csv"), "tidak-ada.csv"),
        (("score", "kantor.csv", "-o", "a.doc"), ".xlsx"),
        (("score", "kantor.csv", "-o", "kantor.csv"), "one of the inputs"),
        (("score", "kantor.csv", "-o", "a.csv", "--text", "isii"), "'isi'"),
        (("score", "kantor.csv", "-o", "a.csv", "--model", "bukan-model"), "bukan-model"),
        (("train", "--name", "Kantor Besar", "kantor.csv"), "Model name"),
        (("train", "--name", "x"), "No DATA"),
        (("train", "--name", "x", "kantor.csv", "--test-from", "kemarin"), "YYYY-MM-DD"),
        (("train", "--name", "x", "kantor.csv", "--unit", "tanggal"), "fewer than two units"),
        (("evaluate", "kantor.csv", "--model", "starter"), "--unit or --urgency"),
        (("promote", "starter", "77"), "77"),
        (("score",), "IN..."),
        (("hapus",), "hapus"),
    ],
)
def test_a_fault_of_the_users_is_one_line_and_exit_2(
    use_store: Path, office: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], said: str
):
    before = office.read_bytes()
    assert run(*args) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert office.read_bytes() == before


def test_an_unreadable_row_goes_to_the_reject_file(use_store: Path, tmp_path: Path):
    rows = ["id,isi", "1,lampu jalan mati di gang kami", "2,terlalu,banyak,kolom", "3,ktp saya belum jadi juga"]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run("score", "a.csv", "-o", "b.csv") == 0
    assert list(pd.read_csv("b.csv")["id"]) == [1, 3]
    rejects = pd.read_csv("b.ditolak.csv")
    assert list(rejects["baris"]) == [3]
    assert "terlalu" not in rejects["alasan"][0]


def test_help_loads_nothing_heavy():
    code = """
import sys
from pipeline.cli import main, COMMANDS
for args in [["--help"], *([name, "--help"] for name in COMMANDS)]:
    main(args)
heavy = {"mlflow", "sklearn", "pandas", "numpy", "scipy", "pydantic"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_train_serves_one_of_several_offices(
    use_store: Path, office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    crosswalk = tmp_path / "silang.csv"
    crosswalk.write_text(
        "kantor,unit,urusan\nsini,Dinas Jalan,pekerjaan_umum\nsini,Dinas Sampah,lingkungan_hidup\n"
        "sana,Dinas Jalan,pekerjaan_umum\nsana,Dinas Sampah,lingkungan_hidup\n",
        encoding="utf-8",
    )
    other = tmp_path / "sana.csv"
    other.write_bytes(office.read_bytes())
    shared = ("--text", "isi", "--unit", "instansi", "--crosswalk", str(crosswalk))
    assert run("train", "--name", "sini", f"{office}=sini", f"{other}=sana", *shared) == 2
    assert "say with --kantor" in capsys.readouterr().err
    assert run("train", "--name", "sini", f"{office}=sini", f"{other}=sana", "--kantor", "sini", *shared) == 0
    assert "160 rows read" in capsys.readouterr().out
    # An office without a row: first with another's rows, then with nothing but its crosswalk.
    assert run("train", "--name", "baru", f"{other}=sana", "--kantor", "sini", *shared) == 0
    assert run("train", "--name", "kosong", "--kantor", "sini", "--crosswalk", str(crosswalk)) == 0
    capsys.readouterr()
    target = tmp_path / "hasil.csv"
    assert run("score", str(office), "-o", str(target), "--model", "kosong") == 0
    scored = pd.read_csv(target)
    assert set(scored.unit) <= {"Dinas Jalan", "Dinas Sampah"}
    assert "teruskan" not in set(scored.tindakan)
    assert (scored.unit == scored.instansi).mean() > 0.9
