"""People, what each may do and see, and passwords: failures are counted, slow down and stay secret."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from pipeline.errors import ForbiddenError, OptionError
from pipeline.review import audit, clock, logins, passwords, people, sessions
from pipeline.review.logins import TooManyAttempts, WrongPassword
from pipeline.review.people import RIGHTS, Person, Right, Role
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint, LoginFailure, Officer
from tests.review.examples import PASSWORD, fill, person

HERE = "10.1.2.3"
START = dt.datetime(2026, 11, 27, 3, 0, tzinfo=dt.UTC)


class Clock:
    """The present moment, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def move(self, **by: float) -> None:
        self.at += dt.timedelta(**by)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    hands = Clock()
    monkeypatch.setattr(clock, "now", lambda: hands.at)
    return hands


def try_login(store: Store, login: str, password: str, address: str = HERE) -> Person:
    return logins.log_in(store, login, password, address)


def fail(store: Store, login: str = "sari", address: str = HERE) -> None:
    with pytest.raises(WrongPassword):
        try_login(store, login, "bukan-sandinya", address)


def events(store: Store) -> list[str]:
    with store.read() as session:
        return [entry.event for entry in audit.entries(session)]


def test_what_each_role_may_do():
    table = {
        "petugas": "lihat putuskan buka skor",
        "penyelia": "lihat putuskan buka ikhtisar ekspor audit skor ambil_alih ubah_kebijakan",
        "analis": "lihat ikhtisar ekspor skor ubah_kebijakan",
        "admin": "audit orang",
        "pimpinan": "pimpin ubah_kebijakan",
    }
    assert {str(role): {str(right) for right in rights} for role, rights in RIGHTS.items()} == {
        role: set(rights.split()) for role, rights in table.items()
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("right", list(Right))
def test_a_missing_right_is_refused_in_indonesian(role: Role, right: Right):
    who = Person(1, "sari", "Sari", role, frozenset(), must_change=False)
    if who.may(right):
        who.require(right)
    else:
        with pytest.raises(ForbiddenError, match=rf"Peran Anda \({role}\) tidak berhak \w+"):
            who.require(right)


def seen(store: Store, who: Person) -> set[str]:
    with store.read() as session:
        return set(session.scalars(select(Complaint.external_id).where(*people.visible(who))))


def test_a_person_with_units_sees_only_their_complaints(store: Store):
    free, limited = person(store, "bebas"), person(store, "batas", units=("itjen", "pemda"))
    fill(store, 6, unit=["itjen", "pemda", "ditjen_otda", "ditjen_otda", "ditjen_otda", "itjen"])
    with store.write() as session:
        third, fourth, sixth = (
            session.scalars(select(Complaint).where(Complaint.external_id == f"A0-0000{n}")).one() for n in (3, 4, 6)
        )
        third.decided_unit = "itjen"
        fourth.decided_unit, fourth.decided_by = "ditjen_otda", limited.id
        sixth.restricted = True
    assert seen(store, free) == {f"A0-0000{n}" for n in range(1, 7)}
    assert seen(store, limited) == {"A0-00001", "A0-00002", "A0-00003", "A0-00004"}


def test_a_person_is_added_and_listed(store: Store):
    with store.write() as session:
        added = people.add_person(session, " Sari.W ", "Sari  Wening", "penyelia", PASSWORD, ["itjen", " itjen "])
        assert added == people.find_person(session, "sari.w") == people.find_person(session, added.id)
    assert (added.login, added.name, added.role) == ("sari.w", "Sari Wening", Role.SUPERVISOR)
    assert added.units == {"itjen"}
    assert added.must_change
    with store.read() as session:
        assert people.list_people(session) == [added]
        stored = session.scalars(select(Officer.password_hash)).one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize("login", ["s", "s" * 41, "sari w", "sari@x", "", "sari\x00", "śari", "sari/.."])
def test_ill_formed_logins_are_refused(store: Store, login: str):
    with pytest.raises(OptionError, match="login name"), store.write() as session:
        people.add_person(session, login, "Sari", Role.OFFICER, PASSWORD)


@pytest.mark.parametrize("password", ["pendek123", "a" * 257, "aaaaaaaaaaaa", "sari.wening"])
def test_weak_passwords_are_refused_in_both_languages(store: Store, password: str):
    with pytest.raises(passwords.WeakPasswordError, match=r"^The password") as caught, store.write() as session:
        people.add_person(session, "sari.wening", "Sari", Role.OFFICER, password)
    assert caught.value.shown.startswith("Kata sandi")
    assert events(store) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [({"name": " "}, "name"), ({"role": "bos"}, "no role"), ({"units": [" "]}, "label"), ({"login": "SARI"}, "taken")],
)
def test_other_wrong_values_are_refused(store: Store, change: dict, message: str):
    person(store, "sari")
    values = {"login": "budi", "name": "Budi", "role": "petugas", "password": PASSWORD} | change
    with pytest.raises(OptionError, match=message), store.write() as session:
        people.add_person(session, **values)


