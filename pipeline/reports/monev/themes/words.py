"""Which words tell what a complaint is about, and which only say hello, join words or name a place."""

from __future__ import annotations

from functools import cache

from pipeline.catalogue.rules import all_rules
from pipeline.routing.places.regions import regions
from pipeline.settings import data_dir
from pipeline.text.lexicons import NEGATORS, load_lexicons, read_table, words
from pipeline.text.stemmer import sastrawi
from pipeline.text.words import WordStemmer

LEAST_LETTERS = 3
COURTESY_KINDS = frozenset({"salam", "terima_kasih", "doa", "sapaan"})
_EMPTY = words(
    "nama laporan aduan pengaduan keluhan hal terkait mengenai tentang alamat surabaya warga masyarakat orang rumah "
    "hari tanggal bulan tahun minggu kali mohon bantuannya tolong beri berikan buat pakai guna ambil tahu lihat "
    "kata ucap datang langsung sering selalu hingga sampai para setiap tiap karena sini sana dulu no nomor taruh "
    "foto video gambar surat mulai sejak padahal sedangkan malah bahkan hanya cuma juga kalo gak ngga tidak belum "
    "januari februari maret april mei juni juli agustus september oktober november desember senin selasa rabu kamis "
    "jumat sabtu dinas instansi pihak pemerintah pemkot pemda pemkab utara selatan timur barat depan belakang "
    "samping kiri kanan tengah sekitar setempat dekat punya ajukan mengajukan proses kondisi keadaan melalui saat "
    "yaitu berupa rekan merupakan memang kanal bot pernah wilayah daya bina marga"
)
_PASSABLE = ("di", "ke", "tidak", "belum", "kurang", "tanpa")
"""Function words that may stand inside a phrase: *sampah di sungai*, *air tidak keluar*."""


@cache
def _kinds() -> dict[str, str]:
    return {row["kata"]: row["jenis"] for row in read_table(data_dir() / "lexicons" / "basa_basi.tsv")}


@cache
def empty_stems() -> frozenset[str]:
    """Return the stems that say nothing of a complaint's matter: greetings, function words, words of time."""
    stem = WordStemmer()
    plain = {*_kinds(), *_EMPTY, *NEGATORS}
    stems = {one for word in plain for one in stem(word)} | plain
    return frozenset(stems - {"sehat", "budaya"})


@cache
def courtesy_stems() -> frozenset[str]:
    """Return the stems of greetings, thanks, wishes and forms of address."""
    stem = WordStemmer()
    polite = [word for word, kind in _kinds().items() if kind in COURTESY_KINDS]
    return frozenset(polite) | {one for word in polite for one in stem(word)}


@cache
def place_stems() -> frozenset[str]:
    """Return single words that are names of regions and no words of the language (Sastrawi's roots decide)."""
    known = sastrawi().get_dictionary()
    lexicons = load_lexicons()
    named = {
        row["bentuk"] for row in read_table(data_dir() / "lexicons" / "dilindungi.tsv") if row["jenis"] == "tempat"
    }
    every = regions()
    names = [*every._upper.values(), *every._villages[1]]
    parts = {part for name in names for part in name.lower().replace("(", " ").replace(")", " ").split()}
    return frozenset(
        part
        for part in parts
        if len(part) >= LEAST_LETTERS
        and part.isalpha()
        and not known.contains(part)
        and part not in lexicons.slang
        and part not in lexicons.exceptions
        and part not in lexicons.acronyms
    ) | frozenset(named)


@cache
def is_telling(stem: str) -> bool:
    """Tell whether *stem* may weigh in a theme: letters, no greeting or function word, no mask, no place."""
    return (
        len(stem) >= LEAST_LETTERS
        and stem.replace("-", "").isalpha()
        and stem not in empty_stems()
        and stem not in place_stems()
    )


@cache
def is_known(stem: str) -> bool:
    """Tell whether *stem* is a word of the language, of the project's word tables or of its own invented complaints."""
    return bool(sastrawi().get_dictionary().contains(stem)) or stem in _listed()


@cache
def _listed() -> frozenset[str]:
    lexicons = load_lexicons()
    standard = {word for words_ in lexicons.slang.values() for word in words_}
    stems = {stem for found in lexicons.exceptions.values() for stem in found}
    return frozenset(standard | stems | lexicons.protected | {rule.id for rule in all_rules("kemiripan_sebaran")})


def may_stand_inside(word: str) -> bool:
    """Tell whether a function word may stand between two telling words of a phrase."""
    return word in _PASSABLE
