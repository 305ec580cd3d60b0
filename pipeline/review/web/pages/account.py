"""Logging in and out, the start page, and one's own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.errors import ForbiddenError
from pipeline.review import logins, sessions
from pipeline.review.passwords import SHORTEST, WeakPasswordError
from pipeline.review.people import Person, Right
from pipeline.review.web import errors, security
from pipeline.review.web.pages.common import (
    ACCOUNT,
    LOGIN,
    SignedIn,
    TheForm,
    TheStore,
    current,
    local_path,
    query_of,
    render,
)

router = APIRouter()
_NO_ADDRESS = "-"


@router.get("/")
def start(person: SignedIn) -> Response:
    """Send to the page where a person's work begins."""
    pages = ((Right.SEE, "/antrian"), (Right.LEAD, "/pimpinan"))
    return RedirectResponse(next((page for right, page in pages if person.may(right)), "/audit"), 303)


@router.get(LOGIN)
def login_page(request: Request) -> Response:
    """Show the login."""
    if request.state.person is not None:
        return RedirectResponse("/", 303)
    query = query_of(request)
    return _login(request, next=query.get("next", ""), ended="selesai" in query, expired="berakhir" in query)


@router.post(LOGIN)
def login(request: Request, form: TheForm, store: TheStore) -> Response:
    """Check login name and password and begin a session; the one of before ends."""
    address = request.client.host if request.client else _NO_ADDRESS
    name, password, target = (str(form.get(field) or "") for field in ("login", "sandi", "next"))
    try:
        person = logins.log_in(store, name, password, address)
        with store.write() as session:
            if old := request.cookies.get(security.cookie_name(request)):
                sessions.end(session, old)
            token, _ = sessions.begin(session, person)
    except ForbiddenError as error:
        page = _login(request, next=target, login=name, error=str(error), status=errors.status_of(error))
        if isinstance(error, logins.TooManyAttempts):
            page.headers["Retry-After"] = str(error.seconds)
        return page
    answer = RedirectResponse(ACCOUNT if person.must_change else local_path(target), 303)
    security.set_cookie(request, answer, token)
    return answer


@router.post("/keluar")
def logout(request: Request, store: TheStore) -> Response:
    """End the session."""
    token = request.cookies.get(security.cookie_name(request))
    if token:
        with store.write() as session:
            sessions.end(session, token)
    answer = RedirectResponse(f"{LOGIN}?selesai=1", 303)
    security.drop_cookie(request, answer)
    return answer


@router.get(ACCOUNT)
def account_page(request: Request, _: SignedIn) -> Response:
    """Show who one is here, and the form for another password."""
    return _account(request, saved="tersimpan" in request.query_params)


@router.post(ACCOUNT)
def change_password(
    request: Request, person: Annotated[Person, Depends(current)], form: TheForm, store: TheStore
) -> Response:
    """Set another password; every other browser of the person is logged out."""
    old, new, again = (str(form.get(field) or "") for field in ("lama", "baru", "ulang"))
    if new != again:
        return _account(request, error="Kata sandi baru dan ulangannya tidak sama.", status=422)
    address = request.client.host if request.client else _NO_ADDRESS
    try:
        logins.change_password(store, person, old, new, address)
        with store.write() as session:
            token, _ = sessions.begin(session, person)
    except WeakPasswordError as error:
        return _account(request, error=error.shown, status=422)
    except logins.WrongPassword:
        return _account(request, error="Kata sandi lama salah.", status=403)
    answer = RedirectResponse(f"{ACCOUNT}?tersimpan=1", 303)
    security.set_cookie(request, answer, token)
    return answer


def _login(
    request: Request,
    *,
    next: str = "",
    login: str = "",
    error: str = "",
    ended: bool = False,
    expired: bool = False,
    status: int = 200,
) -> Response:
    shown = {"next": next, "login": login, "error": error, "ended": ended, "expired": expired}
    return render(request, "masuk.html", status=status, **shown)


def _account(request: Request, *, error: str = "", saved: bool = False, status: int = 200) -> Response:
    return render(request, "akun.html", error=error, saved=saved, shortest=SHORTEST, status=status)