def test_the_right_password_gives_the_person(store: Store):
    who = person(store)
    assert try_login(store, " SARI ", PASSWORD) == who
    assert logins.log_in(store, "sari", PASSWORD, HERE) == who
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_the_same_letters_composed_in_another_way_are_the_same_password(store: Store):
    with store.write() as session:
        people.add_person(session, "sari", "Sari", Role.OFFICER, "sandi-caf\u00e9-2026")
    assert try_login(store, "sari", "sandi-cafe\u0301-2026").login == "sari"


def test_unknown_wrong_and_disabled_look_alike(store: Store):
    person(store)
    person(store, "budi")
    with store.write() as session:
        people.set_active(session, "budi", False)
    told = set()
    for login, password in [("sari", "bukan-sandinya"), ("siapa", PASSWORD), ("budi", PASSWORD), ("a\x00'", PASSWORD)]:
        for log_in in (try_login, lambda *a: logins.log_in(store, *a[1:], HERE)):
            with pytest.raises(WrongPassword) as caught:
                log_in(store, login, password)
            told.add(str(caught.value))
    assert told == {"Nama masuk atau kata sandi salah."}


def test_an_unknown_login_costs_a_hash_too(store: Store, monkeypatch: pytest.MonkeyPatch):
    person(store)
    checked = []

    class Counting(PasswordHasher):
        def verify(self, hash, password):
            checked.append(hash)
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    fail(store, "sari")
    fail(store, "siapa")
    assert len(checked) == 2
    assert checked[0].split("$")[:4] == checked[1].split("$")[:4]


def test_failures_are_audited_without_what_was_typed(store: Store):
    person(store)
    fail(store)
    fail(store, "sandi-salah-ketik")
    with store.read() as session:
        unknown, known = audit.entries(session, event=audit.Event.LOGIN_FAILED)
        kept = [*session.scalars(select(LoginFailure.key))]
    assert known.details["pengguna"] == "sari"
    assert set(unknown.details) == {"login_hmac", "alamat_hmac"}
    assert known.officer_id is None
    assert "sandi-salah-ketik" not in str([unknown.details, unknown.actor, *kept])
    assert HERE not in str([unknown.details, known.details, *kept])
    assert unknown.details["alamat_hmac"] == known.details["alamat_hmac"] in kept


def test_five_failures_of_a_login_have_to_wait(store: Store, moved: Clock):
    person(store)
    for _ in range(5):
        fail(store)
        moved.move(minutes=1)
    with pytest.raises(TooManyAttempts, match="Coba lagi dalam 10 menit") as caught:
        try_login(store, "sari", PASSWORD, "10.9.9.9")
    assert caught.value.seconds == 10 * 60
    moved.move(seconds=599)
    with pytest.raises(TooManyAttempts, match="dalam 1 menit"):
        try_login(store, "sari", PASSWORD)
    moved.move(seconds=1)
    assert try_login(store, "sari", PASSWORD).login == "sari"


def test_a_right_password_forgets_the_failures_of_the_login_only(store: Store):
    person(store)
    for _ in range(4):
        fail(store)
    try_login(store, "sari", PASSWORD)
    for _ in range(4):
        fail(store)
    with store.read() as session:
        here = audit.keyed_hash(session, f"address:{HERE}")
        assert session.scalar(select(func.count()).where(LoginFailure.key == here)) == 8


