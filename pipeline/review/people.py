"""Who works with the triage, what each may do, and whether a password is the right one."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from pipeline.errors import ForbiddenError, OptionError
from pipeline.review import audit, clock, passwords
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint, LoginFailure, LoginSession, Officer

WINDOW = dt.timedelta(minutes=15)
"""How long a failed login counts."""
MOST_OF_LOGIN, MOST_OF_ADDRESS = 5, 20
"""Failed logins within :data:`WINDOW` after which a login name or an address has to wait."""

_LOGIN = re.compile(r"[a-z0-9._-]{2,40}")
_LONGEST = 200
_WRONG = "Nama masuk atau kata sandi salah."


class Role(StrEnum):
    """What a person is here."""

    OFFICER = "petugas"
    SUPERVISOR = "penyelia"
    ANALYST = "analis"
    ADMIN = "admin"


class Right(StrEnum):
    """What a role may do."""

    SEE = "lihat"
    DECIDE = "putuskan"
    REVEAL = "buka"
    OVERVIEW = "ikhtisar"
    EXPORT = "ekspor"
    AUDIT = "audit"
    PEOPLE = "orang"
    SCORE = "skor"
    TAKE_OVER = "ambil_alih"


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.OFFICER: frozenset({Right.SEE, Right.DECIDE, Right.REVEAL, Right.SCORE}),
        Role.SUPERVISOR: frozenset(Right) - {Right.PEOPLE},
        Role.ANALYST: frozenset({Right.SEE, Right.OVERVIEW, Right.EXPORT, Right.SCORE}),
        Role.ADMIN: frozenset({Right.AUDIT, Right.PEOPLE}),
    }
)

_WORDS: Mapping[Right, str] = MappingProxyType(
    {
        Right.SEE: "melihat aduan",
        Right.DECIDE: "memutuskan aduan",
        Right.REVEAL: "membuka data pribadi",
        Right.OVERVIEW: "melihat ikhtisar",
        Right.EXPORT: "mengunduh keputusan",
        Right.AUDIT: "melihat catatan audit",
        Right.PEOPLE: "mengelola pengguna",
        Right.SCORE: "meminta saran lewat API",
        Right.TAKE_OVER: "mengambil alih aduan yang sedang dibuka orang lain",
    }
)


@dataclass(frozen=True)
class Person:
    """A person who logs in. ``units``: labels that the person is limited to, none where empty."""

    id: int
    login: str
    name: str
    role: Role
    units: frozenset[str]
    must_change: bool
    active: bool = True

    def may(self, right: Right) -> bool:
        """Return whether the person's role has *right*."""
        return right in RIGHTS[self.role]

    def require(self, right: Right) -> None:
        """Raise :class:`ForbiddenError` where the person's role lacks *right*."""
        if not self.may(right):
            raise ForbiddenError(f"Peran Anda ({self.role}) tidak berhak {_WORDS[right]}.")


class WrongPassword(ForbiddenError):  # noqa: N818 - the pages' name for it
    """Login name or password is wrong, or the person is disabled; which of them is not told."""


class TooManyAttempts(ForbiddenError):  # noqa: N818 - the pages' name for it
    """Too many failed logins; ``seconds`` until the next one may be tried."""

    def __init__(self, seconds: int) -> None:
        minutes = math.ceil(seconds / 60)
        super().__init__(f"Terlalu banyak percobaan masuk yang gagal. Coba lagi dalam {minutes} menit.")
        self.seconds = seconds


def person_of(officer: Officer) -> Person:
    """Return the row *officer* as a person."""
    return Person(
        officer.id,
        officer.login,
        officer.name,
        Role(officer.role),
        frozenset(officer.units),
        officer.must_change,
        officer.active,
    )


def visible(person: Person) -> list[ColumnElement[bool]]:
    """Return the conditions on :class:`Complaint` under which *person* may know of it; none without unit limits."""
    if not person.units:
        return []
    units = sorted(person.units)
    own = or_(Complaint.unit.in_(units), Complaint.decided_unit.in_(units), Complaint.decided_by == person.id)
    return [own, Complaint.restricted.is_(False)]


