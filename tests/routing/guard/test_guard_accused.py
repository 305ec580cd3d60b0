"""Whom the guard takes for the accused, who is asked for help, and calls on words alone; invented texts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.guard import Accusation, Guard
from pipeline.routing.guard.find import WORDS_RULE
from pipeline.text import WordTable
from pipeline.text.tokens import Tokenizer


@pytest.fixture(scope="module")
def reader() -> SimpleNamespace:
    table = WordTable()
    tokenizer, sentences, guard = Tokenizer(table), SentenceFinder(table), Guard(table)
    return SimpleNamespace(find=lambda *texts: guard.find(sentences(tokenizer(list(texts)))))


FAMILIES = {
    "thr": "Camat Contohan minta THR ke pengusaha",
    "parsel": "Kapolsek minta parsel ke pabrik",
    "jatah": "Lurah minta jatah bulanan dari pedagang",
    "upeti": "Petugas Satpol PP minta upeti tiap minggu kepada PKL",
    "setoran": "Kabid di dinas PU minta setoran dari kontraktor",
    "rokok": "Kasi pelayanan kecamatan minta uang rokok untuk tanda tangan",
    "komisi": "Oknum pegawai Samsat minta komisi",
    "amplop": "Pejabat dinas perizinan menerima amplop dari pengembang",
    "uang calon": "Pilkades di Desa Mekar Contoh curang, panitia menerima uang dari calon nomor 2",
    "uang kontraktor": "Anggota DPRD terima uang dari kontraktor proyek jalan",
    "mobil": "Kades menerima mobil dari perusahaan tambang",
    "obat": "Oknum bidan desa menjual obat gratis",
    "pupuk": "Penyuluh menjual pupuk subsidi gratis kepada petani",
    "traktor": "Perangkat desa menjual traktor bantuan kelompok tani",
    "dijual": "Obat gratis dari puskesmas dijual oleh perawat",
    "suara": "KPPS menggelembungkan suara calon nomor 1",
    "soal": "Tes perangkat desa sudah diatur, soal dibocorkan panitia",
    "seleksi": "Hasil tes PPPK direkayasa oleh panitia seleksi",
    "meloloskan": "Ketua panitia pilkades meloloskan calon yang tidak memenuhi syarat",
    "praja": "Praja senior IPDN menganiaya juniornya",
    "guru": "Guru mencubit murid sampai biru",
    "tempeleng": "Kepala sekolah menjewer dan menempeleng siswa",
    "aparat": "Anggota Satpol PP menyeret dan menginjak pedagang",
    "senjata": "Lurah menodong warga dengan senjata",
    "keponakan": "Bupati mengangkat keponakannya jadi kepala dinas tanpa lelang",
    "dana bos": "Dana BOS disalahgunakan kepala sekolah SMPN 7 Contoh",
    "mutasi": "Plt Bupati memutasi pejabat tanpa persetujuan menteri",
}
NOT = {
    "rumput": "Saya mau pinjam alat potong rumput di Balai Kelurahan untuk kerja bakti",
    "mesin": "Apakah kelurahan punya mesin potong rumput",
    "suami": "Suami saya memukul saya, mohon polisi membantu",
    "preman": "Preman memaksa pedagang bayar, mohon kepolisian bertindak",
    "bertindak": "Satpol PP mohon bertindak, tetangga saya memaksa warga pindah",
    "terperosok": "Ada lubang di trotoar, ancaman jatuh terperosok bagi warga, mohon dinas memperbaiki",
    "pohon": "Pohon tumbang mengancam rumah dinas guru",
    "minta": "Kami minta jatah pupuk dari dinas ditambah",
    "ganti": "Warga minta uang ganti rugi lahan dari dinas PU",
    "menerima": "Kami menerima uang bantuan dari dinas sosial, terima kasih",
    "pensiun": "Saya menerima uang pensiun, terima kasih",
}
ACCUSED = {
    "Bupati Kutai Timur mengangkat keponakannya jadi kepala dinas tanpa lelang": "Bupati Kutai Timur",
    "Plt Bupati memutasi pejabat tanpa alasan, penyalahgunaan wewenang": "Plt Bupati",
    "Kepala Desa jarang masuk kantor": "Kepala Desa",
    "Sekdes Ds memungut biaya surat": "Sekdes",
    "Sekdes Ds. Sukacontoh memotong BLT": "Sekdes Ds Sukacontoh",
    "Guru SDN 3 Contohwungu menampar murid saya": "Guru SDN 3 Contohwungu",
    "Kami sudah minta tolong Kepolisian, tapi kades tetap memeras warga": "kades",
    "Honorer tidak dibayar gajinya oleh kepala puskesmas, dana dikorupsi": "kepala puskesmas",
    "Dokter tidak diberi insentif, insentif dipotong kepala puskesmas Contohsari": "kepala puskesmas Contohsari",
    "Guru honorer dipaksa menyetor uang oleh kepala sekolah": "kepala sekolah",
    "Saya honorer, gaji saya dipotong oleh bendahara dinas": "bendahara dinas",
    "Korupsi di Bandung-Kepala desa sering memungut uang": "Kepala desa",
    "pelayanan buruk petugas kelurahan selalu minta uang rokok": "petugas kelurahan",
    "Kasi pelayanan kecamatan minta uang rokok untuk tanda tangan": "Kasi pelayanan kecamatan",
    "Pak Lurah sering tidak ada di kantor saat jam kerja": "Pak Lurah",
    "Uang bantuan dipotong perangkat desa Sukacontoh sebesar 100 ribu": "perangkat desa Sukacontoh",
    "Guru-guru dipaksa menyumbang oleh Kepala SDN 2 Contoh": "Kepala SDN 2 Contoh",
    "Saya lapor ke Satpol PP karena oknum anggota Satpol PP minta uang": "oknum anggota Satpol PP",
    "Kepada Yth Bupati, mohon ditindak kepala desa Mekarcontoh yang menjual tanah kas": "kepala desa Mekarcontoh",
    "Dana BOS disalahgunakan kepala sekolah SMPN 7 Contoh": "kepala sekolah SMPN 7 Contoh",
    "Pejabat dinas perizinan menerima amplop dari pengembang": "Pejabat dinas perizinan",
}


@pytest.mark.parametrize("text", FAMILIES.values(), ids=FAMILIES)
def test_families_of_breaches_are_found_by_a_phrase(reader: SimpleNamespace, text: str) -> None:
    accusation = reader.find(text)[0]
    assert not accusation.by_words
    assert accusation.accused


@pytest.mark.parametrize("text", NOT.values(), ids=NOT)
def test_look_alikes_are_not(reader: SimpleNamespace, text: str) -> None:
    assert reader.find(text) == {}


def test_a_private_doer_is_charged_with_nothing_though_the_words_are_heavy(reader: SimpleNamespace) -> None:
    """Recall first: such a text may go to a person, but no phrase accuses and nobody is named."""
    accusation = reader.find("Mohon Satpol PP menindak tetangga saya yang mengancam akan memukul saya")[0]
    assert accusation.by_words
    assert not accusation.accused


@pytest.mark.parametrize(("text", "accused"), ACCUSED.items(), ids=ACCUSED.values())
def test_the_doer_is_the_accused(reader: SimpleNamespace, text: str, accused: str) -> None:
    assert reader.find(text)[0].accused == accused


def test_who_is_asked_for_help_is_not_accused(reader: SimpleNamespace) -> None:
    found = reader.find("Bantuan beras dikorupsi dan dijual. Mohon kepolisian menyelidiki")
    assert "polisi" not in found[0].accused


def test_a_danger_or_a_vote_without_witness_is_no_reason_to_hide_the_report(reader: SimpleNamespace) -> None:
    texts = (
        "Kades korupsi dana desa, jembatan dibiarkan, ancaman jatuh terperosok bagi warga",
        "Panitia pilkades curang, suara dihitung tanpa saksi",
    )
    found = reader.find(*texts)
    assert [found[row].confidential for row in (0, 1)] == ["anonim", "anonim"]


def test_a_call_on_words_alone_can_be_told() -> None:
    assert Accusation("", (WORDS_RULE,), ("kepala bayar",), 0.2, "anonim").by_words
    assert not Accusation("lurah", ("pungutan-01",), ("pungli",), 0.9, "anonim").by_words
