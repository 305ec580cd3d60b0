"""``disposisi review user``, ``token`` and ``unit``: who may log in, which programs, and which units there are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pipeline.cli.review_options import database_option, os_actor, the_store
from pipeline.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

ROLES = ("petugas", "penyelia", "analis", "admin", "pimpinan")

_stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input (one line) instead of asking for it."
)


@click.group("user")
def user_group() -> None:
    """Manage who may log in."""


@user_group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(ROLES),
    help="petugas decides, penyelia also sees the overview and the audit log, analis only looks, admin: audit log, "
    "pimpinan reads the digests of the period and records decisions on them.",
)
@click.option(
    "--unit",
    "units",
    metavar="LABEL",
    multiple=True,
    help="Show the person only complaints (pimpinan: only digests) of this unit; may be given more than once.",
)
@_stdin_option
@database_option
def user_add(
    login: str, name: str, role: str, units: tuple[str, ...], password_stdin: bool, database: str | None
) -> None:
    """Add the person LOGIN (a-z 0-9 . _ -), who has to change the password at the first login."""
    from pipeline.review.people import add_person

    password = _password(password_stdin)
    with the_store(database) as store, store.write() as session:
        person = add_person(session, login, name, role, password, units, actor=os_actor())
        unknown = _unknown_units(session, person.units)
    click.echo(f"{person.login} is added as {person.role}.")
    _tell_unknown(unknown)


@user_group.command("list")
@database_option
def user_list(database: str | None) -> None:
    """List everybody."""
    from pipeline.review.people import list_people

    with the_store(database) as store, store.read() as session:
        people = list_people(session)
    if not people:
        click.echo("Nobody yet. Add a person: disposisi review user add LOGIN --name NAME --role petugas")
    for person in people:
        marks = [] if person.active else ["disabled"]
        marks += ["has to change the password"] if person.must_change else []
        marks += [f"only {', '.join(sorted(person.units))}"] if person.units else []
        shown = f"  ({'; '.join(marks)})" if marks else ""
        click.echo(f"{person.login:<20} {person.role:<9} {person.name}{shown}")


@user_group.command("change")
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), help="The person's role from now on.")
@click.option(
    "--unit",
    "units",
    metavar="LABEL",
    multiple=True,
    help="Show the person only complaints of this unit from now on; may be given more than once.",
)
@click.option("--all-units", is_flag=True, help="Show the person complaints of all units from now on.")
@click.option("--name", help="The person's name, as others see it.")
@database_option
def user_change(
    login: str, role: str | None, units: tuple[str, ...], all_units: bool, name: str | None, database: str | None
) -> None:
    """Change role, units or name of LOGIN; holds from the person's next click, and ends no session."""
    from pipeline.review.people import change_person, find_person

    if units and all_units:
        raise OptionError("--unit and --all-units contradict each other. Give one of them.")
    if role is None and name is None and not units and not all_units:
        raise OptionError("Nothing to change. Give --role, --unit, --all-units or --name.")
    given = units if units or all_units else None
    with the_store(database) as store, store.write() as session:
        changed = change_person(session, login, role=role, units=given, name=name, actor=os_actor())
        person = find_person(session, login)
        unknown = _unknown_units(session, person.units if units else ())
    click.echo(f"{person.login} is changed." if changed else f"{person.login} was so already.")
    _tell_unknown(unknown)


@user_group.command("password")
@click.argument("login")
@click.option("--revoke-keys", is_flag=True, help="Make the person's API keys useless for good, too.")
@_stdin_option
@database_option
def user_password(login: str, revoke_keys: bool, password_stdin: bool, database: str | None) -> None:
    """Give LOGIN another password, to be changed at the next login; ends the person's sessions.

    Until it is changed the person's API keys do not work.
    """
    from pipeline.review.people import find_person, set_password
    from pipeline.review.sessions import revoke_api_token, working_keys

    with the_store(database) as store:
        with store.read() as session:
            person = find_person(session, login)
        password = _password(password_stdin)
        with store.write() as session:
            set_password(session, person.id, password, must_change=True, actor=os_actor())
            keys = working_keys(session, person.login)
            for key in keys if revoke_keys else ():
                revoke_api_token(session, key.id, actor=os_actor())
    click.echo(f"{person.login} has a new password.")
    if keys and revoke_keys:
        click.echo(f"API keys revoked: {len(keys)}")
    elif keys:
        click.echo(
            f"API keys that work again once {person.login} has changed it: {len(keys)}. Revoke them, too: --revoke-keys"
        )


