from __future__ import annotations

import pytest

from pipeline.text import repair


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("baris satu\\nbaris dua", "baris satu\nbaris dua"),
        ("Matur nuwun \u00f0\u0178\u2122\u008f", "Matur nuwun 🙏"),
        ("caf\u00c3\u00a9", "cafe"),
        ("pelay\u200banan pu\u00adblik", "pelayanan publik"),
        ("\uff2b\uff34\uff30 hilang", "KTP hilang"),
        ("Jl. Mawar &amp; Melati &#8211; rusak", "Jl. Mawar & Melati \u2013 rusak"),
        ("air\x00mati\x07", "air mati "),
        ("a\u0301\u0301ir", "air"),
        ("\U0001d40a\U0001d413\U0001d40f", "KTP"),
        ("satu\r\ndua\rtiga", "satu\ndua\ntiga"),
        ("tetap biasa, tanpa apa-apa.", "tetap biasa, tanpa apa-apa."),
        ("satu\\ndua\\r\\n\\ntiga\\tempat", "satu\ndua\ntiga\nempat"),
    ],
)
def test_damage_is_undone(dirty: str, clean: str):
    assert repair(dirty) == clean


def test_repair_is_done_once():
    for text in ("Lampu jalan mati, mohon diperbaiki.", "Résumé? tidak", "🙏 ok"):
        assert repair(repair(text)) == repair(text)
