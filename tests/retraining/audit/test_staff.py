"""Texts that staff wrote, and citizens who quote them or sound alike. All are invented."""

from __future__ import annotations

import csv

import pytest

from pipeline.retraining.audit.staff import staff_texts
from pipeline.settings import data_dir

STAFF = (
    "Yth. Pelapor, pengaduan Saudara sudah ditindaklanjuti oleh petugas lapangan pada tanggal 3 Maret. Demikian kami "
    "sampaikan.",
    "Menanggapi laporan Bapak/Ibu, dapat kami sampaikan bahwa perbaikan jalan dijadwalkan bulan depan. Mohon "
    "kesabarannya.",
    "PEMERINTAH KABUPATEN CONTOH DINAS SOSIAL Nomor: 460/123/2024 Sifat: Biasa Lampiran: 1 berkas Hal: Pengaduan.",
    "Halo Sobat Lapor, terima kasih atas partisipasi Anda. Aduan sudah kami terima dan akan kami koordinasikan.",
    "Petugas kami telah melakukan pengecekan lampu di lokasi. Laporan ini kami tutup.",
    "Meneruskan laporan dari masyarakat melalui SP4N LAPOR, mohon untuk ditindaklanjuti sesuai dengan kewenangan "
    "Saudara.",
    "Sehubungan dengan pengaduan Saudara mengenai bansos, perlu kami jelaskan bahwa data ditetapkan kementerian.",
)
CITIZEN = (
    "Laporan saya bulan lalu dijawab: terima kasih atas laporan Anda, sudah kami teruskan. Tapi sampai sekarang belum.",
    "Mohon laporan saya segera ditindaklanjuti oleh dinas terkait. Terima kasih atas perhatian dan bantuannya.",
    "Kami sampaikan bahwa jalan di depan sekolah rusak parah. Mohon segera diperbaiki.",
    "Katanya petugas sudah melakukan pengecekan, padahal lampu di gang kami masih mati.",
    "Dengan ini kami warga RT 3 memohon perbaikan saluran, surat sudah kami sampaikan ke kelurahan.",
    "Meneruskan keluhan tetangga: sampah tidak diangkut dua minggu, tolong bantuannya.",
)


@pytest.mark.parametrize("text", STAFF)
def test_an_answer_or_a_covering_letter_is_found_with_its_rules(text: str):
    assert staff_texts(["Jalan rusak.", text]).get(1)


@pytest.mark.parametrize("text", CITIZEN)
def test_a_citizen_s_own_words_are_not(text: str):
    assert not staff_texts([text])


def test_no_text_of_the_starter_corpus_is_staff_s():
    with (data_dir() / "starter" / "daerah.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file)][:150]
    assert not staff_texts(texts)


def test_real_citizens_are_left_alone(shared):
    with (shared / "data" / "surabaya.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file)][::30]
    assert len(staff_texts(texts)) <= 1  # 0 of all 10,809 when the rules were written
