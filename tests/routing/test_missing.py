from __future__ import annotations

import numpy as np
import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.missing import CODES, MissingFinder, needed_by
from pipeline.routing.usable_places import PLACES, UsablePlaces
from pipeline.routing.verbs import Verbs
from pipeline.text import Tokenizer, WordTable

TABLE = WordTable()


@pytest.fixture(scope="module")
def finder():
    return MissingFinder(TABLE)


@pytest.fixture(scope="module")
def ask(finder):
    def ask(text: str, *, place: bool = False, kind: str = "pengaduan") -> tuple[str, ...]:
        # Between two others, for a text must not be judged by its neighbours.
        texts = ["Jl. Kenangasari no 4 banjir", text, ""]
        sentences = SentenceFinder(TABLE)(Tokenizer(TABLE)(texts))
        found = finder.find(sentences, np.array([False, place, False]), ["pengaduan", kind, "pengaduan"])
        assert 0 not in found
        return found[1].codes if 1 in found else ()

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "Jalan rusak dan berlubang, tolong segera diperbaiki",
        "Lampu penerangan mati sudah dua minggu, gelap sekali kalau malam",
        "Sampah menumpuk di depan rumah saya dan baunya menyengat",
        "Banyak parkir liar yang mengganggu warga",
        "Saluran air mampet, banjir setiap hujan",
        "Lampu merah mati sudah dua hari",
        "Ada lubang besar di depan hotel",
        "Lampu pasar tidak menyala",
        "DEPAN SEKOLAH ADA LUBANG BESAR",
    ],
)
def test_a_matter_that_lies_somewhere_needs_a_place(ask, text: str):
    assert ask(text) == ("di_mana",)
    assert ask(text, place=True) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Jalan Kenangasari rusak dan berlubang, tolong segera diperbaiki",
        "Lampu mati di gang 7 sudah dua minggu",
        "Sampah menumpuk di belakang pasar Wonokembang",
        "Parkir liar di depan Indomaret Kertowangi mengganggu warga",
        "Saluran air mampet di perumahan Griya Kencanasari blok C no 5",
        "Banjir di dekat SDN Mekarwangi 2 setiap hujan",
        "Lampu jalan mati, koordinat -7.25, 112.75",
        "depan hotel Melati ada lubang besar",
        "depan hotel melati ada lubang besar",
        "lampu merah Kaliondo mati",
        "traffic light Kaliondo kedip terus",
        "Tong sampah depan SDN Kediri 2 Tabanan penuh",
        "Tong sampah depan SDN Kediri penuh",
    ],
)
def test_a_usable_place_is_enough(ask, text: str):
    assert ask(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Kenapa saya tidak terdaftar MBR lagi",
        "KTP saya belum jadi sampai sekarang",
        "Saya tidak pernah mendapat bantuan sosial apapun",
        "Tagihan air saya tiba-tiba membengkak, meteran tidak pernah dicatat",
        "Sertifikat vaksin anak saya belum muncul di aplikasi",
    ],
)
def test_a_persons_matter_needs_the_person(ask, text: str):
    assert ask(text) == ("siapa",)


@pytest.mark.parametrize(
    "text",
    [
        "mau tanya PKH & BLT kapan disalurkan lagi lewat kantor pos?",
        "Program kerja kelurahan berjalan dengan baik",
        "Data usaha kami tidak ditemukan",
    ],
)
def test_words_of_one_stem_are_told_apart(ask, text: str):
    # saluran - disalurkan, jalan - berjalan, ditemukan - a person found somewhere
    assert "di_mana" not in ask(text)


@pytest.mark.parametrize(
    "text",
    [
        "Penegasan batas wilayah dengan kabupaten tetangga belum selesai",
        "Sertifikat diklat semua peserta angkatan kami belum terbit dari BPSDM",
        "Pengajuan kas daerah ke Ditjen Keuda belum dijawab sampai sekarang",
        "Surat permohonan kami ke ULA belum dijawab",
        "Mohon izin, lalu lintas di Jl. Kenangasari belum diatur",
        "Lubang itu beberapa meter dari rel di Jl. Kenangasari, belum ditutup",
        "Pohon di Jl. Kenangasari belum dipangkas, terima kasih atas bantuannya",
    ],
)
def test_what_is_no_persons_matter_needs_no_person(ask, text: str):
    assert "siapa" not in ask(text)


def test_a_wish_needs_no_person(ask):
    text = "Saya usul aplikasi IKD dibuat juga untuk iPhone, saya belum bisa daftar"
    assert "siapa" not in ask(text, kind="aspirasi")


@pytest.mark.parametrize(
    "text",
    [
        "KTP saya belum jadi, NIK 99" + "12345678901234",
        "Kenapa saya tidak terdaftar MBR lagi, nomor pendaftaran 81723",
        "Tagihan air saya membengkak, nomor pelanggan 4410923",
    ],
)
def test_a_number_is_enough(ask, text: str):
    assert ask(text) == ()


