"""Numbers, dates and times as Indonesian readers write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from pipeline.review.store.tables import NO_DUE


def number(value: float, digits: int = 0) -> str:
    """Return ``1.234`` or, with *digits*, ``1.234,50``."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def percent(value: float) -> str:
    """Return a share of 1 as ``88 %``, with a space that does not break."""
    return f"{number(100 * value)}\N{NO-BREAK SPACE}%"


def day(value: dt.date | str | None) -> str:
    """Return ``27/11/2026`` for a day or an ISO date; ``""`` for none; a text that is no date as it is."""
    if value is None or value == NO_DUE:
        return ""
    if isinstance(value, str):
        try:
            return day(dt.date.fromisoformat(value[:10]))
        except ValueError:
            return value
    return f"{value:%d/%m/%Y}"


@pass_context
def moment(context: Context, value: dt.datetime) -> str:
    """Return ``27/11/2026 10.42`` in the page's time zone."""
    return f"{value.astimezone(ZoneInfo(context['zone'])):%d/%m/%Y %H.%M}"


@pass_context
def local_day(context: Context, value: dt.datetime) -> str:
    """Return the day of a moment, ``27/11/2026``, in the page's time zone."""
    return day(value.astimezone(ZoneInfo(context["zone"])).date())


@pass_context
def hour(context: Context, value: dt.datetime) -> str:
    """Return ``10.42`` in the page's time zone."""
    return f"{value.astimezone(ZoneInfo(context['zone'])):%H.%M}"


def replaced(query: Mapping[str, Any], **changes: Any) -> str:
    """Return *query* with *changes* as the part of an address after ``?``; empty values are left out."""
    return urlencode({name: value for name, value in {**query, **changes}.items() if value not in (None, "", False)})
