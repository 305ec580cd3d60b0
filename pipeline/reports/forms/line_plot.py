"""Draw lines over periods, and small multiples: one little chart for each unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pipeline.reports.forms.colours import AXIS, BAND, BAR, FAINT, GRID, LINES
from pipeline.reports.forms.svg import SIZE, Anchor, area, dot, line, lines_of, path, rect, scale_step, text, text_width

Values = Sequence[float | None]
Says = Callable[[float], str]
Tick = Callable[[float, float], str]
_STEPS: Final = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)
_FEW: Final = 24
"""With so few periods each has a dot."""


@dataclass(frozen=True)
class Line:
    """A named line; ``None`` in *values* is a gap. *dashed*: what was expected, not what was."""

    name: str
    values: Values
    dashed: bool = False


@dataclass(frozen=True)
class Band:
    """What lies between *low* and *high*, such as a forecast's interval; ``None`` where there is none."""

    name: str
    low: Values
    high: Values


@dataclass(frozen=True)
class _Frame:
    count: int
    y0: float
    y1: float
    left: float
    top: float
    width: float
    height: float

    def x(self, place: float) -> float:
        return self.left + self.width * (place + 0.5) / max(self.count, 1)

    def y(self, value: float) -> float:
        return self.top + self.height * (self.y1 - value) / (self.y1 - self.y0)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def right(self) -> float:
        return self.left + self.width


def draw_lines(
    periods: Sequence[str],
    series: Sequence[Line],
    says: Says,
    tick: Tick,
    width: float,
    *,
    kind: str,
    mark: tuple[int, str] | None,
    band: Band | None,
) -> tuple[float, list[Markup]]:
    """Return (height, elements). *says* writes a value, *tick* one of the axis by its step;
    *mark*: the first period after what *mark* names."""
    every = [one.values for one in series] + ([band.low, band.high] if band else [])
    known = [value for values in every for value in values if value is not None]
    highest, lowest = max([0, *known]), min([0, *known])
    step = scale_step(max(highest, -lowest), kind)
    y0, y1 = step * math.floor(lowest / step + 1e-9), step * math.ceil(highest / step - 1e-9)
    if y0 == y1:
        y1 = y0 + step
    places = [y0 + i * step for i in range(round((y1 - y0) / step) + 1)]
    ticks = [(place, tick(place, step)) for place in places]
    left = max(text_width(words) for _, words in ticks) + 8
    named = [(one.name, one.values, LINES[i % len(LINES)]) for i, one in enumerate(series)]
    labels = _end_labels(named if len(named) > 1 else [("", *named[0][1:])], band, says, width * 0.24)
    after = max((text_width(words) for _, lines, _ in labels for words in lines), default=0) + 10
    span = width - left - after
    words = lines_of(mark[1], _mark_room(len(periods), mark[0], span)[1]) if mark else []
    frame = _Frame(len(periods), y0, y1, left, 10 + 14 * len(words), span, width * (0.3 if width > 500 else 0.55))
    parts = _grid(frame, ticks, periods)
    if band:
        ends = [None if None in pair else pair for pair in zip(band.low, band.high, strict=True)]
        for run in _runs(ends):
            above = [(frame.x(i), frame.y(band.high[i] or 0)) for i in run]
            below = [(frame.x(i), frame.y(band.low[i] or 0)) for i in reversed(run)]
            parts.append(area([*above, *below], BAND))
    if mark:
        parts += _mark(frame, mark[0], words)
    for one, (_, _, colour) in zip(series, named, strict=True):
        parts += _curve(frame, one.values, colour, dashed=one.dashed)
    parts += _put_labels(frame, labels)
    return frame.bottom + 26, parts


def draw_multiples(
    panels: Sequence[tuple[str, Values]],
    says: Says,
    width: float,
    columns: int,
    *,
    caption: str,
    same_scale: bool,
    as_bars: bool,
) -> tuple[float, list[Markup]]:
    """Return (height, elements): little charts in *columns*, each named above and its last value at its end."""
    gap, plot, small = 16, 44, 11
    wide = (width - gap * (columns - 1)) / columns
    known = [[value for value in values if value is not None] for _, values in panels]
    highest = max((max(values, default=0) for values in known), default=0)
    lasts = [says(own[-1]) if own else "–" for own in known]
    after = max((text_width(last, small) for last in lasts), default=0) + 6
    parts, y = [], 0.0
    for words in lines_of(caption, width, most=3):
        y += 15
        parts.append(text(0, y, words, colour=FAINT))
    y += 12
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        names = [lines_of(name, wide, small, most=3) for name, _ in row]
        tall = max(map(len, names)) * 13
        for place, (name, (_, values)) in enumerate(zip(names, row, strict=True)):
            x, own = place * (wide + gap), known[start + place]
            parts += [text(x, y + tall - (len(name) - i) * 13 + 10, part, size=small) for i, part in enumerate(name)]
            peak = 0.0 if same_scale else 12.0
            frame = _Frame(
                len(values), min([0, *own]), (highest if same_scale else max([0, *own])) or 1,
                x, y + tall + 4 + peak, wide - after, plot,
            )  # fmt: skip
            if not same_scale:
                parts.append(text(x, y + tall + 13, says(max(own)) if own else "–", colour=FAINT, size=10))
            parts += _little(frame, values, lasts[start + place], small, as_bars=as_bars)
        y += tall + 4 + plot + gap + (0 if same_scale else 12)
    return y, parts


