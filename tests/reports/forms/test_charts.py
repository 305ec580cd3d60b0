"""Charts: well-formed, nothing overlaps or leaves the picture, bars are as long as their values."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from fontTools.ttLib import TTFont

from pipeline.reports.forms import charts
from pipeline.reports.forms.svg import lines_of, scale_step, text_width
from tests.reports.forms.made import BROKEN, MONTHS, SPECIAL, UNITS, bars

SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Each text as (left, top, right, bottom, words) at its widest."""
    found = []
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size, words = float(element.get("font-size", "12")), element.text or ""
        width = text_width(words, size)
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = {"start": x, "middle": x - width / 2, "end": x - width}[element.get("text-anchor", "start")]
        found.append((left, y - size * 0.75, left + width, y + size * 0.2, words))
    return found


def multiples(**options: bool) -> charts.Picture:
    panels = {unit: [None if (i + j) % 9 == 0 else i * j for j in range(22)] for i, unit in enumerate(UNITS)}
    return charts.multiples("Tiap bulan", MONTHS, panels, **options)


def trend() -> charts.Picture:
    observed = charts.Line("Aduan tentang parkir di tepi jalan umum di seluruh kota", list(range(400, 422)))
    expected = charts.Line("Bila tarif tidak naik sama sekali pada tahun itu juga", [None] * 12 + [420] * 10, True)
    band = charts.Band("rentang 80 %", [None] * 12 + [300] * 10, [None] * 12 + [500] * 10)
    return charts.lines("x", MONTHS, (observed, expected), mark=(12, "1 Januari 2026: tarif parkir naik"), band=band)


@pytest.mark.parametrize(
    "picture",
    [
        bars(),
        charts.bars("x", UNITS, [(-1) ** i * i * 1000 for i in range(40)], kind="change"),
        trend(),
        charts.lines("x", MONTHS, (charts.Line("a", [0.004] * 22),), kind="share"),
        charts.lines("x", ["satu"], (charts.Line("a", [None]), charts.Line("b", [0]))),
        charts.lines("x", MONTHS[:5], (charts.Line("a", [-3, 2, 5, -12, 1]),), mark=(4, "akhir")),
        multiples(),
        multiples(same_scale=False, as_bars=True),
        charts.bars("x", [], []),
        charts.multiples("x", [], {}),
        charts.bars(SPECIAL, [SPECIAL, BROKEN], [1, 2], mark=(1, SPECIAL)),
    ],
    ids=lambda picture: picture.title[:20],
)
def test_texts_stay_inside_and_never_overlap(picture: charts.Picture):
    for svg in (picture.svg, picture.narrow):
        root = ElementTree.fromstring(svg)
        width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        placed = boxes(svg)
        for left, top, right, bottom, words in placed:
            assert left >= -0.6, words
            assert right <= width + 0.6, words
            assert top >= -0.6, words
            assert bottom <= height + 0.6, words
        for a, b in combinations(placed, 2):
            apart = a[2] <= b[0] + 0.1 or b[2] <= a[0] + 0.1 or a[3] <= b[1] + 0.1 or b[3] <= a[1] + 0.1
            assert apart, (a, b)


def test_a_bar_is_as_long_as_its_value():
    found = charts.bars("x", ["a", "b", "c"], [10, 5, 0])
    lengths = [float(one.attrib["width"]) for one in ElementTree.fromstring(found.svg).iter(f"{SVG}rect")]
    assert lengths[1] / lengths[0] == pytest.approx(0.5, abs=0.001)
    assert lengths[2] == 0
    assert found.table.rows == (("a", 10), ("b", 5), ("c", 0))
    assert found.description == "3 unit; nilai tertinggi 10 (a), nilai terendah 0 (c)."


def test_bars_say_what_has_no_value_and_keep_the_interval():
    found = bars()
    texts = [words for *_, words in boxes(found.svg)]
    assert "terlalu sedikit" in texts
    assert "–" in texts
    assert [column.name for column in found.table.columns] == ["Unit", "Nilai", "Bawah", "Atas"]
    assert found.table.rows[11][1] == "terlalu sedikit"


def test_a_gap_parts_a_line_and_a_lone_value_is_a_dot():
    found = charts.lines("x", MONTHS[:6], (charts.Line("a", [1, 2, None, 4, None, 5]),))
    root = ElementTree.fromstring(found.svg)
    assert len(list(root.iter(f"{SVG}polyline"))) == 1
    assert len(list(root.iter(f"{SVG}circle"))) == 4
    assert found.description == "a: 1 pada Jan 2025, 5 pada Jun 2025."
    assert [row[0] for row in found.table.rows] == [
        "Jan 2025",
        "Feb 2025",
        "Mar 2025",
        "Apr 2025",
        "Mei 2025",
        "Jun 2025",
    ]


def test_zero_is_on_the_axis_and_the_mark_stands_before_its_period():
    found = trend()
    assert "0" in [words for *_, words in boxes(found.svg)]
    root = ElementTree.fromstring(found.svg)
    mark = next(float(one.attrib["x1"]) for one in root.iter(f"{SVG}line") if one.get("stroke-dasharray") == "2 3")
    dots = [float(one.attrib["cx"]) for one in root.iter(f"{SVG}circle")]
    assert dots[11] < mark < dots[12]
    assert len(list(root.iter(f"{SVG}polygon"))) == 1


def test_days_are_written_out_where_they_are_not_months():
    days = [dt.date(2026, 1, 5), dt.date(2026, 1, 12)]
    assert charts.lines("x", days, (charts.Line("a", [1, 2]),)).table.rows[1][0] == "12/01/2026"


def test_small_multiples_say_their_scale():
    assert "berskala sama, 0–819" in multiples().svg
    assert "berskala sendiri" in multiples(same_scale=False).svg
    assert multiples().table.heat


def test_lines_of_another_length_are_refused():
    with pytest.raises(ValueError, match="every period"):
        charts.lines("x", MONTHS, (charts.Line("a", [1]),))
    with pytest.raises(ValueError, match="one to four"):
        charts.lines("x", MONTHS, ())
    with pytest.raises(ValueError, match="zip"):
        charts.bars("x", ["a"], [1, 2])


def test_text_width_is_never_less_than_the_fonts():
    font = TTFont(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
    names, widths, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    for code in [*range(32, 127), *map(ord, "–−×“”…\N{NO-BREAK SPACE}éü")]:
        assert text_width(chr(code), 1) >= widths[names[code]][0] / unit - 0.004, chr(code)


def test_long_names_are_wrapped_and_cut():
    assert lines_of("Dinas Air", 200) == ["Dinas Air"]
    wrapped = lines_of("Dinas Pekerjaan Umum dan Penataan Ruang " * 4, 150)
    assert len(wrapped) == 2
    assert wrapped[1].endswith("…")
    assert all(text_width(line) <= 150 for line in wrapped)
    assert all(text_width(line) <= 80 for line in lines_of("x" * 500, 80))


@pytest.mark.parametrize(
    ("most", "kind"), [(0, "int"), (1, "int"), (7, "int"), (1481, "int"), (0.93, "share"), (0.004, "share")]
)
def test_the_axis_has_few_round_steps(most: float, kind: str):
    step = scale_step(most, kind)
    assert most / step <= 5
    assert most == 0 or most / step > 1.5 or step == 1
    assert f"{step:.0e}"[0] in "125" or kind == "share"
    assert kind == "share" or step % 1 == 0
