"""The page's charts as SVG: no scripts, no outside references, readable on a phone.

Colours come from the page's style by class. Every chart has a title and its figures in words (``desc``); the page shows
the figures as a table, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup, escape

from pipeline.classifiers.calibration import MIN_CONFIDENT_ROWS
from pipeline.reports.model.collect import Reliability
from pipeline.reports.model.learning import Point
from pipeline.reports.model.units import UnitRow
from pipeline.retraining.bootstrap import Figure
from pipeline.retraining.drift.report import Measure
from pipeline.retraining.risk import Risk, wilson
from pipeline.review.web.words import number
from pipeline.routing.curve import RiskCurve

WIDTH: Final = 360
_CHAR: Final = 6.6
"""Width of a character of the charts' text (12 px), rather more than less."""
_POINTS: Final = 120


@dataclass(frozen=True)
class _Frame:
    """A plot's place and scales; x from ``x0`` to ``x1``, y from ``y0`` to ``y1`` in the data's units."""

    x0: float
    x1: float
    y0: float
    y1: float
    left: float = 40
    top: float = 10
    width: float = WIDTH - 40 - 14
    height: float = 210

    def x(self, value: float) -> float:
        return self.left + self.width * (value - self.x0) / (self.x1 - self.x0)

    def y(self, value: float) -> float:
        return self.top + self.height * (self.y1 - value) / (self.y1 - self.y0)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def axes(
        self, xs: Sequence[float], ys: Sequence[float], x_name: str, said: Callable[[float], str] | None = None
    ) -> list[Markup]:
        """Return grid, numbers at *xs* (by *said*) and *ys*, and the name of the x axis."""
        parts = []
        for value in ys:
            parts += [
                _line(self.left, self.y(value), self.left + self.width, self.y(value), "kisi"),
                _text(self.left - 5, self.y(value) + 4, _short_number(value), "akhir"),
            ]
        for value in xs:
            parts.append(_line(self.x(value), self.bottom, self.x(value), self.bottom + 4, "sumbu"))
            parts.append(_text(self.x(value), self.bottom + 17, (said or _short_number)(value), "tengah"))
        parts.append(_line(self.left, self.bottom, self.left + self.width, self.bottom, "sumbu"))
        parts.append(_text(self.left + self.width / 2, self.bottom + 34, x_name, "tengah"))
        return parts


def f1_bar(row: UnitRow) -> Markup:
    """Return a unit's F1 as a bar with its interval, small enough for a table's cell; it repeats the cell's figures."""
    width, height = 120, 16
    parts = [_rect(0, 0, width, height, "alur"), _rect(0, 3, width * row.f1.value, height - 6, "batang")]
    if not math.isnan(row.f1.low):
        parts += _whisker_across(width * row.f1.low, width * row.f1.high, height / 2, 4)
    return Markup('<svg class="bilah" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        width, height, Markup("").join(parts)
    )


def reliability_chart(found: Reliability) -> Markup:
    """Return the share of right rows against confidence, with Wilson's intervals, over each bin's number of rows."""
    frame = _Frame(0, 1, 0, 1)
    ticks = (0, 0.25, 0.5, 0.75, 1)
    parts = [*frame.axes(ticks, ticks, "keyakinan model"), _line(*_at(frame, 0, 0), *_at(frame, 1, 1), "acuan")]
    most = int(found.rows.max())
    told = []
    for rows, sure, right in zip(found.rows.tolist(), found.confidence.tolist(), found.right.tolist(), strict=True):
        low, high = wilson(right, rows)
        x = frame.x(sure)
        # The bin itself, not its mean, says where its bar of rows stands.
        start = frame.x(min(int(sure * 10), 9) / 10)
        tall = 34 * rows / most
        parts += [
            _rect(start + 1, frame.bottom - tall, frame.width / 10 - 2, tall, "jumlah"),
            *_whisker_up(x, frame.y(max(low, 0)), frame.y(min(high, 1)), 3),
            _circle(x, frame.y(right), 4, "titik"),
        ]
        told.append(f"keyakinan {number(sure, 2)}: benar {number(right, 2)} dari {number(rows)} baris")
    return _svg("keandalan", "Kurva keandalan: bagian yang benar menurut keyakinan", told, frame.bottom + 42, parts)


