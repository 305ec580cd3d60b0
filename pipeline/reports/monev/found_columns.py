"""Which columns of a table hold what the figures need, beyond intake's roles, and what their cells mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.catalogue import LEVELS
from pipeline.intake import Batch
from pipeline.intake.columns import USUAL_NAMES
from pipeline.intake.sp4n import UNIT_COLUMN, plain_name
from pipeline.routing import ACTIONS, VERSION

_STATUS = (
    "status laporan",
    "status",
    "status aduan",
    "status pengaduan",
    "status tindak lanjut",
    "status penyelesaian",
)
_KIND = ("klasifikasi laporan", "klasifikasi", "jenis laporan", "jenis aduan", "jenis pengaduan")
_CHANNEL = ("sumber laporan", "sumber aduan", "sumber pengaduan", "kanal", "saluran", "media", "sumber", "channel")
_CITY = ("kota/kabupaten", "kabupaten/kota", "kab/kota", "kabkota", "kabupaten", "kota")
_DISTRICT = ("kecamatan",)
_SECRET = ("tipe laporan (anonim/rahasia)", "tipe laporan", "kerahasiaan", "rahasia")
_FINISHED = (
    "tanggal selesai", "tanggal penyelesaian", "tanggal laporan selesai", "tanggal ditutup", "tanggal tutup",
    "tgl selesai", "tgl penyelesaian", "tgl tutup", "waktu selesai", "closed at",
)  # fmt: skip

SUPERVISORY, ORDINARY = "Pengaduan berkadar pengawasan", "Pengaduan tidak berkadar pengawasan"
WISH, QUESTION, NO_COMPLAINT = "Aspirasi", "Permintaan informasi", "Bukan aduan"
KINDS: Final = {
    SUPERVISORY: ("pengaduan", True),
    ORDINARY: ("pengaduan", False),
    WISH: ("aspirasi", False),
    QUESTION: ("permintaan_informasi", False),
    NO_COMPLAINT: ("bukan_aduan", False),
}
"""Kind as people read it → what the table of time limits calls it, and whether it is *berkadar pengawasan*."""
_KIND_OF_CODE = {"pengaduan": ORDINARY, "aspirasi": WISH, "permintaan_informasi": QUESTION, "bukan_aduan": NO_COMPLAINT}
_KIND_OF_TEXT = {label.casefold(): label for label in KINDS} | {
    "pengaduan": ORDINARY, "permintaan_informasi": QUESTION, "bukan_aduan": NO_COMPLAINT,
}  # fmt: skip

SECRET: Final = "rahasia"
SITE_OF_OFFICE: Final = "Website instansi"
"""Channel of all ``Website - …``: reports that came by the page of one institution or another."""


@dataclass(frozen=True)
class FoundColumns:
    """Names of one table's columns, ``None`` where it has no such column.

    ``kind``: as staff set it; ``kind_code`` and ``copy``: as scoring found it. ``unit_is_suggestion``: ``unit`` is what
    a model suggested, for the table does not say where its reports went.
    """

    unit: str | None
    unit_is_suggestion: bool
    status: str | None
    kind: str | None
    kind_code: str | None
    copy: str | None
    channel: str | None
    city: tuple[str, ...]
    district: tuple[str, ...]
    level: str | None
    action: str | None
    finished: str | None
    secret: tuple[str, ...]


def find_columns(batch: Batch, unit: str | None = None) -> FoundColumns:
    """Return the columns of *batch*'s table; *unit*: the user's own choice for the unit.

    Names are compared in their plain form. In a scored table ``unit`` is a suggestion: where the office's own column
    stands beside it (``Instansi Terdisposisi``, ``unit_asal``, …) that one is taken, for it says where a report went.
    """
    names = [str(name) for name in batch.frame.columns]
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain_name(name), name)

    def first(*usual: str) -> str | None:
        return next((by_plain[name] for name in usual if name in by_plain), None)

    scored = VERSION in names
    own = batch.columns.unit
    if scored and unit is None:
        own = first(plain_name(UNIT_COLUMN), "unit asal", *(name for name in USUAL_NAMES["unit"] if name != "unit"))
    suggested = own is None and scored and "unit" in names
    return FoundColumns(
        unit="unit" if suggested else own,
        unit_is_suggestion=suggested,
        status=first(*_STATUS),
        kind=first(*_KIND) or (None if scored else first("jenis")),
        kind_code="jenis" if scored and "jenis" in names else None,
        copy="salinan" if scored and "salinan" in names else None,
        channel=first(*_CHANNEL),
        city=tuple(name for name in (first(*_CITY), _scored(names, scored, "wilayah_kabkota")) if name),
        district=tuple(name for name in (first(*_DISTRICT), _scored(names, scored, "wilayah_kecamatan")) if name),
        level=batch.columns.urgency,
        action="tindakan" if "tindakan" in names else None,
        finished=first(*_FINISHED),
        secret=tuple(name for name in (first(*_SECRET), _scored(names, scored, "saran_kerahasiaan")) if name),
    )


def _scored(names: Sequence[str], scored: bool, name: str) -> str | None:
    return name if scored and name in names else None


def kind_label(text: str) -> str:
    """Return the kind that staff's words name; other words stay as they are."""
    return _KIND_OF_TEXT.get(" ".join(text.split()).casefold(), text)


def scored_kind(code: str, copied: bool) -> str:
    """Return the kind that scoring found; *copied*: the inspectorate gets a copy, for it accuses officials.

    An accusation makes any kind *berkadar pengawasan*, as in the table of time limits and in ``disposisi score``.
    """
    return SUPERVISORY if copied else _KIND_OF_CODE.get(code, code)


def channel_label(text: str) -> str:
    """Return the channel: every ``Website - NAME`` is :data:`SITE_OF_OFFICE`; ``ios`` gets its usual spelling."""
    plain = text.casefold()
    if plain.startswith(("website -", "website-", "website –")):
        return SITE_OF_OFFICE
    return {"ios": "iOS", "sms": "SMS", "android": "Android", "website": "Website"}.get(plain, text)


def level_label(text: str) -> str:
    """Return the urgency, ``""`` where it is no level."""
    plain = text.casefold()
    return plain if plain in LEVELS else ""


def secret_label(text: str) -> str:
    """Return ``rahasia`` where the cell says that the report is secret (``Anonim|Rahasia``, ``ya``), else ``""``."""
    plain = text.casefold()
    return SECRET if "rahasia" in plain or plain in {"ya", "1", "true"} else ""


def action_label(text: str) -> str:
    """Return the action, ``""`` where it is none."""
    return text if text in ACTIONS else ""
