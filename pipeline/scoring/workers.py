"""Score chunks in several processes (joblib's loky): same rows, same order, flat memory.

The main process reads and writes while the workers score. Each worker is an executor of one process with a queue of
its own, so a death says whose rows were lost: they are scored again once. Workers load the model by themselves;
texts go to them and packed scored columns come back. They end with the process that started them.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pipeline.errors import DisposisiError

if TYPE_CHECKING:
    from pipeline.routing.curve import RiskCurve
    from pipeline.scoring.jobs import Job
    from pipeline.scoring.router import Router

#: Inputs below this many bytes are scored sooner by one process than workers start.
SMALL = 8_000_000
#: A byte of these holds several of text.
_PACKED = {".xlsx": 5, ".xlsm": 5, ".parquet": 3}

_QUEUE = 2  # chunks at a worker: one being scored, one waiting, so that it never idles while this process writes
_AHEAD = 3  # chunks a worker read and not yet written: bounds memory
#: Each worker is one core's work; a thread pool inside it would only get in the others' way.
_ENV = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


def worker_count(asked: int, size: int) -> int:
    """Return how many processes score: *asked*, or for 0: one for a small input, else one a core.

    *size* is :func:`input_size` or the like, in bytes of text.
    """
    if asked:
        return asked
    if size < SMALL:
        return 1
    from joblib import cpu_count

    return int(cpu_count())


def input_size(paths: Iterable[str | Path]) -> int | None:
    """Return about how many bytes of text the files hold, ``None`` if one is no regular file (a pipe, ``-``)."""
    files = [Path(path).expanduser() for path in paths]
    if not all(path.is_file() for path in files):
        return None
    return sum(path.stat().st_size * _PACKED.get(path.suffix.lower(), 1) for path in files)


class WorkerPool:
    """Worker processes that score; a :class:`~pipeline.scoring.jobs.Scorer`. Use as a context manager.

    Making one starts the processes; :meth:`wait_for_model` before anything is scored.

    Args:
        folder: The router's artefact folder.
        count: How many processes.
        say: Gets one line when a worker died.
    """

    def __init__(self, folder: Path, count: int, say: Callable[[str], object]) -> None:
        self._say = say
        self._folder = folder
        self._workers = [_Worker(folder) for _ in range(count)]
        self.version = ""
        self.table = None

    def wait_for_model(self) -> None:
        """Wait until the first worker has loaded the model and tells its ``version``.

        Raises:
            ArtefactError: The model cannot be loaded.
            DisposisiError: The worker died.
        """
        try:
            self.version = self._workers[0].ready.result()
        except _died() as error:
            raise DisposisiError(
                "A worker process died while it loaded the model (out of memory?). Try fewer --workers."
            ) from error

    @cached_property
    def curve(self) -> RiskCurve:
        """What the model's held-out rows say of its confidence; read here, while the workers load the model.

        Raises:
            ArtefactError: The model cannot be loaded.
        """
        from pipeline.routing.curve import RiskCurve
        from pipeline.tracking.artefact import read_artefact

        return RiskCurve.of(read_artefact(self._folder)[0])

    def score(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Yield the *jobs* in their order, each one done; at most three a worker are held at a time.

        Raises:
            DisposisiError: A worker died twice over the same rows; names them.
        """
        window: deque[Job] = deque()
        for job in jobs:
            window.append(job)
            self._hand_out(window)
            while window and (window[0].done or len(window) >= _AHEAD * len(self._workers)):
                yield self._first(window)
                self._hand_out(window)
        while window:
            yield self._first(window)
            self._hand_out(window)

    def shorten(self, texts: Sequence[str]) -> list[str]:
        """Return *texts* masked and short enough to show."""
        try:
            # A worker has loaded the word tables for it already.
            shown: list[str] = self._workers[0].submit(_shorten, list(texts)).result()
        except _died():
            shown = _shorten(list(texts))
        return shown

    def close(self) -> None:
        """End the processes at once, whatever they do."""
        for worker in self._workers:
            worker.kill()

    def _first(self, window: deque[Job]) -> Job:
        while not window[0].done:
            wait([worker.queue[0][1] for worker in self._workers if worker.queue], return_when=FIRST_COMPLETED)
            self._hand_out(window)
        return window.popleft()

    def _hand_out(self, window: Iterable[Job]) -> None:
        """Take in what is done; give each worker with room the next job of *window*."""
        for worker in self._workers:
            while worker.queue and worker.queue[0][1].done():
                job, future = worker.queue[0]
                try:
                    job.packed = future.result()
                except _died():
                    self._revive(worker)
                    break
                worker.queue.popleft()
        taken = {id(job) for worker in self._workers for job, _ in worker.queue}
        for job in window:
            if job.done or id(job) in taken:
                continue
            worker = min(self._workers, key=lambda worker: len(worker.queue))
            if len(worker.queue) >= _QUEUE:
                return
            worker.send(job)

    def _revive(self, worker: _Worker) -> None:
        """Start a dead worker anew; its first job is the one it died over, the others only waited."""
        job = worker.queue[0][0]
        job.deaths += 1
        if job.deaths > 1:
            raise DisposisiError(
                f"A worker process died twice while it scored {job.place} (out of memory?). "
                "Nothing was written; with fewer --workers, --resume goes on from the rows that are done."
            )
        self._say(f"A worker process died while it scored {job.place}; these rows are scored again.")
        worker.restart()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One process and the jobs it has been given, in order. ``ready`` holds the model's version when it is loaded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.queue: deque[tuple[Job, Future[bytes]]] = deque()
        self._start()

    def send(self, job: Job) -> None:
        self.queue.append((job, self.submit(_score, self._folder, job.texts)))

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Run *function* there; where the process has died meanwhile, the future says so."""
        try:
            future: Future[Any] = self._executor.submit(function, *args)
        except _died() as error:
            future = Future()
            future.set_exception(error)
        return future

    def restart(self) -> None:
        self.kill()
        self.queue.clear()
        self._start()

    def kill(self) -> None:
        # A worker that is killed amid a message breaks its pipe; that must not hide why it is killed (Ctrl-C).
        with warnings.catch_warnings(), suppress(BrokenPipeError):
            # Without psutil and pgrep, loky warns that it kills the process only, which has no children.
            warnings.simplefilter("ignore")
            self._executor.shutdown(wait=True, kill_workers=True)

    def _start(self) -> None:
        from joblib.externals.loky import ProcessPoolExecutor
        from joblib.externals.loky.backend import resource_tracker

        # Starting the tracker unblocks SIGINT here, which a worker started with it would inherit: so it starts before.
        resource_tracker.ensure_running()
        self._executor = ProcessPoolExecutor(max_workers=1, initializer=_settle, initargs=(os.getpid(),), env=_ENV)
        with _no_interrupts():
            self.ready: Future[str] = self._executor.submit(_load, self._folder)


def _died() -> type[Exception]:
    """Return loky's error for a dead process (a function, for joblib is only loaded where it is used)."""
    from joblib.externals.loky import BrokenProcessPool

    error: type[Exception] = BrokenProcessPool
    return error


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Processes started in here never see Ctrl-C, which a terminal sends to all: this process ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# What runs inside a worker.

_routers: dict[Path, Router] = {}


def _settle(parent: int) -> None:
    """Leave Ctrl-C to the parent and watch over it: a worker whose parent was killed must not wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _load(folder: Path) -> str:
    from pipeline.scoring.router import Router

    if folder not in _routers:
        _routers[folder] = Router.load(folder)
        gc.freeze()  # loky collects garbage every second; the model's million objects are none
    return _routers[folder].version


def _score(folder: Path, texts: list[str]) -> bytes:
    from pipeline.scoring.jobs import pack

    _load(folder)
    return pack(_routers[folder].score_texts(texts))


def _shorten(texts: list[str]) -> list[str]:
    from pipeline.scoring.examples import shorten

    return shorten(texts)