def risk_chart(risk: Risk, wanted: float) -> Markup:
    """Return precision against coverage of the held-out rows and of the measured ones, and the *wanted* precision."""
    curves = [("held-out", "garis", _curve(risk.curve))]
    if risk.test is not None:
        curves.append(("baris uji", "garis kedua", _curve(risk.test)))
    lowest = min([wanted, *(y for _, _, points in curves for _, y in points)])
    frame = _Frame(0, 1, math.floor(lowest * 10 - 0.1) / 10, 1)
    ys = [round(y, 1) for y in np.arange(frame.y0, 1.01, 0.1 if frame.y0 >= 0.4 else 0.2).tolist()]
    parts = frame.axes((0, 0.25, 0.5, 0.75, 1), ys, "cakupan: bagian yang diteruskan tanpa petugas")
    parts.append(_line(*_at(frame, 0, wanted), *_at(frame, 1, wanted), "acuan"))
    told = [f"presisi yang diinginkan {number(wanted, 2)}"]
    for name, kind, points in curves:
        if points:
            parts.append(_polyline([_at(frame, *point) for point in points], kind))
            told.append(f"{name}: presisi {number(points[-1][1], 3)} bila semua diteruskan")
    return _svg("risiko", "Presisi menurut cakupan", told, frame.bottom + 42, parts)


def learning_chart(points: Sequence[Point], majority: float) -> Markup:
    """Return accuracy and macro-F1 against training rows with intervals, and accuracy of the *majority* baseline."""
    most = max(point.rows for point in points)
    lowest = min([majority, *(figure.low for point in points for figure in (point.accuracy, point.macro_f1))])
    frame = _Frame(0, most * 1.05, math.floor(lowest * 10) / 10, 1)
    ys = [round(y, 1) for y in np.arange(frame.y0, 1.01, 0.2).tolist()]
    parts = frame.axes(
        [point.rows for point in points if point.rows > 0.09 * most or point is points[-1]], ys, "baris latih", number
    )
    parts.append(_line(frame.left, frame.y(majority), frame.left + frame.width, frame.y(majority), "acuan"))
    for kind, figures in _curves(points).items():
        places = [_at(frame, point.rows, figure.value) for point, figure in zip(points, figures, strict=True)]
        parts.append(_polyline(places, f"garis {kind}".strip()))
        for (x, y), figure in zip(places, figures, strict=True):
            parts += [
                *_whisker_up(x, frame.y(figure.low), frame.y(figure.high), 3),
                _circle(x, y, 3.5, f"titik {kind}"),
            ]
    told = [
        f"{number(point.rows)} baris: akurasi {number(point.accuracy.value, 3)}, "
        f"macro-F1 {number(point.macro_f1.value, 3)}"
        for point in points
    ]
    return _svg("belajar", "Kurva belajar", told, frame.bottom + 42, parts)


def drift_chart(measures: Sequence[Measure]) -> Markup:
    """Return a bar of each judged measure's distance beyond chance, with the limit of its alarm."""
    shown = [one for one in measures if not math.isnan(one.beyond)]
    left, right, row = 164, 48, 28
    most = max([one.beyond for one in shown] + [one.limit for one in shown] + [0.01]) * 1.05
    span = WIDTH - left - right
    parts, told = [], []
    for place, one in enumerate(shown):
        top, length = place * row + 6, span * max(one.beyond, 0) / most
        at = left + span * one.limit / most
        parts += [
            _text(left - 8, top + 14, one.title, "akhir"),
            _rect(left, top, length, 18, "batang bahaya" if one.alarm else "batang"),
            _line(at, top - 2, at, top + 20, "batas"),
            _text(left + span + 4, top + 14, number(one.beyond, 3), "awal"),
        ]
        told.append(f"{one.title}: {number(one.beyond, 3)}, batas {number(one.limit, 3)}, {one.verdict}")
    parts.append(_line(left, 2, left, len(shown) * row + 2, "sumbu"))
    return _svg("jarak", "Jarak di luar kebetulan menurut ukuran", told, len(shown) * row + 8, parts)


