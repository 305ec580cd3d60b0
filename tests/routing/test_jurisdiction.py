from __future__ import annotations

import csv

import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.jurisdiction import Institution, JurisdictionFinder, belongs_to
from pipeline.settings import data_dir
from pipeline.text import Tokenizer, WordTable

TABLE = WordTable()


@pytest.fixture(scope="module")
def name():
    finder = JurisdictionFinder(TABLE)

    def name(text: str) -> str:
        found = finder.find(SentenceFinder(TABLE)(Tokenizer(TABLE)(["jalan rusak", text])))
        assert 0 not in found
        return found[1].rule.removeprefix("instansi_") if 1 in found else ""

    return name


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Listrik padam tiga hari, token listrik tidak bisa masuk", "pln"),
        ("Kartu BPJS saya nonaktif di puskesmas", "bpjs_kes"),
        ("Klaim JHT di BPJS Ketenagakerjaan ditolak", "bpjs_tk"),
        ("Laporan saya di polres tidak ada kabar, SIM saya ditahan polisi", "polri"),
        ("Coretax selalu gagal dan NPWP saya tidak ditemukan", "djp"),
        ("Antrean paspor di kantor imigrasi penuh", "imigrasi"),
        ("PKH ibu saya dicoret dari DTKS", "kemensos"),
        ("IndiHome di rumah sering putus", "telkom"),
        ("Tiket kereta api belum dikembalikan KAI", "kai"),
        ("Pertalite kosong, barcode Pertamina ditolak", "pertamina"),
        ("Balik nama sertifikat di BPN belum selesai", "bpn"),
        ("Buku nikah dari KUA salah cetak", "kemenag"),
        ("Lubang di rest area dan gerbang tol, Jasa Marga diam saja", "jasamarga"),
        ("Tanggul BBWS retak di sungai besar", "bbws"),
        ("Pinjol ilegal menyebar foto saya, mohon OJK bertindak", "ojk"),
        ("KIP kuliah saya dibatalkan Kemdikbud", "kemendikbud"),
        ("Sampah menumpuk di kali", ""),
        ("polisi tidur di gang kami terlalu tinggi", ""),
        ("parkir liar di depan bank BRI", ""),
        ("Itu bkn urusan kami, spt biasa tidak ada jawaban", ""),
    ],
)
def test_institutions(name, text: str, rule: str):
    assert name(text) == rule


def test_in_the_projects_own_corpus_nearly_every_one_is_found():
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file) if row["unit"] == "instansi_lain"]
    found = JurisdictionFinder(TABLE).find(SentenceFinder(TABLE)(Tokenizer(TABLE)(texts)))
    assert len(found) >= 0.95 * len(texts)


@pytest.mark.parametrize(
    ("unit", "institution", "region", "owner"),
    [
        ("pemda", None, "Kab. Bandung", "Pemerintah Kab. Bandung"),
        ("pemda", None, "", "pemerintah daerah (wilayah tidak disebut)"),
        ("instansi_lain", Institution("PT PLN (Persero)", "instansi_pln"), "Kab. Bandung", "PT PLN (Persero)"),
        ("instansi_lain", None, "Kab. Bandung", "instansi lain (tidak disebut)"),
        ("ditjen_dukcapil", Institution("PT PLN (Persero)", "instansi_pln"), "Kab. Bandung", ""),
        ("Dinas Sosial", None, "", ""),
    ],
)
def test_whose_matter_it_is(unit: str, institution: Institution | None, region: str, owner: str):
    assert belongs_to(unit, institution, region) == owner


def test_an_empty_batch():
    assert JurisdictionFinder(TABLE).find(SentenceFinder(TABLE)(Tokenizer(TABLE)([]))) == {}
