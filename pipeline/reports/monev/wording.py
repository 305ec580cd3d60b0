"""Figures in words, as an Indonesian reader says them."""

from __future__ import annotations

from pipeline.reports.forms.formats import DASH, points, share, signed
from pipeline.reports.monev.definitions import COUNT, SHARE
from pipeline.reports.monev.number import Number
from pipeline.review.web.words import number

_SPACE = "\N{NO-BREAK SPACE}"
LOW, HIGH = f"95{_SPACE}% dari", f"95{_SPACE}% sampai"
LOW80, HIGH80 = f"80{_SPACE}% dari", f"80{_SPACE}% sampai"
"""Headings of an interval's ends, which must not break between number and sign."""


def value_text(figure: Number) -> str:
    """Return the value: ``1.234``, ``86,88 %`` or ``4,5 hari``; a dash where it is not known."""
    return _value(figure, figure.value)


def change_text(figure: Number, before: str) -> str:
    """Return the change against *before* (the period's name) with its interval; ``""`` where it is not known.

    ``naik 25,0 % dari Juli 2026 (95 %: 3,0 % sampai 50,0 %)``; where the interval holds "no change", it says so.
    """
    if figure.change is None:
        return ""
    text = f"{_direction(figure)} dari {before}"
    if figure.change_low is None or figure.change_high is None:
        return text
    text += f" (95 %: {_change(figure, figure.change_low)} sampai {_change(figure, figure.change_high)})"
    return text if figure.is_certain_change else f"{text}: belum tentu berubah"


def detail_text(figure: Number, before: str) -> str:
    """Return what stands under a leading figure: of how many, and its change."""
    of = f"{number(figure.hits)} dari {number(figure.n)}" if figure.hits is not None and figure.n else ""
    return "; ".join(part for part in (of, change_text(figure, before)) if part)


def _direction(figure: Number) -> str:
    change = figure.change or 0.0
    if not round(change, 3):
        return "tetap"
    word = "naik" if change > 0 else "turun"
    return f"{word} {_change(figure, abs(change)).removeprefix('+')}"


def _change(figure: Number, change: float) -> str:
    if figure.unit == COUNT:
        return f"{signed(100 * change, 1)} %"
    if figure.unit == SHARE:
        return points(change)
    return f"{signed(change, 1)} hari"


def _value(figure: Number, value: float | None) -> str:
    if value is None:
        return DASH
    if figure.unit == COUNT:
        return number(value)
    return share(value) if figure.unit == SHARE else f"{number(value, 1 if value % 1 else 0)} hari"
