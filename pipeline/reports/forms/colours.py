"""Colours that all forms share, told apart by the colour-blind, with enough contrast on white (WCAG 2.2 AA)."""

from __future__ import annotations

from typing import Final

INK: Final = "#1a1a1a"
FAINT: Final = "#4a4f57"
GRID: Final = "#dfe3e9"
AXIS: Final = "#5a6069"
BAR: Final = "#5b8fc9"
BAND: Final = "#d3e0f0"
LINES: Final = ("#1f5fa8", "#b04a06", "#1a1a1a", "#6b3d99")
"""Blue and orange first: the pair that every kind of colour blindness tells apart."""

_LOW, _HIGH = (255, 255, 255), (11, 61, 145)


def heat(share: float) -> str:
    """Return the colour of a cell: white at 0, dark blue at 1."""
    return "#" + "".join(f"{round(a + (b - a) * min(max(share, 0), 1)):02x}" for a, b in zip(_LOW, _HIGH, strict=True))


def ink(share: float) -> str:
    """Return black or white, whichever stands out more on :func:`heat` of *share* (WCAG 2 contrast, 4.5 or more)."""
    light = luminance(heat(share))
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
