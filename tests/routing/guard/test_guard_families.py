"""Classes of wording that the guard's first rules lacked: a phrase finds each, and its look-alike accuses nobody."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.guard import Guard
from pipeline.text import WordTable
from pipeline.text.tokens import Tokenizer


@pytest.fixture(scope="module")
def told() -> SimpleNamespace:
    """Reads the ids of the rules that charge an official, strongest first."""
    table = WordTable()
    tokenizer, sentences, guard = Tokenizer(table), SentenceFinder(table), Guard(table)

    def rules(text: str) -> list[str]:
        judged = guard.judged(sentences(tokenizer([text])))
        return [charge.breach.rule.id for charge in judged[0].told if charge.score >= 0.1] if judged else []

    return SimpleNamespace(rules=rules)


FAMILIES = {
    "disiplin-60": "Pak camat jarang ngantor",
    "disiplin-61": "Kades kami tidak pernah kelihatan di balai",
    "disiplin-66": "Kantor kelurahan dikunci terus, petugas entah di mana",
    "disiplin-68": "Petugas kecamatan malah ngopi terus",
    "menolak-60": "Lurahe ora gelem tanda tangan surat warga",
    "menolak-62": "Kades mempersulit saya karena tidak memilih dia",
    "pungutan-60": "Petugas loket baru ramah setelah kami selipkan uang",
    "pungutan-61": "Kalau mau dilayani pegawai kecamatan kasih amplop saja",
    "pungutan-63": "Yang tidak bayar ke pegawai pasar dicoret",
    "pungutan-66": "Panitia seleksi menagih uang kelulusan",
    "potongan-60": "Honor kami disunat separuh oleh bendahara dinas",
    "korupsi-60": "Kades diam saja, entah ke mana uangnya",
    "korupsi-61": "Sewa kios dipegang lurah, tidak pernah masuk kas",
    "korupsi-62": "Ambulans desa dipakai anak kades liburan",
    "korupsi-67": "Rapat fiktif tetap dibayar setiap bulan",
    "tertutup-60": "APBDes tidak pernah ditempel oleh kades",
    "pilih_kasih-60": "Tiga keponakan bupati langsung diterima semua",
    "pilih_kasih-61": "Ketua panitianya adik ipar kades",
    "kekayaan-60": "LHKPN pak sekda sederhana sekali, vilanya tiga",
    "ancaman-61": "Guru itu dimutasi kepala dinas karena protes",
    "ancaman-65": "Gerobak kami diangkut Satpol PP tanpa surat",
    "data-60": "Nama saya sebagai pelapor dibacakan lurah di depan rapat",
    "politik-60": "Camat menyuruh kami mendukung calon nomor satu",
    "jual-60": "Panitia tes perangkat desa jualan kunci jawaban",
    "beking-61": "Razia satpol pp selalu bocor duluan",
}
PRIVATE = {
    "amplop": "Tamu hajatan tetangga memberi amplop",
    "mobil": "Tetangga saya ganti mobil baru",
    "papan": "Papan nama toko roboh",
    "anak": "Anak saya diterima di SMA negeri, terima kasih",
    "surat": "Pohon kami ditebang tetangga tanpa surat",
}


@pytest.mark.parametrize(("rule", "text"), FAMILIES.items(), ids=FAMILIES)
def test_each_family_is_told(told: SimpleNamespace, rule: str, text: str) -> None:
    """By this rule or a heavier one of the same kind on the same words."""
    kind = rule.rpartition("-")[0]
    assert [name for name in told.rules(text) if name.rpartition("-")[0] == kind]


@pytest.mark.parametrize("text", PRIVATE.values(), ids=PRIVATE)
def test_private_matters_charge_nobody(told: SimpleNamespace, text: str) -> None:
    assert told.rules(text) == []
