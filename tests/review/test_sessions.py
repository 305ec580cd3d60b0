"""Sessions of browsers and API keys: how long they live, what ends them, what is kept of them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from pipeline.errors import OptionError
from pipeline.review import audit, clock, people, sessions
from pipeline.review.store import Store
from pipeline.review.store.tables import ApiToken, LoginSession
from tests.review.examples import person

START = dt.datetime(2026, 11, 27, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.timedelta]:
    """``at["now"]``: how long after the start it is."""
    hands = {"now": dt.timedelta()}
    monkeypatch.setattr(clock, "now", lambda: START + hands["now"])
    return hands


def begin(store: Store, who: people.Person) -> tuple[str, str]:
    with store.write() as session:
        return sessions.begin(session, who)


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def test_a_session_is_found_by_its_token_alone(store: Store):
    who = person(store)
    token, csrf = begin(store, who)
    other, other_csrf = begin(store, who)
    assert len({token, csrf, other, other_csrf}) == 4
    assert sessions.current(store, token) == (who, csrf)
    with store.write() as session:
        assert sessions.find(session, other) == (who, other_csrf)
        assert sessions.find(session, "") is None
        assert sessions.find(session, "x\x00\ud800") is None
        kept = session.scalars(select(LoginSession.token_hash)).all()
    assert all(len(one) == 64 and one not in {token, other} for one in kept)


def test_a_session_ends_an_hour_after_it_was_used(store: Store, at: dict):
    token, _ = begin(store, person(store))
    for used in (59, 118, 177):
        at["now"] = minutes(used)
        assert sessions.current(store, token) is not None
    at["now"] = minutes(177 + 60)
    assert sessions.current(store, token) is None


def test_a_session_ends_ten_hours_after_the_login(store: Store, at: dict):
    token, _ = begin(store, person(store))
    for used in range(30, 600, 30):
        at["now"] = minutes(used)
        assert sessions.current(store, token) is not None
    at["now"] = minutes(600)
    assert sessions.current(store, token) is None


def test_use_is_noted_once_a_minute(store: Store, at: dict):
    token, _ = begin(store, person(store))

    def seen() -> dt.datetime:
        with store.read() as session:
            return session.scalars(select(LoginSession.seen_at)).one()

    at["now"] = minutes(0.9)
    assert sessions.current(store, token) is not None
    assert seen() == START
    at["now"] = minutes(1)
    assert sessions.current(store, token) is not None
    assert seen() == START + minutes(1)
    at["now"] = minutes(3)
    with store.read() as session:
        assert sessions.find(session, token, touch=False) is not None
    assert seen() == START + minutes(1)


def test_reading_a_session_does_not_wait_for_a_writer(store: Store):
    who = person(store)
    token, csrf = begin(store, who)
    with store.write() as session:
        audit.write(session, audit.Event.SCORE, person=who)
        session.flush()
        assert sessions.current(store, token) == (who, csrf)


def test_sessions_that_are_over_are_deleted_at_the_next_login(store: Store, at: dict):
    who = person(store)
    begin(store, who)
    at["now"] = minutes(61)
    begin(store, who)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_logging_in_and_out_is_audited(store: Store):
    token, _ = begin(store, person(store))
    for _ in range(2):
        with store.write() as session:
            sessions.end(session, token)
    assert sessions.current(store, token) is None
    with store.read() as session:
        newest = audit.entries(session, actor="sari")
    assert [entry.event for entry in newest] == ["keluar", "masuk"]


def test_a_disabled_person_has_no_session(store: Store):
    token, _ = begin(store, person(store))
    with store.write() as session:
        people.set_active(session, "sari", False)
        people.set_active(session, "sari", True)
    assert sessions.current(store, token) is None


def key_of(store: Store, days: int | None = 90) -> str:
    with store.write() as session:
        return sessions.make_api_token(session, "sari", "Dasbor  kantor", days, actor="cli:uji")


def owner(store: Store, key: str) -> people.Person | None:
    with store.read() as session:
        return sessions.find_api_token(session, key)


def test_a_key_acts_as_its_person_until_it_expires(store: Store, at: dict):
    who = person(store)
    key, lasting = key_of(store, days=2), key_of(store, days=None)
    assert owner(store, key) == owner(store, lasting) == who
    assert owner(store, key + "x") is owner(store, "") is None
    at["now"] = dt.timedelta(days=2) - minutes(1)
    assert owner(store, key) == who
    at["now"] = dt.timedelta(days=2)
    assert owner(store, key) is None
    assert owner(store, lasting) == who


def test_of_a_key_only_its_hash_is_kept(store: Store):
    person(store)
    key = key_of(store)
    with store.read() as session:
        row = session.scalars(select(ApiToken)).one()
        listed = sessions.list_api_tokens(session)
        entry = audit.entries(session, event=audit.Event.TOKEN)[0]
    assert key.startswith("dsp_")
    assert key not in str([vars(row), vars(listed[0]), entry.details])
    assert (listed[0].login, listed[0].name, listed[0].revoked_at) == ("sari", "Dasbor kantor", None)
    assert entry.actor == "cli:uji"
    assert entry.details == {"pengguna": "sari", "kunci": row.id, "nama": "Dasbor kantor", "hal": "buat", "hari": 90}


def test_a_revoked_key_and_one_of_a_disabled_person_are_useless(store: Store):
    person(store)
    first, second = key_of(store), key_of(store)
    with store.write() as session:
        number = sessions.list_api_tokens(session)[0].id
        sessions.revoke_api_token(session, number)
        sessions.revoke_api_token(session, number)
    assert owner(store, first) is None
    assert owner(store, second) is not None
    with store.write() as session:
        people.set_active(session, "sari", False)
    assert owner(store, second) is None
    with store.read() as session:
        assert [entry.details["hal"] for entry in audit.entries(session, event="ubah_token")] == [
            "cabut", "buat", "buat"
        ]  # fmt: skip


def test_wrong_keys_are_refused(store: Store):
    person(store)
    for login, name, days, message in [
        ("siapa", "Dasbor", 90, "no such person"),
        ("sari", " ", 90, "name"),
        ("sari", "Dasbor", 0, "days"),
        ("sari", "Dasbor", 4000, "days"),
    ]:
        with pytest.raises(OptionError, match=message), store.write() as session:
            sessions.make_api_token(session, login, name, days)
    with store.write() as session:
        people.set_active(session, "sari", False)
    with pytest.raises(OptionError, match="disabled"):
        key_of(store)
    with pytest.raises(OptionError, match="no key 7"), store.write() as session:
        sessions.revoke_api_token(session, 7)


def test_a_key_rests_while_its_person_has_to_change_the_password(store: Store):
    who = person(store)
    key = key_of(store)
    with store.write() as session:
        people.set_password(session, "sari", "sandi-kedua-26", must_change=True)
    assert owner(store, key) is None
    with store.write() as session:
        people.set_password(session, "sari", "sandi-ketiga-26", must_change=False)
    assert owner(store, key) == who


def test_keys_that_still_work_are_known(store: Store, at: dict):
    person(store)
    person(store, "budi")
    for days in (2, None, 90):
        key_of(store, days=days)
    with store.write() as session:
        sessions.make_api_token(session, "budi", "Lain", None)
        sessions.revoke_api_token(session, 3)
        assert [key.id for key in sessions.working_keys(session, "sari")] == [1, 2]
        at["now"] = dt.timedelta(days=2)
        assert [key.id for key in sessions.working_keys(session, "sari")] == [2]
