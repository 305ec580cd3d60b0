"""Who gets a copy of an accusation, and which unit is the accused."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.errors import InputError
from pipeline.routing.guard.consequence import Consequence, consequence, is_accused

MINISTRY = ["setjen", "itjen", "ditjen_pemdes", "ditjen_dukcapil", "pemda", "ipdn"]
CITY = ["Dinas Sosial", "Satuan Polisi Pamong Praja", "Kelurahan Contoh", "Inspektorat Kota"]


@pytest.mark.parametrize(
    ("unit", "accused"),
    [
        ("Satuan Polisi Pamong Praja", "Satpol PP"),
        ("Satuan Polisi Pamong Praja", "oknum satpolpp kota"),
        ("Dinas Sosial", "pegawai dinsos"),
        ("Dinas Sosial", "dinas sosial kota Contoh"),
        ("Dinas Perhubungan", "Jukir resmi Dishub"),
        ("Dinas Kependudukan dan Pencatatan Sipil", "petugas disdukcapil"),
        ("Dinas Perumahan Rakyat dan Kawasan Permukiman", "Kepala Dinas Perumahan"),
        ("Badan Pendapatan Daerah", "pegawai bapenda"),
        ("Kecamatan Sukacontoh", "pak camat Sukacontoh"),
        ("Kecamatan Sukacontoh", "petugas kecamatan"),
        ("Kelurahan", "lurah Sukacontoh"),
        ("Kelurahan Sukacontoh", "Bu Lurah"),
        ("RSUD dr. Contoh", "pihak RSUD"),
        ("itjen", "oknum itjen"),
        ("pemda", "Bupati"),
        ("ipdn", "dosen IPDN"),
    ],
)
def test_accused(unit: str, accused: str) -> None:
    assert is_accused(unit, accused)


@pytest.mark.parametrize(
    ("unit", "accused"),
    [
        ("ditjen_pemdes", "kepala desa Sukacontoh"),
        ("ditjen_dukcapil", "petugas disdukcapil"),
        ("pemda", "kepala desa"),
        ("Kelurahan Sukacontoh", "lurah Lainnya"),
        ("Dinas Sosial", "Dinas Pendidikan"),
        ("Dinas Pendidikan", "guru SD"),
        ("Dinas Kesehatan", "dokter puskesmas"),
        ("Dinas Sosial", "petugas"),
        ("Dinas Sosial", ""),
        ("Dinas Sosial", "dinas"),
        ("", "Satpol PP"),
    ],
)
def test_not_accused(unit: str, accused: str) -> None:
    assert not is_accused(unit, accused)


def test_copies() -> None:
    assert consequence("kepala desa", MINISTRY) == Consequence("itjen", ())
    assert consequence("oknum irjen", MINISTRY) == Consequence("setjen", ("itjen",))
    assert consequence("Satpol PP", CITY) == Consequence("Inspektorat Kota", ("Satuan Polisi Pamong Praja",))
    assert consequence("Satpol PP", CITY[:3]).copy_to == "Inspektorat Daerah"
    assert consequence("pegawai inspektorat", CITY) == Consequence("Inspektorat Provinsi", ("Inspektorat Kota",))


def test_no_rule_for_that_day() -> None:
    with pytest.raises(InputError, match="pengawasan_salinan"):
        consequence("kades", CITY, dt.date(1990, 1, 1))
