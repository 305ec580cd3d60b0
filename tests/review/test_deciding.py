"""Decisions: one, again, a group's, and the way back; who was quicker; what the log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.errors import ConflictError, ForbiddenError, LockedError, ReviewError
from pipeline.review import audit, clock
from pipeline.review.deciding import Choice, decide, decide_group, history, undo
from pipeline.review.locks import take
from pipeline.review.people import Person
from pipeline.review.refusals import ChangedError, HeldError, moment
from pipeline.review.store import Store
from pipeline.review.store.tables import DECIDED, DECISION, UNDO, WAITING, Complaint, Decision
from tests.review.examples import fill, person

START = dt.datetime(2026, 11, 27, 7, 5, tzinfo=dt.UTC)
FORWARD = Choice("ditjen_otda", "tinggi", "teruskan")


@pytest.fixture(autouse=True)
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stop the clock; the function moves it to so many minutes after its start."""

    def to(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + dt.timedelta(minutes=minutes))

    to(0)
    return to


def put(store: Store, who: Person, choice: Choice = FORWARD, number: int = 1, version: int = 1) -> Decision:
    with store.write() as session:
        return decide(session, who, number, choice, version=version)


def back(store: Store, who: Person) -> list[int]:
    with store.write() as session:
        return [decision.complaint_id for decision in undo(session, who)]


def standing(store: Store, number: int = 1) -> tuple[str, int, str | None, str | None, int | None]:
    with store.read() as session:
        row = session.get_one(Complaint, number)
        return row.state, row.version, row.decided_unit, row.decided_action, row.decided_by


def test_a_decision_stands_and_frees_the_complaint(store: Store):
    fill(store, 1, unit="pemda", unit_2="itjen", unit_3="ditjen_otda")
    me = person(store)
    with store.write() as session:
        take(session, me, 1)
    choice = Choice("ditjen_otda", "darurat", "teruskan", ("itjen", "itjen"), " Mohon segera. ")
    decision = put(store, me, choice)
    with store.read() as session:
        row = session.get_one(Complaint, 1)
        (item,) = history(session, 1)
    assert standing(store) == (DECIDED, 2, "ditjen_otda", "teruskan", me.id)
    assert (row.decision_id, row.decided_at, row.locked_by, row.locked_until) == (decision.id, START, None, None)
    assert row.unit == "pemda"
    assert (item.name, item.kind, item.unit, item.level) == ("Sari", DECISION, "ditjen_otda", "darurat")
    assert (item.copies, item.note, item.rank) == (["itjen"], "Mohon segera.", 3)
    assert (item.at, item.model_version, item.returned_from) == (START, "contoh/1", None)


@pytest.mark.parametrize(
    ("choice", "rank"),
    [
        (Choice("pemda", "sedang", "teruskan"), 1),
        (Choice("itjen", "sedang", "teruskan"), 2),
        (Choice("setjen", "sedang", "teruskan"), 0),
        (Choice("pemda", "sedang", "lengkapi"), None),
        (Choice(None, "rendah", "bukan_aduan"), None),
    ],
)
def test_the_rank_of_the_suggestion_that_was_taken(store: Store, choice: Choice, rank: int | None):
    fill(store, 1, unit="pemda", unit_2="itjen", unit_3="")
    decision = put(store, person(store), choice)
    assert decision.rank == rank
    assert decision.unit == (choice.unit if choice.action == "teruskan" else None)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(None, "sedang", "teruskan"), "Pilih unit"),
        (Choice("", "sedang", "teruskan"), "Pilih unit"),
        (Choice("Dinas Entah", "sedang", "teruskan"), "daftar unit"),
        (Choice("pemda", "genting", "teruskan"), "urgensi"),
        (Choice("pemda", "sedang", "tinjau"), "Tindakan"),
        (Choice("pemda", "sedang", "buang"), "Tindakan"),
        (Choice("pemda", "sedang", "teruskan", ("itjen", "pemda")), "sudah menjadi unit tujuan"),
        (Choice("pemda", "sedang", "teruskan", ("Dinas Entah",)), "daftar unit"),
        (Choice("pemda", "sedang", "teruskan", note="x" * 2001), "terlalu panjang"),
        (Choice("pemda", "sedang", "teruskan", returned_from="pemda"), "salah alamat"),
        (Choice("pemda", "sedang", "teruskan", returned_from="Dinas Entah"), "daftar unit"),
    ],
)
def test_wrong_choices(store: Store, choice: Choice, said: str):
    fill(store, 1)
    me = person(store)
    with pytest.raises(ReviewError, match=said):
        put(store, me, choice)
    assert standing(store)[:2] == (WAITING, 1)


