"""Decisions: one, again, a group's, and the way back; who was quicker; what the log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from pipeline.errors import ConflictError, ForbiddenError, LockedError, ReviewError
from pipeline.review import audit, clock
from pipeline.review.deciding import Choice, decide, decide_group, history, undo
from pipeline.review.locks import release, take
from pipeline.review.people import Person
from pipeline.review.refusals import ChangedError, HeldError, moment, told
from pipeline.review.store import Store
from pipeline.review.store.tables import DECIDED, DECISION, UNDO, WAITING, Complaint, Decision, Suggestion
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


def listen(store: Store, sent: list[str]) -> None:
    """Put every statement that the database gets from now on into *sent*."""

    @event.listens_for(store.engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)


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


def suggestion_of(store: Store, number: int = 1) -> int | None:
    with store.read() as session:
        return session.get_one(Complaint, number).suggestion_id


def seen_of(store: Store, *numbers: int) -> dict[int, tuple[int, int]]:
    """What an officer who looks now sees of these complaints: version and suggestion."""
    with store.read() as session:
        rows = [session.get_one(Complaint, number) for number in numbers]
        return {row.id: (row.version, row.suggestion_id or 0) for row in rows}


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
