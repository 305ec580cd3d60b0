"""``disposisi drift`` as cron and an analyst call it, on the starter model and project-written texts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import DataError, InputError, MissingColumnError
from pipeline.intake import read_all
from pipeline.retraining.drift import drift, period, read_rows
from pipeline.retraining.drift.decided import decided_units
from pipeline.retraining.drift.rows import Rows
from pipeline.review import deciding
from pipeline.review.deciding import Choice
from pipeline.review.exporting import export_decisions
from pipeline.review.store import open_store
from pipeline.settings import ColumnNames, data_dir
from tests.command import run
from tests.review.examples import fill, person

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
def files(letters_frame: pd.DataFrame, tmp_path: Path, use_store: Path) -> Path:
    """``lama.csv``, ``baru.csv`` (the same kind of rows), ``geser.csv`` (two units alone), ``semua.csv``."""
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
        (("lama.csv", "lama.csv"), "none of 160 texts is new"),
        (("semua.csv", "--split", "2030-01-01"), "320 rows lie before 2030-01-01 and 0 from then on"),
        (("lama.csv", "baru.csv", "--decisions", "sqlite:///tidak-ada.db"), "there is no such triage store"),
        (("lama.csv", "baru.csv", "--decisions", "lama.csv"), "diputuskan_pada"),
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


def test_decisions_are_the_labels(files: Path, letters_frame: pd.DataFrame, tmp_path: Path):
    rows = letters_frame.assign(tindakan="teruskan", diputuskan_pada="2026-07-01T08:00:00+07:00")
    rows = rows[["id", "unit", "tindakan", "diputuskan_pada"]]
    later = rows[:1].assign(unit="ipdn", diputuskan_pada="2026-07-02T08:00:00+07:00")
    dismissed = rows[1:2].assign(tindakan="bukan_aduan", diputuskan_pada="2026-07-02T08:00:00+07:00")
    pd.concat([later, rows, dismissed]).to_csv(tmp_path / "keputusan.csv", index=False)
    units = decided_units([str(tmp_path / "keputusan.csv")])
    assert units[letters_frame.loc[0, "id"]] == "ipdn"
    assert letters_frame.loc[1, "id"] not in units
    assert len(units) == 319
    # The label column of the files is left alone: of half of the rows nothing was decided.
    rows[: len(rows) // 4].to_csv(tmp_path / "sebagian.csv", index=False)
    assert run("drift", "lama.csv", "baru.csv", "--decisions", "sebagian.csv") == 2
    pd.concat([rows[:40], rows[-40:]]).to_csv(tmp_path / "ujung.csv", index=False)
    assert run("drift", "lama.csv", "baru.csv", "--decisions", "ujung.csv", "--json", "hasil.json") in (0, 3)
    report = json.loads((tmp_path / "hasil.json").read_text(encoding="utf-8"))["reports"][0]
    assert report["new_estimate"]["real"]["rows"] == 40
    assert report["measures"][-1]["rows"] == [40, 40]


def test_a_wrong_moment_names_row_and_column(tmp_path: Path):
    path = tmp_path / "keputusan.csv"
    rows = [{"id": "a", "unit": "pemda", "diputuskan_pada": "2026-07-01"}] * 3
    pd.DataFrame([*rows, {**rows[0], "diputuskan_pada": f"kemarin {NIK}"}]).to_csv(path, index=False)
    with pytest.raises(InputError, match=r"row 5, column 'diputuskan_pada': this is no moment") as caught:
        decided_units([str(path)])
    assert NIK not in str(caught.value)


def test_the_triage_store_and_its_export_tell_the_same(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'triase.db'}"
    store = open_store(url)
    fill(store, 8)
    sari = person(store)
    choices = [Choice("itjen", "tinggi", "teruskan"), Choice("pemda", "rendah", "teruskan")]
    choices += [Choice(None, "rendah", "bukan_aduan"), Choice("itjen", "tinggi", "teruskan")]
    for number, choice in enumerate(choices, start=1):
        with store.write() as session:
            deciding.decide(session, sari, number, choice, version=1)
    with store.write() as session:
        deciding.undo(session, sari)
    export_decisions(store, str(tmp_path / "keputusan.csv"), actor="cli:uji")
    store.close()
    assert decided_units([url]) == {"A0-00001": "itjen", "A0-00002": "pemda"}
    assert decided_units([str(tmp_path / "keputusan.csv")]) == decided_units([url])


def test_a_store_without_decisions(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'triase.db'}"
    open_store(url).close()
    with pytest.raises(DataError, match="no decision gives a complaint to a unit"):
        decided_units([url])


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
    pd.DataFrame({"isi": ["jalan rusak parah", "Jalan rusak, parah!!", "ok", "lampu mati di gang"]}).to_csv(path)
    rows = read_rows(read_all([str(path)], ColumnNames()))
    kept = rows.distinct()
    assert (kept.read, kept.texts) == (4, ["jalan rusak parah", "lampu mati di gang"])
    with pytest.raises(DataError, match="none of 2 texts"):
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
