"""Refusals that tell who, what and when, in the time zone of whom they are told to."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.catalogue import unit_name
from pipeline.errors import ConflictError, ForbiddenError, LockedError, ReviewError
from pipeline.review.clock import MONTHS
from pipeline.routing import ACTIONS
from pipeline.settings import ReviewSettings

ZONE: Final = ReviewSettings().timezone
"""Time zone that is meant where nobody names one."""


class HeldError(LockedError):
    """*by* (a name) has the complaint open until *until* (UTC)."""

    def __init__(self, by: str, until: dt.datetime) -> None:
        self.by, self.until = by, until
        super().__init__(self.told(ZONE))

    def told(self, zone: str) -> str:
        """Return the sentence for readers in the time zone *zone*."""
        return f"Aduan ini sedang dibuka oleh {self.by} sampai {moment(self.until, zone)}."


class ChangedError(ConflictError):
    """*by* (a name) was quicker, at *at* (UTC), and decided *what*; ``""``: undid the decision."""

    def __init__(self, by: str, what: str, at: dt.datetime) -> None:
        self.by, self.what, self.at = by, what, at
        super().__init__(self.told(ZONE))

    def told(self, zone: str) -> str:
        """Return the sentence for readers in the time zone *zone*."""
        when = moment(self.at, zone)
        if not self.what:
            return f"Keputusan aduan ini diurungkan oleh {self.by} pada {when}. Muat ulang halaman."
        return f"Aduan ini sudah diputuskan oleh {self.by} pada {when}: {self.what}. Muat ulang halaman."


def told(error: ReviewError, zone: str) -> str:
    """Return what *error* says, with its moment in the time zone *zone*."""
    return error.told(zone) if isinstance(error, HeldError | ChangedError) else str(error)


def moment(at: dt.datetime, zone: str = ZONE) -> str:
    """Return a moment as people read it in the time zone *zone*: ``27 November 2026 pukul 14.05 WIB``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {local.tzname()}"


def outcome(action: str, unit: str | None) -> str:
    """Return in words what was decided: ``teruskan ke Inspektorat Jenderal``."""
    return f"{action} ke {unit_name(unit)}" if unit else ACTIONS.get(action, action)


def out_of_sight() -> ForbiddenError:
    """Return that a complaint is none that the person may see, or none at all: which of them is not told."""
    return ForbiddenError("Aduan ini tidak ada atau di luar unit Anda.")


def digest_out_of_sight() -> ForbiddenError:
    """Return that a leaders' digest is none that the person may read, or none at all: which of them is not told."""
    return ForbiddenError("Ringkasan ini tidak ada atau bukan untuk unit Anda.")