def test_who_was_quicker(store: Store):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    put(store, sari)
    with pytest.raises(ConflictError) as caught:
        put(store, budi, Choice("pemda", "sedang", "teruskan"))
    assert str(caught.value) == (
        "Aduan ini sudah diputuskan oleh Sari pada 27 November 2026 pukul 14.05 WIB: "
        "teruskan ke Direktorat Jenderal Otonomi Daerah. Muat ulang halaman."
    )
    assert isinstance(caught.value, ChangedError)
    assert (caught.value.by, caught.value.at) == ("Sari", START)
    assert standing(store)[2] == "ditjen_otda"


def test_who_has_it_open(store: Store, move: Callable[[float], None]):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    with store.write() as session:
        take(session, sari, 1)
    with pytest.raises(LockedError) as caught:
        put(store, budi)
    assert str(caught.value) == "Aduan ini sedang dibuka oleh Sari sampai 27 November 2026 pukul 14.15 WIB."
    assert isinstance(caught.value, HeldError)
    assert (caught.value.by, caught.value.until) == ("Sari", START + dt.timedelta(minutes=10))
    move(10)
    put(store, budi)
    assert standing(store)[4] == budi.id


def test_moments_are_local():
    assert moment(START) == "27 November 2026 pukul 14.05 WIB"
    assert moment(START, "Asia/Jayapura") == "27 November 2026 pukul 16.05 WIT"


def test_who_may_not(store: Store):
    fill(store, 2, unit=["pemda", "itjen"], saran_kerahasiaan=["", "rahasia"])
    with pytest.raises(ForbiddenError, match="memutuskan"):
        put(store, person(store, "nia", "analis"))
    joko = person(store, "joko", units=("itjen",))
    for number in (1, 2, 99):
        with pytest.raises(ForbiddenError, match="di luar unit Anda"):
            put(store, joko, number=number)
    assert standing(store)[0] == standing(store, 2)[0] == WAITING


def test_a_suggestion_of_another_complaint_is_refused(store: Store):
    fill(store, 2)
    me = person(store)
    with store.read() as session:
        other = session.get_one(Complaint, 2).suggestion_id
    with store.write() as session, pytest.raises(ReviewError, match="bukan saran untuk aduan ini"):
        decide(session, me, 1, FORWARD, version=1, suggestion_id=other)


def test_the_suggestion_that_was_seen_is_kept(store: Store):
    fill(store, 1, unit="pemda")
    with store.read() as session:
        seen = session.get_one(Complaint, 1).suggestion_id
    fill(store, 1, unit="itjen", versi_model="contoh/2")
    me = person(store)
    with store.write() as session:
        decision = decide(session, me, 1, Choice("pemda", "sedang", "teruskan"), version=1, suggestion_id=seen)
    assert (decision.suggestion_id, decision.rank) == (seen, 1)
    with store.read() as session:
        assert history(session, 1)[0].model_version == "contoh/1"


def test_a_returned_complaint_is_decided_again(store: Store):
    fill(store, 1)
    sari, budi = person(store), person(store, "budi")
    first = put(store, sari)
    again = Choice("pemda", "tinggi", "teruskan", returned_from="ditjen_otda", note="Dikembalikan lewat surat.")
    second = put(store, budi, again, version=2)
    assert second.previous_id == first.id
    assert standing(store) == (DECIDED, 3, "pemda", "teruskan", budi.id)
    with store.read() as session:
        assert [(item.name, item.unit, item.returned_from) for item in history(session, 1)] == [
            ("Sari", "ditjen_otda", None),
            ("Budi", "pemda", "ditjen_otda"),
        ]


