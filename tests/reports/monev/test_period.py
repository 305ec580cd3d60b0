from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OptionError
from pipeline.reports.monev.period import month_of, parse_period


@pytest.mark.parametrize(
    ("text", "first", "last", "label", "previous"),
    [
        ("2026-10", "2026-10-01", "2026-10-31", "Oktober 2026", "2026-09"),
        ("2026-01", "2026-01-01", "2026-01-31", "Januari 2026", "2025-12"),
        ("2024-2", "2024-02-01", "2024-02-29", "Februari 2024", "2024-01"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "Triwulan III 2026", "2026-Q2"),
        ("2026q1", "2026-01-01", "2026-03-31", "Triwulan I 2026", "2025-Q4"),
        ("2026", "2026-01-01", "2026-12-31", "2026", "2025"),
        ("2026-01..2026-06", "2026-01-01", "2026-06-30", "Januari–Juni 2026", "2025-07..2025-12"),
        ("2025-11..2026-02", "2025-11-01", "2026-02-28", "November 2025–Februari 2026", "2025-07..2025-10"),
    ],
)
def test_periods_as_people_write_and_read_them(text: str, first: str, last: str, label: str, previous: str):
    period = parse_period(text)
    assert (period.first.isoformat(), period.last.isoformat(), period.label) == (first, last, label)
    assert period.previous.name == previous
    assert period.previous.last + dt.timedelta(days=1) == period.first


def test_the_same_days_have_the_same_name():
    assert parse_period("2026-01..2026-12") == parse_period("2026")
    assert parse_period("2026-07..2026-09") == parse_period("2026-Q3")
    assert parse_period("2026-03..2026-03") == parse_period("2026-3") == month_of(dt.date(2026, 3, 31))


@pytest.mark.parametrize(
    "text", ["", "Oktober", "2026-13", "2026-00", "2026-Q5", "1026", "2026-06..2026-01", "2026-10-05", "2026.."]
)
def test_anything_else_is_refused_with_the_shapes_that_are_known(text: str):
    with pytest.raises(OptionError, match=r"Write 2026-10, 2026-Q3, 2026 or 2026-01\.\.2026-06"):
        parse_period(text)


@given(st.integers(1995, 2090), st.integers(1, 12), st.integers(1, 30))
def test_a_period_is_its_months_and_its_name_reads_back(year: int, month: int, length: int):
    last = 12 * year + month - 2 + length
    period = parse_period(f"{year}-{month:02d}..{last // 12}-{last % 12 + 1:02d}")
    months = period.months
    assert len(months) == length
    assert (months[0].first, months[-1].last) == (period.first, period.last)
    assert sum(one.days for one in months) == period.days
    assert len(period.previous.months) == length
    assert parse_period(period.name) == period
