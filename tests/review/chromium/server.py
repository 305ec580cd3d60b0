"""The triage server as people run it, in a process of its own, and waiting for what it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

PATIENCE = 120.0
"""Seconds that anything may take on a slow, loaded machine."""
_CODE = "import sys; from pipeline.cli import main; main(['review', *sys.argv[1:]])"
_STARTED = ("Triage page on http", "No model yet: POST /api/skor is off", "Nobody can log in yet")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Server:
    """A server that runs. ``log``: the file with all that it writes."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def faults(self) -> list[str]:
        """Return the lines of the log that tell of a fault."""
        return [line for line in self.log.read_text("utf-8").splitlines() if not line.startswith(_STARTED)]


@contextmanager
def serving(database: str, folder: Path) -> Iterator[Server]:
    """Run `disposisi review` on *database* with no model and with its log in *folder*, and end it."""
    log = folder / f"server-{time.monotonic_ns()}.log"
    environment = {**os.environ, "DISPOSISI_STORE": str(folder / "no-models")}
    environment.pop("DISPOSISI_CONFIG", None)
    command = [sys.executable, "-c", _CODE, "--port", "0", "--database", database]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, env=environment) as child:
        try:
            yield Server(until(lambda: _address(child, log)), child, log)
        finally:
            child.terminate()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()


def _address(child: subprocess.Popen[bytes], log: Path) -> str | None:
    """Return where the server listens, once it says so: from then on connections are taken."""
    text = log.read_text("utf-8")
    if child.poll() is not None:
        raise AssertionError(f"the server ended at once: {text}")
    found = re.search(r"http://127\.0\.0\.1:\d+(?= )", text)
    return found.group() if found else None


def until(what: Callable[[], _Found | None]) -> _Found:
    """Wait until *what* returns something true, and return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("waited in vain")
