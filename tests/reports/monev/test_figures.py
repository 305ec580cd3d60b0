"""Figures of invented complaints that can be counted by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from pipeline.catalogue.holidays import Calendar
from pipeline.errors import DataError
from pipeline.reports.monev.breakdown import NOT_NAMED
from pipeline.reports.monev.cohort import cohort
from pipeline.reports.monev.figures import PARTS, Figures, find_figures
from pipeline.reports.monev.overdue import find_overdue
from pipeline.reports.monev.period import parse_period
from pipeline.reports.monev.reading import Reports
from pipeline.reports.monev.statuses import Statuses
from tests.reports.monev.made import read, row
from tests.reports.monev.test_statuses import GOOD, table

OCTOBER = parse_period("2026-10")
CLOSED = [
    "Ditutup oleh Sistem", "Ditutup oleh Sistem", "Ditutup oleh Pelapor", "Ditutup oleh Admin", "Selesai",
    "Diarsipkan oleh Admin", "Konten Terblokir", "Menunggu Kelengkapan Informasi", "Proses", "Entah",
]  # fmt: skip
BEFORE = ["Ditutup oleh Sistem", "Ditutup oleh Pelapor", "Proses", "Diarsipkan oleh Admin"]


def months() -> list[dict[str, object]]:
    """Ten reports of October and four of September; those that nobody got have no unit."""
    now = [
        row(n, f"2026-10-{n + 1:02d}", status, instansi="" if status.startswith("Diarsip") else "Dinas Terang")
        for n, status in enumerate(CLOSED)
    ]
    return now + [row(100 + n, f"2026-09-{n + 1:02d}", status) for n, status in enumerate(BEFORE)]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    return read(tmp_path_factory.mktemp("data"), months())


@pytest.fixture(scope="module")
def october(reports: Reports) -> Figures:
    return find_figures(reports, OCTOBER)


def test_counts_are_those_of_the_cohort_and_its_parts_add_up(october: Figures):
    values = {key: number.value for key, number in october.numbers.items() if number.unit == "jumlah"}
    assert values["diterima"] == 10
    assert values["diteruskan"] == 9
    assert values["ditindaklanjuti"] == 6
    assert [values[part] for part in PARTS if part in values] == [5, 1, 1, 2, 1]
    assert sum(values[part] for part in PARTS if part in values) == values["diterima"]
    assert values["menunggu_pelapor"] == 1


def test_rates_have_numerator_denominator_interval_and_what_they_are_held_against(october: Figures):
    rate = october.numbers["tingkat_selesai"]
    assert (rate.value, rate.hits, rate.n) == (0.5, 5, 10)
    assert (rate.low, rate.high) == pytest.approx((0.2366, 0.7634), abs=1e-4)  # Wilson, from its formula
    assert [reference.value for reference in rate.references] == [1.0, 0.8688]
    assert (october.numbers["tingkat_selesai_layak"].hits, october.numbers["tingkat_selesai_layak"].n) == (5, 8)
    assert october.numbers["tingkat_ditutup_pelapor"].value == 0.1
    assert october.closers == (("pelapor", 1), ("sistem", 2), ("admin", 1), ("tidak disebut", 1))
    assert "Ditutup oleh Sistem" in october.counted


def test_changes_are_against_the_period_before(october: Figures):
    received, rate = october.numbers["diterima"], october.numbers["tingkat_selesai"]
    assert (received.before, received.change) == (4, 1.5)
    assert received.change_low < 0 < received.change_high  # 10 against 4: not certain
    assert not received.is_certain_change
    assert (rate.before, rate.change) == (0.5, 0.0)
    assert rate.change_low < 0 < rate.change_high
    assert any("waktu lebih lama untuk selesai" in note for note in october.notes)


def test_what_is_open_has_an_age_on_the_last_day_of_the_period(october: Figures):
    assert october.as_of == dt.date(2026, 10, 31)
    assert october.numbers["umur_median"].value == 22  # received on the 8th and the 9th
    assert october.numbers["umur_p90"].value == 23
    assert october.backlog["menunggu"].value == 3
    assert october.backlog["umur_p90"].value == 58  # of September, the 3rd
    assert october.backlog["umur_p90"].before is None


def test_every_number_shown_is_defined(october: Figures):
    assert {definition.key for definition in october.definitions} == set(october.numbers) | set(october.backlog)


def test_the_office_says_what_counts_as_completed(tmp_path: Path):
    path = table(
        tmp_path,
        GOOD.replace("Tutup", "Ditutup oleh Pelapor"),
        "b\t2020-01-01\t\tkami\tDitutup oleh Sistem\tselesai\tya\tya\ttidak\tsistem\n",
    )
    found = find_figures(read(tmp_path, months(), statuses=Statuses.load(path, OCTOBER.last)), OCTOBER)
    assert (found.numbers["selesai"].value, found.numbers["ditutup"].value) == (1, 2)
    assert found.numbers["tidak_dikenal"].value == 7  # every status that their table leaves out
    assert found.numbers["menunggu"].value == 0
    assert found.counted == ("Ditutup oleh Pelapor",)


def test_groups_name_small_ones_and_those_behind(tmp_path: Path):
    rows = [row(n, status="Selesai" if n % 10 else "Proses", instansi="Dinas Rajin") for n in range(60)]
    rows += [row(100 + n, status="Proses", instansi="Dinas Lambat") for n in range(30)]
    rows += [row(200 + n, instansi="Dinas Kecil") for n in range(3)] + [row(300, status="Proses", instansi="")]
    groups = find_figures(read(tmp_path, rows), OCTOBER).groups["unit"]
    assert [(one.name, one.received.value, one.completed, one.open) for one in groups] == [
        ("Dinas Rajin", 60, 54, 6), ("Dinas Lambat", 30, 0, 30), ("Dinas Kecil", 3, 3, 0), (NOT_NAMED, 1, 0, 1),
    ]  # fmt: skip
    assert [one.few for one in groups] == [False, False, True, True]
    assert [one.behind for one in groups] == [False, True, False, False]
    assert [one.is_named for one in groups] == [True, True, True, False]
    assert groups[2].completion.low < 0.5  # three of three prove little


def test_overdue_goes_by_the_step_that_was_not_reached(tmp_path: Path):
    # Friday 16 October 2026; no holiday follows in October. Limits of an ordinary complaint: 3, 5 and 14 working days.
    rows = [
        row(1, "2026-10-16", "Belum Terverifikasi", instansi=""), row(2, "2026-10-16", "Terdisposisi"),
        row(3, "2026-10-16", "Proses"), row(4, "2026-10-16", "Menunggu Kelengkapan Informasi"), row(5, "2026-10-16"),
        row(6, "2026-10-16", "Proses", jenis="pengaduan"),
    ]  # fmt: skip
    reports = read(tmp_path, rows)

    def late(day: str) -> list[int]:
        numbers = find_figures(reports, OCTOBER, as_of=dt.date.fromisoformat(day)).numbers
        return [numbers[f"lewat_{step}"].value for step in ("teruskan", "jawaban", "penyelesaian")]

    assert late("2026-10-21") == [0, 0, 0]
    assert late("2026-10-22") == [1, 0, 0]
    assert late("2026-10-23") == [1, 0, 0]
    assert late("2026-10-26") == [1, 2, 0]
    assert late("2026-11-05") == [1, 2, 0]
    assert late("2026-11-06") == [1, 2, 4]
    found = find_figures(reports, OCTOBER, as_of=dt.date(2026, 11, 6))
    assert (found.numbers["lewat_batas"].hits, found.numbers["lewat_batas"].n) == (4, 4)
    assert any(note.startswith("3 laporan terbuka tanpa jenis") for note in found.notes)


def test_a_kind_has_its_own_limits(tmp_path: Path):
    kinds = ["Permintaan Informasi", "Pengaduan Berkadar Pengawasan", "Bukan aduan"]
    rows = [row(n, "2026-10-01", "Proses", klasifikasi=kind) for n, kind in enumerate(kinds)]
    found = find_figures(read(tmp_path, rows), OCTOBER, as_of=dt.date(2026, 10, 31))
    assert (found.numbers["lewat_batas"].hits, found.numbers["lewat_batas"].n) == (1, 2)  # the last has no limit
    assert [(one.name, one.late) for one in found.groups["kind"]] == [
        ("Bukan aduan", 0), ("Pengaduan berkadar pengawasan", 0), ("Permintaan informasi", 1),
    ]  # fmt: skip


def test_a_year_without_holidays_is_said_and_not_guessed(tmp_path: Path):
    reports = read(tmp_path, [row(1, "2021-03-01", "Proses"), row(2, "2021-03-02")])
    march = parse_period("2021-03")
    found = find_figures(reports, march)
    assert not [key for key in found.numbers if key.startswith("lewat")]
    assert any("hari libur tahun 2021 tidak diketahui" in note for note in found.notes)
    whole = Calendar({dt.date(2021, 3, 11): "Isra Mikraj"}, [2021])
    assert find_figures(reports, march, calendar=whole).numbers["lewat_penyelesaian"].value == 1


def test_finish_dates_tell_what_stood_on_the_day(tmp_path: Path):
    rows = [
        row(1, "2026-10-01", **{"tanggal selesai": "2026-10-08"}),
        row(2, "2026-10-01", **{"tanggal selesai": "2026-10-29"}),  # the 14th working day is 21 October
        row(3, "2026-10-01", **{"tanggal selesai": "2026-11-03"}),  # closed after the period
        row(4, "2026-10-01", "Proses", **{"tanggal selesai": ""}),
        row(5, "2026-09-01", **{"tanggal selesai": "2026-10-02"}),  # open when September was reported
    ]
    reports = read(tmp_path, rows)
    found = find_figures(reports, OCTOBER)
    assert found.numbers["selesai"].value == 2
    assert found.numbers["menunggu"].value == 2
    assert found.numbers["tingkat_selesai"].before == 0
    assert found.numbers["lama_selesai_median"].value == 7
    assert found.numbers["lama_selesai_p90"].value == 28
    assert (found.numbers["selesai_terlambat"].hits, found.numbers["selesai_terlambat"].n) == (1, 2)
    assert find_figures(reports, OCTOBER, as_of=dt.date(2026, 11, 3)).numbers["selesai"].value == 3
    assert not any("waktu lebih lama" in note for note in found.notes)


def test_a_report_archived_after_the_day_was_open_and_answered_by_nobody(tmp_path: Path):
    rows = [row(1, "2026-10-01", "Diarsipkan oleh Admin", instansi="", **{"tanggal selesai": "2026-11-02"})]
    numbers = find_figures(read(tmp_path, rows), OCTOBER).numbers
    assert [numbers[key].value for key in ("diarsipkan", "menunggu", "ditindaklanjuti", "diteruskan")] == [0, 1, 0, 0]
    assert numbers["lewat_teruskan"].value == 1


def test_unit_and_month_hold_at_most_twelve_months_up_to_the_end_of_the_period(tmp_path: Path):
    rows = [row(n, f"{2025 + n // 12}-{n % 12 + 1:02d}-15") for n in range(24)]
    rows += [row(50, "2026-10-20", "Proses", instansi="Dinas Lain"), row(51, "2026-10-21", instansi="")]
    table_ = find_figures(read(tmp_path, rows), OCTOBER).months
    assert [month.name for month in table_.months] == ["2025-11", "2025-12", *(f"2026-{m:02d}" for m in range(1, 11))]
    assert table_.units == ("Dinas Terang", "Dinas Lain", NOT_NAMED)
    assert table_.received.sum(axis=1).tolist() == [12, 1, 1]
    assert table_.completed[:, -1].tolist() == [1, 0, 1]
    assert table_.rate[1, -1] == 0
    assert np.isnan(table_.rate[1, 0])


def test_the_matrix_begins_with_the_data(october: Figures):
    assert [month.name for month in october.months.months] == ["2026-09", "2026-10"]


def test_the_share_forwarded_by_the_model_is_of_what_it_judged(tmp_path: Path):
    rows = [row(1, tindakan="teruskan"), row(2, tindakan="tinjau"), row(3, tindakan="bukan_aduan"), row(4, tindakan="")]
    number = find_figures(read(tmp_path, rows), OCTOBER).numbers["diteruskan_otomatis"]
    assert (number.hits, number.n) == (1, 3)


def test_without_statuses_only_what_came_in_is_told(tmp_path: Path):
    rows = [{key: value for key, value in row(n).items() if key != "status"} for n in range(3)]
    found = find_figures(read(tmp_path, rows), OCTOBER)
    assert set(found.numbers) == {"diterima", "diteruskan", "tingkat_diteruskan"}
    assert found.backlog == {}
    assert found.groups["unit"][0].completion is None
    assert any("tidak punya kolom status" in note for note in found.notes)


def test_a_period_before_that_the_data_only_touch_is_said(tmp_path: Path):
    found = find_figures(read(tmp_path, [row(1), row(2, "2026-09-29")]), OCTOBER)
    assert any("baru mulai 29 September 2026" in note for note in found.notes)
    alone = find_figures(read(tmp_path, [row(1)]), OCTOBER)
    assert alone.numbers["diterima"].before is None
    assert any("Tidak ada laporan September 2026" in note for note in alone.notes)


def test_a_period_without_reports_is_an_error_that_says_what_to_do(reports: Reports):
    with pytest.raises(DataError, match=r"no report was received in 2020.*another --period"):
        find_figures(reports, parse_period("2020"))


def test_late_rows_are_aligned_with_the_cohort(reports: Reports):
    from pipeline.catalogue.time_limits import TimeLimits

    some = cohort(reports, None, dt.date(2026, 12, 31))
    late = find_overdue(some, Calendar(), TimeLimits.load())
    assert len(late.any) == len(late.finish) == len(some)
    assert not late.any[~some.open].any()
