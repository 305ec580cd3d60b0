"""What a word can be to the search for places, one bit each."""

from __future__ import annotations

(
    CUE_VILLAGE, CUE_DISTRICT, CUE_KAB, CUE_KOTA, CUE_PROVINCE, OFFICE, OFFICE_VILLAGE, STREET, INSTITUTION, SHOP,
    STOP, COMMON, COMMON_AT, AT, NEAR, NEAR_DISTRICT, NUMBERED, ORIGIN, TOWARDS, TAIL, DIRECTION, LISTED, CITY,
    CITY_START, CITY_NEXT, NAME, ORDINARY_NAME, NAME_NEXT, ORDINARY, GLUED, DIGITS, MOVE, PLANNED,
    MARRIAGE,
) = (1 << bit for bit in range(34))  # fmt: skip
"""Up to ``LISTED``, and from ``MOVE``: the roles of ``data/rules/wilayah_kata.tsv``.

``CITY``: the name of a kabupaten, kota or province; ``CITY_START``, ``CITY_NEXT``: first and second word of such names.
``NAME``: a word that is or begins the name of a kecamatan or desa, and no ordinary word; ``ORDINARY_NAME``: one that
is; ``NAME_NEXT``: second word of such names. ``ORDINARY``: an ordinary word that begins no name. ``GLUED``: words that
were written together. ``DIGITS``: ends with a digit.
"""
CUES = CUE_VILLAGE | CUE_DISTRICT | CUE_KAB | CUE_KOTA | CUE_PROVINCE
ROLES = {
    "petunjuk_desa": CUE_VILLAGE, "petunjuk_kecamatan": CUE_DISTRICT, "petunjuk_kabupaten": CUE_KAB,
    "petunjuk_kota": CUE_KOTA, "petunjuk_provinsi": CUE_PROVINCE, "kantor": OFFICE,
    "kantor_desa": OFFICE | OFFICE_VILLAGE, "jalan": STREET, "lembaga": INSTITUTION, "lembaga_dekat": SHOP,
    "letak_kecamatan": NEAR_DISTRICT, "nomor_warga": NUMBERED, "tujuan": TOWARDS, "arah": DIRECTION,
    "bukan_nama": STOP, "biasa": COMMON, "biasa_letak": COMMON_AT, "di": AT, "letak": NEAR, "asal": ORIGIN,
    "ekor": TAIL, "kata_biasa": LISTED, "pindah": MOVE, "nikah": MARRIAGE, "rencana": PLANNED,
}  # fmt: skip
"""Flag by role, the column ``peran`` of the table."""
LEAST_GLUED, MOST_WORDS = 5, 4
"""Letters that a name must have to be told without a space or a cue; words that a name has at most."""
