"""Disposisi's router in a process of its own, without reading and writing.

    python benchmarks/speed_router.py passes IN.csv MODEL     # cold and warm pass, then single rows
    python benchmarks/speed_router.py sample TEXTS.json MODEL # these texts as the first thing the process does
    python benchmarks/speed_router.py stages IN.csv MODEL     # cold and warm, stage by stage

The store is ``DISPOSISI_STORE``. Prints one line of JSON, seconds.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from speed_clock import Clock
from speed_stages import staged_pass, time_parts

from pipeline import load_router
from pipeline.intake import Source, open_sources
from pipeline.scoring.router import Router
from pipeline.settings import ColumnNames, load_settings

PASSES = ("cold", "warm")
SINGLE_ROWS = 300


def source(path: str) -> Source:
    return open_sources([path], ColumnNames(), chunk_rows=load_settings().scoring.chunk_rows)


def passes(path: str, router: Router) -> dict[str, Any]:
    """Return seconds of a first and a second pass, then milliseconds of rows given one by one."""
    chunks = [batch.texts() for batch in source(path)]
    found: dict[str, Any] = {"rows": sum(map(len, chunks))}
    for name in PASSES:
        began = time.perf_counter()
        for texts in chunks:
            router.score_texts(texts)
        found[name] = time.perf_counter() - began
    return found | single_rows(router, chunks[0][:SINGLE_ROWS])


def single_rows(router: Router, texts: list[str]) -> dict[str, float]:
    times = []
    for text in texts:
        began = time.perf_counter()
        router.score([text])
        times.append(1000 * (time.perf_counter() - began))
    return {"single_ms": statistics.median(times), "single_ms_95": statistics.quantiles(times, n=20)[-1]}


def sample(path: str, router: Router) -> dict[str, Any]:
    texts = json.loads(Path(path).read_text(encoding="utf-8"))
    began = time.perf_counter()
    router.score_texts(texts)
    return {"texts": len(texts), "seconds": time.perf_counter() - began}


def stages(path: str, router: Router) -> dict[str, Any]:
    clock = Clock()
    time_parts(router, clock)
    return {name: staged_pass(source(path), path + ".hasil.csv", router, clock) for name in PASSES}


def main() -> None:
    what, path, model = sys.argv[1:]
    began = time.perf_counter()
    router = load_router(model)
    loading = time.perf_counter() - began
    result = {"passes": passes, "sample": sample, "stages": stages}[what](path, router)
    print(json.dumps({"loading": loading, **result}))


if __name__ == "__main__":
    main()
