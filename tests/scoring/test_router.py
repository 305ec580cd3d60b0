"""The batch scoring function, and that every way to it gives the same rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue import LEVELS
from pipeline.classifiers.evidence_features import feature_rows
from pipeline.cli import main
from pipeline.errors import InputError, MissingColumnError
from pipeline.routing import ACTIONS, OUTPUT_COLUMNS
from pipeline.scoring.columns import own_columns
from pipeline.scoring.router import Router
from pipeline.tracking.registry import find
from pipeline.tracking.store import database_uri, mlflow

TEXTS = [
    "Sudah 3 bulan KTP el saya belum jadi, blangko katanya habis. NIK 99" + "12345678901234",
    "Kades kami memotong BLT warga 100 ribu per orang, kalau protes diancam dicoret",
    "",
    "🙏🙏",
    "=1+1 lampu jalan mati di depan pasar\nsudah seminggu gelap",
    "kapan pendaftaran IPDN dibuka min?",
    "TOLONG!!! rumah kami kebakaran, api sudah sampai dapur, pemadam belum datang",
]


def test_rows_columns_and_ranges(starter_router: Router):
    scored = starter_router.score(TEXTS)
    assert list(scored.columns) == list(OUTPUT_COLUMNS)
    assert len(scored) == len(TEXTS)
    for column in ("keyakinan", "keyakinan_2", "keyakinan_3", "keyakinan_urgensi"):
        assert scored[column].between(0, 1).all()
    assert (scored.keyakinan >= scored.keyakinan_2).all()
    assert (scored.keyakinan_2 >= scored.keyakinan_3).all()
    assert (scored[["keyakinan", "keyakinan_2", "keyakinan_3"]].sum(axis=1) <= 1 + 1e-6).all()
    assert set(scored.tindakan) <= set(ACTIONS)
    assert set(scored.unit) <= {str(c) for c in starter_router.unit.classes_}
    assert (scored.versi_model == "starter/1").all()


def test_what_cannot_be_acted_on_says_why(starter_router: Router):
    scored = starter_router.score(TEXTS)
    assert scored.tindakan[2] == "lengkapi"
    assert scored.alasan[2] == "teks laporan kosong"
    assert scored.tindakan[3] == "bukan_aduan"


def test_the_fire_is_an_emergency_and_the_question_is_not(starter_router: Router):
    levels = starter_router.score(TEXTS).urgensi
    assert levels[6] == "darurat"
    assert levels[5] == "rendah"


def test_reasons_are_the_citizens_words_and_never_masked_data(starter_router: Router):
    scored = starter_router.score(TEXTS)
    for text, row in zip(TEXTS, scored.itertuples(), strict=True):
        assert "9912" not in row.alasan + row.alasan_urgensi
        if row.tindakan in {"teruskan", "tinjau"} and row.alasan != "tidak ada kata yang menentukan":
            words = row.alasan.split("; ")
            assert 1 <= len(words) <= 5
            assert all(word in " ".join(text.split()) for word in words)
    assert "api" in scored.alasan_urgensi[6] or "kebakaran" in scored.alasan_urgensi[6]


def test_the_second_and_third_unit_have_their_words_last(starter_router: Router):
    assert OUTPUT_COLUMNS[-2:] == ("alasan_2", "alasan_3")
    scored = starter_router.score(TEXTS)
    for column in ("alasan_2", "alasan_3"):
        assert "9912" not in "".join(scored[column])
        assert scored[column][2] == "tidak ada kata yang menentukan"
        for number in (0, 1, 4, 5, 6):
            words = scored[column][number].split("; ")
            assert 1 <= len(words) <= 5
            assert all(word in " ".join(TEXTS[number].split()) for word in words)
    # What speaks for a unit against another does not speak for the other against it.
    for number in (0, 1, 4, 5, 6):
        assert scored.alasan_2[number] != scored.alasan[number].rpartition(" | ")[2]


def test_each_unit_is_held_against_the_first(starter_router: Router):
    rows = starter_router.tokenize(TEXTS)
    features = starter_router.unit.vectorize(rows)
    order = np.argsort(-starter_router.unit.probabilities(features), axis=1, kind="stable")[:, :3]
    first, second, third = starter_router.reasons.units(rows, features, order)
    scored = starter_router.score_texts(TEXTS)
    assert (scored.alasan_2.tolist(), scored.alasan_3.tolist()) == (second, third)
    for said, places in ((first, [0, 1]), (second, [1, 0]), (third, [2, 0])):
        assert starter_router.reasons.units(rows, features, order[:, places])[0] == said


def test_a_model_of_two_units_has_no_words_for_a_third(starter_router: Router, monkeypatch: pytest.MonkeyPatch):
    every = starter_router.unit.probabilities
    monkeypatch.setattr(starter_router.unit, "probabilities", lambda features: every(features)[:, :2])
    scored = starter_router.score(TEXTS)
    assert (scored.unit_3 == "").all()
    assert (scored.alasan_3 == "").all()
    assert (scored.alasan_2 != "").all()


def test_a_frame_keeps_its_columns_order_and_index(starter_router: Router):
    frame = pd.DataFrame({"kode": ["007", "8"], "isi": TEXTS[:2], "catatan": [None, 3.5]}, index=[5, 2])
    scored = starter_router.score(frame)
    assert list(scored.columns) == ["kode", "isi", "catatan", *OUTPUT_COLUMNS]
    assert list(scored.index) == [5, 2]
    pd.testing.assert_frame_equal(scored[["kode", "isi", "catatan"]], frame)
    pd.testing.assert_frame_equal(starter_router.score(scored), scored)


def test_columns_named_like_results_are_not_lost():
    assert own_columns(["id", "unit", "isi"]) == {"id": "id", "unit": "unit_asal", "isi": "isi"}
    assert own_columns(["id", "unit", "versi_model"]) == {"id": "id"}


def test_batch_size_and_neighbours_change_nothing(starter_router: Router):
    whole = starter_router.score(TEXTS)
    single = pd.concat([starter_router.score([text]) for text in TEXTS], ignore_index=True)
    pd.testing.assert_frame_equal(whole, single, check_exact=False, rtol=1e-6)
    assert starter_router.score([]).empty


@pytest.mark.parametrize("wrong", ["satu teks", 3, None, {"isi": ["a"]}])
def test_other_types_are_refused_by_name(starter_router: Router, wrong: object):
    with pytest.raises(InputError, match=type(wrong).__name__):
        starter_router.score(wrong)  # type: ignore[arg-type]


def test_a_frame_without_a_text_column_names_its_columns(starter_router: Router):
    with pytest.raises(MissingColumnError, match="warna"):
        starter_router.score(pd.DataFrame({"warna": ["a"]}))


def test_missing_texts_count_as_empty(starter_router: Router):
    scored = starter_router.score(pd.DataFrame({"isi": [None, np.nan, 5, "lampu jalan mati di gang kami"]}))
    assert list(scored.tindakan[:3]) == ["lengkapi"] * 3


def test_command_pyfunc_and_router_give_the_same_rows(use_store: Path, starter_router: Router, tmp_path: Path):
    frame = pd.DataFrame({"id": [f"A-{i}" for i in range(len(TEXTS))], "isi": TEXTS})
    expected = starter_router.score(frame)
    frame.to_parquet(tmp_path / "in.parquet")
    main(["score", "in.parquet", "-o", "out.parquet"])
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out.parquet").astype(expected.dtypes), expected)
    module = mlflow()
    module.set_tracking_uri(database_uri(use_store))
    module.set_registry_uri(database_uri(use_store))
    loaded = module.pyfunc.load_model("models:/starter@champion")
    pd.testing.assert_frame_equal(loaded.predict(frame), expected)
    pd.testing.assert_frame_equal(loaded.predict(TEXTS), starter_router.score(TEXTS))


def test_a_fresh_process_without_the_package_gives_the_same_rows(
    starter_store: Path, starter_router: Router, tmp_path: Path
):
    """The model's own code answers where disposisi is not installed."""
    _, folder = find(starter_store, "starter")
    (tmp_path / "in.json").write_text(pd.Series(TEXTS).to_json(), encoding="utf-8")
    checkout = str(Path(__file__).resolve().parents[2])
    code = f"""
import sys, warnings, logging
sys.path = [p for p in sys.path if p and p != {checkout!r}]
sys.meta_path = [f for f in sys.meta_path if "editable" not in repr(f).lower()]
warnings.simplefilter("ignore"); logging.disable(logging.WARNING)
import pandas as pd, mlflow
model = mlflow.pyfunc.load_model({str(folder.parents[1])!r})
import pipeline
assert not pipeline.__file__.startswith({checkout!r}), pipeline.__file__
model.predict(pd.read_json("in.json", typ="series").tolist()).to_parquet("out.parquet")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    expected = starter_router.score(TEXTS)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out.parquet").astype(expected.dtypes), expected)


def test_scoring_starts_without_scikit_learn_and_mlflow():
    code = (
        "import sys, pipeline.scoring.router, pipeline.scoring.batch, pipeline.intake; "
        "print([name for name in ('sklearn', 'mlflow', 'scipy.stats', 'matplotlib') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_evidence_explains_every_level_but_rendah(starter_router: Router, monkeypatch: pytest.MonkeyPatch):
    """Also of a model that never saw `rendah`: its lowest level is not `rendah`."""
    rows = starter_router.tokenize(["pohon tumbang menimpa rumah"])
    evidence = starter_router.evidence.find(rows)
    features = starter_router.urgency.vectorize(rows, feature_rows(evidence, rows).astype(np.float64))[0]
    lowest = np.zeros(1, dtype=np.int64)
    assert starter_router.reasons.level(rows, evidence, features, lowest)[0].startswith("tidak_ada")
    monkeypatch.setattr(starter_router.reasons, "_levels", np.array(LEVELS[1:], dtype=object))
    assert 'bahaya_fasilitas: "' in starter_router.reasons.level(rows, evidence, features, lowest)[0]
