"""Asks an ASGI application without a server: what starlette's TestClient does, on the httpx that is installed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

HERE = "https://testserver"


class Client:
    """Sends single requests to *app*; *headers* go with each, empty ones left out. Keeps no cookies by itself."""

    def __init__(self, app: Any, headers: dict[str, str] | None = None) -> None:
        self._app, self.headers = app, headers or {}
        self.cookies: httpx.Cookies | None = None

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            given = {name: value for name, value in (self.headers | options.pop("headers", {})).items() if value}
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
                answer = await client.request(method, path, headers=given, **options)
                if self.cookies is not None:
                    self.cookies = client.cookies
                return answer

        return asyncio.run(ask())


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body of *size* bytes that does not say its length."""
    for start in range(0, size, 2**16):
        yield b"a" * min(2**16, size - start)
