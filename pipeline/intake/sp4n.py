"""The SP4N-LAPOR export "Laporan Ringkas": its layout and its columns.

About ten information rows stand above the header row, which holds a cell ``Tracking ID``. The citizen's own
text is ``Isi Laporan Awal``; other columns are written by staff later and would leak the answer.
Source: ../shared/domain.md, "The export that offices work with", and a real export.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

HEADER_CELL = "Tracking ID"
TEXT_COLUMN = "Isi Laporan Awal"
DATE_COLUMN = "Tanggal Laporan Masuk"
TIME_COLUMN = "Waktu Laporan Masuk"
UNIT_COLUMN = "Instansi Terdisposisi"

#: The header's place varies with the information rows; a table below row 50 was never met.
SEARCH_ROWS = 50

#: Written or set by staff after the complaint came in: training or scoring on them leaks the answer.
STAFF_COLUMNS = frozenset(
    {
        "alasan tunda/arsip",
        "id instansi terdisposisi",
        "id kategori",
        "instansi induk",
        "instansi terdisposisi",
        "isi laporan akhir",
        "judul laporan",
        "kategori",
        "klasifikasi laporan",
        "nomor sk",
        "rating",
        "status laporan",
        "url sk",
    }
)

#: Staff-written under any layout: no other table gives these names another meaning.
ALWAYS_STAFF_COLUMNS = frozenset({"isi laporan akhir", "instansi terdisposisi"})


#: Names (plain form) of columns that hold nothing but personal data, under any layout.
PERSONAL_COLUMNS = frozenset(
    (
        "nama pelapor", "nama", "pelapor", "nama pengadu", "pengadu", "nama lengkap", "nik", "no nik", "nomor nik",
        "kk", "no kk", "nomor kk", "telepon", "no telepon", "nomor telepon", "telp", "no telp", "hp", "no hp",
        "nomor hp", "whatsapp", "wa", "no wa", "email", "e mail", "surel", "alamat", "alamat pelapor", "rekening",
        "no rekening", "nomor rekening", "npwp", "tanggal lahir", "tempat lahir",
    )
)  # fmt: skip


def plain_name(name: str) -> str:
    """Return a column name for comparing: lower case, ``_`` and ``-`` as blanks, single blanks."""
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def is_header(cells: Iterable[object]) -> bool:
    """Tell whether a row is the export's header row (a cell reads ``Tracking ID``)."""
    wanted = plain_name(HEADER_CELL)
    return any(isinstance(cell, str) and plain_name(cell) == wanted for cell in cells)


def is_export(names: Sequence[str]) -> bool:
    """Tell whether a table with these columns is a SP4N-LAPOR export."""
    return is_header(names)


def find_header(rows: Sequence[Sequence[object]]) -> int | None:
    """Return the place of the export's header among the first rows of a table, ``None`` if it has none."""
    return next((place for place, row in enumerate(rows[:SEARCH_ROWS]) if is_header(row)), None)
