"""The API: scoring, the queue and decisions for other programs, each with a key of its own (docs/api.md).

Refusals and faults are answered by :mod:`pipeline.review.web.errors`; here are the forms that only the API has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Security
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import ConflictError, LockedError, ModelError
from pipeline.review import audit, complaint, deciding, locks, privacy, queue, refusals, sessions
from pipeline.review.people import Person, Right
from pipeline.review.store.tables import Complaint, Suggestion
from pipeline.review.web import schemas
from pipeline.review.web.errors import log
from pipeline.review.web.pages.common import TheStore, render
from pipeline.review.web.security import POLICY

_TURN_SECONDS, _MOST_WAITING = 5, 4
"""How long a request waits for the model while it works for another, and how many may wait."""
_LONGEST_PLACE = 100
_DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)
"""Swagger UI writes style attributes and draws its icons from ``data:`` addresses."""


class _Refusal(Exception):  # noqa: N818 - a refusal, not a fault
    """An answer in the form of a fault; *more* goes into ``galat``."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers
        self.body = {"galat": {"kode": code, "pesan": message, **more}}


class _Route(APIRoute):
    """Answers unreadable requests with the places of their faults, never with what was sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                details = [{"letak": _place(fault["loc"]), "pesan": fault["msg"]} for fault in error.errors()]
                refusal = _invalid(rincian=details)
            except HTTPException as error:
                if error.status_code != 400:
                    raise
                refusal = _invalid()  # a body that is no text, a number too long for Python, endless brackets
            except _Refusal as error:
                refusal = error
            return JSONResponse(refusal.body, refusal.status, headers=refusal.headers)

        return guarded


def _invalid(**more: Any) -> _Refusal:
    return _Refusal(422, "tidak_sah", "Permintaan tidak sesuai dengan bentuk yang diminta.", **more)


def _place(parts: tuple[Any, ...]) -> str:
    """Return ``body.teks.0``; a foreign field's name may be of any length, or no valid text."""
    return ".".join(map(str, parts)).encode(errors="replace").decode()[:_LONGEST_PLACE]


_FAULTS: dict[int | str, dict[str, Any]] = {
    401: {"model": schemas.FaultAnswer, "description": "Kunci tidak ada, salah, kedaluwarsa, atau dicabut."},
    403: {"model": schemas.FaultAnswer, "description": "Peran pemilik kunci tidak berhak."},
    413: {"model": schemas.FaultAnswer, "description": "Permintaan terlalu besar."},
    422: {"model": schemas.FaultAnswer, "description": "Permintaan tidak sesuai bentuk atau isinya."},
    429: {"model": schemas.FaultAnswer, "description": "Terlalu banyak permintaan; lihat Retry-After."},
    500: {"model": schemas.FaultAnswer, "description": "Gangguan pada layanan ini."},
}


def _more(*statuses: int) -> dict[int | str, dict[str, Any]]:
    words = {
        404: "Aduan tidak ada, atau di luar unit pemilik kunci.",
        409: "Aduan sudah berubah sejak dilihat; `galat.aduan` adalah keadaannya sekarang.",
        423: "Aduan sedang dibuka petugas lain.",
        503: "Model sedang bekerja untuk permintaan lain (lihat Retry-After), atau tidak ada.",
    }
    return {status: {"model": schemas.FaultAnswer, "description": words[status]} for status in statuses}


router = APIRouter(prefix="/api", route_class=_Route, responses=_FAULTS, tags=["Triase"])

_bearer = HTTPBearer(
    scheme_name="bearer", auto_error=False, description="Kunci dari `disposisi review token add LOGIN --name NAMA`."
)


