"""The way back: what is undone and what stays, and a group's decisions at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from pipeline.errors import ConflictError, ForbiddenError, ReviewError
from pipeline.review import audit
from pipeline.review.deciding import Choice, decide_group, history, undo
from pipeline.review.locks import release, take
from pipeline.review.refusals import HeldError
from pipeline.review.store import Store
from pipeline.review.store.tables import DECIDED, DECISION, UNDO, WAITING, Complaint, Suggestion
from tests.review.deciding_steps import START, back, listen, put, seen_of, standing, stop_clock, suggestion_of
from tests.review.examples import fill, person


@pytest.fixture(autouse=True)
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    return stop_clock(monkeypatch)


def test_undo_and_decide_again(store: Store):
    fill(store, 2)
    me = person(store)
    put(store, me)
    assert back(store, me) == [1]
    assert standing(store) == (WAITING, 3, None, None, None)
    put(store, me, Choice("pemda", "sedang", "teruskan"), version=3)
    assert standing(store) == (DECIDED, 4, "pemda", "teruskan", me.id)
    assert back(store, me) == [1]
    with pytest.raises(ReviewError, match="Tidak ada keputusan"):
        back(store, me)
    with store.read() as session:
        assert [item.kind for item in history(session, 1)] == [DECISION, UNDO, DECISION, UNDO]
        assert session.get_one(Complaint, 1).decision_id is None


def test_undo_goes_back_one_decision_at_a_time(store: Store):
    fill(store, 2)
    sari, budi = person(store), person(store, "budi")
    put(store, sari, Choice("pemda", "sedang", "teruskan"))
    put(store, sari, number=2)
    put(store, budi, Choice("itjen", "sedang", "teruskan"), version=2)
    assert back(store, budi) == [1]
    assert standing(store) == (DECIDED, 4, "pemda", "teruskan", sari.id)
    with store.read() as session:
        assert session.get_one(Complaint, 1).decided_at == START
    assert back(store, sari) == [2]
    assert back(store, sari) == [1]
    assert standing(store)[0] == WAITING


def test_what_somebody_changed_since_stays_and_the_one_before_is_undone(store: Store):
    fill(store, 2)
    sari, budi = person(store), person(store, "budi")
    put(store, sari, number=2)
    put(store, sari)
    put(store, budi, Choice("itjen", "sedang", "teruskan"), version=2)
    assert back(store, sari) == [2]
    assert standing(store)[2] == "itjen"
    assert standing(store, 2)[0] == WAITING
    with pytest.raises(ReviewError, match="Tidak ada keputusan"):
        back(store, sari)


def test_only_the_decision_that_is_meant_is_undone(store: Store):
    fill(store, 4, kelompok="g", tindakan="tinjau")
    me = person(store)
    first, second = put(store, me), put(store, me, number=2)
    with store.write() as session, pytest.raises(ConflictError, match="tidak diurungkan"):
        undo(session, me, first.id)
    with store.write() as session, pytest.raises(ConflictError, match="tidak diurungkan"):
        undo(session, me, 99)
    with store.write() as session:
        assert [one.complaint_id for one in undo(session, me, second.id)] == [2]
    with store.write() as session, pytest.raises(ConflictError, match="tidak diurungkan"):
        undo(session, me, second.id)  # pressed twice: the one before stays
    assert standing(store)[0] == DECIDED
    seen = seen_of(store, 2, 3, 4)
    with store.write() as session:
        decisions, _ = decide_group(session, me, "g", seen=seen)
    with store.write() as session:
        assert [one.complaint_id for one in undo(session, me, decisions[1].id)] == [2, 3, 4]


def test_what_waits_again_shows_the_newest_suggestion(store: Store):
    fill(store, 2, unit="pemda", urgensi="sedang", keyakinan=0.5, batas_teruskan="2026-11-20", prioritas="3")
    me, joko = person(store), person(store, "joko", units=("setjen",))
    put(store, me)
    put(store, me, number=2)
    newer = {
        "unit": "itjen", "urgensi": "darurat", "keyakinan": 0.9, "tindakan": "teruskan", "prioritas": "1",
        "batas_teruskan": "2026-11-30", "wilayah": "Kota Makassar, Sulawesi Selatan", "kelompok": "k",
        "berkadar_pengawasan": "ya",
    }  # fmt: skip
    fill(store, 2, versi_model="contoh/3", **newer)
    fill(store, 2, versi_model="contoh/2", unit="setjen")  # an older model's, imported later
    assert back(store, me) == [2]
    with store.read() as session:
        decided, waits = session.get_one(Complaint, 1), session.get_one(Complaint, 2)
        suggestion = session.get_one(Suggestion, waits.suggestion_id)
        entry = audit.entries(session, complaint_id=2)[0]
    assert (decided.unit, decided.level) == ("pemda", "sedang")
    assert (suggestion.model_version, suggestion.unit) == ("contoh/3", "itjen")
    assert (waits.unit, waits.level, waits.confidence, waits.action) == ("itjen", "darurat", 0.9, "teruskan")
    assert (waits.rank, waits.due, waits.place) == (1, dt.date(2026, 11, 30), "Kota Makassar")
    assert (waits.group_name, waits.watched, waits.version) == ("k", True, 3)
    assert (entry.model_version, entry.after["unit"]) == ("contoh/1", "itjen")
    with pytest.raises(ForbiddenError):
        put(store, joko, number=2)


def test_what_went_out_of_sight_is_not_undone(store: Store):
    fill(store, 2, unit="pemda")
    joko = person(store, "joko", units=("pemda",))
    put(store, joko, number=2)
    put(store, joko)
    fill(store, 1, versi_model="contoh/2", saran_kerahasiaan="rahasia")
    assert back(store, joko) == [2]
    with pytest.raises(ReviewError, match="Tidak ada keputusan"):
        back(store, joko)
    assert standing(store)[0] == DECIDED


def test_undo_leaves_what_another_has_open(store: Store):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    put(store, sari)
    with store.write() as session:
        take(session, budi, 1)
    with pytest.raises(HeldError, match="Budi"):
        back(store, sari)
    assert standing(store)[0] == DECIDED


def test_an_hour_later_nothing_is_undone(store: Store, move: Callable[[float], None]):
    fill(store, 1)
    me = person(store)
    put(store, me)
    move(60.1)
    with pytest.raises(ReviewError, match="60 menit"):
        back(store, me)
    assert standing(store)[0] == DECIDED


def test_a_group_at_once_and_back(store: Store):
    fill(
        store, 8, kelompok=["g"] * 6 + ["h", ""], unit=["pemda", "itjen"] * 4, urgensi="tinggi",
        tindakan=["tinjau", "teruskan"] * 4,
    )  # fmt: skip
    sari, budi = person(store), person(store, "budi")
    seen = {**seen_of(store, 1, 2, 3, 5, 7), 4: (9, suggestion_of(store, 4) or 0), 99: (1, 1)}
    put(store, budi, number=2)
    with store.write() as session:
        take(session, budi, 3)
    with store.write() as session:
        decisions, left = decide_group(session, sari, "g", seen=seen)
    assert [(decision.complaint_id, decision.unit, decision.rank) for decision in decisions] == [
        (1, "pemda", 1),
        (5, "pemda", 1),
    ]
    assert left == [2, 3, 4, 7, 99]
    assert len({decision.bulk for decision in decisions}) == 1
    assert decisions[0].bulk
    assert [standing(store, number)[2:4] for number in (1, 5)] == [("pemda", "teruskan")] * 2
    assert standing(store, 6)[0] == WAITING  # it was not seen
    with store.read() as session:
        assert session.get_one(Complaint, 5).decision_id == decisions[1].id
        (entry,) = audit.entries(session, complaint_id=5)
    assert (entry.before["tindakan"], entry.after["tindakan"]) == ("tinjau", "teruskan")
    assert entry.details["kelompok_putusan"] == decisions[0].bulk
    assert back(store, sari) == [1, 5]
    assert standing(store)[0] == standing(store, 5)[0] == WAITING
    with store.write() as session:
        assert decide_group(session, sari, "", seen={8: (1, 8)}) == ([], [8])


def test_of_a_group_what_was_changed_stays(store: Store):
    fill(store, 3, kelompok="g", unit="pemda", tindakan="tinjau")
    sari, budi = person(store), person(store, "budi")
    seen = seen_of(store, 1, 2, 3)
    with store.write() as session:
        decide_group(session, sari, "g", seen=seen)
    put(store, budi, number=2, version=2)
    with store.write() as session:
        take(session, budi, 3)
    assert back(store, sari) == [1]
    assert standing(store, 2)[2] == "ditjen_otda"
    with pytest.raises(HeldError, match="Budi"):
        back(store, sari)
    with store.write() as session:
        release(session, budi, 3)
    assert back(store, sari) == [3]
    with pytest.raises(ReviewError, match="Tidak ada keputusan"):
        back(store, sari)


def test_a_group_goes_where_the_officer_saw_that_it_goes(store: Store):
    fill(store, 2, kelompok="g", unit="pemda", tindakan="tinjau")
    me = person(store)
    seen = seen_of(store, 1, 2)
    fill(store, 1, kelompok="g", unit="itjen", tindakan="tinjau", versi_model="contoh/2")
    with store.write() as session:
        decisions, left = decide_group(session, me, "g", seen=seen)
    assert ([one.complaint_id for one in decisions], left) == ([2], [1])
    assert standing(store)[0] == WAITING


def test_a_group_leaves_out_what_needs_a_look_of_its_own(store: Store):
    fill(
        store, 5, kelompok="g", unit="pemda", tindakan=["teruskan", "tinjau", "lengkapi", "bukan_aduan", "tinjau"],
        saran_kerahasiaan=["rahasia", "", "", "", ""], aturan=["", "pengawasan:unit_dituduh", "", "", ""],
    )  # fmt: skip
    me, seen = person(store), seen_of(store, 1, 2, 3, 4, 5)
    with store.write() as session:
        decisions, left = decide_group(session, me, "g", seen=seen)
    assert ([one.complaint_id for one in decisions], left) == ([5], [1, 2, 3, 4])


def test_a_group_of_200_takes_few_statements(store: Store):
    size = 200
    fill(store, size, kelompok="g", tindakan="tinjau")
    me, seen = person(store), seen_of(store, *range(1, size + 1))
    sent: list[str] = []
    listen(store, sent)
    with store.write() as session:
        decisions, left = decide_group(session, me, "g", seen=seen)
    assert (len(decisions), left) == (size, [])
    # Two a complaint (its change, on SQLite also its log entry), a check for each unit and level, a few for all.
    assert len(sent) < 2.2 * size
    sent.clear()
    assert len(back(store, me)) == size
    assert len(sent) < 2.2 * size
