"""Tables on paper: upright where they fit, smaller or across where not, cut between columns at last."""

from __future__ import annotations

import pytest

from pipeline.reports.forms.fit import LANDSCAPE, PORTRAIT, fit


def numbers(columns: int, name: str = "Dinas Air") -> tuple[list[str], list[list[str]], list[bool]]:
    return ["Unit", *["2026"] * columns], [[name, *["1.234"] * columns]], [False, *[True] * columns]


def test_a_small_table_is_not_stretched():
    (part,) = fit(*numbers(2))
    assert not part.landscape
    assert part.size == 8.5
    assert sum(part.widths) < 200


@pytest.mark.parametrize(("columns", "landscape"), [(8, False), (13, False), (20, True)])
def test_a_wider_one_shrinks_then_turns(columns: int, landscape: bool):
    (part,) = fit(*numbers(columns, "Dinas Pekerjaan Umum dan Penataan Ruang Kota Contoh"))
    assert part.landscape is landscape
    assert sum(part.widths) <= (LANDSCAPE if landscape else PORTRAIT) + 0.1


def test_one_too_wide_is_cut_and_repeats_its_first_column():
    parts = fit(*numbers(60))
    assert len(parts) > 1
    assert all(part.columns[0] == 0 for part in parts)
    assert [place for part in parts for place in part.columns[1:]] == list(range(1, 61))
    assert all(sum(part.widths) <= LANDSCAPE + 0.1 for part in parts)


def test_a_text_without_an_end_does_not_leave_the_page():
    (part,) = fit(["a", "b"], [["x" * 4000, "y"]], [False, False])
    assert sum(part.widths) <= LANDSCAPE + 0.1


def test_long_texts_share_what_is_left():
    (part,) = fit(["No.", "Saran", "Unit"], [["1", "kata " * 40, "kata " * 8]], [True, False, False])
    assert sum(part.widths) == pytest.approx(PORTRAIT, abs=0.1)
    assert part.widths[1] > part.widths[2] > part.widths[0]