def _caller(store: TheStore, given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> Person:
    """Return the person for whom the key acts."""
    person = None
    if given is not None:
        with store.read() as session:
            person = sessions.find_api_token(session, given.credentials)
    if person is None:
        message = "Kunci API tidak ada atau tidak berlaku. Kirim: Authorization: Bearer KUNCI."
        raise _Refusal(401, "tanpa_kunci", message, {"WWW-Authenticate": "Bearer"})
    return person


def _who_may(right: Right) -> Callable[[Person], Person]:
    def allowed(person: Annotated[Person, Depends(_caller)]) -> Person:
        person.require(right)
        return person

    return allowed


class _Turns:
    """Lets one request after the other use the model; keeps few waiting, for each holds a thread of the pages."""

    def __init__(self) -> None:
        self._turn, self._places = threading.Lock(), threading.BoundedSemaphore(_MOST_WAITING + 1)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for the turn, or refuse with 503."""
        busy = _Refusal(503, "sibuk", "Model sedang bekerja. Coba lagi sebentar.", {"Retry-After": str(_TURN_SECONDS)})
        if not self._places.acquire(blocking=False):
            raise busy
        try:
            if not self._turn.acquire(timeout=_TURN_SECONDS):
                raise busy
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


_turns = _Turns()


@router.post("/skor", response_model=schemas.Scored, responses=_more(503), summary="Nilai teks aduan")
def score(
    request: Request,
    body: schemas.Texts,
    store: TheStore,
    person: Annotated[Person, Depends(_who_may(Right.SCORE))],
) -> Any:
    """Saran unit, urgensi, dan tindakan untuk tiap teks. Teks tidak disimpan dan tidak dicatat."""
    scorer = request.app.state.score
    if scorer is None:
        raise _Refusal(503, "tanpa_model", "Layanan ini dijalankan tanpa model, jadi tidak dapat menilai teks.")
    try:
        with _turns.take():
            rows = [schemas.scored_row(row) for row in scorer(body.teks)]
    except ModelError as error:
        log.error("%s", error)  # says which model is missing or damaged; the trace adds nothing
        raise _Refusal(503, "tanpa_model", "Model tidak dapat dimuat. Hubungi admin.") from error
    model = rows[0].versi_model
    with store.write() as session:
        audit.write(session, audit.Event.SCORE, person=person, model_version=model, details={"baris": len(rows)})
    return schemas.Scored(model=model, baris=rows)


@router.get("/antrian", response_model=schemas.Queue, summary="Antrian aduan")
def waiting(
    request: Request,
    query: Annotated[schemas.QueueQuery, Query()],
    store: TheStore,
    person: Annotated[Person, Depends(_who_may(Right.SEE))],
) -> Any:
    """Aduan yang menunggu keputusan, yang paling mendesak lebih dulu."""
    filters = queue.Filters(
        unit=query.unit or "",
        level=query.urgensi or "",
        action=query.tindakan or "",
        place=query.wilayah or "",
        words=query.teks or "",
        group=query.kelompok or "",
    )
    with store.read() as session:
        page = queue.page(session, person, filters, after=query.setelah, limit=query.jumlah)
        suggested = _suggested(session, person, [row.complaint for row in page.rows])
    items = [
        schemas.waiting(
            row.complaint,
            row.masked,
            suggested[row.complaint.id],
            row.locked_by_name,
            request.app.state.timezone,
        )
        for row in page.rows
    ]
    return schemas.Queue(aduan=items, berikutnya=page.next)


@router.get("/aduan/{nomor}", response_model=schemas.Whole, responses=_more(404), summary="Satu aduan")
def one(
    request: Request,
    nomor: Annotated[schemas.Number, Path()],
    store: TheStore,
    person: Annotated[Person, Depends(_who_may(Right.SEE))],
) -> Any:
    """Satu aduan dengan sarannya dan riwayat keputusannya."""
    with store.read() as session:
        return _whole(session, person, nomor, request.app.state.timezone)


@router.post(
    "/keputusan",
    status_code=201,
    response_model=schemas.Kept,
    responses=_more(404, 409, 423),
    summary="Putuskan aduan",
)
def decide(
    request: Request,
    body: schemas.NewDecision,
    store: TheStore,
    person: Annotated[Person, Depends(_who_may(Right.DECIDE))],
) -> Any:
    """Putuskan satu aduan, atau putuskan lagi yang sudah diputuskan (koreksi, salah alamat)."""
    choice = deciding.Choice(
        unit=body.unit,
        level=body.urgensi,
        action=body.tindakan,
        copies=tuple(body.tembusan),
        note=body.catatan,
        returned_from=body.salah_alamat_dari,
    )
    zone = request.app.state.timezone
    try:
        with store.write() as session:
            _seen(session, person, body.nomor)
            seen = None if body.versi_model is None else _suggestion_of(session, body.nomor, body.versi_model)
            decision = deciding.decide(session, person, body.nomor, choice, version=body.versi, suggestion_id=seen)
            version = session.scalars(select(Complaint.version).where(Complaint.id == body.nomor)).one()
            return schemas.kept(decision, version, person.name)
    except LockedError as error:
        raise _Refusal(423, "terkunci", refusals.told(error, zone)) from error
    except ConflictError as error:
        with store.read() as session:
            stands = _whole(session, person, body.nomor, zone)
        raise _Refusal(409, "berubah", refusals.told(error, zone), aduan=stands.model_dump(mode="json")) from error


def _seen(session: Session, person: Person, number: int) -> Complaint:
    """Return the complaint; one that the person may not know of is answered like one that is not there."""
    found = complaint.find(session, person, number)
    if found is None:
        raise _Refusal(404, "tidak_ada", "Aduan ini tidak ada, atau Anda tidak berwenang melihatnya.")
    return found


def _suggestion_of(session: Session, number: int, model_version: str) -> int:
    """Return the number of a model version's suggestion, 0 (which none has) where it made none."""
    wanted = (Suggestion.complaint_id == number, Suggestion.model_version == model_version)
    return session.scalar(select(Suggestion.id).where(*wanted)) or 0


def _suggested(session: Session, person: Person, complaints: Sequence[Complaint]) -> Mapping[int, Mapping[str, Any]]:
    """Return complaint → what scoring added to it, without naming complaints hidden from the person."""
    numbers = [one.suggestion_id for one in complaints]
    found = session.scalars(select(Suggestion).where(Suggestion.id.in_(numbers)))
    return complaint.without_hidden(session, person, {one.complaint_id: one.row for one in found})


def _whole(session: Session, person: Person, number: int, zone: str) -> schemas.Whole:
    found = _seen(session, person, number)
    held = locks.holder(session, person, number)
    shown = schemas.waiting(
        found,
        privacy.masked_text(found.text, found.spans),
        _suggested(session, person, [found])[number],
        None if held is None or held.mine else held.by,
        zone,
    )
    past = [schemas.past(item) for item in deciding.history(session, number)]
    return schemas.Whole(**dict(shown), riwayat=past)


@cache
def _description() -> dict[str, Any]:
    return get_openapi(
        title="Disposisi",
        version=version("disposisi"),
        description="Penilaian teks aduan, antrian, dan keputusan, dengan kunci (Authorize). Waktu: ISO 8601.",
        routes=router.routes,
    )


@router.get("/openapi.json", include_in_schema=False)
def description() -> JSONResponse:
    """Serve the API's OpenAPI description; it holds no data, so it needs no key."""
    return JSONResponse(_description())


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """Serve the page that shows the description and tries calls."""
    page = render(request, "api_docs.html")
    page.headers["Content-Security-Policy"] = _DOCS_POLICY
    return page
