"""Invented identities, each as a complaint would hold it, and the forms in which one would betray it.

Nobody has these: no NIK begins with 99, the surnames are made up and no ordinary words, nobody has the mail domain
(masking leaves reserved ones such as ``.example`` alone).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_LEAST_WORD, _LEAST_GROUP = 5, 4


@dataclass(frozen=True)
class Identity:
    """One identity: its kind, as it is *written*, and a *sentence* whose ``{}`` it fills."""

    kind: str
    written: str
    sentence: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.written!r}"

    @property
    def text(self) -> str:
        """The sentence with the identity in it."""
        return self.sentence.format(self.written)

    @cached_property
    def digits(self) -> str:
        """The digits of a number; of a phone number those after 0 or 62, which are written either way."""
        found = re.sub(r"\D", "", self.written) if self.kind in NUMBERS else ""
        return re.sub(r"^(?:62|0)", "", found) if self.kind == "telepon" else found

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What betrays it where it stands alone: each word of a name, the address of a mail, a plate."""
        low = self.written.lower()
        if self.kind in {"nama", "pelapor"}:
            return tuple(word for word in low.split() if len(word) >= _LEAST_WORD)
        return (low, low.replace(" ", "")) if not self.digits else (low,)

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Its parts as a tokenizer that did not know it would see them (``0812-…`` falls into groups)."""
        parts = re.findall(r"[a-z]+|[0-9]+", self.written.lower())
        return tuple(part for part in parts if len(part) >= _LEAST_GROUP and len(set(part)) > 1)


NUMBERS = frozenset({"nik", "kk", "telepon", "rekening", "npwp", "dokumen"})

IDENTITIES = (
    Identity("nik", "9935017213900417", "Data {} selalu ditolak sistem."),
    Identity("nik", "9935 0272 1390 0528", "NIK {} tidak ditemukan."),
    Identity("nik", "9935.0372.1390.0639", "No. KTP saya: {} mohon dicek."),
    Identity("nik", "993506-721390-0963", "nik {} dobel dengan orang lain"),
    Identity("kk", "9935-0472-1390-0741", "Nomor kartu keluarga {} belum terbit."),
    Identity("kk", "9935057213900852", "No KK {} salah alamat."),
    Identity("telepon", "081200004417", "Hubungi hp {} segera."),
    Identity("telepon", "0812-0000-5528", "Nomor saya {} ya pak."),
    Identity("telepon", "0812.0000.9963", "wa {} aktif terus"),
    Identity("telepon", "0813 0000 8852", "{} itu nomor kami."),
    Identity("telepon", "+62 813-0000-6639", "Kontak {} kapan saja."),
    Identity("telepon", "6281300007741", "WA: {}"),
    Identity("telepon", "(031) 734-9174", "Telepon rumah {} tidak dijawab."),
    Identity("email", "wulungsengkuni.k@surat-contohan.id", "Balas ke {} saja."),
    Identity("email", "tirtodangkulon [at] surat-contohan.id", "Surel {} sudah saya kirim."),
    Identity("rekening", "0099-01-004177-50-9", "Uang ditransfer ke rekening BRI {} kemarin."),
    Identity("rekening", "1490055288741", "Diminta bayar ke no rek {} bank mandiri."),
    Identity("npwp", "99.254.417.3-407.000", "NPWP {} diblokir."),
    Identity("dokumen", "0009417392615", "BPJS saya {} tidak aktif."),
    Identity("plat", "L 9417 WQX", "Motor {} ditahan petugas."),
    Identity("plat", "B 9528 TXQ", "Mobil plat {} parkir di trotoar."),
    Identity("url", "https://profil.example/tirtodangkulon", "Lihat {} untuk buktinya."),
    Identity("nama", "Bagaskarna Wirasengkuni", "Nama saya {}, sudah tiga bulan menunggu."),
    Identity("nama", "Melindarsih Kartodumang", "Akta a.n. {} belum jadi."),
    Identity("nama", "Sarwigatri Dirgasempana", "Nama : {} mohon dibantu."),
    Identity("nama", "Pratisengkala Wulungjaran", "Surat atas nama {} hilang."),
    Identity("nama", "Jatimangkring", "Bapak {} meminta uang lima ratus ribu."),
    Identity("nama", "Umbarsengkala", "Sdr. {} memukul warga sampai luka."),
    Identity("nama", "Lindurmangkat Sepurwangi", "Nenek bernama {} sakit lumpuh sendirian."),
    Identity("nama", "Gandaseputra", "Istri saya bernama {} melahirkan di jalan."),
    Identity("nama", "Trahmangkunegri", "Almarhum {} masih tercatat."),
)
"""Identities that stand in texts, in spellings that masking promises to know (docs/privacy.md)."""

REPORTERS = (
    Identity("pelapor", "Rengganawati Sudramangsa"),
    Identity("pelapor", "Hastomlaksana Grombyang"),
    Identity("pelapor", "Wengkerdirja Tlogomundur"),
)
"""Names that stand in ``Nama Pelapor`` and nowhere else."""

CELLS = (
    Identity("telepon", "081400001285"),
    Identity("nik", "9935077213901174"),
    Identity("email", "gempolmangsa@surat-contohan.id"),
)
"""Stand in columns of their own: ``No HP``, ``NIK``, ``Email``."""

EVERYONE = (*IDENTITIES, *REPORTERS, *CELLS)