def test_the_log_says_from_what_to_what_and_no_note(store: Store):
    fill(store, 1, unit="pemda", urgensi="sedang", tindakan="tinjau")
    me = person(store)
    put(store, me, Choice("itjen", "tinggi", "teruskan", ("pemda",), "Telepon pelapor 081200004417"))
    put(store, me, Choice(None, "rendah", "bukan_aduan", returned_from="itjen"), version=2)
    back(store, me)
    with store.read() as session:
        undone, second, first = audit.entries(session, complaint_id=1)
    suggested = {
        "status": WAITING, "unit": "pemda", "urgensi": "sedang", "tindakan": "tinjau", "tembusan": [],
        "salah_alamat_dari": None,
    }  # fmt: skip
    forwarded = {
        "status": DECIDED, "unit": "itjen", "urgensi": "tinggi", "tindakan": "teruskan", "tembusan": ["pemda"],
        "salah_alamat_dari": None,
    }  # fmt: skip
    closed = {
        "status": DECIDED, "unit": None, "urgensi": "rendah", "tindakan": "bukan_aduan", "tembusan": [],
        "salah_alamat_dari": "itjen",
    }  # fmt: skip
    assert (first.event, first.before, first.after) == ("putuskan", suggested, forwarded)
    assert (second.event, second.before, second.after) == ("putuskan", forwarded, closed)
    assert (undone.event, undone.before, undone.after) == ("urungkan", closed, forwarded)
    assert (first.actor, first.officer_id, first.model_version) == ("sari", me.id, "contoh/1")
    assert first.details["panjang_catatan"] == 28
    assert "081200004417" not in str([first.before, first.after, first.details])


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


def test_what_somebody_changed_since_is_not_undone(store: Store):
    fill(store, 2)
    sari, budi = person(store), person(store, "budi")
    put(store, sari, number=2)
    put(store, sari)
    put(store, budi, Choice("itjen", "sedang", "teruskan"), version=2)
    with pytest.raises(ChangedError, match="Budi"):
        back(store, sari)
    assert standing(store)[2] == "itjen"
    assert standing(store, 2)[0] == DECIDED


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
    fill(store, 8, kelompok=["g"] * 6 + ["h", ""], unit=["pemda", "itjen"] * 4, urgensi="tinggi")
    sari, budi = person(store), person(store, "budi")
    put(store, budi, number=2)
    with store.write() as session:
        take(session, budi, 3)
    seen = {1: 1, 2: 1, 3: 1, 4: 9, 5: 1, 7: 1, 99: 1}
    with store.write() as session:
        decisions, left = decide_group(session, sari, "g", seen=seen)
    assert [(decision.complaint_id, decision.unit, decision.rank) for decision in decisions] == [
        (1, "pemda", 1),
        (5, "pemda", 1),
    ]
    assert left == [2, 3, 4, 7, 99]
    assert len({decision.bulk for decision in decisions}) == 1
    assert decisions[0].bulk
    assert standing(store, 6)[0] == WAITING  # it was not seen
    assert back(store, sari) == [1, 5]
    assert standing(store)[0] == standing(store, 5)[0] == WAITING
    with store.write() as session:
        assert decide_group(session, sari, "", seen={8: 1}) == ([], [8])


def test_of_a_group_what_was_changed_stays(store: Store):
    fill(store, 3, kelompok="g", unit="pemda")
    sari, budi = person(store), person(store, "budi")
    with store.write() as session:
        decide_group(session, sari, "g", seen={1: 1, 2: 1, 3: 1})
    put(store, budi, number=2, version=2)
    assert back(store, sari) == [1, 3]
    assert standing(store, 2)[2] == "ditjen_otda"
    with pytest.raises(ChangedError, match="Budi"):
        back(store, sari)


def test_a_group_may_be_closed(store: Store):
    fill(store, 2, kelompok="g")
    me = person(store)
    with store.write() as session:
        decisions, _ = decide_group(session, me, "g", "bukan_aduan", seen={1: 1, 2: 1})
    assert [decision.unit for decision in decisions] == [None, None]
    assert standing(store)[3] == "bukan_aduan"


def test_decisions_are_the_complaints_own(store: Store):
    """Every decision that stands is the one its complaint points to, whatever was undone in between."""
    fill(store, 4)
    sari, budi = person(store), person(store, "budi")
    for step, who in enumerate((sari, budi, budi, sari)):
        put(store, who, number=step + 1)
    back(store, budi)
    put(store, sari, number=2, version=2)
    with store.read() as session:
        undone = select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
        replaced = select(Decision.previous_id).where(Decision.kind == DECISION, Decision.previous_id.is_not(None))
        left = session.scalars(
            select(Decision.id).where(
                Decision.kind == DECISION, Decision.id.not_in(undone), Decision.id.not_in(replaced)
            )
        ).all()
        pointed = session.scalars(select(Complaint.decision_id).where(Complaint.state == DECIDED)).all()
    assert sorted(left) == sorted(pointed)
