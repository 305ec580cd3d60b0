"""Charts as SVG that a strict Content-Security-Policy lets through, and that can be read aloud."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from pipeline.review.charts import WIDTH, age_bars, agreement_bars, day_bars
from pipeline.review.overview import Share

SVG = "{*}"
AGES = (("hari ini", 4), ("1–3 hari", 0), ("4–7 hari", 12), ("8–14 hari", 3), ("lebih dari 14 hari", 1234))
DAYS = [(dt.date(2026, 11, 1) + dt.timedelta(days=number), number * 3) for number in range(30)]
UNITS = [("Pemerintah daerah", Share(8, 10)), ("Dinas <b>& lain", Share(1, 4)), ("Tanpa keputusan", Share(0, 0))]


def parsed(chart: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(f"<x>{chart}</x>")[0]


@pytest.mark.parametrize(
    "chart",
    [age_bars(AGES), agreement_bars(UNITS), day_bars(DAYS), age_bars(()), agreement_bars([]), day_bars([])],
    ids=str.split("umur setuju harian tanpa-umur tanpa-unit tanpa-hari"),
)
def test_a_chart_is_plain_svg_with_a_name(chart: Markup):
    svg = parsed(chart)
    assert svg.get("role") == "img"
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    for element in svg.iter():
        assert element.tag.split("}")[-1] in {"svg", "title", "desc", "rect", "line", "text"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("chart", [age_bars(AGES), agreement_bars(UNITS), day_bars(DAYS)])
def test_nothing_is_drawn_outside(chart: Markup):
    svg = parsed(chart)
    height = float(str(svg.get("viewBox")).split()[3])
    for bar in svg.iter("rect"):
        x, y, width, tall = (float(str(bar.get(name))) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + width <= WIDTH
        assert y >= 0
        assert y + tall <= height
        assert width >= 0


def test_bars_are_as_long_as_their_numbers():
    widths = [float(str(bar.get("width"))) for bar in parsed(age_bars(AGES)).iter("rect")]
    assert widths[1] == 0
    assert widths[2] / widths[4] == pytest.approx(12 / 1234, abs=0.002)
    assert ">1.234</text>" in age_bars(AGES)


def test_agreement_has_its_interval_and_escapes_names():
    chart = agreement_bars(UNITS)
    assert "80\N{NO-BREAK SPACE}% dari 10" in chart
    assert "selang 49\N{NO-BREAK SPACE}% sampai 94\N{NO-BREAK SPACE}%" in chart
    assert "Dinas &lt;b&gt;&amp; lain" in chart
    assert "Tanpa keputusan" not in chart
    whiskers = [line for line in parsed(chart).iter("line") if line.get("class") == "selang"]
    assert len(whiskers) == 3 * 2


def test_long_names_are_cut_where_the_number_begins():
    chart = agreement_bars([("Ditjen Kependudukan dan Pencatatan Sipil", Share(94, 100))])
    shown = [text.text or "" for text in parsed(chart).iter("text")]
    assert shown[-2].endswith("…")
    assert "Ditjen Kependudukan dan Pencatatan Sipil: 94" in chart  # whole where it is read aloud
