"""What the API takes and gives (pydantic models). Field names are Indonesian, as in the scored files."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, create_model

from pipeline.review.choices import LONGEST_NOTE
from pipeline.review.history import HistoryItem
from pipeline.review.store.tables import NO_DUE, Complaint, Decision
from pipeline.routing import OUTPUT_COLUMNS, column_kind

MOST_TEXTS, LONGEST_TEXT = 200, 20_000
MOST_ROWS, MOST_COPIES = 200, 20
_LARGEST = 2**31 - 1
"""PostgreSQL's largest INTEGER: no complaint and no version has a larger number."""

# PostgreSQL keeps no NUL in a text; lone surrogates pydantic refuses by itself.
_NO_NUL = r"^[^\x00]*$"

Number = Annotated[int, Field(ge=1, le=_LARGEST)]
Label = Annotated[str, Field(min_length=1, max_length=200, pattern=_NO_NUL)]
Level = Literal["rendah", "sedang", "tinggi", "darurat"]
Action = Literal["teruskan", "tinjau", "lengkapi", "bukan_aduan"]
Decided = Literal["teruskan", "lengkapi", "bukan_aduan"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Texts(_Model):
    """Texts to be scored."""

    teks: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=_NO_NUL)]],
        Field(
            min_length=1,
            max_length=MOST_TEXTS,
            description="Isi aduan, satu teks satu aduan. Tidak disimpan dan tidak dicatat.",
            examples=[["Blangko KTP di kecamatan kosong sudah lima minggu."]],
        ),
    ]


_columns: dict[str, Any] = {
    name: (float | None if column_kind(name) == "double" else str, ...) for name in OUTPUT_COLUMNS
}
ScoredRow: Any = create_model(
    "BarisSkor",
    __base__=_Model,
    __doc__='Kolom yang ditambahkan penilaian, seperti di berkas hasil `disposisi score`; tidak ada: "" atau null.',
    **_columns,
)


class Scored(_Model):
    """What the model says about the texts, in their order."""

    model: str = Field(description="Nama dan versi model.", examples=["starter/1"])
    baris: list[ScoredRow]


class QueueQuery(_Model):
    """Filters and page of the queue."""

    unit: Label | None = Field(None, description="Unit yang disarankan.")
    urgensi: Level | None = Field(None, description="Tingkat urgensi yang disarankan.")
    tindakan: Action | None = Field(None, description="Tindakan yang disarankan.")
    wilayah: Label | None = Field(None, description="Kabupaten/kota, atau provinsi bila hanya itu yang diketahui.")
    teks: Label | None = Field(None, description="Kata-kata yang harus ada, masing-masing dengan awalannya.")
    kelompok: Label | None = Field(None, description="Kelompok aduan serupa.")
    setelah: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_-]+$")] | None = Field(
        None, description="`berikutnya` dari halaman sebelumnya."
    )
    jumlah: int = Field(50, ge=1, le=MOST_ROWS, description="Aduan paling banyak dalam satu halaman.")


class Waiting(_Model):
    """One complaint of the queue."""

    nomor: int = Field(description="Nomor di aplikasi ini.")
    id: str = Field(description="Id di berkas asalnya.")
    versi: int = Field(description="Bertambah dengan tiap keputusan; sebutkan saat memutuskan.")
    keadaan: Literal["menunggu", "diputuskan"]
    teks: str = Field(description="Isi aduan; data pribadi diganti jenisnya, mis. [NIK].")
    diterima: dt.datetime | None
    tenggat: dt.date | None = Field(
        description="Hari terakhir untuk meneruskan: `batas_teruskan`, bila kosong `batas_waktu`."
    )
    saran: ScoredRow
    dikunci_oleh: str | None = Field(description="Petugas lain yang sedang membukanya.")


class _Decision(_Model):
    waktu: dt.datetime
    petugas: str
    unit: str | None
    urgensi: str
    tindakan: str
    tembusan: list[str]
    catatan: str
    salah_alamat_dari: str | None
    peringkat: int | None = Field(description="1-3: saran ke berapa; 0: unit lain; null: tanpa unit.")


class Past(_Decision):
    """One decision, or its undoing, in a complaint's history."""

    jenis: str = Field(description='"putusan" atau "urung".')
    versi_model: str | None


