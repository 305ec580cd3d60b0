"""The audit log in words, the newest entries first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from pipeline.catalogue import unit_short
from pipeline.errors import ReviewError
from pipeline.review import audit
from pipeline.review.audit import AuditEntry, Event
from pipeline.review.people import Person, Right, visible
from pipeline.review.store.tables import WAITING, Complaint, Officer
from pipeline.review.web.pages.common import TheStore, need, number_in, query_of, render
from pipeline.review.web.words import day, number
from pipeline.routing.decision import FORWARD, INCOMPLETE, NOT_A_COMPLAINT, REVIEW

router = APIRouter()

EVENTS: Final = {
    Event.DECIDE: "Keputusan",
    Event.UNDO: "Keputusan diurungkan",
    Event.REVEAL: "Data pribadi dibuka",
    Event.TAKE_OVER: "Aduan diambil alih",
    Event.FORGET: "Isi aduan dihapus",
    Event.IMPORT: "Impor",
    Event.EXPORT: "Unduhan",
    Event.SCORE: "Saran lewat API",
    Event.LOGIN: "Masuk",
    Event.LOGIN_FAILED: "Gagal masuk",
    Event.LOGOUT: "Keluar",
    Event.PERSON: "Pengguna",
    Event.TOKEN: "Kunci API",
    Event.UNIT: "Unit",
    Event.PUBLISH: "Ringkasan pimpinan terbit",
    Event.READ_DIGEST: "Ringkasan dibaca",
    Event.LEAD: "Keputusan pimpinan",
    Event.FOLLOW_UP: "Tindak lanjut pimpinan",
    Event.CHANGE: "Yang kami ubah",
}
"""Event → what people read."""
PAGE: Final = 50
"""Entries of a page."""

_INITIALS = {"nik", "kk", "npwp", "url"}
_PERSON = {
    "tambah": "menambahkan pengguna",
    "kata_sandi": "mengganti kata sandi",
    "aktifkan": "mengaktifkan pengguna",
    "nonaktifkan": "menonaktifkan pengguna",
    "ubah": "mengubah peran, unit, atau nama pengguna",
}
_TOKEN = {"buat": "membuat kunci API", "cabut": "mencabut kunci API"}


@dataclass(frozen=True)
class Line:
    """One entry as it is shown. ``complaint``: its number at the office, ``""`` where there is none."""

    entry: AuditEntry
    kind: str
    text: str
    complaint: str


@router.get("/audit")
def show_audit(request: Request, person: Annotated[Person, Depends(need(Right.AUDIT))], store: TheStore) -> Response:
    """Show the audit log, or what of it fits the filters."""
    query = query_of(request)
    event = query.get("peristiwa", "")
    if event and event not in list(Event):
        raise ReviewError("Peristiwa ini tidak dikenal. Pilih salah satu dari daftar.")
    filters = {"peristiwa": event, "petugas": query.get("petugas", ""), "aduan": query.get("aduan", "")}
    with store.read() as session:
        entries = audit.entries(
            session,
            before_id=number_in(query, "sebelum"),
            event=filters["peristiwa"],
            actor=filters["petugas"],
            limit=PAGE + 1,
            where=_conditions(person, filters["aduan"]),
        )
        lines = _lines(session, entries[:PAGE])
        logins = session.scalars(select(Officer.login).order_by(Officer.login)).all()
    return render(
        request,
        "audit.html",
        lines=lines,
        filters=filters,
        events=EVENTS,
        logins=logins,
        older=entries[PAGE - 1].id if len(entries) > PAGE else None,
        continued="sebelum" in query,
    )


def _conditions(person: Person, number: str) -> list[ColumnElement[bool]]:
    """Return the conditions under which an entry is shown: none of complaints hidden from *person*."""
    wanted: list[ColumnElement[bool]] = []
    if number:
        wanted.append(AuditEntry.complaint_id.in_(select(Complaint.id).where(Complaint.external_id == number)))
    if seen := visible(person):
        shown = select(Complaint.id).where(*seen)
        wanted.append(or_(AuditEntry.complaint_id.is_(None), AuditEntry.complaint_id.in_(shown)))
    return wanted


def _lines(session: Session, entries: Sequence[AuditEntry]) -> list[Line]:
    complaints = {entry.complaint_id for entry in entries} - {None}
    officers = {entry.officer_id for entry in entries} - {None}
    external = select(Complaint.id, Complaint.external_id).where(Complaint.id.in_(complaints))
    named = select(Officer.id, Officer.name).where(Officer.id.in_(officers))
    numbers: dict[int | None, str] = {row.id: row.external_id for row in session.execute(external)}
    names: dict[int | None, str] = {row.id: row.name for row in session.execute(named)}
    lines = []
    for entry in entries:
        who, complaint = names.get(entry.officer_id, entry.actor), numbers.get(entry.complaint_id, "")
        kind = EVENTS[Event(entry.event)]
        lines.append(Line(entry, kind, sentence(entry, who, complaint), complaint))
    return lines


def sentence(entry: AuditEntry, who: str, complaint: str) -> str:
    """Return *entry* as a sentence about *who*; *complaint* is the number that the office gave the complaint."""
    details = entry.details or {}
    match Event(entry.event):
        case Event.DECIDE:
            bulk = ", bersama kelompoknya" if "kelompok_putusan" in details else ""
            return f"{who} {_decided(complaint, entry.before or {}, entry.after or {})}{bulk}"
        case Event.UNDO:
            back = ", sehingga menunggu lagi" if (entry.after or {}).get("status") == WAITING else ""
            what = f" ({_outcome(entry.before)})" if entry.before else ""
            return f"{who} mengurungkan keputusan aduan {complaint}{what}{back}"
        case Event.REVEAL:
            kinds = sorted({_kind(str(data.get("jenis", ""))) for data in details.get("data", [])}, key=str.casefold)
            return f"{who} membuka data pribadi aduan {complaint} ({', '.join(kinds) or 'tidak ada'})"
        case Event.TAKE_OVER:
            held = (entry.before or {}).get("pemegang")
            return f"{who} mengambil alih aduan {complaint}" + (f" dari {held}" if held else "")
        case Event.IMPORT:
            told = (("baru", "baru"), ("diperbarui", "diperbarui"), ("sama", "sama"), ("ditolak", "ditolak"))
            counts = ", ".join(f"{number(details.get(key, 0))} {word}" for key, word in told)
            return f"{who} mengimpor {', '.join(details.get('berkas', [])) or 'berkas'}: {counts}"
        case Event.EXPORT:
            since = f" sejak {day(details['sejak'])}" if details.get("sejak") else ""
            mask = "disamarkan" if details.get("disamarkan") else "TIDAK disamarkan"
            rows = number(details.get("baris", 0))
            return f"{who} mengunduh {rows} keputusan{since} ({details.get('bentuk', '')}, {mask})"
        case Event.SCORE:
            return f"{who} meminta saran lewat API untuk {number(details.get('baris', 0))} aduan"
        case Event.LOGIN:
            return f"{who} masuk"
        case Event.LOGIN_FAILED:
            return f"Gagal masuk sebagai {details.get('pengguna') or 'nama yang tidak dikenal'}"
        case Event.LOGOUT:
            return f"{who} keluar"
        case Event.PERSON:
            done = _PERSON.get(str(details.get("hal")), "mengubah pengguna")
            return f"{who} {done} {details.get('pengguna', '')}".rstrip()
        case Event.TOKEN:
            done = _TOKEN.get(str(details.get("hal")), "mengubah kunci API")
            return f"{who} {done} {details.get('nama', '')} milik {details.get('pengguna', '-')}"
        case Event.FORGET:
            undecided = ", yang belum diputuskan" if (entry.before or {}).get("status") == WAITING else ""
            return f"{who} menghapus isi aduan {complaint}{undecided}"
        case Event.UNIT:
            return f"{who} menambahkan unit {(entry.after or {}).get('unit', '')}"
        case Event.PUBLISH | Event.READ_DIGEST | Event.LEAD | Event.FOLLOW_UP | Event.CHANGE as event:
            return f"{who} {_led(event, details)}"


def _led(event: Event, details: Mapping[str, Any]) -> str:
    """Return what a leader, or who publishes for leaders, did; texts that they wrote are not in the log."""
    unit, number = str(details.get("unit") or ""), details.get("nomor", "")
    digest = f"{details.get('periode', '')} {f'untuk {unit_short(unit)}' if unit else 'pimpinan tertinggi'}"
    match event:
        case Event.PUBLISH:
            return f"menerbitkan ringkasan {digest}, edisi {details.get('edisi', '')}"
        case Event.READ_DIGEST:
            return f"menyatakan sudah membaca ringkasan {digest}, edisi {details.get('edisi', '')}"
        case Event.LEAD:
            replaced = f", menggantikan keputusan {details['mengganti']}" if details.get("mengganti") else ""
            return f"mencatat keputusan {number} atas ringkasan {digest}{replaced}"
        case Event.FOLLOW_UP:
            return f"melaporkan tindak lanjut keputusan {number}: {_plain(details.get('keadaan'))}"
        case _:
            done = "menarik" if details.get("hal") == "tarik" else "mencatat"
            return f"{done} perubahan {number} untuk tema {details.get('tema', '')}"


def _decided(complaint: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return what was decided on *complaint*, and where that differs from what stood before."""
    unit, action = after.get("unit"), after.get("tindakan")
    if unit:
        told = f"meneruskan {complaint} ke {unit_short(unit)}"
    else:
        told = {
            INCOMPLETE: f"meminta pelapor {complaint} melengkapi",
            NOT_A_COMPLAINT: f"menyatakan {complaint} bukan aduan",
        }.get(str(action), f"memutuskan {complaint}: {_plain(action)}")
    stood = "saran" if before.get("status", WAITING) == WAITING else "sebelumnya"
    parts = []
    if _outcome(before) != _outcome(after):
        told += f" ({stood}: {_outcome(before).removeprefix('ke ') if unit else _outcome(before)})"
    if before.get("urgensi") != after.get("urgensi"):
        parts.append(f"urgensi {_plain(after.get('urgensi'))} ({stood}: {_plain(before.get('urgensi'))})")
    if copies := after.get("tembusan"):
        parts.append(f"tembusan {', '.join(map(unit_short, copies))}")
    elif before.get("tembusan"):
        parts.append("tanpa tembusan")
    if returned := after.get("salah_alamat_dari"):
        parts.append(f"salah alamat di {unit_short(returned)}")
    return ", ".join([told, *parts])


def _outcome(side: Mapping[str, Any]) -> str:
    """Return where a complaint goes, in a few words: its unit, else what is done with it."""
    action = str(side.get("tindakan") or "")
    # "tinjau" asks for a decision and is none: its unit is what is suggested.
    if side.get("unit") and action in {FORWARD, REVIEW}:
        return f"ke {unit_short(side['unit'])}"
    return {INCOMPLETE: "minta pelapor melengkapi"}.get(action, _plain(action))


def _plain(value: Any) -> str:
    return str(value or "tidak ada").replace("_", " ")


def _kind(kind: str) -> str:
    return kind.upper() if kind in _INITIALS else kind
