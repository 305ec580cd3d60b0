"""The guard on invented texts: what accuses an official, what does not, whom, and with which advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.guard import Accusation, Guard
from pipeline.text import WordTable
from pipeline.text.tokens import Tokenizer


class Reader:
    """A guard with its tokenizer."""

    def __init__(self, *, mask: bool = True) -> None:
        table = WordTable()
        self.tokenizer, self.sentences, self.guard = Tokenizer(table, mask=mask), SentenceFinder(table), Guard(table)

    def __call__(self, *texts: str) -> dict[int, Accusation]:
        return self.guard.find(self.sentences(self.tokenizer(list(texts))))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


ACCUSING = {
    "pungli": "Kepala desa kami melakukan pungli, setiap warga yang mengurus surat dimintai uang 200 ribu",
    "suap": "Pegawai dinas perizinan menerima suap dari kontraktor supaya izin keluar",
    "korupsi": "Diduga ada korupsi dana desa oleh kades, pembangunan talud fiktif",
    "nepotisme": "Lurah hanya memasukkan saudara dan keluarganya sendiri ke daftar bantuan, ini nepotisme",
    "wewenang": "Camat menyalahgunakan wewenang untuk kepentingan pribadi",
    "bolos": "Sekretaris desa tidak pernah masuk kantor, jam kerja selalu kosong",
    "tutup": "Kantor kelurahan tutup sebelum waktunya padahal masih jam kerja, tidak ada satupun petugas",
    "sekolah": "SD negeri tempat anak saya mewajibkan membayar uang komite dan membeli seragam di sekolah",
    "beking": "Warung miras itu dibekingi oknum satpol pp, razia selalu bocor",
    "potong": "BLT warga dipotong oleh perangkat desa seratus ribu per orang",
    "sms": "oknum ptugas kcamatan mnta uang 50rb utk cetak ktp, tlg ditindak",
    "parkir": "Jukir memakai rompi resmi Dishub meminta 10 ribu padahal karcis tertulis 2 ribu",
    "palsu": "Bendahara desa memalsukan kuitansi dan tanda tangan warga untuk laporan dana desa",
}
PLAIN = {
    "jalan": "Jalan berlubang di depan pasar sudah lama rusak, mohon diperbaiki dinas terkait",
    "lampu": "Lampu jalan padam tiga malam, mohon dibantu",
    "lambat": "KTP saya sudah tiga minggu belum jadi, mohon informasinya",
    "bantuan": "Saya belum pernah menerima bantuan sosial, mohon didata",
    "banjir": "Setiap hujan gang kami banjir karena saluran tersumbat",
    "tanya": "Apa syarat membuat akta kelahiran?",
    "tetangga": "Tetangga saya memutar musik keras sampai malam",
    "pohon": "Mohon pemotongan pohon di depan rumah saya karena rawan tumbang",
    "pipa": "Pipa PDAM bocor di depan rumah saya, air terbuang",
    "kosong": "",
}


@pytest.mark.parametrize("text", ACCUSING.values(), ids=ACCUSING)
def test_accusations_are_found(reader: Reader, text: str) -> None:
    found = reader(text)
    assert 0 in found
    accusation = found[0]
    assert accusation.rules
    assert len(accusation.rules) == len(accusation.quotes)
    assert reader.guard.threshold <= accusation.score <= 1
    assert len(accusation.accused.split()) <= 6


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_other_complaints_are_not(reader: Reader, text: str) -> None:
    assert reader(text) == {}


@pytest.mark.parametrize(
    ("official", "other"),
    [
        ("Kepala desa melakukan pungli bantuan kepada warga", "Ketua RT melakukan pungli bantuan kepada warga"),
        ("Pungli oleh petugas kelurahan terjadi terus", "Pungli oleh preman pasar terjadi terus"),
        ("Guru SD negeri mengancam murid dan minta uang", "Tetangga mengancam saya dan minta uang"),
        ("Camat menerima suap", "Tidak ada suap di kantor kami"),
    ],
)
def test_an_accused_official_scores_higher_than_a_look_alike(reader: Reader, official: str, other: str) -> None:
    scores = reader.guard.scores(reader.sentences(reader.tokenizer([official, other])))
    assert scores[0] > scores[1]


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("Pungli dilakukan oleh kepala desa Sukamantri kepada warga", "kepala desa Sukamantri"),
        ("oknum satpol pp meminta uang kepada pedagang", "oknum satpol pp"),
        ("SMPN 99 Contoh menahan ijazah dan menarik uang komite", "SMPN 99 Contoh"),
        ("Pak camat menerima suap", "Pak camat"),
    ],
)
def test_the_accused_is_told_in_the_words_of_the_text(reader: Reader, text: str, accused: str) -> None:
    assert reader(text)[0].accused == accused


def test_rows_keep_their_numbers_and_batches_agree_with_single_texts(reader: Reader) -> None:
    texts = [*PLAIN.values(), *ACCUSING.values()] * 30
    together = reader(*texts)
    assert set(together) == {i for i, text in enumerate(texts) if text in ACCUSING.values()}
    for row in (len(PLAIN), len(texts) - 1):
        assert together[row] == reader(texts[row])[0]


def test_masked_data_are_never_shown(reader: Reader) -> None:
    number = "3578123456789012"
    accusation = reader(f"Petugas kelurahan NIK {number} meminta uang NIK {number} 100 ribu untuk cetak KTP")[0]
    assert number not in " ".join([accusation.accused, *accusation.quotes])


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Petugas kecamatan meminta uang 100 ribu untuk cetak KTP", "anonim"),
        ("Petugas kecamatan meminta uang, saya diancam kalau melapor", "rahasia"),
        ("Saya bendahara desa, dipaksa kades menandatangani kuitansi kosong dana desa", "rahasia"),
        ("Kades korupsi dana desa, mohon identitas pelapor dirahasiakan", "rahasia"),
        ("Kades korupsi dana desa, saya bersedia menjadi saksi", "rahasia"),
    ],
)
def test_the_advice_follows_the_risk(reader: Reader, text: str, advice: str) -> None:
    assert reader(text)[0].confidential == advice


def test_a_batch_without_words(reader: Reader) -> None:
    assert reader() == {}
    assert reader("", "!!!", "12 34") == {}
    assert len(reader.guard.scores(reader.sentences(reader.tokenizer(["", "a"])))) == 2


def test_more_than_a_block_of_texts(reader: Reader) -> None:
    texts = ["Jalan rusak"] * 1500 + [ACCUSING["suap"]]
    assert set(reader(*texts)) == {1500}


def test_keputusan_recall(shared: Path, reader: Reader) -> None:
    import csv

    with (shared / "data" / "keputusan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = set(reader(*(row["isi"] for row in rows)))
    positive = {i for i, row in enumerate(rows) if row["berkadar_pengawasan"] == "ya"}
    assert len(found & positive) / len(positive) >= 0.95
    assert len(found & positive) / len(found) >= 0.33


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("Kepala desa Melati Kec. Mawar minta uang 500 ribu untuk surat tanah", "Kepala desa Melati Kec Mawar"),
        ("Lurah kami minta uang 200 ribu buat tanda tangan", "Lurah"),
    ],
)
def test_an_address_and_a_possessive_do_not_hide_the_official(text: str, accused: str):
    table = WordTable()
    found = Guard(table).find(SentenceFinder(table)(Tokenizer(table)([text])))
    assert found[0].accused == accused
