"""One complaint as officers see it: reasons in words, warnings, deadlines, neighbours, visibility."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.catalogue.holidays import Calendar
from pipeline.review import complaint
from pipeline.review.complaint import View, days_left
from pipeline.review.people import Person
from pipeline.review.store import Store
from pipeline.review.wording import CAREFUL, SERIOUS, STOP, note_of
from tests.review.examples import fill, person

TODAY = dt.date(2026, 11, 27)
CALENDAR = Calendar()


def _view(store: Store, who: Person, number: int = 1, **columns: Any) -> View:
    fill(store, max(number, 3), **columns)
    with store.read() as session:
        found = complaint.find(session, who, number)
        assert found is not None
        return complaint.view(session, who, found, CALENDAR, TODAY)


def test_suggestions_have_names_duties_and_the_words_that_spoke(store: Store) -> None:
    view = _view(
        store, person(store), unit="itjen", keyakinan=0.8, unit_2="dinas pertamanan kota contoh", unit_3="",
        alasan="tanyakan lokasi: nama jalan | KTP; blangko", tindakan="lengkapi",
    )  # fmt: skip
    first, second = view.suggestions
    assert (first.rank, first.name, first.short, first.why) == (1, "Inspektorat Jenderal", "Itjen", ("KTP", "blangko"))
    assert first.duties
    assert (second.name, second.short, second.duties) == ("dinas pertamanan kota contoh", "", "")
    assert view.told[0] == "tanyakan lokasi: nama jalan"
    assert view.action == "minta pelapor melengkapi"


def test_what_is_no_complaint_says_why_and_has_no_words_for_a_unit(store: Store) -> None:
    view = _view(store, person(store), tindakan="bukan_aduan", alasan="ucapan tanpa aduan", aturan="")
    assert view.told == ["ucapan tanpa aduan"]
    assert view.suggestions[0].why == ()


def test_urgency_is_told_in_words(store: Store) -> None:
    view = _view(
        store, person(store), alasan_urgensi='nyawa: "kejang" (dikhawatirkan); banyak_terdampak: 9 laporan serupa'
    )
    first, second = view.reasons
    assert first.text == "bahaya bagi nyawa atau badan"
    assert (first.quotes[0].text, first.quotes[0].note) == ("kejang", "(dikhawatirkan)")
    assert (second.text, second.more) == ("banyak warga terdampak", "9 laporan serupa")


def test_warnings_name_the_accused_secrecy_owner_and_what_is_missing(store: Store) -> None:
    view = _view(
        store, person(store), berkadar_pengawasan="ya", dituduh="Kepala desa", salinan="itjen", kurang="di_mana",
        saran_kerahasiaan="rahasia", bukan_kewenangan="Pemerintah Kab. Sikka", aturan="pengawasan:unit_dituduh",
    )  # fmt: skip
    assert [notice.kind for notice in view.notices] == [STOP, SERIOUS, CAREFUL, CAREFUL]
    words = " ".join(notice.text for notice in view.notices)
    for part in ("jangan teruskan", "Kepala desa", "Inspektorat Jenderal", "rahasiakan", "Kab. Sikka", "lokasi"):
        assert part in words


def test_deadlines_count_working_days(store: Store) -> None:
    view = _view(
        store, person(store), batas_teruskan="2026-11-25", batas_jawab="2026-11-27", batas_waktu="2026-12-01",
    )  # fmt: skip
    assert [(one.left, one.late) for one in view.deadlines] == [
        ("lewat 2 hari kerja", True), ("hari ini", False), ("sisa 2 hari kerja", False),
    ]  # fmt: skip


def test_days_left_at_a_weekend_and_in_years_without_holidays() -> None:
    assert days_left(CALENDAR, dt.date(2026, 11, 28), dt.date(2026, 11, 27)) == ("baru lewat", True)
    assert days_left(CALENDAR, TODAY, dt.date(2099, 1, 5)) == ("", False)
    assert days_left(CALENDAR, TODAY, dt.date(1999, 1, 5)) == ("", True)


def test_regions_that_are_possible_lose_their_codes(store: Store) -> None:
    view = _view(
        store, person(store), calon_wilayah="36.03 Kab. Tangerang, Banten; 36.71 Kota Tangerang, Banten; dan 2 lagi"
    )
    assert view.candidates == ["Kab. Tangerang, Banten", "Kota Tangerang, Banten", "dan 2 lagi"]


def test_neighbours_are_those_that_the_person_may_know_of(store: Store) -> None:
    units = ["itjen", "itjen", "pemda"]
    names = ["A0-00001", "A0-00002", "A0-00003"]
    fill(store, 3, unit=units, kelompok="A0-00001", mirip_dengan="; ".join(names[1:]))
    everyone, limited = person(store), person(store, "budi", units=("itjen",))
    for who, near, size in ((everyone, names[1:], 3), (limited, names[1:2], 2)):
        with store.read() as session:
            found = complaint.find(session, who, 1)
            assert found is not None
            view = complaint.view(session, who, found, CALENDAR, TODAY)
        assert [one.external_id for one in view.similar] == near
        assert view.group_size == size
    with store.read() as session:
        assert complaint.find(session, limited, 3) is None


@pytest.mark.parametrize("rule", ["pungutan-09", "kebijakan:wajib"])
def test_rules_are_told_in_indonesian(rule: str) -> None:
    note = note_of(rule)
    assert "berlaku sejak" in note
    assert ", from " not in note
    assert note_of("tidak_dikenal") == ""
