"""Charts of the supervisor's page as SVG: no scripts, no inline styles, readable on a phone.

Colours and fonts come from ``ikhtisar.css`` by class. A chart is drawn for a screen of 360 pixels and grows up to its
place; the page shows its numbers as a table, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from pipeline.review.overview import Share
from pipeline.review.web.words import day, number, percent

WIDTH: Final = 360
_CHAR, _BOLD_CHAR = 7.0, 8.6
"""Widths of a character of the charts' text (13 px), rather more than less, in pixels."""


def age_bars(ages: Sequence[tuple[str, int]]) -> Markup:
    """Return a horizontal bar for each class of age with the number of waiting complaints."""
    left, right, row, bar = 130, 56, 30, 18
    most = max([count for _, count in ages] + [1])
    parts = []
    for place, (name, count) in enumerate(ages):
        top = place * row + 6
        length = (WIDTH - left - right) * count / most
        parts += [
            _text(left - 8, top + 13, name, "akhir"),
            _rect(left, top, length, bar, "batang"),
            _text(left + length + 6, top + 13, number(count), "nilai"),
        ]
    parts.append(_line(left, 2, left, len(ages) * row, "sumbu"))
    told = "; ".join(f"{name}: {number(count)}" for name, count in ages)
    return _svg("umur", "Aduan menunggu menurut umur", told, len(ages) * row + 4, parts)


def agreement_bars(units: Sequence[tuple[str, Share]]) -> Markup:
    """Return for each unit's name a bar of its agreement with the 95 % interval; units without any are left out."""
    shown = [(name, agreed, agreed.share) for name, agreed in units if agreed.share is not None]
    left, right, top, row = 6, 12, 4, 46
    span, bottom = WIDTH - left - right, top + len(shown) * row
    parts = []
    for step in range(0, 101, 25):
        x = left + span * step / 100
        parts += [
            _line(x, top, x, bottom, "kisi"),
            _text(x, bottom + 14, percent(step / 100), "akhir" if step == 100 else "tengah" if step else "awal"),
        ]
    told = []
    for place, (name, agreed, share) in enumerate(shown):
        y = top + place * row
        low, high = agreed.interval
        value = f"{percent(share)} dari {number(agreed.n)}"
        middle = y + 30
        parts += [
            _text(left, y + 15, _short(name, span - _BOLD_CHAR * len(value) - 6), "awal"),
            _text(left + span, y + 15, value, "akhir nilai"),
            _rect(left, y + 22, span * share, 16, "batang"),
            _line(left + span * low, middle, left + span * high, middle, "selang"),
            *(_line(left + span * end, middle - 5, left + span * end, middle + 5, "selang") for end in (low, high)),
        ]
        told.append(f"{name}: {value} (selang {percent(low)} sampai {percent(high)})")
    return _svg("setuju", "Saran unit yang disetujui, dengan selang 95 %", "; ".join(told), bottom + 22, parts)


def day_bars(days: Sequence[tuple[dt.date, int]]) -> Markup:
    """Return a bar for each day with the number of decisions."""
    left, right, top, height = 40, 6, 10, 130
    most = _round_up(max([count for _, count in days] + [1]))
    step = (WIDTH - left - right) / max(len(days), 1)
    bottom = top + height
    parts = []
    for part in (0, most // 2, most):
        y = bottom - height * part / most
        parts += [
            _line(left, y, WIDTH - right, y, "kisi" if part else "sumbu"),
            _text(left - 6, y + 4, number(part), "akhir"),
        ]
    for place, (date, count) in enumerate(days):
        length, x = height * count / most, left + place * step
        parts.append(_rect(x + 1, bottom - length, step - 2, length, "batang"))
        if (len(days) - 1 - place) % 7 == 0:  # today and whole weeks before
            parts.append(
                _text(x + step / 2, bottom + 16, f"{date:%d/%m}", "akhir" if date == days[-1][0] else "tengah")
            )
    told = f"{day(days[0][0])} sampai {day(days[-1][0])}, seluruhnya {number(sum(n for _, n in days))}" if days else ""
    return _svg("harian", "Keputusan per hari", told, bottom + 24, parts)


def _svg(name: str, title: str, description: str, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="grafik" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{n}-judul {n}-isi">'
        '<title id="{n}-judul">{t}</title><desc id="{n}-isi">{d}</desc>{p}</svg>'
    ).format(w=WIDTH, h=_px(height), n=name, t=title, d=description, p=Markup("").join(parts))


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, _px(x), _px(y), _px(width), _px(height)
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(kind, *map(_px, (x1, y1, x2, y2)))


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    """Return a text; *kind* is where *x* is: ``awal``, ``tengah`` or ``akhir`` (by ``text-anchor`` in the style)."""
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, _px(x), _px(y), escape(text))


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _short(name: str, room: float) -> str:
    """Return *name* cut to the *room* in pixels that it has."""
    fits = int(room / _CHAR)
    return name if len(name) <= fits else name[: fits - 1].rstrip() + "…"


def _round_up(count: int) -> int:
    """Return an even number of one or two digits and zeros that is at least *count*."""
    unit = 10 ** max(len(str(count)) - 2, 0)
    whole = -(-count // unit) * unit
    return whole + (whole // unit) % 2 * unit if count > 1 else 2
