"""Names after what announces them; every person here is invented."""

from __future__ import annotations

import pytest

from pipeline.text import find_personal


def names(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_personal(text) if span.kind == "nama"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nama saya siti rahayu, warga gang 3", ["siti rahayu"]),
        ("Nama: Budi Santoso Contohnya", ["Budi Santoso Contohnya"]),
        ("NAMA ANAK : DEWI LESTARI\nALAMAT : JL MELATI", ["DEWI LESTARI"]),
        ("a.n. Joko Susilo belum cair", ["Joko Susilo"]),
        ("KK an. Wati belum jadi", ["Wati"]),
        ("sudah lapor ke pak joko tapi tidak ditanggapi", ["joko"]),
        ("kata Bpk. Hendra Wijaya besok", ["Hendra Wijaya"]),
        ("Saya Rudi Hartono ingin bertanya", ["Rudi Hartono"]),
        ("petugas bernama Sulastri", ["Sulastri"]),
        ("istri saya bernama siti aminah dan anak budi", ["siti aminah"]),
    ],
)
def test_found(text: str, found: list[str]):
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "nama jalan tidak jelas",
        "mohon nama baik dipulihkan",
        "Pak Lurah dan Bu Camat tidak hadir",
        "kepada bapak walikota yang terhormat",
        "BAPAK TOLONG DIPERBAIKI",
        "saya warga surabaya sudah lapor",
        "Saya Mohon lampu jalan diperbaiki",
        "ibu saya sakit, bapak saya juga",
        "tidak ada nama.\nMohon dicek",
    ],
)
def test_not_found(text: str):
    assert names(text) == []


def test_a_neighbouring_text_announces_nothing():
    from pipeline.text import Tokenizer, WordTable

    rows = Tokenizer(WordTable())(["nama saya", "budi santoso membayar"])
    assert not rows.masked.any()
