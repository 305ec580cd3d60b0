"""Personal data: every identity here is invented (regions 99, numbers that nobody has)."""

from __future__ import annotations

import pytest

from pipeline.text import analyze, find_personal, mask, repair


def kinds(text: str) -> list[str]:
    return [span.kind for span in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        ("NIK saya 3578" + "014107900001 belum aktif", "nik", "014107900001"),
        ("nik 1234" + "567890123456 salah tanggal lahirnya", "nik", "567890123456"),
        ("nik: 99 8877 665544 33221", "nik", "665544"),
        ("No KK 9912" + "345678901234 tidak ditemukan", "kk", "345678901234"),
        ("kartu keluarga nomor 9912" + "345678901234", "kk", "345678901234"),
        ("hubungi 0812" + "0000 1234 ya", "telepon", "1234"),
        ("WA +62 812-0000-1234", "telepon", "0000"),
        ("email saya siti.contoh@surat.contoh.id mohon dibalas", "email", "siti.contoh"),
        ("NPWP 01.234.567.8-901.000", "npwp", "901.000"),
        ("transfer ke rekening BRI 0123-01-012345-50-1", "rekening", "012345"),
        ("mobil nopol L 1234 XY parkir", "plat", "1234"),
        ("buktinya di https://contoh.id/foto?id=7", "url", "foto"),
        ("KTP atas nama Rahmat Contohnya belum jadi", "nama", "Rahmat"),
        ("petugas bernama Sulastri tidak ramah", "nama", "Sulastri"),
        ("Pak Budi Contoh meminta uang", "nama", "Contoh"),
    ],
)
def test_found_and_masked(text: str, kind: str, secret: str):
    assert kind in kinds(text)
    assert secret not in mask(text)
    assert f"<{kind}>" in analyze(text)
    assert secret.lower() not in " ".join(analyze(text))


@pytest.mark.parametrize(
    "text",
    [
        "nomor tiket 12345678 belum dijawab",
        "tiket saya 081234567890 belum dijawab",
        "Tracking ID 62819438",
        "laporan no 1234567890123456 ditutup sepihak",
        "Jl. Mawar No. 12 RT 05 RW 03",
        "iuran Rp 150.000 per bulan sejak 2021",
        "tanggal 17-08-2022 jam 10.00",
        "Pak Lurah dan Bu Camat tidak hadir",
        "PERDA No 12 Tahun 2019 pasal 7",
    ],
)
def test_not_personal(text: str):
    assert kinds(text) == []


def test_the_place_stays_readable():
    text = "rumah saya di Jl. Kenanga 5 Kelurahan Sukamaju, NIK 99" + "12345678901234"
    assert mask(text) == "rumah saya di Jl. Kenanga 5 Kelurahan Sukamaju, NIK [NIK]"


def test_offsets_are_those_of_the_repaired_text():
    text = repair("N\u200bIK 99" + "12345678901234 \U0001f64f hp 0812" + "00001234")
    spans = find_personal(text)
    assert [text[s.start : s.end][:2] for s in spans] == ["99", "08"]


def test_two_numbers_side_by_side_are_both_masked():
    text = "NIK 99" + "12345678901234/99" + "12345678901235"
    assert not any(ch.isdigit() for ch in mask(text))


MASKED = [
    "NIK saya 99" + "12345678901234 belum aktif, hubungi 0812" + "00001234",
    "nama saya Rahmat Contoh dan Pak Budi Contoh meminta uang",
    "Pak Budi Contoh saya kenal, bukan Rahmat",
    "KK:9912" + "345678901234/99" + "12345678901234, surat ke siti.contoh@surat.contoh.id",
    "mobil L 1234 XY parkir; buktinya https://contoh.id/foto?id=7\nTolong!",
    "transfer ke rekening BRI 0123-01-012345-50-1 a.n. Siti Contoh",
]


@pytest.mark.parametrize("text", MASKED)
def test_a_masked_text_has_the_words_of_the_text_as_it_was(text: str):
    masked = mask(text)
    assert masked != text
    assert analyze(masked) == analyze(text)
    assert mask(masked) == masked
    assert kinds(masked) == kinds(text)


def test_many_masked_texts_at_once_are_read_like_each_alone():
    from pipeline.text import Tokenizer, WordTable

    texts = ["jalan rusak", *map(mask, MASKED), "tanpa apa-apa [tidak]", ""]
    rows = Tokenizer(WordTable())(texts)
    assert [rows.stems(row) for row in range(len(rows))] == [analyze(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["surat [nama] dan [nik] belum diisi", "kolom [NAMA LENGKAP], [NIK/KK], [CATATAN]", "NIK NAMA URL"]
)
def test_what_masking_does_not_write_is_no_mark(text: str):
    assert kinds(text) == []
    assert not any(token.startswith("<") for token in analyze(text))
