"""Invented complaints on six matters."""

from __future__ import annotations

import random

MATTERS = {
    "lampu": (
        ["lampu jalan padam", "lampu penerangan mati", "lampu jalan tidak menyala", "penerangan padam total"],
        ["sehingga gelap gulita", "tiang lampu keropos", "kabel tiang putus", "rawan begal karena gelap"],
    ),
    "sampah": (
        ["sampah menumpuk", "tumpukan sampah membusuk", "sampah belum diangkut", "pengangkutan sampah terlambat"],
        ["baunya menyengat", "truk tidak datang", "banyak lalat", "bak sampah penuh"],
    ),
    "ktp": (
        ["cetak ktp lama", "blangko ktp habis", "ktp belum jadi", "perekaman ktp antre"],
        ["petugas kecamatan menolak", "berkas kartu keluarga lengkap", "antrean panjang", "foto blangko habis lagi"],
    ),
    "air": (
        ["air pdam mati", "pipa pdam bocor", "air keruh berbau", "meteran pdam rusak"],
        ["tagihan membengkak", "aliran kecil sekali", "pipa pecah", "pelanggan dirugikan"],
    ),
    "jalan": (
        ["aspal jalan berlubang", "jalan rusak berlubang", "aspal mengelupas", "lubang aspal dalam"],
        ["pengendara motor jatuh", "tambalan cepat hancur", "motor tergelincir", "membahayakan pengendara"],
    ),
    "bansos": (
        ["bansos tidak cair", "bantuan pkh terhenti", "bansos salah sasaran", "pkh belum cair"],
        ["keluarga miskin terlewat", "data penerima keliru", "janda miskin terlewat", "penerima mampu didata"],
    ),
}


def complaints(each: int = 60, seed: int = 1) -> tuple[list[str], list[str]]:
    """Return texts and the matter of each, mixed."""
    draw = random.Random(seed)
    rows = []
    for matter, (first, second) in MATTERS.items():
        for number in range(each):
            words = [draw.choice(first), draw.choice(second), draw.choice(first), draw.choice(second)]
            rows.append((f"Selamat pagi, mohon bantuan. {', '.join(words)}. Terima kasih {number}.", matter))
    draw.shuffle(rows)
    return [text for text, _ in rows], [matter for _, matter in rows]
