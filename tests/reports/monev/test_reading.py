"""Any table becomes the same frame: which columns are taken, what is counted and said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pipeline.errors import InputError, MissingColumnError, OptionError
from pipeline.reports.monev.found_columns import ORDINARY, QUESTION, SUPERVISORY, WISH
from pipeline.reports.monev.reading import read_reports
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.settings import ColumnNames
from tests.reports.monev.made import PLAIN, read, row, write


def test_every_column_of_the_contract_is_there_with_its_type(tmp_path: Path):
    reports = read(tmp_path, [row(1), row(2, status="Proses")])
    frame = reports.frame
    assert list(frame.index) == [0, 1]
    assert frame["received"].dtype == "datetime64[us]"
    assert {str(frame[name].dtype) for name in ("id", "text")} == {"str"}
    for name in ("unit", "status", "stage", "kind", "region", "channel", "level", "action"):
        assert isinstance(frame[name].dtype, pd.CategoricalDtype)
    assert frame["stage"].tolist() == ["selesai", "diproses"]
    assert frame["kind"].isna().all()
    assert reports.has == {"id", "text", "received", "unit", "status", "stage"}


def export(path: Path, rows: list[list[object]]) -> str:
    """Write a SP4N-LAPOR export: information rows, header, rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for info in (["Judul Laporan", "Laporan Ringkas"], [], ["Tanggal Generate", "2026-11-03"], []):
        sheet.append(info)
    sheet.append(
        ["Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Klasifikasi Laporan", "Isi Laporan Awal",
         "Sumber Laporan", "Instansi Terdisposisi", "Status Laporan", "Kota/Kabupaten", "Kecamatan"]
    )  # fmt: skip
    for cells in rows:
        sheet.append(cells)
    book.save(path)
    return str(path)


def test_an_export_needs_no_options(tmp_path: Path):
    path = export(
        tmp_path / "ekspor.xlsx",
        [
            ["700001", "5 Okt 2026", "10:00:00", "Pengaduan Berkadar Pengawasan", "Lampu mati.", "Website", "Dinas A",
             "Ditutup oleh Sistem", "Kota Contoh", "Kec. Satu"],
            ["700002", "6 Okt 2026", "23:45:54", "Aspirasi", "Mohon taman.", "Website - kota-contoh", None,
             "Menunggu Kelengkapan Informasi", "Kota Contoh", "Kec. Dua"],
            ["700003", "7 Okt 2026", "", "", "Jalan rusak.", "ios", "Dinas B", "Entah Apa", "", ""],
        ],
    )  # fmt: skip
    reports = read_reports([path], PLAIN)
    frame = reports.frame
    assert frame["id"].tolist() == ["700001", "700002", "700003"]
    assert frame["received"].tolist()[1] == pd.Timestamp("2026-10-06 23:45:54")
    assert frame["kind"].tolist()[:2] == [SUPERVISORY, WISH]
    assert frame["channel"].tolist() == ["Website", "Website instansi", "iOS"]
    assert frame["stage"].tolist() == ["selesai", "menunggu", "tidak_dikenal"]
    assert frame["unit"].isna().tolist() == [False, True, False]
    # All rows are of one city, so the districts tell more.
    assert (reports.region_level, frame["region"].tolist()[0]) == ("kecamatan", "Kec. Satu")
    assert reports.unknown == (("Entah Apa", 1),)
    assert any("“Entah Apa” (1)" in note for note in reports.notes)
    assert any("Website instansi" in note for note in reports.notes)


def scored(number: int, **more: object) -> dict[str, object]:
    return row(number) | dict.fromkeys(OUTPUT_COLUMNS, "") | {
        "unit": "ditjen_dukcapil", "tindakan": "teruskan", "urgensi": "tinggi", "versi_model": "uji/1",
        "jenis": "permintaan_informasi", "wilayah_kabkota": "Kota Contoh", "wilayah_kecamatan": "Satu",
    } | more  # fmt: skip


def test_in_a_scored_table_the_offices_unit_wins_over_the_suggestion(tmp_path: Path):
    both = read(tmp_path, [scored(1)])
    assert both.frame["unit"].tolist() == ["Dinas Terang"]
    assert not both.unit_is_suggestion
    label = read(tmp_path, [{k: v for k, v in scored(1, unit_asal="Dinas Lama").items() if k != "instansi"}])
    assert label.frame["unit"].tolist() == ["Dinas Lama"]
    only = read(tmp_path, [{k: v for k, v in scored(1).items() if k != "instansi"}])
    assert only.frame["unit"].tolist() == ["ditjen_dukcapil"]
    assert only.unit_is_suggestion
    assert any("unit usulan model" in note for note in only.notes)