def test_what_happened_may_be_unclear(ask):
    assert "apa" in ask("pertigaan sebelah sana")
    assert "apa" in ask("mohon ditindaklanjuti pak")
    assert ask("PJU di Desa Kenangasari", place=True) == ("apa",)
    assert ask("Jl. Kenangasari berlubang") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Guru SDN 3 Kaliwungu menampar anak saya kemarin jam 10",
        "Anggota ormas memalak pedagang pasar tiap minggu",
        "DPRD studi banding fiktif tahun lalu",
        "Kades Sukamekar suka berkelahi dengan warga",
    ],
)
def test_what_happened_is_told_by_a_verb_or_a_charge(ask, text: str):
    assert "apa" not in ask(text)


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("Guru menampar murid", True),
        ("pedagang dipalak", True),
        ("mereka berkelahi", True),
        ("mohon diperhatikan, lokasi menuju dermaga", False),
        ("mejanya merah", False),
        ("", False),
    ],
)
def test_verbs(text: str, has: bool):
    found = Verbs(TABLE).find(SentenceFinder(TABLE)(Tokenizer(TABLE)([text, "kosong"])))
    assert found.tolist() == [has, False]


@pytest.mark.parametrize(
    "text",
    [
        "Saya mohon lampu dipasang agar tidak terjadi kecelakaan",
        "Tidak ada petugas yang mengatur lalu lintas di Jl. Kenangasari",
        "Petugas meminta uang di loket Jl. Kenangasari",
    ],
)
def test_a_standing_matter_needs_no_time(ask, text: str):
    assert "kapan" not in ask(text, place=True)


def test_an_incident_needs_a_time(ask):
    assert ask("Ada kerumunan dan perlombaan burung di lapangan Kenangasari", place=True) == ("kapan",)
    assert ask("Kemarin ada kerumunan dan perlombaan burung di lapangan Kenangasari", place=True) == ()


@pytest.mark.parametrize("kind", ["permintaan_informasi", "bukan_aduan"])
def test_questions_and_no_complaints_are_not_asked_back(ask, kind: str):
    assert ask("Jalan rusak dan berlubang", kind=kind) == ()


def test_the_reason_says_what_to_ask_and_the_rules_are_named(finder):
    sentences = SentenceFinder(TABLE)(Tokenizer(TABLE)(["Jalan rusak dan berlubang, mohon diperbaiki"]))
    missing = finder.find(sentences, np.array([False]), ["pengaduan"])[0]
    assert missing.reason == "tanyakan lokasi: nama jalan/kelurahan, RT/RW, atau patokan terdekat"
    assert missing.rules == ("di_mana_jalan",)


def test_an_empty_batch(finder):
    sentences = SentenceFinder(TABLE)(Tokenizer(TABLE)([]))
    assert finder.find(sentences, np.zeros(0, dtype=bool), []) == {}


@pytest.mark.parametrize(
    ("unit", "codes"),
    [
        ("ditjen_dukcapil", {"apa", "siapa"}),
        ("Dinas Kependudukan dan Pencatatan Sipil", {"apa", "siapa"}),
        ("Dinas Lingkungan Hidup", {"apa", "di_mana", "kapan"}),
        ("Kelurahan Mekarwangi", set(CODES)),
        ("pemda", set(CODES)),
        ("Badan Urusan Antariksa", set(CODES)),
        ("setjen", {"apa", "siapa"}),
    ],
)
def test_what_matters_to_a_unit(unit: str, codes: set[str]):
    assert needed_by(unit) == codes


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Jl. Kenangasari", {"jalan"}),
        ("gang 7", {"jalan"}),
        ("jalan rusak parah", set()),
        ("jalan yang berlubang", set()),
        ("di depan rumah saya", set()),
        ("di sekolah kami", set()),
        ("pasar Wonokembang", {"sarana", "bebas"}),
        ("perumahan Griya Kencanasari", {"lingkungan"}),
        ("di Surabaya", set()),
        ("di wonokembang", {"arah"}),
        ("wonokembang 12", {"bernomor"}),
        ("DI DEPAN RUMAH WARGA", set()),
        ("SDN Kediri", {"sarana"}),
        ("lampu merah Kaliondo", {"letak"}),
    ],
)
def test_usable_places(text: str, roles: set[str]):
    found = UsablePlaces(TABLE).find(SentenceFinder(TABLE)(Tokenizer(TABLE)([text, "kosong"])))
    assert set(found) == set(PLACES)
    assert roles <= {role for role in PLACES if found[role][0]}
    assert bool(roles) == any(found[role][0] for role in PLACES)
    assert not any(found[role][1] for role in PLACES)
