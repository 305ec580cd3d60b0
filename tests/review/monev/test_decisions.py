"""Leaders' decisions and their follow-ups."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select

from pipeline.errors import ConflictError, ForbiddenError
from pipeline.review import audit
from pipeline.review.monev.decisions import KEPT, Resolution, decide, report
from pipeline.review.monev.listing import Decided, for_page
from pipeline.review.monev.words import FieldError
from pipeline.review.people import Person
from pipeline.review.store import Store
from pipeline.review.store.monev_tables import MonevDecision
from tests.review.examples import person
from tests.review.monev.examples import LAMPS, PERIOD, digest, issue

UNIT = "ditjen_dukcapil"
PHONE = "081234567890"
LAMP_RULE = Resolution(
    f"Perbaiki dalam 7 hari, hubungi {PHONE}", f"tema:{LAMPS}", "Surat edaran", UNIT, dt.date(2026, 12, 1)
)


@pytest.fixture
def minister(store: Store) -> Person:
    issue(store, digest(), digest(unit=UNIT), digest(unit="itjen"))
    return person(store, "menteri", "pimpinan")


def keep(store: Store, who: Person, resolution: Resolution, unit: str = "") -> int:
    with store.write() as session:
        return decide(session, who, PERIOD, unit, resolution)


def tell(store: Store, who: Person, number: int, state: str, status: str = "sudah") -> None:
    with store.write() as session:
        report(session, who, number, state, status)


def shown(store: Store, unit: str = "") -> list[Decided]:
    with store.read() as session:
        return for_page(session, PERIOD, unit, zone="Asia/Jakarta")


def test_a_decision_is_kept_as_written_shown_masked_and_not_in_the_audit_log(store: Store, minister: Person):
    number = keep(store, minister, LAMP_RULE)
    tell(store, minister, number, "berjalan", f"telepon {PHONE}")
    (one,) = shown(store)
    assert (one.theme_id, one.about, one.responsible, one.by, one.state) == (
        LAMPS, "lampu jalan mati", UNIT, "Menteri", "berjalan",
    )  # fmt: skip
    assert one.decided == "Perbaiki dalam 7 hari, hubungi [TELEPON]"
    assert one.reports[0].status == "telepon [TELEPON]"
    with store.read() as session:
        assert PHONE in session.scalars(select(MonevDecision.decided)).one()
        log = [json.dumps([one.before, one.after, one.details]) for one in audit.entries(session)]
        assert len(audit.entries(session, event=audit.Event.LEAD)) == 1
        assert len(audit.entries(session, event=audit.Event.FOLLOW_UP)) == 1
    assert not any("Perbaiki" in entry or PHONE in entry or "edaran" in entry for entry in log)


def test_a_later_decision_replaces_one_once(store: Store, minister: Person):
    first = keep(store, minister, LAMP_RULE)
    second = keep(store, minister, Resolution("Perbaiki dalam 3 hari", KEPT, replaces=first))
    old, new = shown(store)
    assert (old.replaced_by, old.state, new.replaces, new.about) == (second, "diganti", first, "lampu jalan mati")
    for act in (
        lambda: keep(store, minister, Resolution("Lagi", replaces=first)),
        lambda: tell(store, minister, first, "selesai"),
    ):
        with pytest.raises(ConflictError, match="sudah diganti"):
            act()
    with pytest.raises(FieldError, match="tidak meminta tindak lanjut"):
        tell(store, minister, second, "selesai")


def test_what_is_missing_or_wrong_is_named(store: Store, minister: Person):
    for resolution, field in (
        (Resolution("  "), "keputusan"),
        (Resolution("x" * 2001), "keputusan"),
        (Resolution("x", "tema:tidak-ada"), "perihal"),
        (Resolution("x", KEPT), "perihal"),
        (Resolution("x", follow_up="y"), "penanggung_jawab"),
        (Resolution("x", due=dt.date(2026, 12, 1)), "tindak_lanjut"),
        (Resolution("x", "", "y", UNIT, dt.date(2026, 10, 27)), "tenggat"),
    ):
        with pytest.raises(FieldError) as caught:
            keep(store, minister, resolution)
        assert caught.value.field == field
    assert shown(store) == []


def test_a_waiting_item_may_be_decided(store: Store, minister: Person):
    keep(store, minister, Resolution("Tutup semuanya", "menunggu:12 aduan lewat 60 hari"))
    (one,) = shown(store)
    assert (one.theme_id, one.about, one.state) == (None, "12 aduan lewat 60 hari", "")


def test_a_units_head_decides_for_the_unit_and_reports_on_what_the_minister_gave_it(store: Store, minister: Person):
    head, other = person(store, "kepala", "pimpinan", (UNIT,)), person(store, "lain", "pimpinan", ("itjen",))
    given = keep(store, minister, LAMP_RULE)
    own = keep(store, head, Resolution("Blangko cadangan", follow_up="Kirim", responsible="Bagian Umum"), UNIT)
    assert [one.id for one in shown(store, UNIT)] == [given, own]
    assert [one.id for one in shown(store)] == [given]
    tell(store, head, given, "selesai")
    for act in (
        lambda: keep(store, head, Resolution("x")),
        lambda: keep(store, head, Resolution("x", replaces=given), UNIT),
        lambda: keep(store, head, Resolution("x"), "itjen"),
        lambda: tell(store, other, own, "selesai"),
        lambda: tell(store, other, 99, "selesai"),
    ):
        with pytest.raises(ForbiddenError):
            act()
    keep(store, minister, Resolution("x", replaces=own), UNIT)
    assert [one.stands for one in shown(store, UNIT)] == [True, False, True]


def test_one_head_does_not_replace_anothers_decision(store: Store, minister: Person):
    first, second = person(store, "satu", "pimpinan", (UNIT,)), person(store, "dua", "pimpinan", (UNIT,))
    number = keep(store, first, Resolution("x"), UNIT)
    with pytest.raises(ForbiddenError, match="pimpinan tertinggi"):
        keep(store, second, Resolution("y", replaces=number), UNIT)


def test_an_unknown_state_or_an_empty_report_is_refused(store: Store, minister: Person):
    number = keep(store, minister, LAMP_RULE)
    for state, status, field in (("beres", "x", "keadaan"), ("selesai", " ", "status")):
        with pytest.raises(FieldError) as caught:
            tell(store, minister, number, state, status)
        assert caught.value.field == field
