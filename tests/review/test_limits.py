"""Limits of requests: bodies that are too large, and too many requests to the API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse

from pipeline.review.web import limits
from tests.review.asgi import Client, pieces

BIG = limits.BODY + 1


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the limits take for the time; its one element may be moved."""
    now = [1000.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def client(time: list[float], monkeypatch: pytest.MonkeyPatch) -> Client:
    """A small application behind the limits: 3 requests a minute for a key, 5 for an address."""
    monkeypatch.setattr(limits, "PER_KEY", 3)
    monkeypatch.setattr(limits, "PER_ADDRESS", 5)
    app = FastAPI()
    limits.install(app)

    async def length(request: Request) -> JSONResponse:
        return JSONResponse(len(await request.body()))

    async def deaf(request: Request) -> JSONResponse:
        try:
            await request.body()
        except Exception:
            return JSONResponse("read anyway")
        return JSONResponse("read")

    async def careless(request: Request) -> JSONResponse:
        await request.body()
        raise RuntimeError

    async def stream(request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            for number in range(3):
                yield f"{number};"

        return StreamingResponse(parts())

    app.add_route("/api/skor", length, methods=["POST"])
    app.add_route("/api/antrian", length, methods=["POST", "GET"])
    app.add_route("/api/tuli", deaf, methods=["POST"])
    app.add_route("/api/rusak", careless, methods=["POST"])

    async def long(request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            await asyncio.sleep(0.3)
            yield "selesai"

        return StreamingResponse(parts())

    app.add_route("/unduh", stream)
    app.add_route("/lama", long)
    return Client(app)


@pytest.mark.parametrize(("path", "most"), [("/api/antrian", limits.BODY), ("/api/skor", limits.SCORE_BODY)])
@pytest.mark.parametrize("told", [True, False], ids=["length told", "streamed"])
def test_a_body_has_a_largest_size(client: Client, path: str, most: int, told: bool) -> None:
    good = client.post(path, content=b"a" * most if told else pieces(most))
    large = client.post(path, content=b"a" * (most + 1) if told else pieces(most + 1))
    assert (good.status_code, good.json()) == (200, most)
    assert large.status_code == 413
    assert large.json()["galat"]["kode"] == "terlalu_besar"


@pytest.mark.parametrize("path", ["/api/tuli", "/api/rusak"])
def test_a_page_that_ignores_the_limit_or_fails_answers_413_all_the_same(client: Client, path: str) -> None:
    assert client.post(path, content=pieces(BIG)).status_code == 413


async def slowly(*parts: bytes, pause: float) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(pause)


@pytest.mark.parametrize("path", ["/api/antrian", "/api/tuli", "/api/rusak"])
def test_a_body_that_does_not_go_on_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(limits, "PAUSE", 0.05)
    answer = client.post(path, content=slowly(b"a", b"b", pause=1.0))
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")
    assert answer.json()["galat"]["kode"] == "terlalu_lambat"


def test_a_body_that_drips_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch, time: list[float]) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"a"
            time[0] += 4

    assert client.post("/api/antrian", content=dripping()).status_code == 408


def test_an_answer_may_take_longer_than_a_body(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAUSE", 0.05)
    assert client.get("/lama").text == "selesai"


def test_a_fault_of_the_app_is_not_hidden(client: Client) -> None:
    with pytest.raises(RuntimeError):
        client.post("/api/rusak", content=b"a")


def test_streaming_answers_pass(client: Client) -> None:
    assert client.get("/unduh").text == "0;1;2;"


def test_a_key_has_its_rate(client: Client, time: list[float]) -> None:
    key = {"Authorization": "Bearer satu"}
    assert [client.get("/api/antrian", headers=key).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/api/antrian", headers=key)  # 5th of the address
    assert refused.json()["galat"]["kode"] == "terlalu_sering"
    assert refused.headers["retry-after"] == "21"
    time[0] += 21
    assert client.get("/api/antrian", headers=key).status_code == 200


def test_an_address_has_its_rate_whatever_its_keys(client: Client, time: list[float]) -> None:
    found = [client.get("/api/antrian", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(6)]
    assert found == [200] * 5 + [429]
    assert client.get("/unduh").status_code == 200  # pages have no rate
    time[0] += 12
    assert client.get("/api/antrian").status_code == 200


def test_buckets_forget_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST", 100)
    buckets = limits.Buckets(60)
    for number in range(1000):
        assert buckets.wait(str(number)) == 0
    assert len(buckets) == 100


def test_a_bucket_never_holds_more_than_a_minutes_requests(time: list[float]) -> None:
    buckets = limits.Buckets(60)
    buckets.wait("a")
    time[0] += 3600
    assert sum(buckets.wait("a") == 0 for _ in range(100)) == 60
