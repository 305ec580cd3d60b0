"""Limits of requests: size and time of a body, and how many a minute the API takes from a key and from an address."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from time import monotonic

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.review.web import errors

API = "/api/"
SCORE = "/api/skor"
BODY, SCORE_BODY = 2**20, 5 * 2**20
"""Bytes of a body, and of one with texts to be scored."""
PAUSE, WHOLE = 20.0, 300.0
"""Seconds between two parts of a body, and for all of it: who sends slower holds a connection from others."""
PER_KEY, PER_ADDRESS = 120, 600
"""Requests a minute to the API."""
_MOST = 10_000
"""Keys or addresses that are remembered."""


def install(app: FastAPI) -> None:
    """Put the limits around *app*. What sets headers on every answer is added after this: outside."""
    app.add_middleware(Limits, per_key=PER_KEY, per_address=PER_ADDRESS)


class Buckets:
    """Token buckets, each full at first and filled *per_minute*; the least recently used ones are forgotten."""

    def __init__(self, per_minute: int) -> None:
        self._size, self._rate = float(per_minute), per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one token of *key*: 0, or the seconds until there is one."""
        now = monotonic()
        left, at = self._buckets.pop(key, (self._size, now))
        left = min(self._size, left + (now - at) * self._rate)
        taken = left >= 1
        self._buckets[key] = (left - 1 if taken else left, now)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - left) / self._rate

    def __len__(self) -> int:
        return len(self._buckets)


class Limits:
    """ASGI middleware; answers pass through it untouched."""

    def __init__(self, app: ASGIApp, per_key: int, per_address: int) -> None:
        self.app = app
        self._keys, self._addresses = Buckets(per_key), Buckets(per_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 408, 413 or 429."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        wait = self._wait(scope, headers)
        if wait:
            await _refuse(scope, receive, send, 429, {"retry-after": str(int(wait) + 1)})
            return
        most = SCORE_BODY if scope["path"] == SCORE else BODY
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > most:
            await _refuse(scope, receive, send, 413)
            return
        await self._counted(scope, receive, send, most)

    def _wait(self, scope: Scope, headers: Headers) -> float:
        if not scope["path"].startswith(API):
            return 0.0
        client = scope.get("client")
        wait = self._addresses.wait(client[0] if client else "")
        key = headers.get("authorization")
        if wait or key is None:
            return wait
        return self._keys.wait(hashlib.sha256(key.encode()).hexdigest())  # a key is kept nowhere as it is

    async def _counted(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        read, refused, started, complete = 0, 0, False, False
        ends = monotonic() + WHOLE

        async def counted_receive() -> Message:
            nonlocal read, refused, complete
            if complete:
                return await receive()  # waits for the browser to go away: as long as the answer takes
            try:
                message = await asyncio.wait_for(receive(), max(0.0, min(PAUSE, ends - monotonic())))
            except TimeoutError:
                refused = 408
            else:
                read += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                refused = 413 if read > most else 0
            if refused:
                raise HTTPException(refused)  # ends the reading; what the app answers to it is replaced below
            return message

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if started or not refused:
                started = True
                await send(message)

        try:
            await self.app(scope, counted_receive, guarded_send)
        except Exception:
            if not refused or started:
                raise
        if refused and not started:
            await _refuse(scope, receive, send, refused, {"connection": "close"})


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, headers: dict[str, str] | None = None
) -> None:
    await errors.answer(Request(scope), status, headers=headers)(scope, receive, send)