def _little(frame: _Frame, values: Values, last: str, size: float, *, as_bars: bool) -> list[Markup]:
    parts = []
    if as_bars:
        thick = max(frame.width / max(frame.count, 1) - 1, 0.8)
        for i, value in enumerate(values):
            if value:
                top, bottom = sorted((frame.y(value), frame.y(0)))
                parts.append(rect(frame.x(i) - thick / 2, top, thick, bottom - top, BAR))
    else:
        parts += _curve(frame, values, LINES[0], dots=False)
    parts.append(line(frame.left, frame.y(0), frame.right, frame.y(0), AXIS))
    ends = [i for i, value in enumerate(values) if value is not None]
    y = frame.y(values[ends[-1]] or 0) if ends else frame.bottom
    return [*parts, text(frame.right + 4, min(max(y + 4, frame.top + 8), frame.bottom), last, size=size)]


def _grid(frame: _Frame, ticks: Sequence[tuple[float, str]], periods: Sequence[str]) -> list[Markup]:
    parts = []
    for place, words in ticks:
        y = frame.y(place)
        parts.append(line(frame.left, y, frame.right, y, AXIS if abs(place) < 1e-12 else GRID))
        parts.append(text(frame.left - 5, y + 4, words, "end", colour=FAINT))
    widest = max((text_width(period) for period in periods), default=0) + 12
    fitting = max(int(frame.width / widest), 1)
    every = next((step for step in _STEPS if len(periods) / step <= fitting), -(-len(periods) // fitting))
    for place in range(0, len(periods), every):
        x, half = frame.x(place), text_width(periods[place]) / 2
        parts.append(line(x, frame.bottom, x, frame.bottom + 4, AXIS))
        at = min(max(x, half), frame.right + 4 - half) if half * 2 < frame.width else x
        parts.append(text(at, frame.bottom + 17, periods[place], "middle", colour=FAINT))
    return parts


def _mark_room(periods: int, place: int, width: float) -> tuple[bool, float]:
    """Return whether a mark's name stands at its right, and the room there."""
    x = width * place / max(periods, 1)
    return width - x >= x, max(width - x, x) - 6


def _mark(frame: _Frame, place: int, words: Sequence[str]) -> list[Markup]:
    x = frame.x(place - 0.5)
    right, _ = _mark_room(frame.count, place, frame.width)
    at = x + (5 if right else -5)
    anchor: Anchor = "start" if right else "end"
    return [
        line(x, 4, x, frame.bottom, AXIS, 1.5, "2 3"),
        *(text(at, 14 + i * 14, part, anchor) for i, part in enumerate(words)),
    ]


def _curve(frame: _Frame, values: Values, colour: str, *, dashed: bool = False, dots: bool = True) -> list[Markup]:
    parts = []
    for run in _runs(values):
        places = [(frame.x(i), frame.y(values[i] or 0)) for i in run]
        if len(places) > 1:
            parts.append(path(places, colour, 2, "6 4" if dashed else ""))
        if len(places) == 1 or (dots and not dashed and frame.count <= _FEW):
            parts += [dot(x, y, 2.6, colour) for x, y in places]
    return parts


def _runs(values: Sequence[object]) -> Iterator[list[int]]:
    """Give the places of values that follow one another without a gap."""
    run: list[int] = []
    for place, value in enumerate([*values, None]):
        if value is not None:
            run.append(place)
        elif run:
            yield run
            run = []


def _end_labels(
    named: Sequence[tuple[str, Values, str]], band: Band | None, says: Says, room: float
) -> list[tuple[float, list[str], str]]:
    """Return (value at the end, lines, colour) of what stands at the right of the lines."""
    found = []
    for name, values, colour in named:
        known = [value for value in values if value is not None]
        if known:
            found.append((known[-1], [*(lines_of(name, room, most=3) if name else []), says(known[-1])], colour))
    if band and (ends := [high for high in band.high if high is not None]):
        found.append((ends[-1], lines_of(band.name, room, most=3), FAINT))
    return found


def _put_labels(frame: _Frame, labels: Sequence[tuple[float, list[str], str]]) -> list[Markup]:
    """Write the labels at their lines' ends, from top to bottom, pushed apart where they would meet."""
    ordered = sorted(labels, key=lambda label: -label[0])
    tops: list[float] = []
    for value, words, _ in ordered:
        wanted = frame.y(value) - len(words) * 7
        tops.append(max(wanted, tops[-1] + len(ordered[len(tops) - 1][1]) * 14 + 3) if tops else max(wanted, 2))
    limit = frame.bottom + 8
    for place in range(len(tops) - 1, -1, -1):
        limit -= len(ordered[place][1]) * 14
        tops[place] = min(tops[place], limit)
        limit = tops[place] - 3
    return [
        text(frame.right + 6, top + i * 14 + SIZE - 1, part, colour=colour)
        for top, (_, words, colour) in zip(tops, ordered, strict=True)
        for i, part in enumerate(words)
    ]
