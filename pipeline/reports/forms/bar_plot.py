"""Draw horizontal bars: names beside them, or above them where the chart is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pipeline.reports.forms.colours import AXIS, BAR, FAINT, INK, LINES
from pipeline.reports.forms.svg import SIZE, line, lines_of, rect, text, text_width

_MOST_NAME: Final = 340
_LINE: Final = 14
_BAR: Final = 13
_GAP: Final = 7


@dataclass(frozen=True)
class Bar:
    """A name, its value and interval (``None``: no bar), and the value as it is written."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    label: str


def draw_bars(
    bars: Sequence[Bar], width: float, *, beside: bool, mark: tuple[float, str] | None
) -> tuple[float, list[Markup]]:
    """Return (height, elements). *mark*: a value to compare with, drawn as a dashed line, and its name."""
    room = width if not beside else min(max((text_width(bar.name) for bar in bars), default=0) * 1.02 + 1, _MOST_NAME)
    names = [lines_of(bar.name, room) for bar in bars]
    left = room + 8 if beside else 1
    after = max((text_width(bar.label) for bar in bars), default=0) + 10
    x = _Scale(bars, mark, left, max(width - left - after, 20))
    parts: list[Markup] = []
    labels: list[Markup] = []
    y = start = 22.0 if mark is not None else 4.0
    for bar, name in zip(bars, names, strict=True):
        tall = max(len(name) * _LINE, _BAR) if beside else len(name) * _LINE + 4 + _BAR
        base = y + (tall - len(name) * _LINE) / 2 if beside else y
        parts += [
            text(room if beside else 0, base + (i + 1) * _LINE - 3, part, "end" if beside else "start")
            for i, part in enumerate(name)
        ]
        middle = y + tall / 2 if beside else y + tall - _BAR / 2
        drawn, label = _bar(bar, x, middle)
        parts += drawn
        # Beside the names nothing is in the way of a line through all bars; above them it would cross the names.
        top, bottom = (y - _GAP / 2, y + tall + _GAP / 2) if beside else (middle - 9, middle + 9)
        parts.append(line(x(0), top, x(0), bottom, AXIS))
        if mark is not None:
            parts.append(line(x(mark[0]), top, x(mark[0]), bottom, LINES[1], 1.5, "4 3"))
        labels.append(label)
        y += tall + _GAP
    if mark is not None:
        words = lines_of(mark[1], width, most=1)[0]
        half = text_width(words) / 2
        labels.append(text(min(max(x(mark[0]), half), width - half), start - 9, words, "middle", colour=LINES[1]))
    return y, [*parts, *labels]


class _Scale:
    """From a value to a place between the chart's names and its numbers; zero is always on it."""

    def __init__(self, bars: Sequence[Bar], mark: tuple[float, str] | None, left: float, span: float) -> None:
        ends = [end for bar in bars for end in (bar.value, bar.low, bar.high) if end is not None]
        ends += [0, *([mark[0]] if mark else [])]
        self.low, self.high = min(ends), max(ends)
        self.left, self.span = left, span

    def __call__(self, value: float) -> float:
        return self.left + self.span * (value - self.low) / ((self.high - self.low) or 1)


def _bar(bar: Bar, x: _Scale, middle: float) -> tuple[list[Markup], Markup]:
    parts, end = [], x(0)
    if bar.value is not None:
        start, stop = sorted((x(0), x(bar.value)))
        parts.append(rect(start, middle - _BAR / 2, stop - start, _BAR, BAR))
        end = max(end, stop)
        if bar.low is not None and bar.high is not None:
            low, high = x(bar.low), x(bar.high)
            parts.append(line(low, middle, high, middle, INK, 1.3))
            parts += [line(place, middle - 4, place, middle + 4, INK, 1.3) for place in (low, high)]
            end = max(end, high)
    colour = INK if bar.value is not None else FAINT
    return parts, text(end + 6, middle + SIZE * 0.35, bar.label, colour=colour, halo=True)
