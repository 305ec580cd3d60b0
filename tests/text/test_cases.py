"""Regression cases: word pairs that Sastrawi alone gets wrong or must keep, and negators that must survive."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.text import analyze

PAIRS = {
    "kerusakan": "rusak", "perusakan": "rusak", "pemadaman": "padam", "pemadam": "padam", "perawatan": "rawat",
    "perawat": "rawat", "perpajakan": "pajak", "memungut": "pungut", "tumpukan": "tumpuk", "pemalakan": "palak",
    "dikurangi": "kurang", "menangis": "tangis", "gerakan": "gerak", "penyidikan": "sidik",
    "penyelidikan": "selidik", "perbankan": "bank", "berikan": "beri", "mengecek": "cek", "mengunjungi": "kunjung",
    "memasuki": "masuk", "perancangan": "rancang", "pemrosesan": "proses", "pemrograman": "program",
    "penyalahgunaan": "salah guna", "ketenagakerjaan": "tenaga kerja", "berdesakan": "desak",
    "perampokan": "rampok", "penegakan": "tegak", "pemangkasan": "pangkas", "pengering": "kering",
    "dibelinya": "beli", "relawan": "relawan", "bekasi": "bekasi", "bali": "bali", "kediri": "kediri",
    "belom": "belum", "diperbaikin": "baik", "jalan2": "jalan", "pelay\u200banan": "layan", "pelayanan": "layan",
    "pengaduan": "adu", "perizinan": "izin", "dipersulit": "sulit", "berlubang": "lubang", "kelurahan": "lurah",
    "bantuan": "bantu", "ditimbun": "timbun", "kependudukan": "penduduk", "anak-anak": "anak",
}  # fmt: skip

KINDS = {
    # peN- and meN- melt k, p, s, t
    "pemukulan": "pukul", "penanganan": "tangan", "pengeringan": "kering", "penyumbatan": "sumbat",
    "memotong": "potong", "menutup": "tutup", "penebangan": "tebang",
    # reduplication written with 2, elongation, glued digits
    "orang2": "orang", "anak2nya": "anak", "tolooong": "tolong", "rt05": "rt 05", "5hari": "5 hari",
    # colloquial affixes
    "ngurus": "urus", "ketabrak": "tabrak", "diurusin": "urus", "nunggu": "tunggu",
    # acronyms with a clitic
    "ktpnya": "ktp", "ktp": "ktp", "bpjsku": "bpjs",
    # negators and their neighbours
    "sebelum": "sebelum", "sebelumnya": "sebelum", "tidaklah": "tidak", "belumlah": "belum", "janganlah": "jangan",
}  # fmt: skip


@pytest.mark.parametrize(("form", "stem"), [*PAIRS.items(), *KINDS.items()])
def test_stem(form: str, stem: str):
    assert " ".join(analyze(form)) == stem


@pytest.mark.parametrize("form", sorted(PAIRS))
def test_case_and_punctuation_change_nothing(form: str):
    assert analyze(f"({form.upper()}!)") == analyze(form)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("jangan bayar pungli", "jangan"),
        ("air tidak mengalir sudah 3 hari", "tidak"),
        ("gk ada petugas yg dateng", "tidak"),
        ("blm di tindak lanjuti", "belum"),
        ("SAMPAI SKRG BLM ADA TINDAKAN", "belum"),
        ("nggak pernah disurvei", "tidak"),
        ("tdk ada air", "tidak"),
        ("teu acan aya nu dongkap", "tidak"),
        ("ora ono sing teko", "tidak"),
        ("lampune durung murup", "belum"),
        ("jgn dibiarkan", "jangan"),
        ("bukan warga sini", "bukan"),
        ("tanpa pemberitahuan", "tanpa"),
    ],
)
def test_negator_is_kept(text: str, kept: str):
    assert kept in analyze(text)


def test_shared_cases(shared: Path):
    with (shared / "cases" / "stemming.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["input"]: row["right"] for row in rows}.items() <= PAIRS.items()
    wrong = [(r["input"], analyze(r["input"])) for r in rows if " ".join(analyze(r["input"])) != r["right"]]
    assert not wrong
    with (shared / "cases" / "negation.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            assert row["must_keep"] in analyze(row["text"])
