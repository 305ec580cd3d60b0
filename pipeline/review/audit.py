"""The audit log: who did what when. Append-only; of personal data it holds kinds, places and keyed hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.review import clock
from pipeline.review.store.tables import AuditEntry, Secret

if TYPE_CHECKING:
    from pipeline.review.people import Person

__all__ = ["AuditEntry", "Event", "entries", "keyed_hash", "write"]

_SECRET = "audit"
_KEY_BYTES = 32
_LONGEST_ACTOR = 100


class Event(StrEnum):
    """What happened."""

    LOGIN = "masuk"
    LOGIN_FAILED = "gagal_masuk"
    LOGOUT = "keluar"
    DECIDE = "putuskan"
    UNDO = "urungkan"
    REVEAL = "buka_data"
    IMPORT = "impor"
    EXPORT = "ekspor"
    PERSON = "ubah_pengguna"
    TOKEN = "ubah_token"
    TAKE_OVER = "ambil_alih"
    SCORE = "skor"
    UNIT = "ubah_unit"
    FORGET = "hapus_isi"
    PUBLISH = "terbitkan_ringkasan"
    READ_DIGEST = "baca_ringkasan"
    LEAD = "keputusan_pimpinan"
    FOLLOW_UP = "tindak_lanjut"
    CHANGE = "catat_perubahan"


def write(
    session: Session,
    event: Event,
    *,
    person: Person | None = None,
    actor: str = "",
    complaint_id: int | None = None,
    model_version: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry, kept together with the session's other changes.

    Args:
        session: A session of ``Store.write()``.
        event: What happened.
        person: Who did it.
        actor: Name of who did it; default: the person's login. The command line writes ``cli:<os user>``.
        complaint_id: The complaint that it happened to.
        model_version: The model whose suggestion was shown.
        before: What stood, by name; never a text or a hidden value.
        after: What stands now, likewise.
        details: More of it, likewise.
    """
    session.add(
        AuditEntry(
            at=clock.now(),
            officer_id=None if person is None else person.id,
            actor=(actor or ("-" if person is None else person.login))[:_LONGEST_ACTOR],
            event=str(event),
            complaint_id=complaint_id,
            model_version=model_version,
            before=before,
            after=after,
            details=details,
        )
    )


def keyed_hash(session: Session, value: str) -> str:
    """Return the HMAC-SHA256 of *value* in hex, by the store's secret key.

    Whoever reads the log cannot try out all NIKs without the key, yet the same value gives the same hash. The key is
    made on first use, so *session* is one of ``Store.write()``.
    """
    wanted = select(Secret.value).where(Secret.name == _SECRET)
    key = session.scalar(wanted)
    if key is None:
        session.execute(_new_secret(session))
        key = session.scalars(wanted).one()
    return hmac.new(bytes.fromhex(key), value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _new_secret(session: Session) -> Insert:
    """Return the statement that adds the key unless another process did so at the same moment."""
    values = {"name": _SECRET, "value": secrets.token_hex(_KEY_BYTES)}
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(Secret).values(values).on_conflict_do_nothing()
    return postgresql.insert(Secret).values(values).on_conflict_do_nothing()


def entries(
    session: Session,
    *,
    before_id: int | None = None,
    event: Event | str | None = None,
    actor: str | None = None,
    complaint_id: int | None = None,
    limit: int = 50,
    where: Sequence[ColumnElement[bool]] = (),
) -> list[AuditEntry]:
    """Return the newest *limit* entries that fit, newest first.

    *before_id*: only those older than that entry; *where*: further conditions on :class:`AuditEntry`.
    """
    query = select(AuditEntry).where(*where).order_by(AuditEntry.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    if event:
        query = query.where(AuditEntry.event == str(event))
    if actor:
        query = query.where(AuditEntry.actor == actor)
    if complaint_id is not None:
        query = query.where(AuditEntry.complaint_id == complaint_id)
    return list(session.scalars(query))