def test_twenty_failures_from_an_address_have_to_wait(store: Store, moved: Clock):
    person(store)
    for number in range(20):
        fail(store, f"siapa{number}")
    with pytest.raises(TooManyAttempts):
        try_login(store, "sari", PASSWORD)
    assert try_login(store, "sari", PASSWORD, "10.9.9.9").login == "sari"
    moved.move(minutes=15)
    assert try_login(store, "sari", PASSWORD).login == "sari"


def test_old_failures_are_deleted(store: Store, moved: Clock):
    person(store)
    fail(store)
    moved.move(minutes=16)
    fail(store, "siapa")
    with store.read() as session:
        assert set(session.scalars(select(LoginFailure.at))) == {moved.at}


def test_many_attempts_at_once_get_no_more_tries(store: Store):
    person(store)

    def attempt(number: int) -> type[Exception]:
        try:
            logins.log_in(store, "sari", f"tebakan-ke-{number}", f"10.0.0.{number}")
        except ForbiddenError as error:
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(attempt, range(12)))
    assert told.count(WrongPassword) == 5
    assert told.count(TooManyAttempts) == 7


def test_a_hash_with_other_parameters_is_made_anew(store: Store, monkeypatch: pytest.MonkeyPatch):
    person(store)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    try_login(store, "sari", PASSWORD)
    with store.read() as session:
        stored = session.scalars(select(Officer.password_hash)).one()
    assert "m=16,t=2,p=1" in stored
    assert try_login(store, "sari", PASSWORD).login == "sari"


def test_another_password_ends_the_sessions(store: Store):
    who = person(store)
    with store.write() as session:
        token, _ = sessions.begin(session, who)
        people.set_password(session, who.id, "sandi-yang-baru", must_change=True)
    assert sessions.current(store, token) is None
    assert try_login(store, "sari", "sandi-yang-baru").must_change
    fail(store)
    with store.read() as session:
        entry = audit.entries(session, event=audit.Event.PERSON)[0]
    assert (entry.actor, entry.details) == ("sari", {"pengguna": "sari", "hal": "kata_sandi"})


def test_one_changes_ones_own_password_by_the_old_one(store: Store):
    who = person(store)
    with pytest.raises(passwords.WeakPasswordError) as caught:
        logins.change_password(store, who, PASSWORD, PASSWORD, HERE)
    assert caught.value.shown == "Kata sandi baru harus berbeda dari yang lama."
    with pytest.raises(WrongPassword):
        logins.change_password(store, who, "bukan-sandinya", "sandi-yang-baru", HERE)
    logins.change_password(store, who, PASSWORD, "sandi-yang-baru", HERE)
    assert try_login(store, "sari", "sandi-yang-baru") == who
    fail(store)


def test_an_endless_password_costs_no_more_than_another(store: Store, monkeypatch: pytest.MonkeyPatch):
    # Normalising marks upon marks takes the square of their number, and nobody else is served meanwhile.
    person(store)
    monkeypatch.setattr(passwords.unicodedata, "normalize", lambda _form, text: text[: passwords.LONGEST + 1])
    for text in ("a" + "\u0301" * 40_000, PASSWORD + "x" * 40_000):
        with pytest.raises(WrongPassword):
            try_login(store, "sari", text)


def test_who_is_disabled_is_out_until_enabled_again(store: Store):
    who = person(store)
    with store.write() as session:
        token, _ = sessions.begin(session, who)
    with store.write() as session:
        people.set_active(session, "sari", False, actor="cli:uji")
    assert sessions.current(store, token) is None
    fail(store)
    with store.read() as session:
        assert [one.active for one in people.list_people(session)] == [False]
        entry = audit.entries(session, event=audit.Event.PERSON, actor="cli:uji")[0]
    assert (entry.before, entry.after) == ({"aktif": True}, {"aktif": False})
    with store.write() as session:
        people.set_active(session, "sari", True)
    assert try_login(store, "sari", PASSWORD).active


def test_an_unknown_person_is_told(store: Store):
    for call in (
        lambda session: people.set_active(session, "siapa", False),
        lambda session: people.set_password(session, 99, PASSWORD, must_change=False),
    ):
        with pytest.raises(OptionError, match="no such person"), store.write() as session:
            call(session)
