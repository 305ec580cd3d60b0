"""What the office changed because of complaints: written beside the themes of the newest digests."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from pipeline.review import clock
from pipeline.review.monev import policy
from pipeline.review.monev.words import FieldError, day_of
from pipeline.review.people import Person, Right
from pipeline.review.web.pages.common import TheForm, TheStore, need, number_in, query_of, render

router = APIRouter()
PAGE: Final = "/kebijakan"
_SAVED = {"catat": "Perubahan tercatat.", "tarik": "Catatan perubahan ditarik."}
Changing = Annotated[Person, Depends(need(Right.CHANGE))]


@router.get(PAGE)
def show_changes(request: Request, person: Changing, store: TheStore) -> Response:
    """Show the form, the themes it is about, and the changes so far. ``tema``: the theme that is chosen beforehand."""
    with store.read() as session:
        return _page(request, session, person)


@router.post(PAGE)
def record(request: Request, person: Changing, store: TheStore, form: TheForm) -> Response:
    """Keep a change; what is wrong with it is said beside the form, which keeps what was typed."""
    theme, text, day = (str(form.get(name) or "").strip() for name in ("tema", "perubahan", "tanggal"))
    try:
        with store.write() as session:
            on = day_of(day, "tanggal", "Tanggal berlaku")
            policy.record_change(session, person, theme, text, on, zone=request.app.state.timezone)
    except FieldError as error:
        with store.read() as session:
            return _page(request, session, person, theme=theme, text=text, day=day, refused=error)
    return RedirectResponse(f"{PAGE}?tersimpan=catat", 303)


@router.post(PAGE + "/tarik")
def withdraw(person: Changing, store: TheStore, form: TheForm) -> Response:
    """Take a change back."""
    with store.write() as session:
        policy.withdraw(session, person, number_in(form, "nomor") or 0)
    return RedirectResponse(f"{PAGE}?tersimpan=tarik", 303)


def _page(
    request: Request,
    session: Session,
    person: Person,
    *,
    theme: str = "",
    text: str = "",
    day: str = "",
    refused: FieldError | None = None,
) -> Response:
    query = query_of(request)
    found = policy.changes_for(session, person)
    return render(
        request,
        "kebijakan.html",
        status=422 if refused else 200,
        themes=policy.open_themes(session, person),
        changes=found,
        mine={one.id for one in found if policy.may_withdraw(person, one.officer_id)},
        theme=theme or query.get("tema", ""),
        text=text,
        day=day,
        refused=refused,
        fault=refused.field if refused else "",
        today=clock.today(request.app.state.timezone),
        saved=_SAVED.get(query.get("tersimpan", ""), ""),
    )
