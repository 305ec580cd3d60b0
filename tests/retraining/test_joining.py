"""Decisions take the place of what history says."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest

from pipeline.retraining.data import NO_ROWS, Labelled, Rows, distinct
from pipeline.retraining.decided import Kind, Record
from pipeline.retraining.joining import Joined, join
from pipeline.retraining.trust import load_trust
from tests.retraining.decided_examples import ROADS, WASTE, decided, decisions

TRUST = load_trust()
NIK = "9901011203900001"


def history(*rows: tuple[str, str, str], level: str = "rendah") -> Labelled:
    """Rows of (id, text, unit), all of one day and level."""
    ids, texts, units = map(list, zip(*rows, strict=True))
    times = np.full(len(rows), np.datetime64("2022-05-01", "us"))
    return Labelled(Rows(texts, units, times, None, ids), Rows(texts, [level] * len(rows), times, None, ids), len(rows))


BASE = history(("1", "jalan rusak parah", WASTE), ("2", "sampah menumpuk", WASTE), ("3", "bau sampah pasar", WASTE))


def units(joined: Joined) -> list[tuple[str, str]]:
    return list(zip(joined.data.units.texts, joined.data.units.labels, strict=True))


def test_the_id_decides_first_then_the_letters():
    joined = join(
        BASE,
        decisions(decided("1", "jalan rusak, PARAH!", ROADS), decided("X", "Sampah menumpuk 2", ROADS)),
        TRUST,
    )
    assert units(joined) == [
        ("jalan rusak, PARAH!", ROADS),
        ("Sampah menumpuk 2", ROADS),
        ("bau sampah pasar", WASTE),
    ]
    assert (joined.history_units, joined.replaced_units, joined.changed_units, joined.removed_units) == (3, 2, 2, 0)
    assert (joined.replaced_urgencies, joined.other_texts) == (2, 0)
    assert joined.data.units.names() == ["1", "X", "3"]


def test_another_text_under_the_same_id_is_told():
    joined = join(BASE, decisions(decided("2", "jembatan putus", ROADS)), TRUST)
    assert joined.other_texts == 1
    assert "sampah menumpuk" not in joined.data.units.texts


@pytest.mark.parametrize("raw", [f"KTP hilang, NIK {NIK}\\nsejak Mei", "KTP atas nama Rahmat Contoh belum jadi"])
def test_a_masked_text_is_the_citizens_text(raw: str):
    from pipeline.text import mask, repair

    joined = join(history(("1", raw, WASTE)), decisions(decided("X", mask(repair(raw)), ROADS)), TRUST)
    assert (joined.replaced_units, joined.data.units.labels) == (1, [ROADS])
    same = join(history(("X", raw, WASTE)), decisions(decided("X", mask(repair(raw)), ROADS)), TRUST)
    assert same.other_texts == 0


def test_no_text_of_digits_alone_replaces_another():
    joined = join(history(("1", "123 456", WASTE)), decisions(decided("X", "789", ROADS)), TRUST)
    assert joined.replaced_units == 0


@pytest.mark.parametrize("cell", ["", ROADS])
@pytest.mark.parametrize(("action", "levels"), [("lengkapi", ["tinggi"]), ("bukan_aduan", [])])
def test_what_goes_to_no_unit_teaches_none(action: str, levels: list[str], cell: str):
    """Whatever an export edited by hand has in its cell."""
    one = decided("1", "jalan rusak parah", cell, action=action, rank=None, level="tinggi")
    assert one.kind is Kind.NO_UNIT
    joined = join(history(("1", "jalan rusak parah", WASTE)), decisions(one), TRUST)
    assert units(joined) == []
    assert (joined.removed_units, joined.changed_units) == (1, 0)
    assert joined.data.urgencies.labels == levels
    assert joined.replaced_urgencies == 1


def test_each_row_has_its_weight():
    found = decisions(
        decided("A", "satu satu satu"),
        decided("B", "dua dua dua", WASTE, rank=0, officer="budi"),
        records={"budi": Record(100, 60), "sari": Record(10, 0)},
    )
    joined = join(BASE, found, TRUST)
    weights = TRUST.weights
    factor = TRUST.reliability.factor(Record(100, 60))
    assert factor < 0.6
    assert joined.data.units.counts().tolist() == pytest.approx(
        [weights.agreed, weights.corrected * factor, *[weights.history] * 3]
    )
    assert joined.data.urgencies.counts().tolist() == pytest.approx(
        [weights.urgency, weights.urgency * factor, *[weights.history] * 3]
    )


def test_the_day_is_that_of_the_complaint_else_that_of_the_decision():
    rows = join(
        BASE,
        decisions(
            decided("A", "satu satu satu", received=dt.datetime(2023, 2, 1, 8)),
            decided("B", "dua dua dua", received=None, day=dt.date(2023, 2, 3)),
        ),
        TRUST,
    ).data.units
    assert [str(time)[:13] for time in rows.times[:2]] == ["2023-02-01T08", "2023-02-03T00"]


def test_places_are_pooled_alike():
    found = decisions(decided("A", "satu satu satu", "Kelurahan Sukamaju", rank=0))
    assert join(BASE, found, TRUST).data.units.labels[0] == "Kelurahan Sukamaju"
    assert join(BASE, found, TRUST, pool_places=True).data.units.labels[0] == "Kelurahan"
    same = join(
        history(("1", "satu satu satu", "Kelurahan")), decisions(decided("1", "satu satu satu", "Kelurahan Sukamaju")),
        TRUST, pool_places=True,
    )  # fmt: skip
    assert same.changed_units == 0


def test_of_equal_texts_the_decided_and_of_these_the_newest_stays():
    """The protocol keeps the first of equal texts: decisions stand before history, the newest first."""
    found = decisions(decided("N", "jalan RUSAK parah", ROADS), decided("O", "jalan rusak parah", WASTE))
    joined = join(BASE, found, TRUST)
    kept = distinct(joined.data.units)
    assert Counter(kept.labels) == {ROADS: 1, WASTE: 2}
    assert kept.names()[0] == "N"
    assert joined.replaced_units == joined.changed_units == 1


def test_without_history_or_decisions():
    nothing = Labelled(NO_ROWS, NO_ROWS, 0)
    alone = join(nothing, decisions(decided()), TRUST)
    assert (alone.data.units.labels, alone.data.read, alone.replaced_units) == ([ROADS], 1, 0)
    kept = join(BASE, decisions(), TRUST)
    assert kept.data.units.texts == BASE.units.texts
    assert (kept.data.units.counts() == 1).all()
