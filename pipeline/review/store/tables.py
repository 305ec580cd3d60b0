"""Tables of the triage store.

``decision`` and ``audit`` are append-only: the migration adds triggers that refuse updates and deletions.
Moments are UTC; ``received`` is the local time that the file gives.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

WAITING: Final = "menunggu"
DECIDED: Final = "diputuskan"
FORGOTTEN: Final = "dihapus"
"""Its text was erased while it waited: no queue and no page shows it."""

DECISION: Final = "putusan"
UNDO: Final = "urung"

NO_DUE: Final = dt.date(9999, 12, 31)
"""Stands for "no deadline", so that the queue's order needs no nulls."""

_JSON = JSON(none_as_null=True)
_LABEL, _NAME = String(200), String(100)


class Moment(TypeDecorator[dt.datetime]):
    """A timezone-aware moment in UTC; SQLite, which knows no time zones, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return *value* in UTC; a naive one is a fault of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment in UTC, timezone-aware."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """Root of the tables."""

    type_annotation_map = {dt.datetime: Moment, dict[str, Any]: _JSON, list[Any]: _JSON}  # noqa: RUF012


class Officer(Base):
    """A person who logs in. ``units``: labels that the person may see, all where empty."""

    __tablename__ = "officer"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(_NAME, unique=True)
    name: Mapped[str] = mapped_column(_LABEL)
    role: Mapped[str] = mapped_column(_NAME)
    units: Mapped[list[Any]]
    password_hash: Mapped[str] = mapped_column(String(300))
    must_change: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]


class LoginSession(Base):
    """A browser that is logged in; of the cookie only a sha256 is kept."""

    __tablename__ = "login_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]


class ApiToken(Base):
    """A key for the API, which acts as its officer; of the key only a sha256 is kept."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    name: Mapped[str] = mapped_column(_LABEL)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class LoginFailure(Base):
    """A failed login; ``key`` is a keyed hash of the login name or of the address."""

    __tablename__ = "login_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    __table_args__ = (Index("ix_login_failure_key_at", "key", "at"),)


class Complaint(Base):
    """One complaint: its text, where it stands, and what the queue sorts and filters by.

    ``spans``: personal data in ``text`` (repaired) as [start, end, kind]. ``unit`` … ``watched`` repeat the newest
    suggestion. ``rank``: ``prioritas`` 1-4. ``due``: the last day to forward it (``batas_teruskan``, where that is
    empty ``batas_waktu``) or :data:`NO_DUE`. ``place``: kabupaten or kota, else province, ``""`` where unknown.
    ``restricted``: accuses its own suggested unit or should stay secret; hidden from people limited to units.
    ``version`` grows with every decision: who decides names the version that was seen.
    """

    __tablename__ = "complaint"
    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(_LABEL, unique=True)
    text: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[Any]]
    received: Mapped[dt.datetime | None] = mapped_column(DateTime())
    imported_at: Mapped[dt.datetime]
    suggestion_id: Mapped[int | None]
    unit: Mapped[str] = mapped_column(_LABEL)
    confidence: Mapped[float]
    level: Mapped[str] = mapped_column(_NAME)
    action: Mapped[str] = mapped_column(_NAME)
    rank: Mapped[int]
    due: Mapped[dt.date]
    place: Mapped[str] = mapped_column(_LABEL)
    group_name: Mapped[str] = mapped_column(_LABEL)
    watched: Mapped[bool]
    restricted: Mapped[bool]
    state: Mapped[str] = mapped_column(_NAME, default=WAITING)
    version: Mapped[int] = mapped_column(default=1)
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    locked_until: Mapped[dt.datetime | None]
    decision_id: Mapped[int | None]
    decided_unit: Mapped[str | None] = mapped_column(_LABEL)
    decided_action: Mapped[str | None] = mapped_column(_NAME)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("ix_complaint_queue", "state", "rank", "due", "confidence", "id"),
        Index("ix_complaint_unit", "state", "unit", "rank", "due", "confidence", "id"),
        Index("ix_complaint_level", "state", "level", "rank", "due", "confidence", "id"),
        Index("ix_complaint_action", "state", "action", "rank", "due", "confidence", "id"),
        Index("ix_complaint_place", "state", "place", "rank", "due", "confidence", "id"),
        Index("ix_complaint_group", "group_name", "id"),
        Index("ix_complaint_scope", "state", "restricted", "unit", "level", "action", "due", "place", "watched"),
        Index(
            "ix_complaint_decided",
            "state",
            "decided_at",
            "id",
            "restricted",
            "unit",
            "decided_unit",
            "decided_by",
        ),
        Index(
            "ix_complaint_watched",
            "state",
            "rank",
            "due",
            "confidence",
            "id",
            sqlite_where=literal_column("watched = 1"),
            postgresql_where=literal_column("watched"),
        ),
        Index("ix_complaint_decided_by", "decided_by", "decided_at"),
        Index("ix_complaint_locked_by", "locked_by"),
    )


class Suggestion(Base):
    """What one model version suggested for a complaint; ``row`` holds every column that scoring added."""

    __tablename__ = "suggestion"
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    model_version: Mapped[str] = mapped_column(_LABEL)
    imported_at: Mapped[dt.datetime]
    unit: Mapped[str] = mapped_column(_LABEL)
    confidence: Mapped[float]
    level: Mapped[str] = mapped_column(_NAME)
    action: Mapped[str] = mapped_column(_NAME)
    row: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("complaint_id", "model_version"),)


class Decision(Base):
    """What an officer decided on a suggestion, or that a decision was undone (``kind``). Append-only.

    ``rank``: 1-3 where the unit is that suggestion, 0 where it is another, ``None`` where no unit was given.
    ``returned_from``: the unit that sent the complaint back as wrongly addressed. ``bulk``: shared by the decisions
    of one group. ``previous_id``: the decision that this one replaces. ``undoes_id``: what an undo takes back.
    """

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestion.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(_NAME)
    unit: Mapped[str | None] = mapped_column(_LABEL)
    copies: Mapped[list[Any]]
    level: Mapped[str] = mapped_column(_NAME)
    action: Mapped[str] = mapped_column(_NAME)
    note: Mapped[str] = mapped_column(Text)
    returned_from: Mapped[str | None] = mapped_column(_LABEL)
    rank: Mapped[int | None]
    bulk: Mapped[str | None] = mapped_column(String(32), index=True)
    previous_id: Mapped[int | None]
    undoes_id: Mapped[int | None]


class AuditEntry(Base):
    """Who did what when. Append-only; holds no complaint's text and no hidden value, only keyed hashes and offsets."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    actor: Mapped[str] = mapped_column(_NAME)
    event: Mapped[str] = mapped_column(_NAME)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    model_version: Mapped[str | None] = mapped_column(_LABEL)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    details: Mapped[dict[str, Any] | None]
    __table_args__ = (Index("ix_audit_event", "event", "id"), Index("ix_audit_actor", "actor", "id"))


class UnitChoice(Base):
    """A unit that officers may choose: a label that a model suggested, or one that was added by hand."""

    __tablename__ = "unit_choice"
    label: Mapped[str] = mapped_column(_LABEL, primary_key=True)
    added_by_hand: Mapped[bool] = mapped_column(default=False)


class Secret(Base):
    """Random keys of this store (``audit``: key of the hashes in the audit log)."""

    __tablename__ = "secret"
    name: Mapped[str] = mapped_column(_NAME, primary_key=True)
    value: Mapped[str] = mapped_column(String(128))
