"""Decisions: one, or again; who was quicker; what the log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.errors import ConflictError, ForbiddenError, LockedError, ReviewError
from pipeline.review import audit
from pipeline.review.deciding import Choice, decide, history
from pipeline.review.locks import take
from pipeline.review.refusals import ChangedError, HeldError, moment, told
from pipeline.review.store import Store
from pipeline.review.store.tables import DECIDED, DECISION, WAITING, Complaint, Decision
from tests.review.deciding_steps import FORWARD, START, back, put, standing, stop_clock, suggestion_of
from tests.review.examples import fill, person


@pytest.fixture(autouse=True)
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    return stop_clock(monkeypatch)


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
    assert told(HeldError("Sari", START), "Asia/Makassar").endswith("27 November 2026 pukul 15.05 WITA.")
    assert told(ChangedError("Sari", "", START), "Asia/Jayapura") == (
        "Keputusan aduan ini diurungkan oleh Sari pada 27 November 2026 pukul 16.05 WIT. Muat ulang halaman."
    )
    assert told(ReviewError("Pilih unit."), "Asia/Jayapura") == "Pilih unit."


def test_who_may_not(store: Store):
    fill(store, 2, unit=["pemda", "itjen"], saran_kerahasiaan=["", "rahasia"])
    with pytest.raises(ForbiddenError, match="memutuskan"):
        put(store, person(store, "nia", "analis"))
    joko = person(store, "joko", units=("itjen",))
    for number in (1, 2, 99):
        with pytest.raises(ForbiddenError, match="di luar unit Anda"):
            put(store, joko, number=number)
    assert standing(store)[0] == standing(store, 2)[0] == WAITING


def test_only_the_suggestion_that_was_seen_is_decided_on(store: Store):
    fill(store, 2, unit="pemda")
    seen, other = suggestion_of(store), suggestion_of(store, 2)
    fill(store, 2, unit="itjen", versi_model="contoh/2")
    me = person(store)
    for wrong in (seen, other, 0):
        with store.write() as session, pytest.raises(ConflictError) as caught:
            decide(session, me, 1, FORWARD, version=1, suggestion_id=wrong)
        assert str(caught.value) == "Saran untuk aduan ini baru saja diganti oleh model contoh/2; periksa lagi."
    assert standing(store)[:2] == (WAITING, 1)
    now = suggestion_of(store)
    with store.write() as session:
        decision = decide(session, me, 1, Choice("itjen", "sedang", "teruskan"), version=1, suggestion_id=now)
    assert (decision.suggestion_id, decision.rank) == (now, 1)
    with store.read() as session:
        assert history(session, 1)[0].model_version == "contoh/2"


def test_a_suggestion_that_came_after_the_decision_is_no_conflict(store: Store):
    fill(store, 1, unit="pemda")
    seen = suggestion_of(store)
    me = person(store)
    put(store, me)
    fill(store, 1, unit="itjen", versi_model="contoh/2")
    with store.write() as session:
        again = decide(session, me, 1, Choice("pemda", "sedang", "teruskan"), version=2, suggestion_id=seen)
    assert (again.suggestion_id, again.rank) == (seen, 1)


def test_personal_data_in_a_note_is_never_kept(store: Store):
    fill(store, 1)
    put(store, person(store), Choice("pemda", "sedang", "teruskan", note="NIK 9935017213900417, hp 081200004417."))
    with store.read() as session:
        assert history(session, 1)[0].note == "NIK [NIK], hp [TELEPON]."
        (entry,) = audit.entries(session, complaint_id=1)
    assert entry.details["panjang_catatan"] == 24


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
    assert first.details["panjang_catatan"] == len("Telepon pelapor [TELEPON]")
    assert "081200004417" not in str([first.before, first.after, first.details])


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
