"""Run by the interpreter as a script: one model answers texts with the code that it was logged with.

Standard input and output are JSON, so that no text touches a disk. It uses only what every version of disposisi has:
``Router.load(folder)`` and ``Router.score(texts)``.
"""

from __future__ import annotations

import json
import sys
import time

REPEATS = 3
COLUMNS = ("unit", "keyakinan", "unit_2", "unit_3", "urgensi", "berkadar_pengawasan")


def answer(request: dict) -> dict:
    """Return the answers to ``texts`` by column, and the processor's seconds for ``timed`` of them (best of three)."""
    if request["code"]:
        sys.path.insert(0, request["code"])
    from pathlib import Path

    from pipeline.scoring.router import Router

    router = Router.load(Path(request["artefact"]))
    texts = request["texts"]
    scored = router.score(texts)
    sample = texts[: request["timed"]]
    seconds = []
    for _ in range(REPEATS if sample else 0):
        start = time.process_time()
        router.score(sample)
        seconds.append(time.process_time() - start)
    columns = {name: scored[name].tolist() for name in COLUMNS if name in scored.columns}
    return {"columns": columns, "seconds": min(seconds, default=0.0)}


def main() -> None:
    """Answer one request; an expected error is told by its message, any other by its kind, for it may hold a text."""
    request = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints must not spoil the answer
    try:
        reply = answer(request)
    except Exception as error:
        expected = any(kind.__name__ == "DisposisiError" for kind in type(error).__mro__)
        reply = {"error": str(error) if expected else type(error).__name__}
    json.dump(reply, out)


if __name__ == "__main__":
    main()