def add_person(
    session: Session,
    login: str,
    name: str,
    role: Role | str,
    password: str,
    units: Iterable[str] = (),
    *,
    must_change: bool = True,
    actor: str = "",
) -> Person:
    """Add a person; audited as done by *actor*.

    Raises:
        OptionError: The login name is ill-formed or taken, the name or a unit empty or too long, the role unknown, or
            the password too weak (:class:`~pipeline.review.passwords.WeakPasswordError`).
    """
    login, name = login.strip().lower(), " ".join(name.split())
    labels = sorted({" ".join(unit.split()) for unit in units})
    if not _LOGIN.fullmatch(login):
        raise OptionError("A login name has 2 to 40 of these characters: a-z 0-9 . _ -")
    if not name or len(name) > _LONGEST:
        raise OptionError(f"A person's name has 1 to {_LONGEST} characters.")
    if any(not label or len(label) > _LONGEST for label in labels):
        raise OptionError(f"A unit's label has 1 to {_LONGEST} characters.")
    if role not in list(Role):
        raise OptionError(f"{role!r} is no role. Roles: {', '.join(Role)}.")
    passwords.check_new(password, login)
    if session.scalar(select(Officer.id).where(Officer.login == login)) is not None:
        raise OptionError(f"The login name {login} is taken.")
    officer = Officer(
        login=login,
        name=name,
        role=str(role),
        units=labels,
        password_hash=passwords.make_hash(password),
        must_change=must_change,
        active=True,
        created_at=clock.now(),
    )
    session.add(officer)
    session.flush()
    after = {"peran": officer.role, "unit": labels, "aktif": True}
    audit.write(session, audit.Event.PERSON, actor=actor, after=after, details={"pengguna": login, "hal": "tambah"})
    return person_of(officer)


def set_password(session: Session, who: str | int, password: str, *, must_change: bool, actor: str = "") -> None:
    """Give the person *who* (login name or id) another password and end the person's sessions; audited.

    Args:
        session: A session of ``Store.write()``.
        who: Login name or id.
        password: The new one.
        must_change: Whether it has to be changed at the next login.
        actor: Who did it; default: the person.

    Raises:
        OptionError: No such person, or the password is too weak or the one of before
            (:class:`~pipeline.review.passwords.WeakPasswordError`).
    """
    officer = _officer(session, who)
    passwords.check_new(password, officer.login)
    if passwords.matches(officer.password_hash, password):
        raise passwords.WeakPasswordError(
            "The new password is the old one. Choose another one.", "Kata sandi baru harus berbeda dari yang lama."
        )
    officer.password_hash, officer.must_change = passwords.make_hash(password), must_change
    _end_sessions(session, officer)
    details = {"pengguna": officer.login, "hal": "kata_sandi"}
    person = None if actor else person_of(officer)
    audit.write(session, audit.Event.PERSON, person=person, actor=actor, details=details)


def set_active(session: Session, login: str, active: bool, *, actor: str = "") -> None:
    """Let the person log in or not; who may not has no sessions any more. Audited.

    Raises :class:`OptionError` where there is no such person.
    """
    officer = _officer(session, login)
    before, officer.active = officer.active, active
    if not active:
        _end_sessions(session, officer)
    audit.write(
        session,
        audit.Event.PERSON,
        actor=actor,
        before={"aktif": before},
        after={"aktif": active},
        details={"pengguna": officer.login, "hal": "aktifkan" if active else "nonaktifkan"},
    )


def list_people(session: Session) -> list[Person]:
    """Return everybody, also who is disabled (``active``), by login name."""
    return [person_of(officer) for officer in session.scalars(select(Officer).order_by(Officer.login))]


def find_person(session: Session, who: str | int) -> Person:
    """Return the person with this login name or id; raises :class:`OptionError` where there is none."""
    return person_of(_officer(session, who))


def log_in(store: Store, login: str, password: str, address: str) -> Person:
    """Return what :func:`check_password` returns; nobody waits for the store while the password is hashed."""
    with store.write() as session:
        attempt = _begin_attempt(session, login, address)
    right = passwords.matches(attempt.password_hash, password)
    with store.write() as session:
        person = _end_attempt(session, attempt, right, password)
    if person is None:
        raise WrongPassword(_WRONG)
    return person


def check_password(session: Session, login: str, password: str, address: str) -> Person:
    """Return the person that *login* and *password* belong to.

    A failure is counted and audited before the error is raised, also where the caller's ``Store.write()`` then rolls
    back: so nothing else may have been changed in *session* before.

    Raises:
        WrongPassword: Unknown login (which costs the same time), wrong password, or a disabled person.
        TooManyAttempts: Too many failures of this login or from this *address* in the last minutes.
    """
    attempt = _begin_attempt(session, login, address)
    right = passwords.matches(attempt.password_hash, password)
    person = _end_attempt(session, attempt, right, password)
    if person is None:
        session.commit()
        raise WrongPassword(_WRONG)
    return person


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
    if _LOGIN.fullmatch(login):
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


def _officer(session: Session, who: str | int) -> Officer:
    wanted = Officer.id == who if isinstance(who, int) else Officer.login == who.strip().lower()
    officer = session.scalar(select(Officer).where(wanted))
    if officer is None:
        raise OptionError("There is no such person. See: disposisi review user list")
    return officer


def _end_sessions(session: Session, officer: Officer) -> None:
    session.execute(delete(LoginSession).where(LoginSession.officer_id == officer.id))
