"""The figures of a real export, recomputed by SQL over the workbook as openpyxl reads it, without our reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from pipeline.reports.monev.breakdown import NOT_NAMED
from pipeline.reports.monev.figures import Figures, find_figures
from pipeline.reports.monev.period import parse_period
from pipeline.reports.monev.reading import Reports, read_reports
from pipeline.settings import ColumnNames

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COLUMNS = {
    "id": "Tracking ID", "tanggal": "Tanggal Laporan Masuk", "status": "Status Laporan",
    "unit": "Instansi Terdisposisi", "jenis": "Klasifikasi Laporan", "kanal": "Sumber Laporan",
    "wilayah": "Kota/Kabupaten",
}  # fmt: skip
_PERIODS = {"2021": "hari LIKE '2021-%'", "2022-03": "hari LIKE '2022-03-%'", "2022": "hari LIKE '2022-%'"}
_SUMS = {
    "diterima": "COUNT(*)",
    "selesai": "SUM(status LIKE 'Ditutup oleh %')",
    "ditindaklanjuti": "SUM(status LIKE 'Ditutup oleh %')",
    "diarsipkan": "SUM(status LIKE 'Diarsipkan oleh %')",
    "diblokir": "SUM(status = 'Konten Terblokir')",
    "menunggu": "SUM(status LIKE 'Menunggu %')",
    "tidak_dikenal": "SUM(status IS NULL)",
    "diteruskan": "SUM(unit IS NOT NULL OR status LIKE 'Ditutup oleh %')",
}
_RATES = {
    "tingkat_selesai": "AVG(status LIKE 'Ditutup oleh %')",
    "tingkat_selesai_layak": (
        "1.0 * SUM(status LIKE 'Ditutup oleh %') / SUM(status NOT LIKE 'Diarsipkan%' AND status != 'Konten Terblokir')"
    ),
    "tingkat_ditutup_pelapor": "AVG(status = 'Ditutup oleh Pelapor')",
}
_GROUPS = {
    "unit": "unit",
    "kind": "jenis",
    "region": "wilayah",
    "channel": "CASE WHEN kanal LIKE 'Website - %' THEN 'Website instansi' ELSE kanal END",  # compared without case
}


@pytest.fixture(scope="module")
def book(shared: Path) -> Path:
    return shared / "data" / "sp4n-kab-bandung-2021-2022.xlsx"


@pytest.fixture(scope="module")
def database(book: Path) -> Iterator[sqlite3.Connection]:
    with closing(openpyxl.load_workbook(book, read_only=True)) as workbook:
        rows = [list(cells) for cells in workbook.worksheets[0].iter_rows(values_only=True)]
    top = next(place for place, cells in enumerate(rows) if "Tracking ID" in cells)
    places = [rows[top].index(name) for name in _COLUMNS.values()]
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE laporan ({', '.join(_COLUMNS)}, hari)")
        for cells in rows[top + 1 :]:
            if len(cells) <= places[0] or not cells[places[0]]:
                continue
            values = [(str(cells[place]).strip() if len(cells) > place and cells[place] else None) for place in places]
            day, month, year = values[1].split()
            iso = f"{year}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}"
            connection.execute("INSERT INTO laporan VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*values, iso])
        yield connection
    connection.close()


@pytest.fixture(scope="module")
def reports(book: Path) -> Reports:
    return read_reports([str(book)], ColumnNames())


@pytest.fixture(scope="module", params=list(_PERIODS))
def period(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def found(reports: Reports, period: str) -> Figures:
    return find_figures(reports, parse_period(period))


def ask(database: sqlite3.Connection, period: str, expressions: dict[str, str]) -> dict[str, float]:
    query = f"SELECT {', '.join(expressions.values())} FROM laporan WHERE {_PERIODS[period]}"
    return dict(zip(expressions, database.execute(query).fetchone(), strict=True))


def test_the_query_sees_the_whole_export(database: sqlite3.Connection, reports: Reports):
    assert database.execute("SELECT COUNT(*), COUNT(DISTINCT id) FROM laporan").fetchone() == (821, 821)
    assert (len(reports), reports.repeated, reports.undated, reports.rejected) == (821, 0, 0, 0)
    assert reports.unknown == ()


def test_counts(database: sqlite3.Connection, found: Figures, period: str):
    assert {key: found.numbers[key].value for key in _SUMS} == ask(database, period, _SUMS)


def test_rates(database: sqlite3.Connection, found: Figures, period: str):
    assert {key: found.numbers[key].value for key in _RATES} == pytest.approx(ask(database, period, _RATES))


def test_who_closed(database: sqlite3.Connection, found: Figures, period: str):
    query = f"SELECT status, COUNT(*) FROM laporan WHERE {_PERIODS[period]} AND status LIKE 'Ditutup%' GROUP BY status"
    told = {status.split()[-1].lower(): n for status, n in database.execute(query)}
    assert dict(found.closers) == told


@pytest.mark.parametrize("by", list(_GROUPS))
def test_groups(database: sqlite3.Connection, found: Figures, period: str, by: str):
    query = f"""
        SELECT {_GROUPS[by]} AS nama, COUNT(*), SUM(status LIKE 'Ditutup%'), SUM(status LIKE 'Menunggu%')
        FROM laporan WHERE {_PERIODS[period]} GROUP BY nama
    """
    told = {(name or NOT_NAMED).casefold(): tuple(counts) for name, *counts in database.execute(query)}
    ours = {one.name.casefold(): (one.received.value, one.completed, one.open) for one in found.groups[by]}
    assert ours == told


def test_age_of_what_waits(database: sqlite3.Connection, found: Figures, period: str):
    query = f"""
        SELECT CAST(julianday(?) - julianday(hari) AS INTEGER) AS umur FROM laporan
        WHERE {_PERIODS[period]} AND status LIKE 'Menunggu%' ORDER BY umur
    """
    ages = [age for (age,) in database.execute(query, [found.period.last.isoformat()])]
    if not ages:
        assert "umur_median" not in found.numbers
        return
    for key, share in (("umur_median", 0.5), ("umur_p90", 0.9)):
        assert found.numbers[key].value == next(
            age for rank, age in enumerate(ages, start=1) if rank >= share * len(ages)
        )


def test_unit_by_month(database: sqlite3.Connection, found: Figures):
    query = """
        SELECT unit, substr(hari, 1, 7), COUNT(*), SUM(status LIKE 'Ditutup%') FROM laporan
        WHERE hari <= ? GROUP BY 1, 2
    """
    names = [month.name for month in found.months.months]
    told = {
        (unit or NOT_NAMED, month): (n, closed)
        for unit, month, n, closed in database.execute(query, [found.period.last.isoformat()])
        if month in names
    }
    ours = {
        (found.months.units[unit], names[month]): (
            int(found.months.received[unit, month]), int(found.months.completed[unit, month])
        )
        for unit, month in np.argwhere(found.months.received)
    }  # fmt: skip
    assert ours == told
    assert len(names) <= 12