def month_bars(months: Mapping[str, int]) -> Markup:
    """Return a bar for each month with its labelled rows."""
    names, counts = list(months), list(months.values())
    frame = _Frame(0, max(len(names), 1), 0, max(counts), height=110)
    parts = [
        _line(frame.left, frame.top, frame.left + frame.width, frame.top, "kisi"),
        _text(frame.left - 5, frame.top + 4, number(max(counts)), "akhir"),
        _text(frame.left - 5, frame.bottom + 4, "0", "akhir"),
    ]
    every = -(-len(names) // 5)
    for place, (name, count) in enumerate(months.items()):
        x, y = _at(frame, place, count)
        parts.append(_rect(x + 1, y, max(frame.width / len(names) - 2, 1), frame.bottom - y, "batang"))
        if place % every == 0:
            parts.append(_text(frame.x(place + 0.5), frame.bottom + 16, f"{name[5:]}/{name[:4]}", "tengah"))
    parts.append(_line(frame.left, frame.bottom, frame.left + frame.width, frame.bottom, "sumbu"))
    told = [f"{name}: {number(count)}" for name, count in months.items()]
    return _svg("bulan", "Baris berlabel unit menurut bulan", told, frame.bottom + 24, parts)


def _curves(points: Sequence[Point]) -> dict[str, list[Figure]]:
    return {"": [point.accuracy for point in points], "kedua": [point.macro_f1 for point in points]}


def _curve(curve: RiskCurve) -> list[tuple[float, float]]:
    """Return (coverage, precision) from the fewest rows on that say anything."""
    if len(curve) < MIN_CONFIDENT_ROWS:
        return []
    n = np.unique(np.linspace(MIN_CONFIDENT_ROWS, len(curve), _POINTS).astype(np.int64))
    share = np.cumsum(curve.correct)[n - 1] / n
    return list(zip((n / len(curve)).tolist(), share.tolist(), strict=True))


def _svg(name: str, title: str, told: Sequence[str], height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="grafik" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{n}-judul {n}-isi">'
        '<title id="{n}-judul">{t}</title><desc id="{n}-isi">{d}</desc>{p}</svg>'
    ).format(w=WIDTH, h=_px(height), n=name, t=title, d="; ".join(told), p=Markup("").join(parts))


def _at(frame: _Frame, x: float, y: float) -> tuple[float, float]:
    return frame.x(x), frame.y(y)


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, *map(_px, (x, y, width, height))
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(kind, *map(_px, (x1, y1, x2, y2)))


def _circle(x: float, y: float, radius: float, kind: str) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(kind, *map(_px, (x, y, radius)))


def _polyline(places: Sequence[tuple[float, float]], kind: str) -> Markup:
    return Markup('<polyline class="{}" points="{}"/>').format(kind, " ".join(f"{_px(x)},{_px(y)}" for x, y in places))


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    """Return a text; *kind* is where *x* is: ``awal``, ``tengah`` or ``akhir``."""
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, _px(x), _px(y), escape(text))


def _whisker_up(x: float, low: float, high: float, half: float) -> list[Markup]:
    ends = [_line(x - half, y, x + half, y, "selang") for y in (low, high)]
    return [_line(x, low, x, high, "selang"), *ends]


def _whisker_across(low: float, high: float, y: float, half: float) -> list[Markup]:
    ends = [_line(x, y - half, x, y + half, "selang") for x in (low, high)]
    return [_line(low, y, high, y, "selang"), *ends]


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _short_number(value: float) -> str:
    return number(value, 2).rstrip("0").rstrip(",") if value % 1 else number(value)
