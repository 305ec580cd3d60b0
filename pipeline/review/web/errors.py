"""Refusals and faults as pages in plain Indonesian; as JSON under ``/api``."""

from __future__ import annotations

import logging
import sqlite3
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from pipeline.errors import ConflictError, ForbiddenError, LockedError, ReviewError
from pipeline.review.logins import TooManyAttempts
from pipeline.review.web.pages.common import LoginNeeded, is_partial, render

_TITLES = {
    400: ("permintaan", "Permintaan tidak dapat dibaca", "Kembali ke halaman sebelumnya, lalu coba lagi."),
    403: ("tidak_berwenang", "Tidak berwenang", "Anda tidak berwenang membuka halaman ini."),
    404: ("tidak_ada", "Halaman tidak ditemukan", "Alamat ini tidak ada, atau Anda tidak berwenang melihatnya."),
    405: ("cara", "Permintaan tidak dapat dilayani", "Alamat ini tidak melayani permintaan seperti itu."),
    408: ("terlalu_lambat", "Isian tidak selesai terkirim", "Isian terlalu lama dikirim. Periksa sambungan Anda."),
    409: ("berubah", "Sudah berubah", "Yang Anda lihat sudah berubah. Muat ulang halaman."),
    413: ("terlalu_besar", "Isian terlalu besar", "Kirim isian yang lebih kecil."),
    422: ("isian", "Tidak dapat dilakukan", "Ada isian yang kurang atau salah. Periksa, lalu coba lagi."),
    423: ("terkunci", "Aduan sedang dibuka petugas lain", "Aduan ini sedang dibuka petugas lain."),
    429: ("terlalu_sering", "Terlalu banyak percobaan", "Tunggu sebentar, lalu coba lagi."),
    500: ("gangguan", "Terjadi gangguan", "Halaman ini gagal dibuat. Coba lagi; bila berulang, hubungi admin."),
    503: ("sibuk", "Sedang sibuk", "Layanan sedang sibuk. Coba lagi sebentar."),
}
BUSY_SECONDS: Final = 5
"""After how long a browser or program may ask a busy store again."""
_STUCK: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

log = logging.getLogger("disposisi.web")

_OTHER = ("gangguan", "Permintaan tidak dapat dilayani", "Permintaan ini tidak dapat dilayani.")


def install(app: FastAPI) -> None:
    """Let *app* answer refusals by :func:`answer`."""
    app.add_exception_handler(LoginNeeded, _go)
    app.add_exception_handler(ReviewError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _busy)
    app.add_exception_handler(PoolTimeoutError, _busy)


def answer(request: Request, status: int, message: str = "", headers: dict[str, str] | None = None) -> Response:
    """Return the page (or JSON) for *status*; *message* in place of its own sentence."""
    code, title, sentence = _TITLES.get(status, _OTHER)
    if request.url.path.startswith("/api/"):
        body = {"galat": {"kode": code, "pesan": message or sentence}}
        return JSONResponse(body, status, headers=headers)
    template = "_galat.html" if is_partial(request) else "galat.html"
    page = render(request, template, status=status, heading=title, message=message or sentence)
    page.headers.update(headers or {})
    return page


def status_of(error: ReviewError) -> int:
    """Return the status that a refusal is answered with."""
    match error:
        case TooManyAttempts():
            return 429
        case ForbiddenError():
            return 403
        case LockedError():
            return 423
        case ConflictError():
            return 409
    return 422


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ReviewError)
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooManyAttempts) else None
    return answer(request, status_of(error), str(error), headers)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(request, error.status_code, headers=dict(error.headers or {}))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    in_address = all(fault.get("loc", ("",))[0] == "path" for fault in error.errors())
    return answer(request, 404 if in_address else 422)


def _busy(request: Request, error: Exception) -> Response:
    """Answer that the store has no time or is not there; what else an engine calls operational is a fault of ours."""
    cause = error.orig if isinstance(error, OperationalError) else None
    # The low byte is the kind, the rest tells more of it.
    if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF not in _STUCK:
        raise error
    log.warning("the triage store is busy or gone (%s)", type(cause or error).__name__)
    return answer(request, 503, headers={"Retry-After": str(BUSY_SECONDS)})


def _go(request: Request, error: Exception) -> Response:
    assert isinstance(error, LoginNeeded)
    if is_partial(request):
        return Response(headers={"HX-Redirect": error.target})
    return RedirectResponse(error.target, 303)