class Whole(Waiting):
    """A complaint with its history."""

    riwayat: list[Past]


class Queue(_Model):
    """One page of the queue, most urgent first."""

    aduan: list[Waiting]
    berikutnya: str | None = Field(description="Untuk `setelah`; null di halaman terakhir.")


class NewDecision(_Model):
    """A decision to be taken."""

    model_config = ConfigDict(
        strict=True,  # else true would be complaint 1
        json_schema_extra={
            "examples": [
                {"nomor": 12, "versi": 1, "unit": "ditjen_dukcapil", "urgensi": "sedang", "tindakan": "teruskan"},
                {"nomor": 13, "versi": 1, "unit": None, "urgensi": "rendah", "tindakan": "bukan_aduan"},
            ]
        },
    )

    nomor: Number
    versi: Number = Field(description="Versi yang dilihat; bila sudah berubah, jawabannya 409.")
    versi_model: Label | None = Field(
        None, description="`versi_model` saran yang dilihat; bila sarannya sudah diganti, jawabannya 409."
    )
    unit: Label | None = Field(None, description="Unit tujuan; wajib untuk `teruskan`.")
    urgensi: Level
    tindakan: Decided
    tembusan: list[Label] = Field([], max_length=MOST_COPIES, description="Unit lain yang menerima tembusan.")
    catatan: str = Field(
        "", max_length=LONGEST_NOTE, pattern=_NO_NUL, description="Data pribadi yang dikenali disamarkan."
    )
    salah_alamat_dari: Label | None = Field(None, description="Unit yang mengembalikan aduan ini.")


class Kept(_Decision):
    """The decision as it was kept."""

    nomor: int
    versi: int = Field(description="Versi aduan sesudah keputusan ini.")


class Detail(_Model):
    """One fault of a request; ``letak`` is its place."""

    letak: str = Field(examples=["body.teks.0"])
    pesan: str


class Fault(_Model):
    """What went wrong."""

    kode: str = Field(examples=["bentrok"])
    pesan: str
    rincian: list[Detail] | None = Field(None, description="Hanya pada 422: bagian permintaan yang salah.")
    aduan: Whole | None = Field(None, description="Hanya pada 409: aduan sebagaimana adanya sekarang.")


class FaultAnswer(_Model):
    """Every answer from 400 on has this form."""

    galat: Fault


def scored_row(row: Mapping[str, Any]) -> Any:
    """Return *row* (a scored or stored row) as the API gives it: every output column, missing ones empty."""
    return ScoredRow(
        **{
            name: _number(row.get(name)) if column_kind(name) == "double" else _text(row.get(name))
            for name in OUTPUT_COLUMNS
        }
    )


def waiting(complaint: Complaint, masked: str, row: Mapping[str, Any], locked_by: str | None, zone: str) -> Waiting:
    """Return *complaint* as the API gives it; *zone*: where ``received`` was written down."""
    received = complaint.received
    return Waiting(
        nomor=complaint.id,
        id=complaint.external_id,
        versi=complaint.version,
        keadaan="menunggu" if complaint.state == "menunggu" else "diputuskan",
        teks=masked,
        diterima=None if received is None else received.replace(tzinfo=ZoneInfo(zone)),
        tenggat=None if complaint.due == NO_DUE else complaint.due,
        saran=scored_row(row),
        dikunci_oleh=locked_by,
    )


def past(item: HistoryItem) -> Past:
    """Return one item of a complaint's history as the API gives it."""
    return Past(**_decided(item, item.name), jenis=item.kind, versi_model=item.model_version)


def kept(decision: Decision, version: int, name: str) -> Kept:
    """Return *decision* of the officer *name* as the API gives it; *version*: the complaint's after it."""
    return Kept(**_decided(decision, name), nomor=decision.complaint_id, versi=version)


def _decided(one: Decision | HistoryItem, name: str) -> dict[str, Any]:
    return {
        "waktu": one.at,
        "petugas": name,
        "unit": one.unit,
        "urgensi": one.level,
        "tindakan": one.action,
        "tembusan": list(one.copies),
        "catatan": one.note,
        "salah_alamat_dari": one.returned_from,
        "peringkat": one.rank,
    }


def _number(value: Any) -> float | None:
    return None if value in (None, "") or math.isnan(float(value)) else float(value)


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
