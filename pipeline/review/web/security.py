"""What guards every page: response headers, the session cookie, same-origin and CSRF checks."""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import ForbiddenError
from pipeline.review import sessions
from pipeline.review.store import Store
from pipeline.review.web.errors import answer, log
from pipeline.review.web.pages.common import LOGIN

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of the pages: nothing inline, nothing from elsewhere."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HSTS: Final = "max-age=31536000"
POLLED: Final = "/antrian/baru"
"""Asked by an open page by itself: it does not keep a session alive."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CSRF_HEADER, CSRF_FIELD = "x-csrf-token", "csrf"


class SecurityHeaders:
    """Adds :data:`HEADERS` where an answer has not set them itself, and answers faults of ours without their details.

    Outermost: what goes wrong further in becomes a plain page (JSON under ``/api``); the log gets the kind of fault
    and the route, never an address, a form or a message, which may hold a citizen's words.
    """

    def __init__(self, app: ASGIApp, hsts: bool) -> None:
        self.app = app
        self.hsts = hsts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.hsts:
                    headers.setdefault("Strict-Transport-Security", HSTS)
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as fault:
            log.error("%s in %s", _where(fault), getattr(scope.get("route"), "path", "an unknown page"))
            if started:
                raise
            await answer(Request(scope), 500)(scope, receive, send_guarded)


def _where(fault: Exception) -> str:
    """Return kind and place of a fault without its message."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    return f"{type(fault).__name__}{place}"


def cookie_name(request: Request) -> str:
    """Return the session cookie's name; ``__Host-`` pins it to this host and to https."""
    return "__Host-sesi" if request.app.state.secure_cookie else "sesi"


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Give the browser its session; it forgets it when it closes."""
    response.set_cookie(
        cookie_name(request), token, secure=request.app.state.secure_cookie, httponly=True, samesite="lax", path="/"
    )


def drop_cookie(request: Request, response: Response) -> None:
    """Take the session cookie back."""
    response.delete_cookie(
        cookie_name(request), secure=request.app.state.secure_cookie, httponly=True, samesite="lax", path="/"
    )


def load_session(request: Request) -> None:
    """Put the logged-in person and the session's CSRF token into ``request.state`` (``None`` and ``""``: nobody)."""
    request.state.person, request.state.csrf = None, ""
    token = request.cookies.get(cookie_name(request))
    if not token:
        return
    store: Store = request.app.state.store
    if request.url.path == POLLED:
        with store.read() as session:
            found = sessions.find(session, token, touch=False)
    else:
        found = sessions.current(store, token)
    if found is not None:
        request.state.person, request.state.csrf = found


async def check_request(request: Request) -> None:
    """Refuse what another site makes a browser send, and a login in the clear. Raises :class:`ForbiddenError`."""
    if request.url.path == LOGIN and not request.app.state.secure_cookie and not is_loopback(_host(request)):
        raise ForbiddenError(
            "Halaman ini dibuka lewat sambungan yang tidak aman, jadi tidak ada yang dapat masuk. Hubungi admin: "
            "disposisi review harus dijalankan dengan --behind-proxy atau --tls-cert."
        )
    if request.method in SAFE_METHODS:
        return
    if not _same_origin(request):
        raise ForbiddenError("Permintaan ditolak karena tidak datang dari halaman triase. Buka halaman ini langsung.")
    if request.state.person is None:
        return
    given = request.headers.get(_CSRF_HEADER) or (await request.form()).get(CSRF_FIELD)
    if not isinstance(given, str) or not secrets.compare_digest(given.encode(), request.state.csrf.encode()):
        raise ForbiddenError("Halaman ini sudah kedaluwarsa. Muat ulang halaman, lalu coba lagi.")


def from_elsewhere(request: Request) -> bool:
    """Tell whether the browser says that another site made it ask; what is typed or bookmarked comes from nowhere."""
    return request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}


def is_loopback(host: str) -> bool:
    """Tell whether *host* (a name or an address without brackets) is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(request: Request) -> str:
    """Return the name by which the browser calls this server, ``""`` where it gives none that can be read."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _same_origin(request: Request) -> bool:
    """Tell whether the browser says that a page of ours sent the request."""
    headers = request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    source = origin if origin is not None or site is not None else headers.get("referer")
    if source is None:
        return False
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (request.url.scheme, headers.get("host", "")) and parts.netloc != ""
