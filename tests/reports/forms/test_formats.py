"""Values as Indonesians write them; texts that every form can hold; headings and colours."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.reports.blocks import Column, Document, Heading, Table
from pipeline.reports.forms.formats import cell, month, plain, raw, signed, slug
from pipeline.reports.forms.outline import heat_shares, places
from tests.reports.forms.made import BROKEN


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (1234, "int", "1.234"),
        (np.int64(1234567), "int", "1.234.567"),
        (0.8688, "share", "86,88\N{NO-BREAK SPACE}%"),
        (np.float32(0.5), "share", "50,00\N{NO-BREAK SPACE}%"),
        (4.5, "decimal", "4,5"),
        (2038, "decimal", "2.038,0"),
        (dt.date(2026, 11, 28), "day", "28/11/2026"),
        (pd.Timestamp("2026-11-28 10:00"), "day", "28/11/2026"),
        (0.032, "change", "+3,2\N{NO-BREAK SPACE}poin"),
        (-0.015, "change", "−1,5\N{NO-BREAK SPACE}poin"),
        (-0.0001, "change", "0,0\N{NO-BREAK SPACE}poin"),
        (-1234, "change", "−1.234"),
        (12, "change", "+12"),
        ("terlalu sedikit", "share", "terlalu sedikit"),
        *((nothing, "int", "–") for nothing in (None, float("nan"), float("inf"), pd.NaT, pd.NA, np.nan)),
    ],
)
def test_a_cell(value: object, kind: str, said: str):
    assert cell(value, Column("x", kind)) == said


def test_digits_are_the_columns_own_and_fewer_in_a_heat_table():
    assert cell(0.8688, Column("x", "share"), heat=True) == "87\N{NO-BREAK SPACE}%"
    assert cell(0.8688, Column("x", "share", 1), heat=True) == "86,9\N{NO-BREAK SPACE}%"
    assert signed(-1234.56, 1) == "−1.234,6"
    assert month(dt.date(2026, 10, 1)) == "Okt 2026"


def test_texts_lose_only_what_no_form_can_hold():
    assert plain(BROKEN) == "rusak akhir"
    assert plain("a\r\nb\tc 😀") == "a\nb\tc 😀"
    assert raw("<NA>") == "<NA>"


def test_addresses_are_unique_and_no_level_is_skipped():
    document = Document(
        "x", "", (Heading("Isi"), Heading("Isi", 4), Heading("Té/ma: 1", 2), Heading("ꦗꦮ", 1), Heading("a", 3, "isi"))
    )
    found = places(document)
    assert [place.level for place in found] == [2, 3, 2, 2, 3]
    assert [place.anchor for place in found] == ["isi-2", "isi-3", "te-ma-1", "bagian", "isi-4"]
    assert slug("A" * 200) == "a" * 60


def test_heat_goes_with_the_value():
    table = Table(
        "x",
        (Column("u"), Column("a", "int"), Column("b", "int"), Column("jumlah", "int", heat=False)),
        (("p", 0, 100, 100), ("q", 25, None, 25), ("r", -5, "sedikit", 0)),
        heat=True,
    )
    assert heat_shares(table) == [[None, 0.0, 1.0, None], [None, 0.5, None, None], [None, 0.0, None, None]]
    shares = Table("x", (Column("u"), Column("a", "share")), (("p", 0.25), ("q", 1.2)), heat=True)
    assert heat_shares(shares) == [[None, 0.25], [None, 1.0]]


def test_a_crooked_table_or_a_nameless_document_is_refused():
    with pytest.raises(ValueError, match="value for each column"):
        Table("x", (Column("a"),), ((1, 2),))
    with pytest.raises(ValueError, match="needs a column"):
        Table("x", (), ())
    with pytest.raises(ValueError, match="needs a title"):
        Document(" ", "", ())
