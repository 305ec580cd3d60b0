"""What the rules find in texts, and what follows for the action."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.findings import FindingFinder, government_of, settle
from pipeline.routing.policy import PolicyDecision
from pipeline.text import Tokenizer, WordTable

UNITS = ["ditjen_dukcapil", "itjen", "pemda", "instansi_lain"]
LAMP = "Lampu jalan mati sudah seminggu, gelap sekali, mohon segera diperbaiki"
LEVY = "Kepala desa memungut uang 500 ribu dari warga untuk surat tanah, itu pungli"


@pytest.fixture(scope="module")
def find():
    table = WordTable()
    tokenize, sentences = Tokenizer(table), SentenceFinder(table)
    finder = FindingFinder(table, lambda _: True, UNITS)

    def run(texts: list[str], units: list[str], levels: list[str] | None = None):
        return finder.find(sentences(tokenize(texts)), units, levels or ["sedang"] * len(texts))

    return run


def decided(found, rows: int, action: str = "teruskan"):
    actions = np.array([action] * rows, dtype=object)
    decision = PolicyDecision(actions, 0.5, np.array([""] * rows, dtype=object), 0.95, frozenset())
    return settle(decision, found, ["kata"] * rows)


def test_a_report_without_a_place_goes_back_to_the_reporter(find):
    found = find([LAMP], ["pemda"])
    columns = decided(found, 1)
    assert found.columns["kurang"] == ["di_mana"]
    assert columns["tindakan"] == ["lengkapi"]
    assert columns["alasan"][0].startswith("tanyakan lokasi")
    assert columns["alasan"][0].endswith("| kata")


def test_urgency_does_not_wait_for_what_is_missing(find):
    found = find([LAMP], ["pemda"], ["darurat"])
    assert found.columns["kurang"] == ["di_mana"]
    assert decided(found, 1)["tindakan"] == ["teruskan"]


def test_what_a_unit_does_not_need_is_not_missing(find):
    assert find([LAMP], ["ditjen_dukcapil"]).columns["kurang"] == [""]


def test_an_accusation_is_seen_by_a_person_and_copied(find):
    found = find([LEVY], ["ditjen_pemdes"])
    assert found.columns["berkadar_pengawasan"] == ["ya"]
    assert found.columns["salinan"] == ["itjen"]
    assert found.columns["saran_kerahasiaan"][0] in {"anonim", "rahasia"}
    assert "kepala desa" in found.columns["dituduh"][0].lower()
    assert found.watched.tolist() == [True]
    assert 0 not in found.actions


def test_the_accused_unit_is_named(find):
    text = "Pegawai Dukcapil minta uang pelicin 200 ribu supaya KTP jadi, pungli"
    assert "pengawasan:unit_dituduh" in find([text], ["Dinas Kependudukan dan Pencatatan Sipil"]).rules[0]
    assert "pengawasan:unit_dituduh" not in find([text], ["Dinas Kesehatan"]).rules[0]


def test_nothing_to_act_on_wins_over_all_else(find):
    found = find(["", "Terima kasih"], ["pemda", "pemda"])
    assert decided(found, 2)["tindakan"] == ["lengkapi", "bukan_aduan"]
    assert found.columns["kurang"] == ["apa", ""]
    assert found.columns["jenis"] == ["pengaduan", "bukan_aduan"]


def test_the_owner_of_what_is_not_ours(find):
    texts = ["Jalan rusak parah di Kecamatan Soreang Kabupaten Bandung", "Listrik PLN padam di rumah saya", LAMP]
    owners = find(texts, ["pemda", "instansi_lain", "ditjen_dukcapil"]).columns["bukan_kewenangan"]
    assert owners == ["Pemerintah Kab. Bandung", "PT PLN (Persero)", ""]


@pytest.mark.parametrize(
    ("code", "name"),
    [("", ""), ("32", "Provinsi Jawa Barat"), ("32.04", "Kab. Bandung"), ("35.78.04.1003", "Kota Surabaya")],
)
def test_whose_government(code: str, name: str):
    assert government_of(code) == name
