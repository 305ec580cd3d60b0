from __future__ import annotations

import numpy as np
import pytest

from pipeline.reports.monev.themes import Themes, find_themes, quotes
from pipeline.reports.monev.themes.quotes import is_safe, without_addresses
from tests.reports.monev.themes.complaints import complaints

TEXTS, _ = complaints(each=30)


@pytest.fixture(scope="module")
def themes() -> Themes:
    return find_themes(TEXTS)


def test_three_of_the_theme_unlike_each_other_whatever_the_order(themes):
    found = quotes(themes, TEXTS)
    assert len(found) == len(themes.definitions)
    assert max(map(len, found)) <= 3
    assert any(len(voices) >= 2 for voices in found)
    for theme, voices in enumerate(found):
        members = {without_addresses(" ".join(TEXTS[row].split())) for row in np.flatnonzero(themes.of == theme)}
        assert all(any(text.startswith(voice.removesuffix(" …")) for text in members) for voice in voices)
    order = np.random.default_rng(1).permutation(len(TEXTS))
    assert quotes(find_themes([TEXTS[row] for row in order]), [TEXTS[row] for row in order]) == found


def test_secret_rows_and_other_periods_are_never_quoted(themes):
    none = np.zeros(len(TEXTS), dtype=bool)
    assert not any(quotes(themes, TEXTS, quotable=none))
    assert not any(quotes(themes, TEXTS, none))


def test_a_text_with_personal_data_is_passed_over(themes):
    told = [f"{text} Nama: YULIA KARTIKAWATI NIK 3578012345670001" for text in TEXTS]
    assert not any(quotes(themes, told))


@pytest.mark.parametrize(
    "text",
    [
        "hubungi [TELEPON]", "atas nama Sulastri", "Nama : ( SUMIRAH WAGINEM )", "kata pak Suparmin kemarin",
        "rekening 1234 5678 901", "surel a@b", "warga bernama [NAMA]", "tetangga saya SUMIRAHNI WAGINEMSIH mengeluh",
        "keluhan Siti soal lampu", "saya selaku ketua RT mohon lampu", "lurah karsiyo minta uang",
        "dipegang oleh karsiyo dan prasojo", "petugas SUTARMINAH lama sekali", "bendahara sekolah itu",
    ],
)  # fmt: skip
def test_what_still_tells_of_somebody_is_not_safe(text):
    assert not is_safe(text)


@pytest.mark.parametrize(
    "text", ["Lampu PJU padam di Surabaya", "Mohon Dinas Sosial segera", "petugas kebersihan belum datang"]
)
def test_ordinary_texts_are_safe(text):
    assert is_safe(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jl. Melati Indah No. 12B rusak", "Jl. Melati Indah No. [NOMOR] rusak"),
        ("jalan Kenanga IV/23", "jalan Kenanga [NOMOR]"),
        ("Blok C5-7 gelap", "Blok [NOMOR] gelap"),
        ("gang Mawar 7 banjir", "gang Mawar [NOMOR] banjir"),
        ("lampu mati 3 hari", "lampu mati 3 hari"),
        ("di Dahlia 19 banjir sejak 2021", "di Dahlia [NOMOR] banjir sejak 2021"),
        ("RT.03 RW 07 gelap, lubang 2 meter", "RT [NOMOR] RW [NOMOR] gelap, lubang 2 meter"),
    ],
)
def test_house_numbers_are_hidden(text, shown):
    assert without_addresses(text) == shown
