from __future__ import annotations

import pytest

from pipeline.reports.monev.themes.laws import laws_in, named_laws


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("sesuai Perda Nomor 5 Tahun 2014 tentang sampah", ["Perda 5/2014"]),
        ("perda kota Contoh no. 05 thn 2014", ["Perda 5/2014"]),
        ("UU 23/2014 dan Undang-Undang No 25 Tahun 2009", ["UU 23/2014", "UU 25/2009"]),
        ("Permendagri 108 tahun 2019, permendagri no 108 tahun 2019", ["Permendagri 108/2019"]),
        ("Peraturan Menteri Dalam Negeri Nomor 7 Tahun 2020", ["Permendagri 7/2020"]),
        ("menurut UU yang berlaku", []),
        ("pp saya 3 kali", []),
    ],
)
def test_laws_by_kind_and_number(text, laws):
    assert laws_in(text) == laws


def test_each_text_counts_once_and_the_most_named_comes_first():
    perda = ["Perda 5/2014", "perda no 5 tahun 2014", "menurut Perda 5/2014"]
    texts = [*perda, "UU 23/2014 UU 23/2014", "UU 23/2014", "PP 7/2000 PP 7/2000", "nihil"]
    assert named_laws(texts) == ("Perda 5/2014", "UU 23/2014")
    assert named_laws(texts, most=1) == ("Perda 5/2014",)
