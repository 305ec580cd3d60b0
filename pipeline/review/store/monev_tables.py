"""Tables of what leaders read and decided, and of what was changed for citizens. All are append-only.

The texts that people write here are kept as they were written and shown masked (:mod:`pipeline.review.monev.words`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.review.store.tables import Base

_LABEL, _NAME = String(200), String(100)


class MonevDigest(Base):
    """One edition of a period's digest for a unit's head, or for the minister's level (``unit`` is ``""``).

    ``edition`` counts from 1: a digest with other content is a new edition, and the old one stays, for people read it.
    ``sha256``: of ``content`` as canonical JSON.
    """

    __tablename__ = "monev_digest"
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(_NAME)
    unit: Mapped[str] = mapped_column(_LABEL)
    edition: Mapped[int]
    label: Mapped[str] = mapped_column(_LABEL)
    as_of: Mapped[dt.date]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[dt.datetime]
    published_by: Mapped[str] = mapped_column(_NAME)
    __table_args__ = (UniqueConstraint("period", "unit", "edition"),)


class MonevReading(Base):
    """A leader read an edition, and said so once. ``units``: what the leader led then; empty: the minister's level."""

    __tablename__ = "monev_reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("monev_digest.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    units: Mapped[list[Any]]
    at: Mapped[dt.datetime]
    __table_args__ = (UniqueConstraint("digest_id", "officer_id"),)


class MonevDecision(Base):
    """What a leader decided on a digest. ``about``: the theme's name or the waiting item, ``""`` where it is neither.

    ``responsible``: a unit's label or another office's name. ``replaces_id``: the decision that this one stands for.
    """

    __tablename__ = "monev_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(_NAME)
    unit: Mapped[str] = mapped_column(_LABEL)
    theme_id: Mapped[str | None] = mapped_column(_NAME)
    about: Mapped[str] = mapped_column(Text)
    decided: Mapped[str] = mapped_column(Text)
    follow_up: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(_LABEL)
    due: Mapped[dt.date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("monev_decision.id"), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    at: Mapped[dt.datetime]
    __table_args__ = (Index("ix_monev_decision_period", "period", "unit", "id"),)


class MonevFollowUp(Base):
    """How far the follow-up of a decision is: ``state`` is a code of :class:`pipeline.review.monev.decisions.State`."""

    __tablename__ = "monev_follow_up"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("monev_decision.id"), index=True)
    state: Mapped[str] = mapped_column(_NAME)
    status: Mapped[str] = mapped_column(Text)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    at: Mapped[dt.datetime]


class PolicyChange(Base):
    """What the office changed because of a theme. ``definition``: by which later complaints on the theme are found.

    ``withdraws_id``: this row takes that one back and is no change itself.
    """

    __tablename__ = "policy_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[str] = mapped_column(_NAME)
    theme_name: Mapped[str] = mapped_column(Text)
    definition: Mapped[dict[str, Any]]
    unit: Mapped[str] = mapped_column(_LABEL)
    change: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[dt.date]
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("policy_change.id"), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    at: Mapped[dt.datetime]
