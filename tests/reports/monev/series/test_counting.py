from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.reports.monev.series.counting import count_periods


def series(*rows: tuple[str | None, str | None]) -> tuple[pd.Series, pd.Series]:
    days, labels = zip(*rows, strict=True)
    return pd.Series(pd.to_datetime(list(days), format="ISO8601")), pd.Series(list(labels), dtype="category")


def test_only_whole_weeks_count():
    received, labels = series(
        ("2026-01-03 10:00", "a"),  # a Saturday: its week began before the data
        ("2026-01-05 00:00", "a"), ("2026-01-11 23:59", "a"), ("2026-01-12", "b"), ("2026-01-12", "b"),
        ("2026-01-12", "b"), ("2026-01-12", "b"), ("2026-01-27", "b"),
    )  # fmt: skip
    table = count_periods(received, labels, "week", dt.date(2026, 1, 27))
    assert list(table.index) == [pd.Timestamp(day) for day in ("2026-01-05", "2026-01-12", "2026-01-19")]
    assert list(table.columns) == ["b", "a"]
    assert table.to_numpy().tolist() == [[0, 2], [4, 0], [0, 0]]


def test_rows_without_a_day_or_a_label_do_not_count():
    received, labels = series(("2026-02-01", "a"), (None, "a"), ("2026-02-03", None), ("2026-03-31", "a"))
    table = count_periods(received, labels, "month", dt.date(2026, 3, 31))
    assert table["a"].tolist() == [1, 1]


def test_a_month_may_lack_its_first_days_but_no_more():
    early, late = series(("2026-01-04", "a"), ("2026-02-10", "a")), series(("2026-01-09", "a"), ("2026-02-10", "a"))
    assert len(count_periods(*early, "month", dt.date(2026, 2, 28))) == 2
    assert len(count_periods(*late, "month", dt.date(2026, 2, 28))) == 1
    assert len(count_periods(*late, "month", dt.date(2026, 2, 28), first=dt.date(2026, 1, 1))) == 2


def test_nothing_whole_is_an_empty_table():
    received, labels = series(("2026-01-05", "a"))
    assert count_periods(received, labels, "month", dt.date(2026, 1, 20)).empty
    assert count_periods(received.iloc[:0], labels.iloc[:0], "week", dt.date(2026, 1, 20)).empty


def test_the_counts_are_those_of_a_plain_loop():
    rng = np.random.default_rng(0)
    days = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 500 * 24, 3000), unit="h"))
    labels = pd.Series(rng.choice(["x", "y", "z"], 3000))
    table = count_periods(days, labels, "month", dt.date(2026, 4, 30))
    for start in table.index[[0, 5, -1]]:
        for label in "xyz":
            expected = sum(
                (d.year, d.month) == (start.year, start.month) and name == label
                for d, name in zip(days, labels, strict=True)
            )
            assert table.loc[start, label] == expected
