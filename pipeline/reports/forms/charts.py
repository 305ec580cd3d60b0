"""Charts from plain numbers: each a :class:`Picture` with the numbers behind it as a table.

Zero is always on the axis, values stand beside what they measure, nothing needs a legend. Every chart is drawn twice:
for a page or a screen, and for a phone.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup

from pipeline.reports.blocks import Column, Kind, Picture, Table
from pipeline.reports.forms.bar_plot import Bar, draw_bars
from pipeline.reports.forms.colours import FAINT
from pipeline.reports.forms.formats import cell, day, month, plain, raw
from pipeline.reports.forms.line_plot import Band, Line, draw_lines, draw_multiples
from pipeline.reports.forms.svg import svg, text

__all__ = ["Band", "Line", "bars", "lines", "multiples"]

Draw = Callable[[float], tuple[float, list[Markup]]]
WIDE: Final = 720
NARROW: Final = 350
"""Widths of the two drawings in px: of A4's text and of a phone."""
_COLUMNS: Final = 5
_NARROW_COLUMNS: Final = 2


def bars(
    title: str,
    names: Sequence[str],
    values: Sequence[Any],
    *,
    low: Sequence[Any] | None = None,
    high: Sequence[Any] | None = None,
    kind: Kind = "int",
    digits: int | None = None,
    mark: tuple[float, str] | None = None,
    name: str = "Unit",
    value: str = "Nilai",
    description: str = "",
) -> Picture:
    """Return horizontal bars, with whiskers from *low* to *high* where both are given.

    Args:
        title: What the chart shows.
        names: One a bar, in the order from top to bottom.
        values: Numbers; a str ("terlalu sedikit") or ``None`` is written where the bar would be.
        low: Lower ends of the intervals.
        high: Upper ends of the intervals.
        kind: What the values are (:data:`pipeline.reports.blocks.Kind`), and how they are written.
        digits: Digits after the comma, default by *kind*.
        mark: A value to compare with (an average, a target) and its name.
        name: The names' heading in the table.
        value: The values' heading in the table.
        description: What the chart shows in words; by default how many, the highest and the lowest value.

    Raises:
        ValueError: The sequences differ in length.
    """
    column = Column(value, kind, digits)
    lows, highs = (list(end) if end is not None else [None] * len(names) for end in (low, high))
    made = [
        Bar(plain(who), _float(what), _float(start), _float(end), cell(what, column))
        for who, what, start, end in zip(names, values, lows, highs, strict=True)
    ]
    given = low is not None and high is not None
    columns = (Column(name), column, *((Column("Bawah", kind, digits), Column("Atas", kind, digits)) if given else ()))
    rows = tuple(zip(names, values, *((lows, highs) if given else ()), strict=True))
    told = description or _extremes([(bar.name, bar.value) for bar in made], name, lambda found: _whole(found, column))
    shown = None if mark is None else (mark[0], f"{mark[1]} {cell(mark[0], column)}")

    def draw(width: float) -> tuple[float, list[Markup]]:
        return draw_bars(made, width, beside=width == WIDE, mark=shown)

    return _picture(title, told, Table(title, columns, rows), draw if made else None)


def lines(
    title: str,
    periods: Sequence[dt.date | str],
    series: Sequence[Line],
    *,
    kind: Kind = "int",
    digits: int | None = None,
    mark: tuple[int, str] | None = None,
    band: Band | None = None,
    period: str = "Bulan",
    description: str = "",
) -> Picture:
    """Return one to four lines over *periods*.

    Args:
        title: What the chart shows.
        periods: One a value: the first days of months, other days, or texts.
        series: The lines, each with a value or ``None`` for every period.
        kind: What the values are, and how they are written.
        digits: Digits after the comma, default by *kind*.
        mark: The place of the first period after an event, and the event's name: a vertical line before that period.
        band: An area behind the lines, such as a forecast's interval.
        period: The periods' heading in the table.
        description: What the chart shows in words; by default each line's first and last value.

    Raises:
        ValueError: No line or more than four, or a line with another number of values than there are periods.
    """
    if not 1 <= len(series) <= 4:
        raise ValueError("a chart has one to four lines")
    said = _said(periods)
    made = [Line(plain(one.name), _floats(one.values, periods), one.dashed) for one in series]
    area = Band(plain(band.name), _floats(band.low, periods), _floats(band.high, periods)) if band else None
    column = Column("", kind, digits)
    beside = (("bawah", band.low), ("atas", band.high)) if band else ()
    columns = (
        Column(period),
        *(Column(one.name, kind, digits) for one in series),
        *(Column(f"{band.name}, {end}" if band else end, kind, digits) for end, _ in beside),
    )
    rows = tuple(zip(said, *(one.values for one in series), *(ends for _, ends in beside), strict=True))
    told = description or "; ".join(_course(one, said, column) for one in made) + "."

    def draw(width: float) -> tuple[float, list[Markup]]:
        return draw_lines(
            said,
            made,
            lambda found: _whole(found, column),
            lambda place, step: _tick(place, step, column),
            width,
            kind=kind,
            mark=mark,
            band=area,
        )

    return _picture(title, told, Table(title, columns, rows), draw if said else None)


