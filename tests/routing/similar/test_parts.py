from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipeline.routing.similar.grouping import Edges, star_groups
from pipeline.routing.similar.rows import place_number, place_relation
from pipeline.routing.similar.rules import load_link_rules


def grouped(links: list[tuple[int, int]], size: int, may: bool, centre: list[int] | None = None) -> list[int]:
    one, two = np.array(links, dtype=np.int64).reshape(-1, 2).T
    order = np.arange(size)
    edges = Edges.of(one, two, np.ones(len(one), np.int8), np.ones(len(one), np.float32), order, size)
    known = np.array(centre or [-1] * size)
    return star_groups(edges, order, known, lambda rows, centres: np.full(len(rows), may)).tolist()


def test_a_chain_is_not_one_group():
    # 0-1-2-3-4: the ends have nothing in common.
    found = grouped([(0, 1), (1, 2), (2, 3), (3, 4)], 5, may=False)
    assert found[0] == found[1] == found[2]
    assert found[4] != found[0]


def test_who_fits_the_centre_may_join_through_a_member():
    assert grouped([(0, 1), (0, 2), (2, 3)], 4, may=True) == [0, 0, 0, 0]
    assert grouped([(0, 1), (0, 2), (2, 3)], 4, may=False) == [0, 0, 0, -1]


def test_an_earlier_group_keeps_its_centre():
    assert grouped([(0, 2), (2, 3), (2, 4)], 5, may=False, centre=[0, 0, -1, -1, -1]) == [0, 0, 0, -1, -1]


def test_an_earlier_centre_whose_members_are_not_looked_at_stays_one():
    assert grouped([(1, 2)], 3, may=False, centre=[0, -1, -1])[0] == 0


def test_nobody_linked():
    assert grouped([], 3, may=True) == [-1, -1, -1]


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("35.78.11.1002", "3578111002", 0),
        ("35.78.11", "35.78.11.1002", 0),
        ("35.78.11.1001", "35.78.11.1002", 2),
        ("35.78.12", "35.78.11.1002", 2),
        ("35.78", "35.78.11.1002", 1),
        ("35", "35", 1),
        ("36", "35.78", 2),
        ("", "35.78.11.1002", 1),
        ("", "", 1),
    ],
)
def test_places(one: str, other: str, relation: int):
    pair = [np.array([place_number(code)]) for code in (one, other)]
    assert place_relation(*pair).tolist() == [relation]
    assert place_relation(*pair[::-1]).tolist() == [relation]


def test_rules_are_dated_and_have_a_source():
    rules = load_link_rules(dt.date(2026, 1, 1))
    assert rules[0].identical
    assert {rule.kind for rule in rules} == {1, 2}
    assert load_link_rules(dt.date(2020, 1, 1)) == []


def test_tables_name_known_classes():
    from pipeline.catalogue.rules import load_rules
    from pipeline.routing.similar.fields import CLASSES, common_words, markers

    assert set(markers().values()) <= {*CLASSES, "lewat"}
    assert all(0 < share <= 1 for share in common_words().values())
    assert all(rule.values["pokok"] for rule in load_rules("kemiripan_pokok"))
