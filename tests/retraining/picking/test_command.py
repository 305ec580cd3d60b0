"""`disposisi pick` as the analyst calls it."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from pipeline.routing import OUTPUT_COLUMNS
from pipeline.settings import data_dir
from tests.command import run
from tests.retraining.picking.made import complaints

SAMPLE = data_dir() / "samples" / "aduan_contoh.csv"
COLUMNS = ["kode", "isi", "wilayah"]


def read(path: Path | str) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """120 invented rows in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISPOSISI_STORE", str(tmp_path / "store"))
    rows = [(f"{i:04d}", text, f"Kecamatan {i % 3}") for i, (text, _) in enumerate(complaints())]
    pd.DataFrame(rows, columns=COLUMNS).to_csv("pool.csv", index=False)
    return tmp_path / "pool.csv"


def test_a_cold_start(pool: Path, capsys: pytest.CaptureFixture[str]):
    assert run("pick", pool, "--budget", 8, "-o", "pilihan.csv") == 0
    picked = read("pilihan.csv")
    assert list(picked.columns) == [*COLUMNS, "urutan_label", "alasan_pilih"]
    assert picked["urutan_label"].tolist() == [str(n) for n in range(1, 9)]
    units = dict(complaints())
    assert len({units[text] for text in picked["isi"]}) == 4
    given = read(pool).set_index("kode")
    assert (given.loc[picked["kode"], "wilayah"].tolist()) == picked["wilayah"].tolist()
    assert "8 rows chosen of 120 different texts, without a model" in capsys.readouterr().out
    assert [path.name for path in pool.parent.glob(".*")] == []


def test_the_order_of_the_rows_changes_nothing(pool: Path):
    rows = read(pool)
    rows = pd.concat([rows, rows.head(20).assign(kode=[f"9{i:03d}" for i in range(20)])])  # repeated texts
    rows.to_csv("maju.csv", index=False)
    order = list(range(len(rows)))
    random.Random(1).shuffle(order)
    rows.iloc[order].to_csv("acak.csv", index=False)
    assert run("pick", "maju.csv", "--budget", 30, "-o", "a.csv") == 0
    assert run("pick", "acak.csv", "--budget", 30, "-o", "b.csv") == 0
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    assert read("a.csv")["isi"].is_unique


def test_labelled_rows_are_not_chosen_again(pool: Path, capsys: pytest.CaptureFixture[str]):
    assert run("pick", pool, "--budget", 40, "-o", "satu.csv") == 0
    first = read("satu.csv")
    first.assign(isi=first["isi"].str.upper() + " !!").to_csv("berlabel.csv", index=False)
    capsys.readouterr()
    assert run("pick", pool, "--budget", 500, "--labelled", "berlabel.csv", "-o", "dua.csv") == 0
    second = read("dua.csv")
    assert sorted([*first["kode"], *second["kode"]]) == read(pool)["kode"].tolist()
    shown = capsys.readouterr().out
    assert "80 rows chosen of 80 different texts" in shown
    assert "The budget is 500" in shown
    assert "40 of 120 rows left out: they have a label" in shown
    # Picked before: the old rank and reason give way.
    assert run("pick", "dua.csv", "--budget", 5, "-o", "tiga.csv") == 0
    assert list(read("tiga.csv").columns) == [*COLUMNS, "urutan_label", "alasan_pilih"]


def test_with_a_model_and_what_is_chosen_can_be_scored(use_store: Path, capsys: pytest.CaptureFixture[str]):
    assert run("pick", SAMPLE, "--budget", 12, "--model", "starter", "-o", "pilihan.xlsx") == 0
    assert "by starter/" in capsys.readouterr().out
    picked = pd.read_excel("pilihan.xlsx", dtype=str, keep_default_na=False)
    assert picked["alasan_pilih"].str.match("ragu antara .+ dan .+|unit jarang: .+|mewakili .+|berbeda .+").all()
    assert picked["alasan_pilih"].str.startswith("ragu").any()
    assert run("score", "pilihan.xlsx", "-o", "hasil.csv") == 0
    scored = read("hasil.csv")
    assert list(scored.columns) == [*picked.columns, *OUTPUT_COLUMNS]
    assert scored["urutan_label"].tolist() == [str(n) for n in range(1, 13)]
    every = read(SAMPLE)
    every.iloc[::-1].to_csv("terbalik.csv", index=False)
    assert run("pick", "terbalik.csv", "--budget", 12, "--model", "starter", "-o", "terbalik_pilihan.csv") == 0
    assert read("terbalik_pilihan.csv")["alasan_pilih"].tolist() == picked["alasan_pilih"].tolist()
    assert run("pick", SAMPLE, "--budget", 999, "--model", "starter", "-o", "semua.csv") == 0
    assert run("score", "semua.csv", "-o", "semua_nilai.csv") == 0
    order = read("semua_nilai.csv").set_index("urutan_label")["tindakan"]
    assert 0 < len(order) <= len(every)
    # What says nothing is at the end.
    nothing = order.isin(["lengkapi", "bukan_aduan"]).to_numpy()
    assert nothing[-2:].all()
    assert not nothing[:12].any()


def test_units_of_labelled_files_tell_what_is_rare(use_store: Path):
    texts = [f"warga meminta bantuan nomor {'x' * n}" for n in range(2, 30)]
    common = ["ditjen_dukcapil"] * 28
    pd.DataFrame({"isi": texts, "unit": common}).to_csv("berlabel.csv", index=False)
    arguments = ("--budget", 12, "--model", "starter", "--labelled", "berlabel.csv")
    assert run("pick", SAMPLE, *arguments, "--unit", "unit", "-o", "a.csv") == 0
    reasons = read("a.csv")["alasan_pilih"]
    assert not reasons.str.contains("unit jarang: .*Kependudukan").any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pool.csv", "-o", "pool.csv"), "is one of the inputs"),
        (("pool.csv", "-o", "hasil.txt"), "must end in"),
        (("tidak-ada.csv", "-o", "a.csv"), "no such file"),
        (("pool.csv", "--text", "teks", "-o", "a.csv"), "there is no such column"),
        (("pool.csv", "--unit", "unit", "-o", "a.csv"), "none is given"),
        (("pool.csv", "--labelled", "pool.csv", "--unit", "dinas", "-o", "a.csv"), "column 'dinas'"),
        (("pool.csv", "--labelled", "pool.csv", "-o", "a.csv"), "not labelled yet"),
        (("pool.csv", "--budget", "0", "-o", "a.csv"), "--budget"),
        (("pool.csv", "--model", "tidak-ada", "-o", "a.csv"), "tidak-ada"),
    ],
)
def test_what_the_user_can_mend_is_one_line(
    pool: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
):
    assert run("pick", *arguments) == 2
    shown = capsys.readouterr().err
    assert message in shown
    assert "Traceback" not in shown
    assert not Path("a.csv").exists()
    assert len(read(pool)) == 120