def multiples(
    title: str,
    periods: Sequence[dt.date | str],
    panels: Mapping[str, Sequence[Any]],
    *,
    kind: Kind = "int",
    digits: int | None = None,
    same_scale: bool = True,
    as_bars: bool = False,
    name: str = "Unit",
    description: str = "",
) -> Picture:
    """Return a little chart for each of *panels* (name → a value or ``None`` for every period).

    With *same_scale* heights can be compared from one to another; without, each fills its place, and the chart says so.

    Raises:
        ValueError: A panel has another number of values than there are periods.
    """
    said = _said(periods)
    made = [(plain(who), _floats(values, periods)) for who, values in panels.items()]
    column = Column("", kind, digits)
    most = max((value for _, values in made for value in values if value is not None), default=0)

    def says(value: float) -> str:
        return _short(value, most, column)

    caption = f"{said[0]} – {said[-1]}. " if said else ""
    caption += (
        f"Semua gambar berskala sama, 0–{says(most)}; angka di ujung: nilai terakhir."
        if same_scale
        else "Tiap gambar berskala sendiri; angka kecil di atas: tertinggi; angka di ujung: nilai terakhir."
    )
    columns = (Column(name), *(Column(one, kind, digits) for one in said))
    table = Table(title, columns, tuple((who, *values) for who, values in panels.items()), heat=True)
    ends = [(who, next((value for value in reversed(values) if value is not None), None)) for who, values in made]
    told = description or _extremes(ends, name, says, "terakhir ")

    def draw(width: float) -> tuple[float, list[Markup]]:
        columns = _COLUMNS if width == WIDE else _NARROW_COLUMNS
        return draw_multiples(made, says, width, columns, caption=caption, same_scale=same_scale, as_bars=as_bars)

    return _picture(title, told, table, draw if made and said else None)


def _picture(title: str, told: str, table: Table, draw: Draw | None) -> Picture:
    """Return both drawings; without *draw* there is nothing to draw, and they say so."""
    made = []
    for width in (WIDE, NARROW):
        height, parts = draw(width) if draw else (24.0, [text(0, 16, "Tidak ada data.", colour=FAINT)])
        made.append(svg(title, told, width, height, parts))
    return Picture(title, made[0], told, table, made[1])


def _said(periods: Sequence[dt.date | str]) -> list[str]:
    write = month if all(isinstance(one, str) or one.day == 1 for one in periods) else day
    return [plain(one) if isinstance(one, str) else write(one) for one in periods]


def _float(value: Any) -> float | None:
    found = raw(value)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _floats(values: Sequence[Any], periods: Sequence[Any]) -> list[float | None]:
    if len(values) != len(periods):
        raise ValueError("a line needs a value, or None, for every period")
    return [_float(value) for value in values]


def _whole(value: float, column: Column) -> str:
    """Return a value as a table has it; a whole number of a count is a count again."""
    counted = column.kind in {"int", "change"} and float(value).is_integer()
    return cell(int(value) if counted else value, column)


def _tick(place: float, step: float, column: Column) -> str:
    """Return a value on the axis with as many digits as *step* needs."""
    scaled = 100 * step if column.kind in {"share", "change"} else step
    digits = next((some for some in range(4) if math.isclose(scaled, round(scaled, some), abs_tol=1e-9)), 4)
    return _whole(place, replace(column, digits=digits))


def _short(value: float, most: float, column: Column) -> str:
    """Return a value where there is little room: shares whole, unless all are under a tenth."""
    if column.kind == "share" and column.digits is None:
        return cell(value, replace(column, digits=0 if most >= 0.1 else 1))
    return _whole(value, column)


def _extremes(
    known: Sequence[tuple[str, float | None]], noun: str, says: Callable[[float], str], which: str = ""
) -> str:
    values = [(value, name) for name, value in known if value is not None]
    if not values:
        return ""
    (most, first), (least, last) = max(values, key=lambda one: one[0]), min(values, key=lambda one: one[0])
    if most == least:
        return f"{len(known)} {noun.lower()}; nilai {which}sama: {says(most)}."
    return (
        f"{len(known)} {noun.lower()}; nilai {which}tertinggi {says(most)} ({first}), "
        f"nilai {which}terendah {says(least)} ({last})."
    )


def _course(one: Line, periods: Sequence[str], column: Column) -> str:
    known = [(period, value) for period, value in zip(periods, one.values, strict=True) if value is not None]
    if not known:
        return f"{one.name}: tidak ada data"
    (start, first), (end, last) = known[0], known[-1]
    return f"{one.name}: {_whole(first, column)} pada {start}, {_whole(last, column)} pada {end}"
