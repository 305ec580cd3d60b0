"""What holds for any complaints: parts add up, and the order of the rows is no matter."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.reports.monev.figures import PARTS, Figures, find_figures
from pipeline.reports.monev.period import parse_period
from tests.reports.monev.made import read, row

OCTOBER = parse_period("2026-10")
STATUSES = (
    "Ditutup oleh Sistem", "Ditutup oleh Pelapor", "Selesai", "Diarsipkan oleh Admin", "Konten Terblokir",
    "Menunggu Kelengkapan Informasi", "Proses", "Terdisposisi", "Belum Terverifikasi", "Entah", "",
)  # fmt: skip
UNITS = ("Dinas A", "Dinas B", "dinas b", "")
KINDS = ("Aspirasi", "Pengaduan Berkadar Pengawasan", "Permintaan Informasi", "Lain", "")
CELLS = st.tuples(
    st.integers(0, 75), st.sampled_from(STATUSES), st.sampled_from(UNITS), st.sampled_from(KINDS),
    st.sampled_from(("", "2026-10-12", "2026-11-09")), st.sampled_from(("teruskan", "tinjau", "")),
)  # fmt: skip


def made(cells: list[Any]) -> list[dict[str, Any]]:
    """One report of October at least, the others of the weeks before."""
    days = np.datetime64("2026-10-31") - np.array([10, *(age for age, *_ in cells[1:])])
    return [
        row(
            n, str(day), status, instansi=unit, tindakan=action,
            **{"Klasifikasi Laporan": kind, "tanggal selesai": finished},
        )
        for n, (day, (_, status, unit, kind, finished, action)) in enumerate(zip(days, cells, strict=True))
    ]  # fmt: skip


def figures(rows: list[dict[str, Any]]) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return find_figures(read(Path(folder), rows), OCTOBER)


def plain(found: Figures) -> dict[str, Any]:
    """Everything of *found* that can be compared."""
    months = found.months
    return vars(found) | {"months": (months.units, months.months, months.received.tolist(), months.completed.tolist())}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELLS, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_parts_add_up_and_order_is_no_matter(cells: list[Any], order: random.Random):
    rows = made(cells)
    found = figures(rows)
    values = {key: number.value for key, number in found.numbers.items()}
    assert sum(values.get(part, 0) for part in PARTS) == values["diterima"]
    assert values["selesai"] <= values["ditindaklanjuti"] <= values["diteruskan"] <= values["diterima"]
    assert sum(n for _, n in found.closers) == values["selesai"]
    assert values["menunggu_pelapor"] <= values["menunggu"] <= found.backlog["menunggu"].value
    for groups in found.groups.values():
        for part, total in (("completed", "selesai"), ("open", "menunggu")):
            assert sum(getattr(one, part) for one in groups) == values[total]
        assert sum(one.received.value for one in groups) == values["diterima"]
    assert found.months.received[:, -1].sum() == values["diterima"]
    for number in found.numbers.values():
        if number.low is not None and number.high is not None:
            assert number.low <= number.value <= number.high
        if number.change_low is not None and number.change_high is not None:
            assert number.change_low <= number.change <= number.change_high

    shuffled = list(rows)
    order.shuffle(shuffled)
    assert plain(figures(shuffled)) == plain(found)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELLS, min_size=1, max_size=15))
def test_a_repeated_row_changes_nothing_but_the_note(cells: list[Any]):
    rows = made(cells)
    once, twice = figures(rows), figures(rows + rows[:3])
    assert plain(replace(twice, notes=())) == plain(replace(once, notes=()))
    assert any("baris berulang" in note for note in twice.notes)
