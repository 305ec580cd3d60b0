"""Run a command as its user would, and see how long it takes and how much memory it and its children hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROC = Path("/proc")
_PAUSE = 0.05
_SHARE = 0.04
"""Share of the time that looking at the memory may take: it slows what it looks at."""


@dataclass(frozen=True)
class Finished:
    """One run: wall time from start to exit in seconds, peak memory in MB (``None``: not looked at), last line."""

    seconds: float
    peak_mb: float | None
    last_line: str

    def result(self) -> Any:
        """Return the JSON of the last line."""
        return json.loads(self.last_line)


def cores() -> list[int]:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def can_pin() -> bool:
    """Tell whether commands can be kept on chosen cores."""
    return shutil.which("taskset") is not None


def pinned(command: Sequence[str | Path], number: int) -> list[str]:
    """Return *command* kept on the first *number* cores, where ``taskset`` is there to do it."""
    prefix = ["taskset", "-c", ",".join(map(str, cores()[:number]))] if can_pin() else []
    return [*prefix, *map(str, command)]


def run(command: Sequence[str], env: Mapping[str, str], *, memory: bool = False) -> Finished:
    """Run *command* to its end; with *memory* look at the memory of all its processes meanwhile.

    Raises ``SystemExit`` when the command fails. It repeats the kind of error and no more, for output and tracebacks
    may hold texts of complaints.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **env}) as process:
            peak = _watch(process) if memory and PROC.is_dir() else None
            code = process.wait()
            seconds = time.perf_counter() - began
        if code != 0:
            raise SystemExit(f"exit code {code} ({_last_line(err).partition(':')[0]}) from: {' '.join(command)}")
        return Finished(seconds, peak, _last_line(out))


def _last_line(file: IO[str]) -> str:
    file.seek(0)
    return next(reversed(file.read().splitlines()), "")


def first_row(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Return the seconds from start until the first row behind the header is on standard output; then let it finish."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **env}
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        row = process.stdout.readline()
        seconds = time.perf_counter() - began
        while process.stdout.read(1 << 20):
            pass
    if not row or process.returncode != 0:
        raise SystemExit(f"no row on standard output from: {' '.join(command)}")
    return seconds


def _watch(process: subprocess.Popen[bytes]) -> float:
    """Return the peak of the memory that *process* and all its descendants hold together, in MB."""
    peak = 0.0
    while process.poll() is None:
        began = time.perf_counter()
        peak = max(peak, memory_mb(family(process.pid)))
        time.sleep(max(_PAUSE, (time.perf_counter() - began) / _SHARE))
    return peak


def family(pid: int) -> set[int]:
    """Return *pid* and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (parent := _parent(folder)) is not None:
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = set(), [pid]
    while waiting:
        member = waiting.pop()
        found.add(member)
        waiting += children.get(member, [])
    return found


def _parent(folder: Path) -> int | None:
    try:
        # The command's name stands in brackets and may hold anything; the parent is the second field after it.
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def memory_mb(pids: Iterable[int]) -> float:
    """Return what the processes hold together in MB: PSS, which counts a shared page once, else RSS."""
    return sum(_kilobytes(PROC / str(pid)) for pid in pids) / 1000


def _kilobytes(folder: Path) -> float:
    try:
        with (folder / "smaps_rollup").open() as lines:
            for line in lines:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1.024
    except ProcessLookupError:
        return 0
    except OSError:
        pass
    try:
        return int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1000
    except OSError:
        return 0
