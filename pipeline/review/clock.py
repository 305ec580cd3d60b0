"""The present moment, in one place so that tests can move it. Call as ``clock.now()``."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
    *("September", "Oktober", "November", "Desember"),
)
"""As people read them; their first three letters are the usual short forms."""


def now() -> dt.datetime:
    """Return the present moment in UTC, timezone-aware."""
    return dt.datetime.now(dt.UTC)


def today(zone: str) -> dt.date:
    """Return the present day in the time zone *zone* (IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()
