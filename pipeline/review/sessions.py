"""Sessions of browsers and keys for the API. Of both only a sha256 is kept: who reads the store cannot use them."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from pipeline.errors import OptionError
from pipeline.review import audit, clock
from pipeline.review.people import Person, find_person, give_up_locks, person_of
from pipeline.review.store import Store
from pipeline.review.store.tables import ApiToken, LoginSession, Officer

SESSION_IDLE = dt.timedelta(minutes=60)
"""A session ends when it was not used for so long."""
SESSION_LIFE = dt.timedelta(hours=10)
"""A session ends so long after the login, whatever is done."""

_TOUCH = dt.timedelta(minutes=1)
_KEY_START = "dsp_"
_LONGEST = 200
_LONGEST_DAYS = 3660


@dataclass(frozen=True)
class KeyInfo:
    """What is known of an API key: the key itself is not."""

    id: int
    login: str
    name: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None


def begin(session: Session, person: Person) -> tuple[str, str]:
    """Start a session of *person*, audited; return (token for the cookie, token against forged forms)."""
    now = clock.now()
    session.execute(
        delete(LoginSession).where(
            or_(LoginSession.created_at <= now - SESSION_LIFE, LoginSession.seen_at <= now - SESSION_IDLE)
        )
    )
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(
        LoginSession(token_hash=_hash(token), officer_id=person.id, csrf=csrf, created_at=now, seen_at=now),
    )
    audit.write(session, audit.Event.LOGIN, person=person)
    return token, csrf


def find(session: Session, token: str, *, touch: bool = True) -> tuple[Person, str] | None:
    """Return (person, token against forged forms) of the session that the cookie's *token* names.

    ``None`` where it is unknown or over, or the person is disabled. With *touch* the session counts as used now,
    written at most once a minute; *session* is then one of ``Store.write()``. See :func:`current`.
    """
    found = _alive(session, token)
    if found is None:
        return None
    login, officer = found
    now = clock.now()
    if touch and now - login.seen_at >= _TOUCH:
        login.seen_at = now
    return person_of(officer), login.csrf


def current(store: Store, token: str) -> tuple[Person, str] | None:
    """Return what :func:`find` returns; waits for other writers only in the one call a minute that has to write."""
    with store.read() as session:
        found = _alive(session, token)
        if found is None:
            return None
        login, officer = found
    if clock.now() - login.seen_at < _TOUCH:
        return person_of(officer), login.csrf
    with store.write() as session:
        return find(session, token)


def end(session: Session, token: str) -> None:
    """End the session that *token* names and give up the person's locks, audited; nothing happens without one."""
    found = session.execute(_by_token(token)).first()
    if found is None:
        return
    login, officer = found
    session.delete(login)
    give_up_locks(session, officer.id)
    audit.write(session, audit.Event.LOGOUT, person=person_of(officer))


def make_api_token(session: Session, login: str, name: str, days: int | None, *, actor: str = "") -> str:
    """Make a key with which a program acts as the person *login*; audited. The key cannot be read again.

    Raises :class:`OptionError` for an unknown or disabled person, a wrong name or a wrong number of *days* (``None``:
    the key does not expire).
    """
    person, name, now = find_person(session, login), " ".join(name.split()), clock.now()
    if not person.active:
        raise OptionError(f"{person.login} is disabled. Enable the person first.")
    if not name or len(name) > _LONGEST:
        raise OptionError(f"A key's name has 1 to {_LONGEST} characters.")
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise OptionError(f"A key is good for 1 to {_LONGEST_DAYS} days.")
    key = _KEY_START + secrets.token_urlsafe(32)
    expires = None if days is None else now + dt.timedelta(days=days)
    row = ApiToken(token_hash=_hash(key), officer_id=person.id, name=name, created_at=now, expires_at=expires)
    session.add(row)
    session.flush()
    details = {"pengguna": person.login, "kunci": row.id, "nama": name, "hal": "buat", "hari": days}
    audit.write(session, audit.Event.TOKEN, actor=actor, details=details)
    return key


def find_api_token(session: Session, token: str) -> Person | None:
    """Return who the API key *token* acts as.

    ``None``: it is unknown, expired or revoked, or the person is disabled or has to change the password.
    """
    query = (
        select(ApiToken, Officer)
        .join(Officer, Officer.id == ApiToken.officer_id)
        .where(ApiToken.token_hash == _hash(token))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    key, officer = found
    usable = officer.active and not officer.must_change
    return person_of(officer) if usable and not _is_over(key) else None


def revoke_api_token(session: Session, key_id: int, *, actor: str = "") -> None:
    """Make a key useless for good; audited. Raises :class:`OptionError` where there is none with this id."""
    key = session.get(ApiToken, key_id)
    if key is None:
        raise OptionError(f"There is no key {key_id}. See: disposisi review token list")
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        person = find_person(session, key.officer_id)
        details = {"pengguna": person.login, "kunci": key.id, "nama": key.name, "hal": "cabut"}
        audit.write(session, audit.Event.TOKEN, actor=actor, details=details)


def list_api_tokens(session: Session) -> list[KeyInfo]:
    """Return all keys, also those that are over, by id."""
    query = select(ApiToken, Officer.login).join(Officer, Officer.id == ApiToken.officer_id).order_by(ApiToken.id)
    return [
        KeyInfo(key.id, login, key.name, key.created_at, key.expires_at, key.revoked_at)
        for key, login in session.execute(query)
    ]


def working_keys(session: Session, login: str) -> list[KeyInfo]:
    """Return the keys of the person *login* that are neither expired nor revoked, by id."""
    return [key for key in list_api_tokens(session) if key.login == login and not _is_over(key)]


def _is_over(key: ApiToken | KeyInfo) -> bool:
    return key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= clock.now())


def _alive(session: Session, token: str) -> tuple[LoginSession, Officer] | None:
    found = session.execute(_by_token(token)).first()
    if found is None:
        return None
    login, officer = found
    now = clock.now()
    over = now - login.created_at >= SESSION_LIFE or now - login.seen_at >= SESSION_IDLE
    return None if over or not officer.active else (login, officer)


def _by_token(token: str) -> Select[LoginSession, Officer]:
    return (
        select(LoginSession, Officer)
        .join(Officer, Officer.id == LoginSession.officer_id)
        .where(LoginSession.token_hash == _hash(token))
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
