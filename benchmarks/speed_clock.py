"""Time and memory by stage, seen from inside the process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PROC = Path("/proc/self")


class Clock:
    """Adds up seconds by stage and keeps the highest resident memory (MB) seen during each.

    A stage inside another one counts for itself alone. ``peaks`` is the process's memory, ``added`` how far it rose
    above what it was when the stage began; both stay empty where the system does not tell.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was measured."""
        self.seconds: dict[str, float] = {}
        self.peaks: dict[str, float] = {}
        self.added: dict[str, float] = {}
        self._open: list[tuple[str, float]] = []
        self._inside = 0.0

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count the block as *stage*."""
        self._open.append((stage, self._note_peak()))
        before, self._inside = self._inside, 0.0
        began = time.perf_counter()
        yield
        took = time.perf_counter() - began
        self.seconds[stage] = self.seconds.get(stage, 0.0) + took - self._inside
        self._inside = before + took
        self._note_peak()
        self._open.pop()

    def timing(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return *function* with its calls counted as *stage*."""

        def timed(*args: Any, **named: Any) -> Any:
            with self(stage):
                return function(*args, **named)

        return timed

    def _note_peak(self) -> float:
        """Give the peak since the last look to the innermost open stage; return the memory of now, 0 if unknown."""
        try:
            status = (_PROC / "status").read_text()
            (_PROC / "clear_refs").write_text("5")
        except OSError:
            return 0.0
        if self._open:
            stage, start = self._open[-1]
            peak = _megabytes(status, "VmHWM:")
            self.peaks[stage] = max(self.peaks.get(stage, 0.0), peak)
            self.added[stage] = max(self.added.get(stage, 0.0), peak - start)
        return _megabytes(status, "VmRSS:")


def _megabytes(status: str, name: str) -> float:
    return int(status.partition(name)[2].split()[0]) * 1.024 / 1000
