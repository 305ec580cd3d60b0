"""``disposisi drift`` as cron and an analyst call it, on the starter model and project-written texts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import DataError, MissingColumnError
from pipeline.intake import read_all
from pipeline.retraining.data import Rows as LabelledRows
from pipeline.retraining.data import distinct
from pipeline.retraining.drift import drift, period, read_rows
from pipeline.retraining.drift.rows import Rows
from pipeline.review.store import open_store
from pipeline.scoring.router import Router
from pipeline.settings import ColumnNames, data_dir
from tests.command import run

NIK = "9901011203900001"


@pytest.fixture(scope="module")
def letters_frame() -> pd.DataFrame:
    """320 texts with their units, in an order without meaning, dated over half a year; one holds a NIK."""
    frame = pd.read_csv(data_dir() / "starter" / "uji.csv")[["id", "isi", "unit"]]
    frame = frame.sample(320, random_state=0, ignore_index=True)
    frame.loc[0, "isi"] = f"KTP saya hilang, NIK {NIK}, nama saya Budi Santoso, blangko di kecamatan kosong."
    days = np.datetime64("2026-01-01") + (np.arange(len(frame)) * 180 // len(frame)).astype("timedelta64[D]")
    return frame.assign(tanggal=days.astype(str))


@pytest.fixture
def files(
    letters_frame: pd.DataFrame,
    tmp_path: Path,
    use_store: Path,
    starter_router: Router,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """``lama.csv``, ``baru.csv`` (the same kind of rows), ``geser.csv`` (two units alone), ``semua.csv``."""
    # Loading the model is most of what a command on so few rows takes.
    monkeypatch.setattr(Router, "load", lambda folder: starter_router)
    half = len(letters_frame) // 2
    letters_frame[:half].to_csv(tmp_path / "lama.csv", index=False)
    letters_frame[half:].to_csv(tmp_path / "baru.csv", index=False)
    shifted = letters_frame[half:]
    shifted[shifted["unit"].isin(["pemda", "ditjen_dukcapil"])].to_csv(tmp_path / "geser.csv", index=False)
    letters_frame.to_csv(tmp_path / "semua.csv", index=False)
    return tmp_path


def test_rows_of_the_same_kind_end_with_0(files: Path, capsys: pytest.CaptureFixture[str]):
    assert run("drift", "lama.csv", "baru.csv", "--model", "starter", "--json", "hasil.json") == 0
    shown = capsys.readouterr().out
    assert "Tidak ada alarm." in shown
    assert "160 aduan berbeda dari 160 baris" in shown
    assert "perkiraan lebih tinggi" in shown
    written = (files / "hasil.json").read_text(encoding="utf-8")
    found = json.loads(written)
    assert found["alarm"] is False
    assert found["reports"][0]["new_estimate"]["real"]["rows"] == 160
    assert 0.05 < found["reports"][0]["new_estimate"]["majority"] < 0.2
    for hidden in (NIK, "santoso", "blangko di kecamatan"):
        assert hidden not in (shown + written).lower()


def test_a_shifted_mix_ends_with_3(files: Path, capsys: pytest.CaptureFixture[str]):
    assert run("drift", "lama.csv", "geser.csv", "--model", "starter") == 3
    shown = capsys.readouterr().out
    alarms = [line for line in shown.splitlines() if line.startswith("ALARM: ")]
    assert any("unit menurut model" in line for line in alarms)
    assert shown.index("putusan") < shown.index("ALARM: ")
    assert "Tidak ada alarm" not in shown


def test_files_are_joined_split_and_compared_by_month(files: Path, capsys: pytest.CaptureFixture[str]):
    assert run("drift", "lama.csv,baru.csv", "--split", "2026-03-31", "--by", "month", "--json", "hasil.json") in (0, 3)
    shown = capsys.readouterr().out
    assert all(f"  {month} " in shown for month in ("2026-04", "2026-05", "2026-06"))
    reports = json.loads((files / "hasil.json").read_text(encoding="utf-8"))["reports"]
    assert [report["new"]["name"] for report in reports] == ["2026-03", "2026-04", "2026-05", "2026-06"]
    assert reports[0]["old"]["days"] == ["2026-01-01", "2026-03-30"]
    assert {report["tests"] for report in reports} == {21}  # two days of March are too few rows to test


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("lama.csv",), "--split"),
        (("lama.csv", "tidak-ada.csv"), "tidak-ada.csv: there is no such file"),
        (("lama.csv", "baru.csv", "--unit", "dinas"), "column 'dinas'"),
        (("lama.csv", "baru.csv", "--alarm", "unit=0.1"), "unit_prediksi"),
        (("lama.csv", "lama.csv"), "lama.csv: none of 160 texts is new"),
        (("semua.csv", "--split", "2030-01-01"), "320 rows lie before 2030-01-01 and 0 from then on"),
        (("lama.csv", "baru.csv", "--decisions", "sqlite:///tidak-ada.db"), "there is no such triage store"),
        (("lama.csv", "baru.csv", "--decisions", "lama.csv"), "lama.csv, column 'urgensi'"),
    ],
)
def test_what_the_user_can_mend_ends_with_2(
    files: Path, args: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
):
    assert run("drift", *args) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1
    assert not shown.out
    assert not (files / "tidak-ada.db").exists()


def test_a_file_without_a_text_column(files: Path, capsys: pytest.CaptureFixture[str]):
    pd.DataFrame({"nomor": ["1"], "unit": ["pemda"]}).to_csv("tanpa.csv", index=False)
    assert run("drift", "lama.csv", "tanpa.csv") == 2
    assert "no column for the text found" in capsys.readouterr().err
    Path("kepala.csv").write_text("id,isi,unit\n", encoding="utf-8")
    assert run("drift", "lama.csv", "kepala.csv") == 2
    assert "kepala.csv: no row has a text" in capsys.readouterr().err


def test_decisions_are_the_labels(files: Path, letters_frame: pd.DataFrame, capsys: pytest.CaptureFixture[str]):
    """The label column of the files is left alone: of most rows nothing was decided."""
    first, last = letters_frame[:40], letters_frame[-40:]
    decided = export_of([*first["id"], *last["id"]], [*first["unit"], *last["unit"]])
    decided.loc[0, "diputuskan_pada"] = f"kemarin {NIK}"
    decided.to_csv("ujung.csv", index=False)
    assert run("drift", "lama.csv", "baru.csv", "--decisions", "ujung.csv", "--json", "hasil.json") in (0, 3)
    report = json.loads((files / "hasil.json").read_text(encoding="utf-8"))["reports"][0]
    assert report["new_estimate"]["real"]["rows"] == 40
    assert report["measures"][-1]["rows"] == [39, 40]
    shown = capsys.readouterr()
    assert shown.err == "1 decisions left out: diputuskan_pada is no moment\n"
    assert NIK not in shown.out


def export_of(ids: list[str], units: list[str]) -> pd.DataFrame:
    """Decisions as `disposisi review export` writes them."""
    return pd.DataFrame(
        {
            "id": ids, "isi": "disamarkan", "unit": units, "urgensi": "rendah", "tindakan": "teruskan",
            "salah_alamat_dari": "", "peringkat_saran": "1", "diputuskan_pada": "2026-07-01T08:00:00+07:00",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"tindakan": "bukan_aduan", "unit": ""}, "ujung.csv: no decision gives a complaint to a unit"),
        ({"id": [f"x{n}" for n in range(60)]}, "no row has the id of a decision"),
    ],
)
def test_decisions_that_label_nothing(files: Path, cells: dict, said: str, capsys: pytest.CaptureFixture[str]):
    export_of(["a"] * 60, ["pemda"] * 60).assign(**cells).to_csv("ujung.csv", index=False)
    assert run("drift", "lama.csv", "baru.csv", "--decisions", "ujung.csv") == 2
    assert said in capsys.readouterr().err


def test_a_store_without_decisions_is_named_without_its_url(files: Path, capsys: pytest.CaptureFixture[str]):
    open_store(f"sqlite:///{files / 'triase.db'}").close()
    assert run("drift", "lama.csv", "baru.csv", "--decisions", f"sqlite:///{files / 'triase.db'}") == 2
    assert "the triage store: no decision gives a complaint to a unit" in capsys.readouterr().err


def test_days_of_training_make_a_period_trained(starter_router, letters_frame: pd.DataFrame):
    times = pd.to_datetime(letters_frame["tanggal"]).to_numpy().astype("datetime64[us]")[:40]
    rows = Rows(letters_frame["isi"].tolist()[:40], letters_frame["unit"].to_numpy(object)[:40], times, 40)
    assert not period(starter_router, rows, "a").trained  # the starter corpus has no days
    manifest = dict(starter_router.manifest)
    unit = {**manifest["unit"], "first_day": "2025-06-01", "last_day": "2026-01-10"}
    starter_router.manifest = {**manifest, "unit": unit}
    try:
        trained = period(starter_router, rows, "a")
        assert trained.trained
        assert len(trained.held_out) == unit["held_out"]["rows"]
        assert not period(starter_router, rows, "a", unseen=True).trained
        late = Rows(rows.texts, rows.labels, rows.times + np.timedelta64(400, "D"), 40)
        assert not period(starter_router, late, "a").trained
    finally:
        starter_router.manifest = manifest
    # Without a row itself its rarest words would not be in the vocabulary: never fewer are unknown so.
    assert (trained.words.unknown >= period(starter_router, rows, "a").words.unknown).all()
    assert (trained.words.counted >= trained.words.unknown).all()


def test_repeats_and_short_texts_are_counted_and_left_out(tmp_path: Path):
    path = tmp_path / "a.csv"
    texts = ["jalan rusak parah", "Jalan rusak, parah!!", "ok", "lampu mati di gang", "mati   \u00a0  "]
    pd.DataFrame({"isi": texts}).to_csv(path)
    rows = read_rows(read_all([str(path)], ColumnNames()))
    kept = rows.distinct()
    assert kept.read == 5
    assert kept.texts == distinct(LabelledRows(rows.texts, [""] * 5, rows.times)).texts  # training's rule
    assert kept.texts[:2] == ["jalan rusak parah", "lampu mati di gang"]
    with pytest.raises(DataError, match=f"none of {len(kept)} texts"):
        kept.distinct(without=rows)
    with pytest.raises(DataError, match="no row has the id of a decision"):
        read_rows(read_all([str(path)], ColumnNames()), decisions={"x": "pemda"})
    with pytest.raises(MissingColumnError):
        read_all([str(path)], ColumnNames(), need={"date"})


def test_a_router_reads_new_words(starter_router, letters_frame: pd.DataFrame):
    """Real scoring from end to end: texts full of words that no training text has."""
    texts = letters_frame["isi"].tolist()
    none = np.full(160, "", dtype=object)
    undated = np.full(160, np.datetime64("NaT"), dtype="datetime64[us]")
    odd = [f"{' '.join(text.split()[:-4])} zorblat krimsen vuplong tarfique" for text in texts[160:]]
    old, new = (period(starter_router, Rows(side, none, undated, 160), "x") for side in (texts[:160], odd))
    assert [measure.key for measure in drift(old, new).alarms] == ["kosakata"]
