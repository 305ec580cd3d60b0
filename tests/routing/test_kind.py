from __future__ import annotations

import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.completeness import Completeness
from pipeline.routing.kind import KINDS, KindFinder
from pipeline.text import Tokenizer, WordTable


@pytest.fixture(scope="module")
def finder():
    return KindFinder(WordTable())


@pytest.fixture(scope="module")
def read(finder):
    table = finder.table

    def read(*texts: str) -> list[str]:
        return finder.find(SentenceFinder(table)(Tokenizer(table)(texts)))

    return read


@pytest.mark.parametrize(
    "text",
    [
        "Jalan di depan pasar berlubang, sudah ada yang jatuh.",
        "Kenapa KTP saya belum jadi padahal sudah tiga bulan?",
        "Mau tanya, bantuan ibu saya kok tidak turun lagi?",
        "Mohon saya diberi bansos karena saya tidak mampu",
        "Lampu taman mati, mohon diperbaiki",
        "Petugas loket kurang ramah, terima kasih",
        "Terima kasih, lampu sudah diperbaiki tetapi sekarang mati lagi",
        "",
        # A fault that comes and goes, and a wish that waits, are faults.
        "Mohon pengecekan lagi PJU padam-nyala di Jl. Kenangasari",
        "Mohon pengecekan ulang saluran di Jl. Kenangasari, air tidak jalan",
        "Kami sudah mengusulkan perbaikan saluran, sampai saat ini masih proses",
        "Sudah mengusulkan pavingisasi sejak 2019, sampai saat ini masih diproses",
        # One family's request for a home is a request for aid.
        "Mohon dibantu mendapat unit rusunawa, saya janda anak tiga",
        "Saya ingin mengajukan rumah susun untuk keluarga saya",
        # A question that hides a levy.
        "RT/RW minta 1 juta untuk surat pindah, apakah betul?",
        "Dikenai biaya 300 ribu di kelurahan untuk surat domisili, apakah resmi?",
        "Oknum petugas meminta uang untuk cetak KTP, apakah boleh?",
        "Kapan bantuan saya disalurkan, padahal tetangga sudah dapat?",
        "Keren pak, jalan rusak dibiarkan",
        "mantap pak bupati, jalan kami seperti kolam lele",
    ],
)
def test_complaints(read, text: str):
    assert read(text) == ["pengaduan"]


@pytest.mark.parametrize(
    "text",
    [
        "Saya usul agar taman kota diberi perpustakaan kecil untuk anak-anak.",
        "Mohon pemasangan CCTV di gerbang kampung kami, RT 4 RW 2",
        "Kami warga RW 3 mohon bantuan 50 karung untuk kerja bakti hari Minggu",
        "Alangkah baiknya kalau halte diberi atap yang lebih lebar",
        "Mohon dibuatkan polisi tidur di depan sekolah dasar kami",
        "Mohon dibangun rusun baru di kecamatan kami",
        "Saya usul agar aplikasi IKD bisa dipakai di iPhone karena sekarang tidak bisa",
    ],
)
def test_wishes(read, text: str):
    assert read(text) == ["aspirasi"]


@pytest.mark.parametrize(
    "text",
    [
        "Bagaimana cara mengurus akta kelahiran?",
        "Mohon info jadwal pelayanan hari Sabtu",
        "Apa saja syarat pindah domisili antar kota?",
        "Saya mau bertanya, apakah legalisir ijazah dikenai biaya?",
        "Kalau mau pindah kerja gimana alurnya?",
        "mau tanya PKH & BLT kapan disalurkan lagi lewat kantor pos?",
        "bagaimana cara mengurus SKT ormas?",
        "Apakah legalisir dikenai biaya?",
    ],
)
def test_questions(read, text: str):
    assert read(text) == ["permintaan_informasi"]


@pytest.mark.parametrize(
    "text",
    [
        "Terima kasih Bu Lurah, surat saya sudah selesai, petugasnya ramah.",
        "tes",
        "Assalamualaikum",
        "cek suara",
        "maaf pak, salah kirim",
        "Dirgahayu Korpri",
        "wah keren pak gubernur, semangat",
        "Salut buat bapak bupati",
    ],
)
def test_no_complaints(read, text: str):
    assert read(text) == ["bukan_aduan"]


def test_why_names_the_rules(finder, read):
    assert read("Jalan berlubang", "Saya usul taman diberi bangku", "tes") == ["pengaduan", "aspirasi", "bukan_aduan"]
    assert finder.why(0) == ""
    assert "aspirasi_usul" in finder.why(1).split(";")
    assert finder.why(2) == "basa_basi"


def test_a_text_is_not_judged_by_its_neighbours(read):
    texts = ["Jalan berlubang", "Bagaimana cara daftar?", "tes", "", "Saya usul taman diberi bangku"]
    together = read(*texts)
    assert together == [read(text)[0] for text in texts]
    assert set(together) <= set(KINDS)


def test_what_was_judged_before_is_believed(finder):
    table = finder.table
    sentences = SentenceFinder(table)(Tokenizer(table)(["lampu mati", "lampu mati"]))
    judged = {1: Completeness("bukan_aduan", "iklan atau pesan berantai")}
    assert finder.find(sentences, judged) == ["pengaduan", "bukan_aduan"]


def test_an_empty_batch(read):
    assert read() == []
