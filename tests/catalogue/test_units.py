from __future__ import annotations

import csv
import datetime as dt

from pipeline.catalogue import LEVELS, load_units, reason_text, unit_name
from pipeline.catalogue.urgency import level_codes, reasons
from pipeline.settings import data_dir

CODES = {
    "setjen", "itjen", "ditjen_polpum", "ditjen_adwil", "ditjen_otda", "ditjen_bangda", "ditjen_pemdes",
    "ditjen_keuda", "ditjen_dukcapil", "bskdn", "bpsdm", "ipdn", "pemda", "instansi_lain",
}  # fmt: skip


def test_the_fourteen_units_are_whole():
    units = load_units()
    assert set(units) == CODES
    for unit in units.values():
        assert all([unit.name, unit.short, unit.duties, unit.words, unit.source])


def test_validity_dates_choose():
    assert load_units(dt.date(2020, 1, 1)) == {}
    assert set(load_units(dt.date(2026, 11, 25))) == CODES


def test_people_read_names_and_an_offices_own_label_stays():
    assert unit_name("ditjen_dukcapil") == "Direktorat Jenderal Kependudukan dan Pencatatan Sipil"
    assert unit_name("Dinas Sosial") == "Dinas Sosial"


def test_levels_and_reasons_are_the_catalogues():
    assert LEVELS == level_codes() == ("rendah", "sedang", "tinggi", "darurat")
    assert reason_text("layanan_putus") == "layanan pokok terputus"


def test_the_corpus_uses_only_known_labels():
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["unit"] for row in rows} == CODES
    assert {row["urgensi"] for row in rows} == set(LEVELS)
    assert {reason for row in rows for reason in row["alasan"].split(";")} <= {*reasons(), "tidak_ada"}
