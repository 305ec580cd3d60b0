"""SVG elements with their colours inside (a PDF knows no style sheet), and how wide a text gets."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Final, Literal

from markupsafe import Markup, escape

from pipeline.reports.forms.colours import INK
from pipeline.reports.forms.formats import plain

FONT: Final = "DejaVu Sans"
"""The PDF's font; a page shows its reader's own, which is no wider."""
SIZE: Final = 12
Anchor = Literal["start", "middle", "end"]

#: Advance widths of DejaVu Sans in em, rounded up.
_WIDTHS: Final = {
    character: width
    for width, characters in {
        0.30: "ijl'IJ",
        0.34: " \N{NO-BREAK SPACE},./:;\\|",
        0.42: "f-()[]t!r",
        0.56: '"*_`–szc?“”',
        0.60: "LFkvxyP",
        0.64: "TYaoeESbdghnpqu$0123456789{}",
        0.70: "KAVBRXZC",
        0.79: "UHNDG&OQ",
        0.86: "w#+<=>^~−×M",
    }.items()
    for character in characters
}


def text_width(text: str, size: float = SIZE) -> float:
    """Return how wide *text* is at most in a font of *size*, in the same unit."""
    return size * sum(_WIDTHS.get(character, 1.0) for character in text)


def lines_of(text: str, width: float, size: float = SIZE, most: int = 2) -> list[str]:
    """Return *text* in at most *most* lines no wider than *width*; what does not fit ends in an ellipsis."""
    words = " ".join(plain(text).split(" ")).replace("\n", " ")
    if not words or text_width(words, size) <= width:
        return [words]
    fitting = max(int(width / text_width(words, size) * len(words)), 1)
    for count in range(fitting, 0, -1):
        found = textwrap.wrap(words, count, max_lines=most, placeholder="…") if count > 1 else ["…"]
        if all(text_width(line, size) <= width for line in found):
            return found
    return ["…"]


def scale_step(most: float, kind: str) -> float:
    """Return a round step of an axis from zero to *most* with at most five; whole ones for counts."""
    if most <= 0:
        return 0.25 if kind == "share" else 1.0
    power = math.floor(math.log10(most))
    steps = [factor * 10.0**p for p in (power - 1, power) for factor in (1, 2, 2.5, 5)]
    return next(
        (step for step in steps if most / step <= 5 and (kind != "int" or step % 1 == 0)), max(10.0 ** (power + 1), 1.0)
    )


def svg(title: str, description: str, width: float, height: float, parts: Sequence[Markup]) -> str:
    """Return a chart: *title* and *description* are what those who do not see it are told."""
    return str(
        Markup(
            '<svg class="grafik" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
            'role="img" font-family="{f}" font-size="{s}"><title>{t}</title><desc>{d}</desc>{p}</svg>'
        ).format(
            w=px(width),
            h=px(height),
            f=FONT,
            s=SIZE,
            t=plain(title),
            d=plain(description),
            p=Markup("").join(parts),
        )
    )


def rect(x: float, y: float, width: float, height: float, fill: str) -> Markup:
    """Return a filled rectangle."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        *map(px, (x, y, width, height)), fill
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = "") -> Markup:
    """Return a straight line; *dash* as in ``stroke-dasharray``."""
    dashed = Markup(' stroke-dasharray="{}"').format(dash) if dash else ""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>').format(
        *map(px, (x1, y1, x2, y2)), colour, px(width), dashed
    )


def path(places: Sequence[tuple[float, float]], colour: str, width: float = 2, dash: str = "") -> Markup:
    """Return a line through *places*."""
    dashed = Markup(' stroke-dasharray="{}"').format(dash) if dash else ""
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{}/>').format(
        _points(places), colour, px(width), dashed
    )


def area(places: Sequence[tuple[float, float]], fill: str) -> Markup:
    """Return a filled polygon."""
    return Markup('<polygon points="{}" fill="{}"/>').format(_points(places), fill)


def dot(x: float, y: float, radius: float, fill: str) -> Markup:
    """Return a filled circle."""
    return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(*map(px, (x, y, radius)), fill)


def text(
    x: float,
    y: float,
    words: str,
    anchor: Anchor = "start",
    *,
    colour: str = INK,
    size: float = SIZE,
    halo: bool = False,
) -> Markup:
    """Return a text whose *anchor* is at (*x*, *y* of its base line); a *halo* parts it from lines below."""
    more = Markup("") if anchor == "start" else Markup(' text-anchor="{}"').format(anchor)
    more += Markup(' font-size="{}"').format(px(size)) if size != SIZE else ""
    more += Markup(' stroke="#ffffff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"') if halo else ""
    return Markup('<text x="{}" y="{}" fill="{}"{}>{}</text>').format(px(x), px(y), colour, more, escape(plain(words)))


def px(value: float) -> str:
    """Return a length with a tenth of a pixel."""
    return f"{value + 0.0:.1f}".removesuffix(".0")


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{px(x)},{px(y)}" for x, y in places)
