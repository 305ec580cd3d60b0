"""Working days against the SKB of 2026 and 2027, counted by hand, and against a naive count."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal.holidays import add_working_days, count_working_days, is_working_day

from pipeline.catalogue.holidays import Calendar, HolidayYearError, read_holidays
from pipeline.errors import InputError

HEAD = "tanggal,nama,jenis\n"
WHOLE = [(1, 1, "Tahun Baru"), (8, 17, "Kemerdekaan"), (12, 25, "Natal")]
CALENDAR = Calendar()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def whole(year: int, *more: str) -> str:
    rows = [f"{dt.date(year, month, date)},{name},libur_nasional" for month, date, name in WHOLE]
    return HEAD + "\n".join([*rows, *more]) + "\n"


def write(tmp_path, text: str):
    path = tmp_path / "libur.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        # Idulfitri 2026: 18 cuti, 19 Nyepi, 20 cuti, 21-22 Idulfitri at the weekend, 23-24 cuti.
        ("2026-03-13", 3, "2026-03-25"),
        ("2026-03-13", 5, "2026-03-27"),
        ("2026-03-13", 14, "2026-04-10"),  # 3 April: Wafat Yesus Kristus
        ("2026-03-17", 1, "2026-03-25"),
        ("2026-03-21", 1, "2026-03-25"),
        # Year change: 24-25 December, 1 and 5 January are off.
        ("2026-12-23", 3, "2026-12-30"),
        ("2026-12-23", 5, "2027-01-04"),
        ("2026-12-23", 14, "2027-01-18"),
        ("2027-12-20", 5, "2027-12-28"),
        ("2026-01-02", 60, "2026-04-09"),
        # Saturday and Sunday count from Monday, like Friday does.
        ("2026-07-03", 1, "2026-07-06"),
        ("2026-07-04", 1, "2026-07-06"),
        ("2026-07-05", 1, "2026-07-06"),
        ("2026-07-04", 0, "2026-07-04"),
        ("2026-07-05", -1, "2026-07-03"),
    ],
)
def test_working_days_are_added_from_the_next_day_on(start, n, end):
    assert CALENDAR.add_working_days(day(start), n) == day(end)


def test_a_year_without_holidays_is_refused_by_name():
    with pytest.raises(HolidayYearError, match=r"of 2025 are not known \(known: 2026, 2027\).*--holidays FILE"):
        CALENDAR.add_working_days(day("2025-12-31"), 1)
    with pytest.raises(HolidayYearError, match="2028"):
        CALENDAR.add_working_days(day("2027-12-20"), 14)
    with pytest.raises(HolidayYearError, match="2024, 2025"):
        CALENDAR.working_days_between(day("2026-01-02"), day("2024-12-30"))
    with pytest.raises(HolidayYearError):
        CALENDAR.is_working_day(day("2030-01-02"))
    assert issubclass(HolidayYearError, InputError)


def test_the_error_of_several_years_names_each():
    text = CALENDAR.explain([2023, 2021, 2023])
    assert "2021, 2023 are not known" in text
    assert "\n" not in text


days_known = st.dates(day("2026-01-01"), day("2027-12-31"))


@given(days_known, st.integers(1, 60))
def test_adding_agrees_with_a_day_by_day_count(start, n):
    end, left = start, n
    while left:
        end += dt.timedelta(days=1)
        if end.year > 2027:
            with pytest.raises(HolidayYearError):
                CALENDAR.add_working_days(start, n)
            return
        left -= is_working_day(end)
    assert CALENDAR.add_working_days(start, n) == end == add_working_days(start, n)
    assert CALENDAR.working_days_between(start, end) == n


@given(days_known, days_known)
def test_counting_agrees_with_lokal(start, end):
    if start <= end:
        expected = count_working_days(start, end) - is_working_day(start)
        assert CALENDAR.working_days_between(start, end) == expected
    assert CALENDAR.is_working_day(start) == is_working_day(start)


@given(st.lists(st.tuples(st.one_of(st.none(), days_known), st.integers(1, 60)), max_size=20))
def test_many_days_at_once_are_as_one_by_one(pairs):
    days = np.array([start for start, _ in pairs], dtype="datetime64[D]")
    ends, refused = CALENDAR.add_to_all(days, np.array([n for _, n in pairs], dtype=np.int64))
    missing = set()
    for end, (start, n) in zip(ends.tolist(), pairs, strict=True):
        try:
            assert end == (None if start is None else CALENDAR.add_working_days(start, n))
        except HolidayYearError:
            assert end is None
            missing.add(2028)
    assert refused == missing


def test_a_count_over_an_unknown_year_is_marked():
    days = np.array(["2026-07-03", "2027-12-30", "NaT", "2026-07-06"], dtype="datetime64[D]")
    counts, exact, refused = CALENDAR.count_to(days, day("2026-07-06"))
    assert counts.tolist() == [1, 0, 0, 0]
    assert exact.all()
    assert refused == set()
    counts, exact, refused = CALENDAR.count_to(days, day("2028-01-10"))
    assert exact.tolist() == [False, False, True, False]
    assert refused == {2028}
    assert counts[1] > 0


def test_a_file_makes_its_year_known(tmp_path):
    path = write(tmp_path, whole(2025, "2025-03-28,Nyepi,cuti_bersama", "2025-03-31,Idulfitri,libur_nasional"))
    calendar = Calendar.from_file(path)
    assert calendar.years == (2025, 2026, 2027)
    assert calendar.add_working_days(day("2025-03-27"), 1) == day("2025-04-01")
    assert calendar.holiday_name(day("2025-03-31")) == "Idulfitri"
    # 31 December is day 3; New Year's day comes from lokal-id.
    assert calendar.add_working_days(day("2025-12-26"), 4) == day("2026-01-02")


def test_single_rows_add_to_a_year_of_lokal(tmp_path):
    calendar = Calendar.from_file(write(tmp_path, HEAD + "2026-07-06,Pilkada,libur_nasional\n"))
    assert calendar.add_working_days(day("2026-07-03"), 1) == day("2026-07-07")
    assert not calendar.is_working_day(day("2026-03-19"))


def test_a_whole_year_stands_in_for_that_of_lokal(tmp_path):
    calendar = Calendar.from_file(write(tmp_path, whole(2026)))
    assert calendar.is_working_day(day("2026-03-19"))
    assert not calendar.is_working_day(day("2027-03-08"))


def test_extra_days_alone_do_not_make_a_year_known():
    assert Calendar({day("2025-01-01"): "Tahun Baru"}).years == (2026, 2027)
    assert Calendar({day("2025-01-01"): "Tahun Baru"}, [2025]).years == (2025, 2026, 2027)


def test_half_a_year_is_refused_unless_declared(tmp_path):
    text = HEAD + "2028-01-01,Tahun Baru,libur_nasional\n"
    with pytest.raises(InputError, match=r"libur\.csv: the list of 2028 is not whole.*# tahun: 2028"):
        read_holidays(write(tmp_path, text))
    assert read_holidays(write(tmp_path, "# tahun: 2028\n" + text)).years == {2028}
    assert read_holidays(write(tmp_path, '"# tahun: 2028, 2029",,\n' + text)).years == {2028, 2029}


def test_a_spreadsheets_csv_is_read(tmp_path):
    text = "\ufeffTanggal;Nama;Jenis\n01/01/2025;Tahun Baru;Libur Nasional\n17/08/2025;RI;Libur Nasional\n"
    found = read_holidays(write(tmp_path, text + '25/12/2025;"Natal; hari kedua";Libur nasional\n;;\n'))
    assert found.years == {2025}
    assert found.days[day("2025-12-25")] == "Natal; hari kedua"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tanggal,nama\n", r"libur\.csv, column 'jenis': missing"),
        ("", r"libur\.csv, column 'tanggal': missing"),
        (HEAD + "# catatan\n2026-02-30,X,libur_nasional\n", r"libur\.csv, row 3, column 'tanggal': not a date"),
        (HEAD + "2026-02-03,X,cuti\n", r"row 2, column 'jenis': unknown kind of holiday.*cuti_bersama"),
        (HEAD + "2026-02-03\n", r"row 2, column 'jenis'"),
    ],
)
def test_a_wrong_file_is_named_by_row_and_column(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_holidays(write(tmp_path, text))


def test_a_file_that_cannot_be_read_is_named_without_its_text(tmp_path):
    with pytest.raises(InputError, match=r"tiada\.csv: cannot be read"):
        read_holidays(tmp_path / "tiada.csv")
    path = tmp_path / "lain.csv"
    path.write_bytes(b"tanggal,nama,jenis\n2026-01-01,\xff,libur_nasional\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_holidays(path)
    with pytest.raises(InputError) as error:
        read_holidays(write(tmp_path, HEAD + "Ani Rahasia,2026-01-01,libur_nasional\n"))
    assert "Ani" not in str(error.value)
