"""Leaders' pages: the periods' digests, and one digest with what was read, decided and done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from pipeline.catalogue import unit_name, unit_short
from pipeline.review import clock
from pipeline.review.choices import unit_choices
from pipeline.review.monev import decisions, digests
from pipeline.review.monev.decisions import KEPT, Resolution, State
from pipeline.review.monev.listing import Decided, for_page
from pipeline.review.monev.words import FieldError, day_of
from pipeline.review.people import Person, Right
from pipeline.review.web.pages.common import TheForm, TheStore, address, need, number_in, query_of, render
from pipeline.review.web.pages.unit_search import find_units, unit_options

router = APIRouter()
PAGE: Final = "/pimpinan"
_SAVED = {
    "baca": "Tercatat: Anda sudah membaca ringkasan ini.",
    "keputusan": "Keputusan tersimpan.",
    "tindak-lanjut": "Laporan tindak lanjut tersimpan.",
}
Leading = Annotated[Person, Depends(need(Right.LEAD))]


@dataclass(frozen=True)
class Draft:
    """What stands in the form of a decision. ``replaces``: number of the decision to be replaced, ``None`` for none."""

    subject: str = ""
    decided: str = ""
    follow_up: str = ""
    responsible: str = ""
    due: str = ""
    replaces: int | None = None

    @classmethod
    def of_form(cls, form: FormData) -> Draft:
        """Return what was sent."""

        def field(name: str) -> str:
            return str(form.get(name) or "").strip()

        return cls(
            field("perihal"),
            field("keputusan"),
            field("tindak_lanjut"),
            field("penanggung_jawab"),
            field("tenggat"),
            number_in(form, "mengganti"),
        )

    @classmethod
    def of_decision(cls, old: Decided) -> Draft:
        """Return the form in which *old* is replaced; its texts are masked, as everywhere."""
        due = old.due.isoformat() if old.due else ""
        return cls(KEPT, old.decided, old.follow_up, unit_name(old.responsible), due, old.id)


@dataclass(frozen=True)
class Refused:
    """Why a form was not kept. ``number``: the decision that the follow-up was about, ``None``: the decision's form."""

    error: FieldError
    number: int | None = None
    state: str = ""
    status: str = ""


@router.get(PAGE)
def list_periods(request: Request, person: Leading, store: TheStore) -> Response:
    """Show the periods, the latest first, and which of their digests the person read."""
    with store.read() as session:
        listed = digests.list_digests(session, person)
    periods: dict[str, list[digests.Listed]] = {}
    for one in listed:
        periods.setdefault(one.period, []).append(one)
    return render(request, "pimpinan.html", periods=periods)


@router.get(PAGE + "/{period}")
def show_digest(request: Request, period: str, person: Leading, store: TheStore) -> Response:
    """Show a period's digest for one level. ``ganti``: the decision that is replaced; ``cetak``: the page for paper."""
    query = query_of(request)
    with store.read() as session:
        return _page(request, session, person, period, _unit(person, query.get("unit", "")))


@router.post(PAGE + "/{period}/baca")
def mark_read(period: str, person: Leading, store: TheStore, form: TheForm) -> Response:
    """Keep that the person read the edition that was shown."""
    with store.write() as session:
        digests.mark_read(session, person, number_in(form, "ringkasan") or 0)
    return _back(period, form, "baca")


@router.post(PAGE + "/{period}/keputusan")
def decide(request: Request, period: str, person: Leading, store: TheStore, form: TheForm) -> Response:
    """Keep a decision; what is wrong with it is said beside the form, which keeps what was typed."""
    draft, unit = Draft.of_form(form), str(form.get("unit") or "")
    try:
        with store.write() as session:
            resolution = Resolution(
                draft.decided,
                draft.subject,
                draft.follow_up,
                _office(draft.responsible, _offices(session)),
                day_of(draft.due, "tenggat", "Tenggat"),
                draft.replaces,
            )
            decisions.decide(session, person, period, unit, resolution)
    except FieldError as error:
        with store.read() as session:
            return _page(request, session, person, period, unit, draft=draft, refused=Refused(error))
    return _back(period, form, "keputusan")


@router.post(PAGE + "/{period}/tindak-lanjut")
def report(request: Request, period: str, person: Leading, store: TheStore, form: TheForm) -> Response:
    """Keep how far a decision's follow-up is."""
    state, status = (str(form.get(name) or "") for name in ("keadaan", "status"))
    number = number_in(form, "nomor") or 0
    try:
        with store.write() as session:
            decisions.report(session, person, number, state, status)
    except FieldError as error:
        with store.read() as session:
            unit = str(form.get("unit") or "")
            return _page(request, session, person, period, unit, refused=Refused(error, number, state, status))
    return _back(period, form, "tindak-lanjut")


def _page(
    request: Request,
    session: Session,
    person: Person,
    period: str,
    unit: str,
    *,
    draft: Draft | None = None,
    refused: Refused | None = None,
) -> Response:
    query = query_of(request)
    zone, today = request.app.state.timezone, clock.today(request.app.state.timezone)
    digest, content = digests.opened(session, person, period, unit)
    listed = for_page(session, period, unit, zone=zone)
    wanted = draft.replaces if draft else number_in(query, "ganti")
    replaced = next((one for one in listed if one.id == wanted and _replaceable(person, one, unit)), None)
    if draft is None:
        draft = Draft.of_decision(replaced) if replaced else Draft(responsible=unit_name(unit))
    context: dict[str, Any] = {
        "digest": digest,
        "content": content,
        "read_at": digests.read_at(session, person, digest.id),
        "standing": [one for one in listed if one.stands],
        "replaced_ones": [one for one in listed if not one.stands],
        "late": {one.id for one in listed if one.overdue(today)},
        "replaceable": {one.id for one in listed if one.stands and _replaceable(person, one, unit)},
        "reportable": {
            one.id
            for one in listed
            if one.stands and one.follow_up and decisions.may_report(person, one.unit, one.responsible)
        },
        "subjects": decisions.subjects(content),
        "options": unit_options(_offices(session)),
        "states": list(State),
        "draft": draft,
        "replaced": replaced,
        "refused": refused,
        "fault": refused.error.field if refused and refused.number is None else "",
        "kept": KEPT,
        "here": f"{PAGE}/{quote(period, safe='')}",
        "unit": unit,
        "today": today,
        "paper": "cetak" in query,
        "saved": _SAVED.get(query.get("tersimpan", ""), ""),
    }
    return render(request, "ringkasan.html", status=422 if refused else 200, **context)


def _replaceable(person: Person, one: Decided, unit: str) -> bool:
    return one.unit == unit and decisions.may_replace(person, one.officer_id)


def _unit(person: Person, asked: str) -> str:
    """Return the unit that the address means: without one it is that of a person who heads a single unit."""
    return next(iter(person.units)) if not asked and len(person.units) == 1 else asked


def _offices(session: Session) -> list[str]:
    return sorted({*unit_choices(session), *digests.digest_units(session)})


def _office(typed: str, labels: Sequence[str]) -> str:
    """Return the label of the unit whose whole name, short name or label was *typed*, else what was typed."""
    plain = " ".join(typed.split()).casefold()
    for label in find_units(typed, labels)[:1]:
        if plain in {one.casefold() for one in (label, unit_name(label), unit_short(label))}:
            return label
    return typed


def _back(period: str, form: FormData, saved: str) -> Response:
    page = f"{PAGE}/{quote(period, safe='')}"
    anchor = "" if saved == "baca" else "#keputusan"
    return RedirectResponse(address(page, {"unit": form.get("unit"), "tersimpan": saved}) + anchor, 303)
