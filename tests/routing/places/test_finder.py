"""What texts name; all texts and people are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.routing.places import Place, PlaceFinder
from pipeline.routing.places.regions import key_of, regions
from pipeline.text import Tokenizer, WordTable

TABLE = WordTable()
TOKENIZE, FINDER = Tokenizer(TABLE), PlaceFinder(TABLE)


def find(text: str) -> Place:
    return FINDER.find(TOKENIZE([text])).of(0)


@pytest.mark.parametrize(
    ("text", "names", "code"),
    [
        # A cue: kabupaten, kota, kecamatan, desa, province; the colon, the dot and the comma after it.
        ("KTP belum jadi di Kab. Bandung", ("", "Bandung", "", ""), "32.04"),
        ("KTP belum jadi di kota bandung", ("", "Bandung", "", ""), "32.73"),
        ("bandungkab lambat melayani", ("", "Bandung", "", ""), "32.04"),
        ("Jalan rusak, Desa, Girimulya. Kec, Pacet. Kab, Bandung", ("", "Bandung", "Pacet", "Girimulya"), "32.04.30"),
        ("kel/desa rahayu, kecamatan margaasih", ("", "", "Margaasih", "Rahayu"), "32.04.10.2005"),
        ("Kec. / Kel. Lakarsantri gelap", ("", "", "Lakarsantri", "Lakarsantri"), "35.78.18.1003"),
        ("mohon gubernur jabar turun tangan", ("Jawa Barat", "", "", ""), "32"),
        ("di kelurahan dr Soetomo surabaya", ("", "Surabaya", "", "Dr. Soetomo"), "35.78.05.1002"),
        # Spelling: spaces, glued words, one wrong letter beside a parent.
        ("kec. Bale Endah gelap", ("", "", "Baleendah", ""), "32.04.32"),
        ("gudang di kel. Tegal Luar, kec Bojongsoang", ("", "", "Bojongsoang", "Tegalluar"), "32.04.08.2006"),
        ("warga didesa margaasih kec. cicalengka", ("", "", "Cicalengka", "Margaasih"), "32.04.25.2006"),
        ("lampu kecrungkut mati", ("", "", "Rungkut", ""), "35.78.03"),
        ("angin disurabaya kencang", ("", "Surabaya", "", ""), "35.78"),
        ("Dinas PU Kab. BandungTerima kasih", ("", "Bandung", "", ""), "32.04"),
        ("kec. Rngkut kota surabaya", ("", "Surabaya", "Rungkut", ""), "35.78.03"),
        # Names without a cue.
        ("Jl Kenanga no 3 Surabaya", ("", "Surabaya", "", ""), "35.78"),
        ("pemkot sby lambat", ("", "Surabaya", "", ""), "35.78"),
        ("macet di majalaya kabupaten Bandung", ("", "Bandung", "Majalaya", ""), "32.04.33"),
        ("alamat Cipagalo, Bojongsoang, Bandung", ("", "Bandung", "Bojongsoang", "Cipagalo"), "32.04.08"),
        ("pohon tumbang di RT 3 RW 2 Kebraon", ("", "", "", "Kebraon"), "35.78.01.1002"),
        ("pohon tumbang di wilayah tenggilis mejoyo", ("", "", "Tenggilis Mejoyo", ""), "35.78.24"),
        ("KUA Wonokromo tutup", ("", "", "Wonokromo", ""), "35.78.04"),
        # A kabupaten that is an ordinary word, too, right after a name that lies in it.
        ("Jalan rusak di Desa Cibogo Subang", ("", "Subang", "", "Cibogo"), "32.13.17.2002"),
        ("lampu mati di kec. pagaden, subang", ("", "Subang", "Pagaden", ""), "32.13.07"),
        ("lampu mati di kec. Pagaden malang nian", ("", "", "Pagaden", ""), "32.13.07"),
        # A form's lines written together.
        ("kelurahan: soreangKabupaten/kota: Bandung", ("", "Bandung", "", "Soreang"), "32.04.37.2001"),
        ("kelurahan: soreangkabupaten: Bandung", ("", "Bandung", "", "Soreang"), "32.04.37.2001"),
        # Former names and spellings.
        ("jalan di kab. Maluku Tenggara Barat rusak", ("", "Kepulauan Tanimbar", "", ""), "81.03"),
        ("kami warga Toba Samosir", ("", "Toba", "", ""), "12.12"),
        ("kab. Pangkajene Kepulauan", ("", "Pangkajene dan Kepulauan", "", ""), "73.10"),
        ("kabupaten Muko-Muko", ("", "Mukomuko", "", ""), "17.06"),
        ("Kab. Kota Baru", ("", "Kotabaru", "", ""), "63.02"),
        # A list of the other level, one wrong letter or a part of a name, inside the region named with it.
        ("kecamatan Margorejo kabupaten Sleman", ("", "Sleman", "Margorejo", ""), "34.04.14.2006"),
        ("Desa Sriharjo, Kec. Ngaglik", ("", "", "Ngaglik", "Sariharjo"), "34.04.12.2001"),
        ("Desa Condong Kec. Depok Kab. Sleman", ("", "Sleman", "Depok", "Condongcatur"), "34.04.07.2003"),
        # Where the matter lies: not where somebody is going to move to, unless nothing else is named.
        ("minta surat pindah dari kab. Bandung ke Berau", ("", "Bandung", "", ""), "32.04"),
        ("minta surat pindah dari kab. Bandung ke kab. Berau, Kaltim", ("", "Bandung", "", ""), "32.04"),
        ("mau nikah ke malang, surat dari KUA Blimbing", ("", "", "Blimbing", ""), "35.73.01"),
        ("mau mengurus pindah ke Surabaya", ("", "Surabaya", "", ""), "35.78"),
        ("mau pindah ke Surabaya, Jawa Timur", ("Jawa Timur", "Surabaya", "", ""), "35.78"),
        ("berkas mau nikah ke desa Cipagalo kab. Bandung", ("", "Bandung", "", "Cipagalo"), "32.04.08"),
        ("mengurus pindah ke kec. Soreang, berkas di desa Sukajadi", ("", "", "", "Sukajadi"), "32.04.37"),
        ("saya pindah dari Sidoarjo ke Surabaya", ("", "Surabaya", "", ""), "35.78"),
    ],
)
def test_names_and_code(text: str, names: tuple[str, str, str, str], code: str):
    place = find(text)
    assert (place.provinsi, place.kabkota, place.kecamatan, place.desa) == names
    assert place.code.startswith(code)
    assert not place.candidates


@pytest.mark.parametrize(
    "text",
    [
        "Jalan Bali rusak parah",
        "toko di jl. Sabang tutup",
        "jalan raya Bandung-Garut berlubang",
        "pasar turi kotor",
        "jl. ngagel jaya banjir",
        "nasib saya malang sekali",
        "uang kembali ke diri saya, kediri sendiri",
        "pohon dan batang roboh",
        "SMPN 3 Surabaya menarik pungutan",
        "puskesmas Kebraon antre lama",
        "aplikasi wargaku surabaya galat",
        "saya tanya kelurahan data saya belum masuk",
        "kata pak lurah, lebih baik menunggu",
        "pengumuman di bandung.go.id",
        "arah ke Sidoarjo macet",
        "Bandung Raya perlu kereta",
        "keluhan ketuban pecah",
        "",
    ],
)
def test_ordinary_use_is_no_region(text: str):
    assert not find(text)


@pytest.mark.parametrize(
    ("text", "name", "code", "total"),
    [
        ("bandung macet terus", "Bandung", "32", 2),
        ("warga malang belum dapat bantuan", "Malang", "35", 2),
        ("kab/kota Bandung", "Bandung", "32", 2),
    ],
)
def test_several_regions_are_candidates(text: str, name: str, code: str, total: int):
    place = find(text)
    assert (place.kabkota, place.code, place.total) == (name, code, total)
    assert place.ambiguous
    assert place.candidates == tuple(sorted(place.candidates))


@pytest.mark.parametrize(
    ("text", "label", "other"),
    [
        ("Kec. Rancaekek, Jawa Tengah", "Kec. Rancaekek, Kab. Bandung, Jawa Barat", "Jawa Tengah"),
        ("Kec. Rancaekek, Kota Surabaya", "Kec. Rancaekek, Kab. Bandung, Jawa Barat", "Kota Surabaya"),
        ("Desa Sukamaju, Kec. Soreang, Kab. Bandung", "Kec. Soreang, Kab. Bandung, Jawa Barat", "Desa/Kel. Sukamaju"),
        ("Desa Cipagalo, Kec. Soreang, Kab. Bandung",
         "Desa/Kel. Cipagalo, Kec. Bojongsoang, Kab. Bandung, Jawa Barat", "Kec. Soreang"),
    ],
)  # fmt: skip
def test_of_names_that_do_not_lie_in_each_other_the_certain_one_stays(text: str, label: str, other: str):
    place = find(text)
    assert place.label == label
    assert f"teks juga menyebut {other}," in place.note


def test_a_shop_in_a_street_leaves_both_bekasi():
    assert find("Alfamart Jl. Raya Kalimalang Bekasi").candidates == ("32.16", "32.75")


def test_many_namesakes_are_counted_not_listed():
    place = find("kades Sukamaju menghilang")
    assert place.desa == "Sukamaju"
    assert (place.code, len(place.candidates)) == ("", 5)
    assert place.total > 30
    assert find("kades Sukamaju kecamatan Cibeber kabupaten Cianjur").code == "32.03.03.2013"


def test_the_others_named_decide_between_kota_and_kabupaten():
    assert find("kecamatan Soreang, Bandung").code == "32.04.37"


def test_masked_people_are_not_read():
    place = find("nama saya Siti Medan, mohon bantuan")
    assert not place


def test_a_name_that_is_no_desa_is_told():
    place = find("warga kelurahan Rungkut resah")
    assert place.desa == "Rungkut"
    assert place.code == "35.78.03"
    assert place.label == "Kec. Rungkut, Kota Surabaya, Jawa Timur"
    assert "bukan sebagai desa" in place.note


def test_a_batch_gives_the_rows_that_name_something():
    rows = FINDER.find(TOKENIZE(["halo", "pemkot surabaya", "", "kec. Soreang"]))
    assert len(rows) == 4
    assert [row for row, _ in rows] == [1, 3]
    assert not rows.of(0)


def test_rows_do_not_depend_on_their_neighbours():
    texts = ["lapor kec.", "Soreang banjir", "di kota", "surabaya barat gelap", "jl", "Bandung macet"]
    together = FINDER.find(TOKENIZE(texts))
    assert [together.of(row) for row in range(len(texts))] == [find(text) for text in texts]


WORDS = st.sampled_from(
    ["kec", "kel", "desa", "kota", "kab", "jl", "di", "Surabaya", "Bandung", "Soreang", "Kebraon", "RW", "02", ",", "."]
)


CUED_NAMES = st.sampled_from(
    [
        "kel. Cibogo", "kel. Kebraon", "kel. Rungkut", "desa Sukamaju", "kec. Soreang", "kec. Subang", "kec. Rungkut",
        "kec. Margorejo", "kab. Sleman", "kab. Bandung", "kota Bandung", "kota Surabaya", "Subang", "Jawa Barat",
        "Jawa Tengah", "surat pindah ke",
    ]
)  # fmt: skip


@given(st.lists(CUED_NAMES, max_size=6))
def test_a_label_shows_only_what_exists(names: list[str]):
    place, known = find(", ".join(names)), regions()
    codes = place.candidates or (place.code,) * bool(place.code)
    for code in codes:
        parts = code.split(".")
        exists = {key_of(known.name(".".join(parts[:level]))) for level in range(1, len(parts) + 1)} | {""}
        shown = [part.removeprefix("Desa/Kel. ").removeprefix("Kec. ") for part in place.label.split(", ")]
        shown = [part.removeprefix("Kab./").removeprefix("Kab. ").removeprefix("Kota ") for part in shown]
        assert set(map(key_of, shown)) <= exists
        named = place.provinsi, place.kabkota, place.kecamatan, "" if place.note else place.desa
        assert set(map(key_of, named)) <= exists
    assert bool(codes) == bool(place)


@given(st.lists(WORDS, max_size=12))
def test_any_text_gives_a_consistent_place(words: list[str]):
    place = find(" ".join(words))
    assert len(place.candidates) <= 5
    assert place.total == 0 or place.total >= len(place.candidates) >= 2
    assert all(not place.code or code.startswith(place.code) for code in place.candidates)
