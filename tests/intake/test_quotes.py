from __future__ import annotations

import io
import time

import pytest

from pipeline.intake.quotes import MAX_LINES, Record, read_records, split_tolerantly


def records(text: str, width: int | None = None) -> list[Record]:
    return list(read_records(io.StringIO(text, newline=""), ",", width))


def test_counts_records_and_blank_lines_as_a_spreadsheet_does() -> None:
    found = records('a,b\n\n1,"x\ny"\n   \n2,z\n', 2)
    assert found == [Record(1, ["a", "b"]), Record(3, ["1", "x\ny"]), Record(5, ["2", "z"])]


def test_unclosed_quote_is_reported_and_the_rows_after_it_are_read() -> None:
    found = records('a,b\n1,"never closed\n2,two\n3,three\n', 2)
    assert found == [
        Record(1, ["a", "b"]),
        Record(2, [], broken=True),
        Record(3, ["2", "two"]),
        Record(4, ["3", "three"]),
    ]


def test_unclosed_quote_does_not_turn_later_quotes_inside_out() -> None:
    found = records('a,b,c\n1,"open,x\n2,"two, too",y\n3,"three",z\n', 3)
    assert [(r.number, r.cells, r.broken) for r in found[1:]] == [
        (2, [], True),
        (3, ["2", "two, too", "y"], False),
        (4, ["3", "three", "z"], False),
    ]


def test_inner_quotes_that_are_not_doubled_are_text() -> None:
    found = records('a,b\n1,"jalan "rusak" parah"\n2,ok\n', 2)
    assert found[1:] == [Record(2, ["1", 'jalan "rusak" parah']), Record(3, ["2", "ok"])]


def test_many_unclosed_quotes_cost_bounded_time() -> None:
    text = "a,b\n" + '1,"x\n' + "2,y\n" * 30_000
    start = time.perf_counter()
    found = records(text * 3, 2)
    assert time.perf_counter() - start < 5
    assert sum(r.broken for r in found) == 3
    assert sum(not r.broken for r in found) == 3 * 30_001


def test_a_cell_may_have_many_lines() -> None:
    cell = "\n".join(["baris"] * (MAX_LINES - 10))
    assert records(f'a,b\n1,"{cell}"\n', 2)[1].cells == ["1", cell]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('1,"a "b" c"', ["1", 'a "b" c']),
        ('"a ""b"" c",2\r\n', ['a "b" c', "2"]),
        ('"a",', ["a", ""]),
        ("x,y", ["x", "y"]),
        ('1,"a', None),
        ('1,"a\n2,"b"', None),
        ("1,a\n2,b", None),
    ],
)
def test_tolerant_splitting(text: str, cells: list[str] | None) -> None:
    assert split_tolerantly(text, ",") == cells
