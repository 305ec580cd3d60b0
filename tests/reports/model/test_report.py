"""``disposisi report model`` as an analyst calls it: with DATA, without, on a model that was fitted on all rows."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import OptionError
from pipeline.intake import read_all
from pipeline.reports.model.collect import ModelReport, collect
from pipeline.reports.model.page import page
from pipeline.reports.model.record import FILE, read_record
from pipeline.retraining.compare.comparison import Comparison, Gate
from pipeline.retraining.drift.words import may_be_shown
from pipeline.retraining.evaluate import evaluate
from pipeline.retraining.train import train_model
from pipeline.settings import ColumnNames
from pipeline.tracking.registry import find_version
from pipeline.tracking.store import mlflow
from tests.command import run
from tests.leaks.identities import EVERYONE
from tests.leaks.search import find_leaks
from tests.reports.model.made import COLUMNS, HTML_UNIT, LATER, TRAINED, WRONG, labelled, office, rows, write
from tests.reports.model.reading import Page

NAMES = ColumnNames(text="isi", unit="instansi", date="tanggal")
SECTIONS = (
    "ringkasan", "angka", "unit", "konfusi", "keandalan", "risiko", "belajar", "kata", "kesalahan", "pergeseran",
    "data", "batasan",
)  # fmt: skip


class Made:
    """A model measured on its later rows (``laporan/1``), one fitted on all afterwards (``laporan/2``), DATA, NEW."""

    def __init__(self, store: Path, folder: Path) -> None:
        import numpy as np

        self.store, self.folder = store, folder
        self.data = write(office(), folder / "kantor.csv")
        self.new = write(rows("2023-06-01", 90, start=200).drop(columns="instansi"), folder / "baru.csv")
        data = labelled(office())
        train_model(store, "laporan", data, test_from=np.datetime64("2023-01-01", "us"))
        train_model(store, "laporan", data)
        self.out = folder / "laporan.html"
        code = run(
            "report", "model", "laporan/1", str(self.data), "--new", str(self.new), "--learning-curve", *COLUMNS,
            "-o", str(self.out),
        )  # fmt: skip
        assert code == 0
        self.record = read_record(store, "laporan/1")
        self.html = self.out.read_text(encoding="utf-8")
        self.page = Page(self.html)

    def read(self) -> list:
        return read_all([str(self.data)], NAMES, need={"text", "unit"})

    def copy(self) -> str:
        return mlflow().artifacts.load_text(f"runs:/{self.record.version.run_id}/{FILE}")


@pytest.fixture(scope="module")
def made(starter_store: Path, tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPOSISI_STORE", str(starter_store))
        patch.delenv("DISPOSISI_CONFIG", raising=False)
        yield Made(starter_store, tmp_path_factory.mktemp("laporan"))


@pytest.fixture(scope="module")
def report(made: Made) -> ModelReport:
    return collect(made.record, made.read())


def test_every_section_has_its_content(made: Made):
    assert set(SECTIONS) <= set(made.page.ids)
    assert "belum ada isinya" not in made.page.text
    assert "Memerlukan DATA" not in made.page.text
    charts = {svg.get("aria-labelledby", "") for svg in made.page.all("svg") if svg.get("role") == "img"}
    assert {name.split("-")[0] for name in charts if name} == {"keandalan", "risiko", "belajar", "jarak", "bulan"}


def test_the_page_stands_alone(made: Made):
    assert all(address.startswith("#") for address in made.page.addresses)
    assert {address[1:] for address in made.page.addresses} <= set(made.page.ids)
    assert not re.search(r"https?:|//cdn|url\(|@import|<script|<link|<img", made.html)
    assert "url(" not in made.page.styles


def test_the_page_can_be_read_aloud_and_on_paper(made: Made):
    page = made.page
    assert page.all("html") == [{"lang": "id"}]
    assert len(page.ids) == len(set(page.ids))
    assert all(cell.get("scope") in {"col", "row"} for cell in page.all("th"))
    assert len(page.all("caption")) >= 6
    assert "@media print" in page.styles
    assert "max-width: 40rem" in page.styles
    for svg in page.all("svg"):
        assert svg.get("aria-hidden") == "true" or {*(svg["aria-labelledby"] or "").split()} <= set(page.ids)


def test_labels_are_text_and_no_markup(made: Made):
    assert HTML_UNIT in made.page.text
    assert "<b>" not in made.html


def test_figures_are_those_of_evaluate_on_the_later_rows(made: Made, report: ModelReport):
    later = office().iloc[TRAINED:]
    measured = evaluate(
        report.record.router,
        read_all([str(write(later, made.folder / "kemudian.csv"))], NAMES, need={"text", "unit"}),
    )
    assert measured.unit is not None
    figures = {row.key: row.value for row in report.figures}
    for key in ("accuracy", "macro_f1", "top3", "coverage", "calibration_error"):
        assert figures[key].value == pytest.approx(measured.unit[key])
        assert figures[key].low <= figures[key].high
    assert figures["accuracy"].low < figures["accuracy"].value < figures["accuracy"].high
    assert f"{figures['accuracy'].value:.3f}".replace(".", ",") in made.page.text


def test_the_baseline_is_the_commonest_unit_of_the_training_rows(report: ModelReport):
    commonest = Counter(office()["instansi"].iloc[:TRAINED]).most_common(1)[0][0]
    later = office()["instansi"].iloc[TRAINED:]
    row = next(row for row in report.figures if row.key == "accuracy")
    assert row.baseline.value == pytest.approx((later == commonest).mean())


def test_units_and_confusion_count_every_measured_row(report: ModelReport):
    assert report.window is not None
    assert report.confusion is not None
    assert report.window[1] == LATER
    assert report.confusion.counts.sum() == LATER
    assert sum(row.rows for row in report.units) == LATER
    right = next(row for row in report.figures if row.key == "accuracy").value.value
    assert report.confusion.counts.trace() / LATER == pytest.approx(right)
    assert all(0 <= row.f1.low <= row.f1.value <= row.f1.high <= 1 for row in report.units)


def test_mistakes_are_the_planted_ones_masked_and_without_ids(made: Made, report: ModelReport):
    assert report.mistakes is not None
    assert len(report.mistakes) >= WRONG
    assert all(one.truth != one.suggested for one in report.mistakes)
    sure = [one.confidence for one in report.mistakes]
    assert sure == sorted(sure, reverse=True)
    assert any("[" in one.text for one in report.mistakes)
    assert not re.search(r"\bH60-\d+", made.html)


def test_nobody_is_in_the_report_nor_in_its_copy(made: Made):
    kept = made.folder / "salinan.html"
    kept.write_text(made.copy(), encoding="utf-8")
    assert find_leaks([made.out, kept], EVERYONE) == []


def test_the_copy_in_mlflow_holds_no_text_of_a_citizen(made: Made):
    kept = made.copy()
    assert "<blockquote" in made.html
    assert "<blockquote" not in kept
    assert "tidak disimpan di MLflow" in kept
    assert "Kesalahan terburuk" in kept


def test_words_are_words_of_the_language(report: ModelReport):
    shown = [stem for unit in report.words for word in (*unit.plus, *unit.minus) for stem in word.split(" ")]
    assert shown
    assert all(may_be_shown(stem) for stem in shown)
    roads = next(unit for unit in report.words if unit.unit == "Loket Jalan")
    assert {"lubang", "aspal"} & set(roads.plus)
    assert not {"sampah"} & set(roads.plus)


def test_the_learning_curve_ends_at_all_rows(made: Made):
    told = next(text for text in re.findall(r'id="belajar-isi">([^<]*)<', made.html))
    sizes = [int(size.replace(".", "")) for size in re.findall(r"([\d.]+) baris:", told)]
    assert len(sizes) >= 2
    assert sizes == sorted(sizes)
    assert sizes[-1] == TRAINED


def test_a_model_fitted_on_all_rows_is_measured_by_one_that_was_not(made: Made):
    found = collect(read_record(made.store, "laporan/2"), made.read())
    assert found.window is not None
    days, number, _, again = found.window
    assert again
    assert days is not None
    start = found.record.manifest["unit"]["measured_from"]
    assert days[0] >= start
    assert number < TRAINED
    figures = {row.key: row.value.value for row in found.figures}
    assert figures["accuracy"] == pytest.approx(found.record.version.metrics["unit_accuracy"], abs=0.1)


def test_a_manifest_that_does_not_say_what_was_measured_is_read(made: Made):
    """Before ``measured_from`` there was only a sentence, which nothing reads."""
    router = copy(made.record.router)
    halves = {
        half: {
            key: value
            for key, value in made.record.manifest[half].items()
            if key not in {"measured_from", "measured_folds"}
        }
        for half in ("unit", "urgency")
    }
    router.manifest = {**made.record.manifest, **halves}
    bare = replace(made.record, router=router)
    assert collect(bare, made.read()).window is not None  # its days of training tell
    fitted_on_all = {**halves["unit"], "last_day": "2030-01-01"}
    router.manifest = {**router.manifest, "unit": fitted_on_all}
    found = collect(bare, made.read())
    assert found.window is None
    told = Page(page(found, made=dt.datetime.now(dt.UTC), zone="Asia/Jakarta")).text
    assert "Dari catatan pelatihan (MLflow)." in told
    assert "Diukur pada" not in told
    assert "lipatan terstratifikasi" not in told


def test_gates_decisions_and_patches_are_told(report: ModelReport):
    gates = (
        Gate("rows", None, 2039.0, "", True),
        Gate("macro-F1", 0.7, 0.8, "", False, judged=False),
        Gate(f"recall of {HTML_UNIT}", 0.9, None, "", False),
    )
    outcome = Comparison("laporan/1", "laporan/0", 1234, 0, "2023-01-01", "", "", gates, stood_in=True)
    router = copy(report.record.router)
    router.manifest = {
        **report.record.manifest,
        "retrain": {"decisions": 1500, "weight_agreed": 0.7, "window": "2023-01-01"},
        "patch": {"sha256": "abc123", "changed": 7},
    }
    told = page(
        replace(report, record=replace(report.record, comparison=outcome, router=router, tags={"because": "<uji>"})),
        made=dt.datetime(2026, 11, 28, 3, tzinfo=dt.UTC),
        zone="Asia/Jakarta",
    )
    text = " ".join(Page(told).text.split())
    assert "Dibuat 28/11/2026 10.00" in text
    assert "laporan/0 pada 1.234 baris yang sama, sejak 01/01/2023: 1 dari 3 gerbang gagal, 1 tidak dinilai." in text
    assert "jumlah baris lulus – 2.039 " in text
    assert "macro-F1 tidak dinilai 0,700 0,800" in text
    assert "champion digantikan model dengan resep yang sama" in text
    assert f"recall {HTML_UNIT} GAGAL 0,900 –" in text
    assert "Keputusan 1.500" in text
    assert "Label diperbaiki 7" in text
    assert "<uji>" in text


def test_an_office_without_rows_of_its_own_has_a_report(made: Made):
    router = copy(made.record.router)
    router.unit = copy(router.unit)
    router.unit.never_forward()
    router.threshold = router.unit.threshold_
    facts = {key: value for key, value in made.record.manifest["unit"].items() if "day" not in key}
    router.manifest = {**made.record.manifest, "unit": facts}
    bare = replace(made.record, router=router, per_unit=None, card="")
    told = Page(page(collect(bare), made=dt.datetime.now(dt.UTC), zone="Asia/Jakarta"))
    assert "Tidak ada aduan yang diteruskan tanpa petugas" in told.text
    assert "tidak menyimpan baris held-out" in told.text
    assert "tidak bertanggal" in told.text


def test_without_data_the_report_says_what_it_lacks(made: Made, capsys: pytest.CaptureFixture[str]):
    out = made.folder / "tanpa.html"
    assert run("report", "model", "starter", "-o", str(out), "--no-log") == 0
    page = Page(out.read_text(encoding="utf-8"))
    assert set(SECTIONS) <= set(page.ids)
    assert page.text.count("Memerlukan DATA") >= 3
    metrics = find_version(made.store, "starter").metrics
    assert f"{metrics['unit_accuracy']:.3f}".replace(".", ",") in page.text
    assert f"{metrics['urgency_qwk']:.3f}".replace(".", ",") in page.text
    assert "MLflow" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (("kantor.csv", "--text", "isi", "--unit", "dinas"), "dinas"),
        (("baru.csv", "--text", "isi", "--date", "tanggal"), "no row has a text and a label"),
        (("tidak_ada.csv",), "tidak_ada.csv"),
    ],
)
def test_bad_input_is_one_line(
    made: Made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], extra: tuple[str, ...], said: str
):
    monkeypatch.chdir(made.folder)
    assert run("report", "model", "laporan/1", *extra, "-o", "salah.html") == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not (made.folder / "salah.html").exists()


def test_what_needs_data_says_so(made: Made):
    new = read_all([str(made.new)], NAMES, need={"text"})
    with pytest.raises(OptionError, match="--new needs DATA"):
        collect(made.record, new=new)
    with pytest.raises(OptionError, match="--learning-curve needs DATA"):
        collect(made.record, curve=True)
    with pytest.raises(OptionError, match="days of training"):
        collect(made.record, made.read(), curve=True, unseen=True)


def test_unseen_rows_are_all_measured(made: Made):
    found = collect(made.record, made.read(), unseen=True)
    assert found.window is not None
    assert found.window[1] == TRAINED + LATER


def test_an_unknown_model_and_an_unwritable_place(made: Made, capsys: pytest.CaptureFixture[str]):
    assert run("report", "model", "tiada", "-o", str(made.folder / "x.html")) == 2
    assert "no model 'tiada'" in capsys.readouterr().err
    assert run("report", "model", "laporan/1", "--no-log", "-o", str(made.folder / "tiada" / "x.html")) == 2