def test_scored_columns_fill_what_staff_left_open(tmp_path: Path):
    kinds = ["Aspirasi", "", ""]
    rows = [
        scored(n, **{"Klasifikasi Laporan": kind, "salinan": copy, "Kota/Kabupaten": city})
        for n, (kind, copy, city) in enumerate(zip(kinds, ["", "", "itjen"], ["Sumedang", "", ""], strict=True))
    ]
    frame = read(tmp_path, rows).frame
    assert frame["kind"].tolist() == [WISH, QUESTION, SUPERVISORY]
    assert frame["region"].tolist() == ["Sumedang", "Kota Contoh", "Kota Contoh"]
    assert frame["level"].tolist() == ["tinggi"] * 3
    assert frame["action"].tolist() == ["teruskan"] * 3


def test_words_that_are_no_level_and_no_action_are_missing(tmp_path: Path):
    frame = read(
        tmp_path, [row(1, urgensi="GAWAT", tindakan="buang", jenis="pengaduan"), row(2, urgensi="Sedang")]
    ).frame
    assert frame["level"].tolist()[1] == "sedang"
    assert frame["level"].isna().tolist() == [True, False]
    assert frame["action"].isna().all()
    assert frame["kind"].tolist()[0] == ORDINARY


def test_of_overlapping_exports_the_last_row_counts(tmp_path: Path):
    older = write(tmp_path, [row(1, status="Proses"), row(2), row(2)], "sep.csv")
    newer = write(tmp_path, [row(1, status="Selesai"), row(3)], "okt.csv")
    reports = read_reports([older, newer], PLAIN)
    assert dict(zip(reports.frame["id"], reports.frame["stage"], strict=True)) == {
        "L0001": "selesai", "L0002": "selesai", "L0003": "selesai",
    }  # fmt: skip
    assert reports.repeated == 2
    assert any(note.startswith("2 baris berulang") for note in reports.notes)


def test_numbers_that_begin_anew_each_month_are_no_repetition(tmp_path: Path):
    rows = [row(n, f"2026-{month}-01", id=n) for month in ("09", "10") for n in (1, 2)]
    assert len(read(tmp_path, rows)) == 4
    nameless = [row(1, id=""), row(2, id="")]
    assert read(tmp_path, nameless).repeated == 0


def test_rows_without_a_date_are_counted_and_said(tmp_path: Path):
    reports = read(tmp_path, [row(1), row(2, "tanggal 5"), row(3, ""), row(4)])
    assert reports.undated == 2
    assert np.isnat(reports.frame["received"].to_numpy()).tolist() == [False, True, True, False]
    assert any(note.startswith("2 laporan tanpa tanggal") for note in reports.notes)


def test_a_column_that_holds_no_dates_is_refused(tmp_path: Path):
    rows = [row(n, "entah") for n in range(3)] + [row(4)]
    with pytest.raises(InputError, match=r"3 of 4 values are no date.*--date"):
        read(tmp_path, rows)


def test_a_missing_or_misnamed_column_is_one_clear_error(tmp_path: Path):
    path = write(tmp_path, [{"id": 1, "isi": "Lampu mati."}])
    with pytest.raises(MissingColumnError, match="no column for the date"):
        read_reports([path], PLAIN)
    path = write(tmp_path, [row(1)])
    with pytest.raises(MissingColumnError, match="Did you mean 'tanggal'"):
        read_reports([path], ColumnNames(date="tangal"), named={"date"})
    with pytest.raises(MissingColumnError, match="instansii"):
        read_reports([path], ColumnNames(unit="instansii"), named={"unit"})
    with pytest.raises(MissingColumnError, match="no such column"):
        read_reports([path], ColumnNames(urgency="level"), named={"urgency"})
    with pytest.raises(OptionError):
        read_reports([], PLAIN)


def test_a_citizens_words_in_the_status_column_are_never_shown(tmp_path: Path):
    words = "Saya Budi, NIK 3273010101900001, telepon 081234567890"
    reports = read(tmp_path, [row(1, status=words), row(2, status="Telp 081234567890")])
    said = " ".join(reports.notes)
    assert "3273010101900001" not in said
    assert "081234567890" not in said
    assert "Budi" not in said


def test_without_a_status_column_no_stage_is_guessed(tmp_path: Path):
    reports = read(tmp_path, [{key: value for key, value in row(1).items() if key != "status"}])
    assert "stage" not in reports.has
    assert reports.frame["stage"].isna().all()
