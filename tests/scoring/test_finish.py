"""What takes the date, the columns, the whole batch or the office's policy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.crowd import raise_crowds
from pipeline.scoring.finish import RunOptions
from pipeline.scoring.regions import region_columns
from pipeline.scoring.router import Router

TODAY = dt.date(2026, 11, 27)
KTP = "KTP saya belum jadi sudah enam bulan di Kecamatan Soreang, NIK sudah saya berikan ke petugas"


def score(router: Router, frame: pd.DataFrame, **options: object) -> pd.DataFrame:
    return router.score(frame, options=RunOptions(today=TODAY, **options))  # type: ignore[arg-type]


def test_deadlines_count_from_the_date_and_delays_to_today(starter_router: Router):
    frame = pd.DataFrame({"isi": [KTP, KTP], "tanggal": ["2026-11-20", "tidak tahu"]})
    scored = score(starter_router, frame, groups=False)
    assert scored.batas_teruskan.tolist() == ["2026-11-25", ""]
    assert scored.batas_jawab.tolist() == ["2026-11-27", ""]
    assert scored.batas_waktu.tolist() == ["2026-12-10", ""]
    assert scored.terlambat.tolist() == ["teruskan lewat 2 hari kerja", ""]


def test_columns_complete_the_region_that_the_text_leaves_open(starter_router: Router):
    frame = pd.DataFrame(
        {
            "isi": ["Jalan rusak di Bandung", "Jalan rusak", "Jalan rusak di Kota Surabaya"],
            "Provinsi": ["Jawa Barat"] * 3,
            "Kota/Kabupaten": ["Kabupaten Bandung"] * 3,
            "Kecamatan": ["", "Soreang", ""],
        }
    )
    scored = score(starter_router, frame)
    assert scored.kode_wilayah.tolist() == ["32.04", "32.04.37", "35.78"]
    assert scored.wilayah[1] == "Kec. Soreang, Kab. Bandung, Jawa Barat"
    assert scored.bukan_kewenangan[1] == "Pemerintah Kab. Bandung"


def test_usual_names_of_region_columns():
    names = ["id", "Provinsi", "Kota/Kabupaten", "kecamatan", "Kelurahan", "desa"]
    found = region_columns(names)
    assert found == {
        "provinsi": "Provinsi", "kabkota": "Kota/Kabupaten", "kecamatan": "kecamatan", "desa": "Kelurahan"
    }  # fmt: skip


def test_capacity_reviews_the_least_sure_rows(starter_router: Router):
    frame = pd.DataFrame({"isi": [f"{KTP} nomor {i}" for i in range(6)]})
    all_reviewed = score(starter_router, frame, capacity=6, groups=False)
    assert set(all_reviewed.tindakan) <= {"tinjau", "lengkapi"}
    none = score(starter_router, frame, capacity=0, groups=False)
    forced = none.tindakan == "tinjau"
    assert all("kebijakan:" in rules for rules in none.aturan[forced])
    assert not any("kebijakan:keyakinan" in rules for rules in none.aturan)


def test_the_same_report_twice_is_linked_and_not_dropped(starter_router: Router):
    text = "Lampu jalan mati di Jalan Melati nomor 5 RT 3 RW 2 Kelurahan Sukajadi sudah tiga malam gelap gulita"
    frame = pd.DataFrame({"id": ["a", "b", "c"], "isi": [text, KTP, text], "tanggal": ["2026-11-20"] * 3})
    scored = score(starter_router, frame)
    assert scored.kelompok.tolist() == ["a", "", "a"]
    assert scored.mirip_dengan.tolist() == ["c", "", "a"]
    assert score(starter_router, frame, groups=False).kelompok.tolist() == ["", "", ""]


def test_earlier_batches_are_remembered(starter_router: Router, tmp_path: Path):
    text = "Lampu jalan mati di Jalan Melati nomor 5 RT 3 RW 2 Kelurahan Sukajadi sudah tiga malam gelap gulita"
    from pipeline.scoring.finish import Finisher

    index = tmp_path / "indeks"
    for number in ("lama", "baru"):
        batch = pd.DataFrame({"id": [number], "isi": [text], "tanggal": ["2026-11-20"]})
        finisher = Finisher(RunOptions(today=TODAY, index=index), starter_router.curve)
        try:
            from pipeline.intake import LAYOUT_TABLE, Batch
            from pipeline.intake.batch import Columns

            roles = Columns(text="isi", id="id", date="tanggal", unit=None, urgency=None)
            rows = Batch(batch, np.array([1]), "uji", roles, LAYOUT_TABLE)
            scored = finisher.take(rows, rows.texts(), starter_router.score_texts(rows.texts()))
            finisher.settle()
            done = finisher.finish(scored)
            finisher.save()
        finally:
            finisher.close()
    assert done.kelompok.tolist() == ["lama"]
    assert done.mirip_dengan.tolist() == ["lama"]


def test_ten_reports_of_one_flood_are_a_crowd():
    frame = pd.DataFrame(
        {
            "urgensi": ["sedang", "sedang", "darurat", "rendah"],
            "alasan_urgensi": ['bencana: "banjir"', "tidak_ada: lampu", 'bencana: "banjir"', "tidak_ada"],
            "aturan": ["", "kebijakan:keyakinan", "", ""],
            "tindakan": ["lengkapi", "lengkapi", "tinjau", "teruskan"],
        }
    )
    size = np.array([10, 10, 12, 9])
    raised = raise_crowds(frame, size, ["sama_kejadian"] * 4)
    assert raised.urgensi.tolist() == ["tinggi", "sedang", "darurat", "rendah"]
    assert raised.alasan_urgensi.tolist() == [
        'bencana: "banjir"; banyak_terdampak: 10 laporan serupa',
        "banyak_terdampak: 10 laporan serupa",
        'bencana: "banjir"; banyak_terdampak: 12 laporan serupa',
        "tidak_ada",
    ]
    assert raised.tindakan.tolist() == ["tinjau", "lengkapi", "tinjau", "teruskan"]
    assert raised.aturan[1] == "kebijakan:keyakinan; kelompok:banyak_terdampak"


def test_every_column_is_there_and_urgent_rows_come_first(starter_router: Router):
    scored = starter_router.score(["rumah kami kebakaran, api sudah sampai dapur, tolong", KTP])
    assert list(scored.columns) == list(OUTPUT_COLUMNS)
    assert scored.prioritas[0] == "1"
    assert not scored.isna().any().any()


@pytest.mark.parametrize("options", [{"precision": 0.9}, {"capacity": 1}])
def test_a_wanted_precision_or_capacity_takes_the_curve(options: dict):
    from pipeline.scoring.finish import Finisher

    with pytest.raises(ValueError, match="curve"):
        Finisher(RunOptions(**options))
