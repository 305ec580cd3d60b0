from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.catalogue.crosswalk import Crosswalk, load_crosswalk
from pipeline.classifiers.calibration import NEVER
from pipeline.errors import DataError, OptionError
from pipeline.retraining.corpus import starter_functions
from pipeline.retraining.offices import Elsewhere, FunctionRows, functions_of, split_office, undated
from pipeline.retraining.reading import read_training
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.unit_half import UnitTrainer, train_unit, train_unit_from_elsewhere
from pipeline.settings import ColumnNames

UNITS = {"Dinas PU": ["pekerjaan_umum"], "Dinas Sosial": ["sosial"], "Dinas Pendidikan": ["pendidikan"]}
CROSSWALK = Crosswalk({"kota-contoh": UNITS})


def test_a_data_argument_may_name_its_office(tmp_path: Path):
    assert split_office("a.csv") == ("a.csv", None)
    assert split_office("a=b.csv=kab-x") == ("a=b.csv", "kab-x")
    odd = tmp_path / "a=b.csv"
    odd.touch()
    assert split_office(str(odd)) == (str(odd), None)
    with pytest.raises(OptionError, match="FILE=KANTOR"):
        split_office("a.csv=")


def test_rows_of_others_get_the_local_unit_and_never_a_local_text():
    others = FunctionRows(
        ["jalan berlubang besar", "bansos belum turun", "guru sering bolos", "jalan BERLUBANG, besar"],
        [("pekerjaan_umum",), ("sosial",), ("pendidikan",), ("pekerjaan_umum",)],
    )
    known = Elsewhere(CROSSWALK, "kota-contoh", {"kab-lain": others})
    found = known.rows_for(["Dinas PU", "Dinas Sosial"], without=undated(["Bansos belum turun!"], ["x"]))
    assert (found.texts, found.labels) == (["jalan berlubang besar"], ["Dinas PU"])
    assert known.describe() == {"kab-lain": 4}


def test_a_units_functions_come_from_the_crosswalk_or_its_name():
    rows = functions_of(undated(["a", "b", "c"], ["Dinas PU", "Dinas Kesehatan", "Loket 3"]), "kota-contoh", CROSSWALK)
    assert (rows.texts, [tuple(f) for f in rows.functions]) == (["a", "b"], [("pekerjaan_umum",), ("kesehatan",)])


def test_others_weigh_at_most_so_many_times_the_own_rows():
    recipe = load_recipe("unit")
    known = Elsewhere(CROSSWALK, "kota-contoh", {"starter": starter_functions()})
    own = undated([f"jalan rusak nomor {c} di kampung" for c in "abcd"], ["Dinas PU", "Dinas Sosial"] * 2)
    pool = UnitTrainer(recipe, known, 2).pool(own, without=own)
    assert set(pool.labels) == {"Dinas PU", "Dinas Sosial"}
    assert pool.weight * len(pool.docs) == pytest.approx(recipe["offices"]["most"] * len(own))
    off = {**recipe, "offices": {**recipe["offices"], "weight": 0}}
    assert UnitTrainer(off, known, 2).pool(own, without=own).docs == []


def test_a_new_office_gets_a_first_model_that_never_forwards_alone():
    known = Elsewhere(CROSSWALK, "kota-contoh", {"starter": starter_functions()})
    half = train_unit_from_elsewhere(load_recipe("unit"), known)
    assert set(half.classifier.classes_) == set(UNITS)
    assert half.classifier.threshold_ == NEVER
    stems = ["jalan", "lubang", "aspal", "rusak"]
    probabilities = half.classifier.probabilities(half.classifier.vectorize([stems]))
    assert half.classifier.classes_[probabilities[0].argmax()] == "Dinas PU"
    with pytest.raises(DataError, match="no crosswalk names the units of kota-lain"):
        train_unit_from_elsewhere(load_recipe("unit"), Elsewhere(CROSSWALK, "kota-lain", {}))


def test_the_starter_corpus_helps_an_office_with_few_rows():
    """Own rows: one word each. What the words mean only the corpus knows."""
    texts = ["jalan", "jalan raya", "jalan desa", "bansos", "bansos pkh", "bansos beras"]
    own = undated([f"laporan {t} mohon dibantu" for t in texts], ["Dinas PU"] * 3 + ["Dinas Sosial"] * 3)
    known = Elsewhere(CROSSWALK, "kota-contoh", {"starter": starter_functions()})
    alone, helped = (train_unit(own, load_recipe("unit"), min_rows=3, elsewhere=e) for e in (None, known))
    new = [["gorong", "sumbat", "banjir"], ["janda", "miskin", "sembako"]]
    wanted = np.array(["Dinas PU", "Dinas Sosial"])
    answers = [
        half.classifier.classes_[half.classifier.probabilities(half.classifier.vectorize(new)).argmax(axis=1)]
        for half in (alone, helped)
    ]
    assert (answers[1] == wanted).all()
    assert not (answers[0] == wanted).all()


def test_reading_parts_the_offices(tmp_path: Path):
    own, other = tmp_path / "sini.csv", tmp_path / "sana.csv"
    own.write_text("isi,unit,urgensi\njalan kami rusak parah,Dinas PU,sedang\n", encoding="utf-8")
    other.write_text("isi,unit,urgensi\nbansos kami belum cair,Dinas Sosial,rendah\n", encoding="utf-8")
    names = ColumnNames(text="isi", unit="unit", urgency="urgensi")
    given = read_training(
        [str(own), f"{other}=kab-lain"], names, need={"text"}, kantor="kota-contoh", crosswalks=(), pool_places=False
    )
    assert given.home.units.labels == ["Dinas PU"]
    assert given.home.urgencies.labels == ["sedang", "rendah"]
    assert given.home.read == 2
    assert set(given.elsewhere.rows) == {"kab-lain", "starter"}
    with pytest.raises(OptionError, match="say with --kantor"):
        read_training([f"{other}=kab-lain"], names, need={"text"}, kantor=None, crosswalks=(), pool_places=False)


def test_the_shipped_crosswalk_of_bandung_serves_through_functions():
    crosswalk = load_crosswalk()
    servers = crosswalk.servers("kab-bandung", crosswalk.units("kab-bandung"))
    assert servers["pekerjaan_umum"].startswith("Dinas Pekerjaan Umum")
    assert servers["kewilayahan"] == "Kecamatan"
