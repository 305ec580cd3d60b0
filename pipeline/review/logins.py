"""Logging in and changing one's password: tries are counted, and nobody waits while a password is hashed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from pipeline.errors import ForbiddenError
from pipeline.review import audit, clock, passwords
from pipeline.review.people import LOGIN, Person, keep_password, person_of
from pipeline.review.store import Store
from pipeline.review.store.tables import LoginFailure, Officer

WINDOW = dt.timedelta(minutes=15)
"""How long a failed login counts."""
MOST_OF_LOGIN, MOST_OF_ADDRESS = 5, 20
"""Failed logins within :data:`WINDOW` after which a login name or an address has to wait."""

_WRONG = "Nama masuk atau kata sandi salah."


class WrongPassword(ForbiddenError):  # noqa: N818 - the pages' name for it
    """Login name or password is wrong, or the person is disabled; which of them is not told."""


class TooManyAttempts(ForbiddenError):  # noqa: N818 - the pages' name for it
    """Too many failed logins; ``seconds`` until the next one may be tried."""

    def __init__(self, seconds: int) -> None:
        minutes = math.ceil(seconds / 60)
        super().__init__(f"Terlalu banyak percobaan masuk yang gagal. Coba lagi dalam {minutes} menit.")
        self.seconds = seconds


def log_in(store: Store, login: str, password: str, address: str) -> Person:
    """Return the person that *login* and *password* belong to; a failure is counted and audited.

    Raises:
        WrongPassword: Unknown login (which costs the same time), wrong password, or a disabled person.
        TooManyAttempts: Too many failures of this login or from this *address* in the last minutes.
    """
    with store.write() as session:
        attempt = _begin_attempt(session, login, address)
    right = passwords.matches(attempt.password_hash, password)
    with store.write() as session:
        person = _end_attempt(session, attempt, right, password)
    if person is None:
        raise WrongPassword(_WRONG)
    return person


def change_password(store: Store, person: Person, old: str, new: str, address: str) -> None:
    """Give *person*, who knows the *old* password, a *new* one; all sessions of the person end. Audited.

    Raises:
        WrongPassword: The old password is wrong.
        TooManyAttempts: It was wrong too often.
        WeakPasswordError: The new one is too weak, or the old one again.
    """
    log_in(store, person.login, old, address)
    passwords.check_new(new, person.login)
    if new == old:
        raise passwords.WeakPasswordError(
            "The new password is the old one. Choose another one.", "Kata sandi baru harus berbeda dari yang lama."
        )
    password_hash = passwords.make_hash(new)
    with store.write() as session:
        keep_password(session, session.get_one(Officer, person.id), password_hash, must_change=False)


@dataclass(frozen=True)
class _Attempt:
    """A login that counts as a failure until it is known to be right, so that many at once get no more tries."""

    by_login: str
    by_address: str
    at_address: int
    officer_id: int | None
    password_hash: str | None


def _begin_attempt(session: Session, login: str, address: str) -> _Attempt:
    login, now = login.strip().lower(), clock.now()
    session.execute(delete(LoginFailure).where(LoginFailure.at <= now - WINDOW))
    officer = None
    if LOGIN.fullmatch(login):
        # Locked, so that attempts at the same moment are counted one after the other.
        officer = session.scalar(select(Officer).where(Officer.login == login).with_for_update(key_share=True))
    by_login = audit.keyed_hash(session, f"login:{login}")
    by_address = audit.keyed_hash(session, f"address:{address}")
    _refuse_too_many(session, by_login, MOST_OF_LOGIN, now)
    _refuse_too_many(session, by_address, MOST_OF_ADDRESS, now)
    at_login, at_address = LoginFailure(key=by_login, at=now), LoginFailure(key=by_address, at=now)
    session.add_all([at_login, at_address])
    session.flush()
    known = (None, None) if officer is None else (officer.id, officer.password_hash)
    return _Attempt(by_login, by_address, at_address.id, *known)


def _end_attempt(session: Session, attempt: _Attempt, right: bool, password: str) -> Person | None:
    officer = None if attempt.officer_id is None else session.get(Officer, attempt.officer_id)
    # A password that was changed meanwhile does not open a session any more.
    right = right and officer is not None and officer.password_hash == attempt.password_hash
    if officer is None or not right or not officer.active:
        details: dict[str, Any] = {"login_hmac": attempt.by_login, "alamat_hmac": attempt.by_address}
        if officer is not None:
            details["pengguna"] = officer.login
        audit.write(session, audit.Event.LOGIN_FAILED, details=details)
        return None
    failures = or_(LoginFailure.key == attempt.by_login, LoginFailure.id == attempt.at_address)
    session.execute(delete(LoginFailure).where(failures))
    if passwords.is_outdated(officer.password_hash):
        officer.password_hash = passwords.make_hash(password)
    return person_of(officer)


def _refuse_too_many(session: Session, key: str, most: int, now: dt.datetime) -> None:
    newest = select(LoginFailure.at).where(LoginFailure.key == key).order_by(LoginFailure.at.desc()).limit(most)
    moments = session.scalars(newest).all()
    if len(moments) == most:
        raise TooManyAttempts(math.ceil((moments[-1] + WINDOW - now).total_seconds()))
