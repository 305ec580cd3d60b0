"""Who works with the triage, and what each may do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from pipeline.errors import ForbiddenError, OptionError
from pipeline.review import audit, clock, passwords
from pipeline.review.store.tables import Complaint, LoginSession, Officer

LOGIN = re.compile(r"[a-z0-9._-]{2,40}")
"""What a login name looks like."""

_LONGEST = 200
_AUDITED = {"role": "peran", "units": "unit", "name": "nama"}
"""Column of a person → its name in the audit log."""


class Role(StrEnum):
    """What a person is here."""

    OFFICER = "petugas"
    SUPERVISOR = "penyelia"
    ANALYST = "analis"
    ADMIN = "admin"
    LEADER = "pimpinan"
    """A unit's head, or, without units, somebody of the minister's level."""


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
    LEAD = "pimpin"
    CHANGE = "ubah_kebijakan"


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.OFFICER: frozenset({Right.SEE, Right.DECIDE, Right.REVEAL, Right.SCORE}),
        Role.SUPERVISOR: frozenset(Right) - {Right.PEOPLE, Right.LEAD},
        Role.ANALYST: frozenset({Right.SEE, Right.OVERVIEW, Right.EXPORT, Right.SCORE, Right.CHANGE}),
        Role.ADMIN: frozenset({Right.AUDIT, Right.PEOPLE}),
        Role.LEADER: frozenset({Right.LEAD, Right.CHANGE}),
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
        Right.LEAD: "membaca ringkasan pimpinan dan mencatat keputusan pimpinan",
        Right.CHANGE: "mencatat apa yang diubah karena aduan",
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
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise OptionError("A login name has 2 to 40 of these characters: a-z 0-9 . _ -")
    name, labels = short_text(name, "A person's name"), _labels(units)
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


def change_person(
    session: Session,
    who: str | int,
    *,
    role: Role | str | None = None,
    units: Iterable[str] | None = None,
    name: str | None = None,
    actor: str = "",
) -> bool:
    """Change what is given of the person *who* (login name or id), from the next click on; tell whether it is new.

    Audited with what stood before. Raises :class:`OptionError` where there is no such person, or as :func:`add_person`.
    """
    officer = _officer(session, who)
    wanted = {
        "role": None if role is None else str(Role(role)),
        "units": None if units is None else _labels(units),
        "name": None if name is None else short_text(name, "A person's name"),
    }
    new = {field: value for field, value in wanted.items() if value not in (None, getattr(officer, field))}
    before = {field: getattr(officer, field) for field in new}
    for field, value in new.items():
        setattr(officer, field, value)
    if new:
        audit.write(
            session,
            audit.Event.PERSON,
            actor=actor,
            before={_AUDITED[field]: value for field, value in before.items()},
            after={_AUDITED[field]: value for field, value in new.items()},
            details={"pengguna": officer.login, "hal": "ubah"},
        )
    return bool(new)


def short_text(text: str, what: str) -> str:
    """Return *text* with single spaces. Raises :class:`OptionError` where it is too short or long for *what* it is."""
    text = " ".join(text.split())
    if not 1 <= len(text) <= _LONGEST:
        raise OptionError(f"{what} has 1 to {_LONGEST} characters.")
    return text


def set_password(session: Session, who: str | int, password: str, *, must_change: bool, actor: str = "") -> None:
    """Give the person *who* (login name or id) another password and end the person's sessions; audited.

    Args:
        session: A session of ``Store.write()``.
        who: Login name or id.
        password: The new one.
        must_change: Whether it has to be changed at the next login.
        actor: Who did it; default: the person.

    Raises:
        OptionError: No such person, or the password is too weak
            (:class:`~pipeline.review.passwords.WeakPasswordError`).
    """
    officer = _officer(session, who)
    passwords.check_new(password, officer.login)
    keep_password(session, officer, passwords.make_hash(password), must_change=must_change, actor=actor)


def keep_password(
    session: Session, officer: Officer, password_hash: str, *, must_change: bool, actor: str = ""
) -> None:
    """Give *officer* another password, by its hash, and end the person's sessions; audited as by *actor* or itself."""
    officer.password_hash, officer.must_change = password_hash, must_change
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


def _officer(session: Session, who: str | int) -> Officer:
    wanted = Officer.id == who if isinstance(who, int) else Officer.login == who.strip().lower()
    officer = session.scalar(select(Officer).where(wanted))
    if officer is None:
        raise OptionError("There is no such person. See: disposisi review user list")
    return officer


def _labels(units: Iterable[str]) -> list[str]:
    return sorted({short_text(unit, "A unit's label") for unit in units})


def _end_sessions(session: Session, officer: Officer) -> None:
    session.execute(delete(LoginSession).where(LoginSession.officer_id == officer.id))
    give_up_locks(session, officer.id)


def give_up_locks(session: Session, officer_id: int, *which: ColumnElement[bool]) -> None:
    """Release the complaints that the person has open: all, or those of *which*."""
    session.execute(
        update(Complaint)
        .where(Complaint.locked_by == officer_id, *which)
        .values(locked_by=None, locked_until=None)
        .execution_options(synchronize_session=False)
    )
