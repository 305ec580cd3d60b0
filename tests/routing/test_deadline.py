"""Deadlines of invented rows with days counted by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.holidays import Calendar, HolidayYearError
from pipeline.catalogue.time_limits import TimeLimits
from pipeline.errors import InputError
from pipeline.routing.deadline import DeadlineSetter

CALENDAR, LIMITS = Calendar(), TimeLimits.load()


def setter(today: str = "2026-04-02") -> DeadlineSetter:
    return DeadlineSetter(CALENDAR, LIMITS, dt.date.fromisoformat(today))


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def test_each_kind_has_its_own_deadlines():
    rows = setter("2026-01-02").set(
        ["permintaan_informasi", "pengaduan", "pengaduan", "aspirasi", "bukan_aduan"],
        [False, False, True, False, False],
        days("2026-03-13", "2026-12-23", "2026-01-02", "2026-03-13", "2026-03-13"),
    )
    assert rows.forward.tolist() == days("2026-03-25", "2026-12-30", "2026-01-07", "2026-03-25", "NaT").tolist()
    assert rows.answer.tolist() == days("2026-03-27", "2027-01-04", "2026-01-09", "2026-03-27", "NaT").tolist()
    assert rows.finish.tolist() == days("2026-03-27", "2027-01-18", "2026-04-09", "2026-04-10", "NaT").tolist()
    assert rows.overdue == [""] * 5
    assert rows.rules == [
        "batas_2025_sementara_informasi", "batas_2025_sementara_tidak_berkadar", "batas_2025_sementara_berkadar",
        "batas_2025_sementara_aspirasi", "",
    ]  # fmt: skip
    assert rows.refused_years == set()
    assert rows.forward.dtype == "datetime64[D]"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-03-25", ""),
        ("2026-03-26", "teruskan lewat 1 hari kerja"),
        ("2026-03-28", "teruskan lewat 2 hari kerja"),  # a Saturday
        ("2026-03-31", "teruskan lewat 4 hari kerja; jawaban lewat 2 hari kerja"),
        ("2026-04-12", "teruskan lewat 11 hari kerja; jawaban lewat 9 hari kerja"),  # Sunday after the last day
        ("2026-04-13", "teruskan lewat 12 hari kerja; jawaban lewat 10 hari kerja; penyelesaian lewat 1 hari kerja"),
    ],
)
def test_limits_passed_are_told_in_working_days(today, said):
    assert setter(today).set(["pengaduan"], [False], days("2026-03-13")).overdue == [said]


def test_years_without_holidays_are_refused_by_name():
    kinds = ["pengaduan", "permintaan_informasi", "pengaduan", "bukan_aduan", "pengaduan"]
    rows = setter().set(kinds, [False] * 5, days("2027-12-20", "2027-12-20", "2021-05-05", "2019-01-01", "NaT"))
    assert rows.finish.tolist() == [None, dt.date(2027, 12, 28), None, None, None]
    assert rows.answer.tolist() == [dt.date(2027, 12, 28), dt.date(2027, 12, 28), None, None, None]
    assert rows.refused_years == {2021, 2028}
    assert rows.rules == [
        "batas_2025_sementara_tidak_berkadar", "batas_2025_sementara_informasi", "batas_2018_tidak_berkadar", "", "",
    ]  # fmt: skip


def test_a_day_of_judgement_without_holidays_leaves_the_number_out():
    rows = setter("2028-02-01").set(["permintaan_informasi"], [False], days("2027-12-20"))
    unknown = "lewat (jumlah hari kerja tidak diketahui)"
    assert rows.overdue == [f"teruskan {unknown}; jawaban {unknown}; penyelesaian {unknown}"]
    assert rows.refused_years == {2028}


def test_a_holiday_file_sets_the_deadlines_of_its_year(tmp_path):
    path = tmp_path / "libur.csv"
    path.write_text("# tahun: 2024\ntanggal,nama,jenis\n2024-12-25,Natal,libur_nasional\n", encoding="utf-8")
    rows = DeadlineSetter(Calendar.from_file(path), LIMITS, dt.date(2024, 12, 30)).set(
        ["permintaan_informasi"], [False], days("2024-12-20")
    )
    assert rows.forward.tolist() == [dt.date(2024, 12, 26)]
    assert rows.answer.tolist() == [dt.date(2024, 12, 30)]
    assert rows.overdue == ["teruskan lewat 2 hari kerja"]
    assert rows.rules == ["batas_2018_informasi"]


@pytest.mark.parametrize(
    "received",
    [
        pd.Series(["2026-03-13 23:59", None], dtype="datetime64[us]"),
        pd.DatetimeIndex(["2026-03-13", None]),
        pd.Series([pd.Timestamp("2026-03-13 08:00"), pd.NaT], dtype=object),
        [dt.date(2026, 3, 13), None],
        [dt.datetime(2026, 3, 13, 23, 59), pd.NaT],
        np.array(["2026-03-13T23:59", "NaT"], dtype="datetime64[ns]"),
    ],
)
def test_dates_are_taken_in_any_usual_shape(received):
    rows = setter().set(["pengaduan"] * 2, np.array([False, False]), received)
    assert rows.forward.tolist() == [dt.date(2026, 3, 25), None]


def test_no_rows_and_dates_outside_the_calendar():
    assert setter().set([], [], days()).overdue == []
    assert setter().set(["pengaduan"], [False], np.array(["99999-01-01"], dtype="datetime64[D]")).rules == [""]


def test_wrong_input_is_refused():
    with pytest.raises(InputError, match="'keluhan'"):
        setter().set(["keluhan"], [False], days("2026-03-13"))
    with pytest.raises(ValueError, match="differ in length"):
        setter().set(["pengaduan"], [False], days("2026-03-13", "2026-03-14"))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(LIMITS.kinds),
        st.booleans(),
        st.one_of(st.none(), st.dates(dt.date(2017, 12, 1), dt.date(2028, 2, 1))),
    ),
    max_size=30,
)


@given(ROWS, st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)))
def test_a_batch_is_as_row_by_row(rows, today):
    kinds, supervisory, received = ([row[part] for row in rows] for part in range(3))
    found = DeadlineSetter(CALENDAR, LIMITS, today).set(kinds, supervisory, received)
    for at, (kind, sup, day) in enumerate(rows):
        limit = None if day is None else LIMITS.for_(kind, sup, day)
        assert found.rules[at] == (limit.id if limit else "")
        passed = []
        for word, name in (("teruskan", "forward"), ("jawaban", "answer"), ("penyelesaian", "finish")):
            end = getattr(found, name)[at].item()
            try:
                assert end == (CALENDAR.add_working_days(day, getattr(limit, name)) if limit else None)
            except HolidayYearError:
                assert end is None
                assert found.refused_years
            if end and end < today and (late := CALENDAR.working_days_between(end, today)):
                passed.append(f"{word} lewat {late} hari kerja")
        assert found.overdue[at] == "; ".join(passed)