@user_group.command("disable")
@click.argument("login")
@database_option
def user_disable(login: str, database: str | None) -> None:
    """Let LOGIN log in no more; ends the person's sessions and stops the person's keys."""
    _set_active(login, database, active=False)


@user_group.command("enable")
@click.argument("login")
@database_option
def user_enable(login: str, database: str | None) -> None:
    """Let LOGIN log in again."""
    _set_active(login, database, active=True)


def _set_active(login: str, database: str | None, *, active: bool) -> None:
    from pipeline.review.people import set_active

    with the_store(database) as store, store.write() as session:
        set_active(session, login, active, actor=os_actor())
    click.echo(f"{login} is {'enabled' if active else 'disabled'}.")


def _unknown_units(session: Session, labels: Iterable[str]) -> list[str]:
    """Return which of *labels* nobody can choose, mostly for a slip of the pen."""
    from pipeline.review.store.tables import UnitChoice

    return sorted(label for label in labels if session.get(UnitChoice, label) is None)


def _tell_unknown(units: list[str]) -> None:
    if units:
        click.echo(f"No complaint has this unit yet (see: disposisi review unit list): {', '.join(units)}", err=True)


def _password(from_stdin: bool) -> str:
    if not from_stdin:
        answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return answer
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise OptionError("Standard input holds no password. Write it there as one line.")
    return password


@click.group("token")
def token_group() -> None:
    """Manage the keys with which programs use the API (docs/triase.md)."""


@token_group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="Days that it is good for.")
@database_option
def token_add(login: str, name: str, days: int, database: str | None) -> None:
    """Make a key that acts as LOGIN and print it, this once."""
    from pipeline.review.people import find_person
    from pipeline.review.sessions import make_api_token

    with the_store(database) as store, store.write() as session:
        key = make_api_token(session, login, name, days, actor=os_actor())
        person = find_person(session, login)
    if person.must_change:
        click.echo(f"It works once {person.login} has logged in and changed the password.", err=True)
    click.echo("This key cannot be shown again:", err=True)
    click.echo(key)


@token_group.command("list")
@database_option
def token_list(database: str | None) -> None:
    """List the keys; what they are is not kept."""
    from pipeline.review.sessions import list_api_tokens

    with the_store(database) as store, store.read() as session:
        keys = list_api_tokens(session)
    if not keys:
        click.echo("No key yet. Make one: disposisi review token add LOGIN --name NAME")
    for key in keys:
        until = "for good" if key.expires_at is None else f"until {key.expires_at:%Y-%m-%d}"
        click.echo(f"{key.id:>4}  {key.login:<20} {'revoked' if key.revoked_at else until:<17} {key.name}")


@token_group.command("revoke")
@click.argument("id", type=click.IntRange(1))
@database_option
def token_revoke(id: int, database: str | None) -> None:
    """Make the key ID of `token list` useless for good."""
    from pipeline.review.sessions import revoke_api_token

    with the_store(database) as store, store.write() as session:
        revoke_api_token(session, id, actor=os_actor())
    click.echo(f"Key {id} is revoked.")


@click.group("unit")
def unit_group() -> None:
    """Manage the units that officers may choose beside those that a model suggested."""


@unit_group.command("add")
@click.argument("label")
@database_option
def unit_add(label: str, database: str | None) -> None:
    """Let officers choose the unit LABEL: a code of the catalogue or a name of the office's own."""
    from pipeline.review import audit
    from pipeline.review.people import short_text
    from pipeline.review.store.tables import UnitChoice

    label = short_text(label, "A unit's label")
    with the_store(database) as store, store.write() as session:
        known = session.get(UnitChoice, label) is not None
        if not known:
            session.add(UnitChoice(label=label, added_by_hand=True))
            audit.write(session, audit.Event.UNIT, actor=os_actor(), after={"unit": label})
    click.echo(f"{label} was there already." if known else f"{label} can be chosen from now on.")


@unit_group.command("list")
@database_option
def unit_list(database: str | None) -> None:
    """List the units that officers may choose."""
    from sqlalchemy import select

    from pipeline.catalogue import unit_name
    from pipeline.review.store.tables import UnitChoice

    with the_store(database) as store, store.read() as session:
        units = list(session.scalars(select(UnitChoice).order_by(UnitChoice.label)))
    if not units:
        click.echo("No unit yet. Import scored rows, or add one: disposisi review unit add LABEL")
    for unit in units:
        name = unit_name(unit.label)
        shown = unit.label if name == unit.label else f"{unit.label}  {name}"
        click.echo(f"{shown}{'  (added by hand)' if unit.added_by_hand else ''}")
