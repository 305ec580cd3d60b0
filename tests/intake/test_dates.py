from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.dates import parse_date, parse_dates

DAY = dt.datetime(2021, 1, 5)
AUGUST = dt.datetime(2022, 8, 17)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5 Jan 2021", DAY),
        ("05 Januari 2021", DAY),
        ("5 January 2021", DAY),
        ("Jan 5, 2021", DAY),
        ("5-Jan-2021", DAY),
        ("5-Jan-21", DAY),
        ("05/01/2021", DAY),  # the day first
        ("5.1.2021", DAY),
        ("05-01-2021", DAY),
        ("2021-01-05", DAY),
        ("2021/01/05", DAY),
        ("20210105", DAY),
        ("44201", DAY),  # Excel's day number, saved as text
        (44201, DAY),
        (44201.0, DAY),
        (20210105, DAY),
        (dt.date(2021, 1, 5), DAY),
        (pd.Timestamp("2021-01-05"), DAY),
        ("Selasa, 5 Januari 2021", DAY),
        ("Tue, 5 Jan 2021", DAY),
        ("17 Agustus 2022", AUGUST),
        ("17 Agu 2022", AUGUST),
        ("17 Agt 2022", AUGUST),
        ("17 Ags 2022", AUGUST),
        ("17 Aug 2022", AUGUST),
        ("17 AGUSTUS 2022", AUGUST),
        ("5 Mei 2021", dt.datetime(2021, 5, 5)),
        ("5 May 2021", dt.datetime(2021, 5, 5)),
        ("1 Maret 2022", dt.datetime(2022, 3, 1)),
        ("1 Okt 2022", dt.datetime(2022, 10, 1)),
        ("1 Oct 2022", dt.datetime(2022, 10, 1)),
        ("1 Nopember 2022", dt.datetime(2022, 11, 1)),
        ("29 Dec 2022", dt.datetime(2022, 12, 29)),
        ("29 Des 2022", dt.datetime(2022, 12, 29)),
        ("1 Pebruari 2022", dt.datetime(2022, 2, 1)),
        ("2022-01-01 00:29", dt.datetime(2022, 1, 1, 0, 29)),
        ("2022-01-01T00:29:30", dt.datetime(2022, 1, 1, 0, 29, 30)),
        ("2022-01-01T00:29:30.250", dt.datetime(2022, 1, 1, 0, 29, 30, 250000)),
        ("2022-01-01T00:29:30Z", dt.datetime(2022, 1, 1, 7, 29, 30)),  # WIB is UTC+7
        ("2022-01-01T00:29:30+07:00", dt.datetime(2022, 1, 1, 0, 29, 30)),
        ("17 Agustus 2022 pukul 10.30 WIB", dt.datetime(2022, 8, 17, 10, 30)),
        ("17/08/2022 10:30:05 PM", dt.datetime(2022, 8, 17, 22, 30, 5)),
        (44201.5, dt.datetime(2021, 1, 5, 12)),
    ],
)
def test_reads_dates_as_they_are_written(value: object, expected: dt.datetime) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "-", "kemarin", "31/02/2021", "13/13/2021", "01/25/2021", "5 Foo 2021", "2021", "Januari 2021"),
        *(
            "3204012345678901",
            "12:30",
            "25:00",
            "5 Jan 2021 25:00",
            None,
            float("nan"),
            float("inf"),
            True,
            7,
        ),
        *(pd.NaT, pd.NA, b"2021-01-05", ["2021-01-05"], "٥/٠١/٢٠٢١", "x" * 500),
    ],
)
def test_guesses_nothing(value: object) -> None:
    assert parse_date(value) is None


def test_adds_the_time_where_the_date_has_none() -> None:
    found = parse_dates(["5 Jan 2021", "5 Jan 2021 08:00", None, "6 Jan 2021"], ["23:45:54", "01:00", "01:00", "x"])
    assert found.tolist() == [
        pd.Timestamp("2021-01-05 23:45:54"),
        pd.Timestamp("2021-01-05 08:00"),
        pd.NaT,
        pd.Timestamp("2021-01-06"),
    ]
    assert found.dtype == "datetime64[us]"


def test_time_may_be_a_value() -> None:
    assert parse_dates([dt.date(2021, 1, 5)], [dt.time(3, 4)]).tolist() == [pd.Timestamp("2021-01-05 03:04")]


@given(st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(timezones=st.timezones()), st.dates()))
def test_never_raises(value: object) -> None:
    assert len(parse_dates([value])) == 1


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31)))
def test_iso_is_exact(value: dt.datetime) -> None:
    assert parse_date(value.isoformat()) == value
    assert parse_date(value.isoformat(sep=" ")) == value
