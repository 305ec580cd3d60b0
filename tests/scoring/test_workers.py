"""Scoring in several processes: the same rows in the same order, deaths healed once, bounded memory."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ArtefactError, DisposisiError
from pipeline.intake import Batch, Columns
from pipeline.scoring.batch import OneProcess
from pipeline.scoring.jobs import Job
from pipeline.scoring.router import Router
from pipeline.scoring.workers import SMALL, WorkerPool, input_size, worker_count
from pipeline.tracking.locate import find_folder

COLUMNS = Columns("isi", None, None, None, None)
PLACES = ["pasar", "sekolah", "terminal", "jembatan", "kantor lurah"]


def batch(start: int, size: int) -> Batch:
    texts = [f"jalan berlubang {i} bulan dekat {PLACES[i % 5]} nomor {i * 7919}" for i in range(start, start + size)]
    frame = pd.DataFrame({"isi": pd.Series(texts, dtype=object)})
    return Batch(frame, np.arange(start + 2, start + size + 2), "aduan.csv", COLUMNS, "tabel")


def jobs(count: int, size: int = 40) -> list[Job]:
    batches = [batch(i * size, size) for i in range(count)]
    return [Job(one, one.texts()) for one in batches]


@pytest.fixture(scope="module")
def folder(starter_store: Path) -> Path:
    return find_folder(starter_store, "starter")


def kill_worker(pool: WorkerPool, place: int = 0) -> None:
    (pid,) = pool._workers[place]._executor._processes
    os.kill(pid, signal.SIGKILL)


def test_rows_and_order_are_those_of_one_process(folder: Path, starter_router: Router):
    # Chunks of very different sizes finish out of order.
    given = [job for size in (200, 1, 1, 90, 1) for job in jobs(1, size)] + jobs(7, 3)
    expected = [job.frame() for job in OneProcess(starter_router).score(jobs_again(given))]
    with WorkerPool(folder, 3, pytest.fail) as pool:
        pool.wait_for_model()
        assert pool.version == starter_router.version
        done = list(pool.score(given))
        assert done == given
        for job, frame in zip(done, expected, strict=True):
            pd.testing.assert_frame_equal(job.frame(), frame, check_exact=True)
        text = ["Hubungi 081234567890 " + "jalan rusak " * 40]
        assert pool.shorten(text) == OneProcess(starter_router).shorten(text)


def jobs_again(given: list[Job]) -> list[Job]:
    return [Job(job.batch, job.texts) for job in given]


def test_no_more_than_three_chunks_a_worker_are_held(folder: Path):
    read = 0

    def source() -> Iterator[Job]:
        nonlocal read
        for job in jobs(20, 2):
            read += 1
            yield job

    with WorkerPool(folder, 2, pytest.fail) as pool:
        for given, _ in enumerate(pool.score(source()), start=1):
            assert read - given < 6
    assert read == 20


def test_a_job_that_comes_done_is_not_scored_again(folder: Path):
    given = jobs(4, 2)
    given[1].packed = b"from the journal"
    with WorkerPool(folder, 1, pytest.fail) as pool:
        assert [job.packed == b"from the journal" for job in pool.score(given)] == [False, True, False, False]


def test_a_dead_workers_chunk_is_scored_again_once(folder: Path, starter_router: Router):
    said: list[str] = []
    given = jobs(5)

    def source(pool: WorkerPool) -> Iterator[Job]:
        yield given[0]
        kill_worker(pool)  # the first chunk is with the worker and not done: the model is still loading
        yield from given[1:]

    with WorkerPool(folder, 1, said.append) as pool:
        done = list(pool.score(source(pool)))
    assert said == ["A worker process died while it scored aduan.csv, rows 2-41; these rows are scored again."]
    for job, expected in zip(done, OneProcess(starter_router).score(jobs_again(given)), strict=True):
        pd.testing.assert_frame_equal(job.frame(), expected.frame(), check_exact=True)


def test_a_second_death_over_the_same_chunk_ends_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    given = jobs(4)
    with WorkerPool(folder, 1, said.append) as pool:
        restart = pool._workers[0].restart

        def restart_and_kill() -> None:
            restart()
            kill_worker(pool)

        monkeypatch.setattr(pool._workers[0], "restart", restart_and_kill)

        def source() -> Iterator[Job]:
            yield given[0]
            kill_worker(pool)
            yield from given[1:]

        with pytest.raises(
            DisposisiError, match=r"died twice while it scored aduan\.csv, rows 2-41 .*--resume"
        ) as error:
            list(pool.score(source()))
    assert error.value.exit_code == 1
    assert len(said) == 1


def test_a_worker_that_dies_idle_costs_nothing_but_its_start(folder: Path):
    said: list[str] = []
    with WorkerPool(folder, 1, said.append) as pool:
        pool.wait_for_model()
        list(pool.score(jobs(1)))
        kill_worker(pool)
        pool._workers[0]._executor._executor_manager_thread.join(30)
        (job,) = pool.score(jobs(1))
        assert job.done
        assert len(said) == 1
        kill_worker(pool)
        assert pool.shorten(["jalan rusak"]) == ["jalan rusak"]


def test_a_model_that_cannot_be_loaded_is_told_as_in_one_process(tmp_path: Path):
    with WorkerPool(tmp_path, 2, pytest.fail) as pool:
        with pytest.raises(ArtefactError, match="not a disposisi model"):
            pool.wait_for_model()
        with pytest.raises(ArtefactError, match="not a disposisi model"):
            list(pool.score(jobs(1)))


def test_closing_ends_the_processes(folder: Path):
    with WorkerPool(folder, 2, pytest.fail) as pool:
        pids = [pid for worker in pool._workers for pid in worker._executor._processes]
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_small_inputs_need_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("joblib.cpu_count", lambda: 4)
    assert [worker_count(0, size) for size in (0, SMALL - 1, SMALL)] == [1, 1, 4]
    assert [worker_count(n, 0) for n in (1, 3)] == [1, 3]
    (tmp_path / "a.csv").write_bytes(b"x" * 100)
    (tmp_path / "a.xlsx").write_bytes(b"x" * 100)
    assert input_size([tmp_path / "a.csv"]) == 100
    assert input_size([str(tmp_path / "a.csv"), str(tmp_path / "a.xlsx")]) > 300
    assert input_size([str(tmp_path / "a.csv"), "-"]) is None
    assert input_size([str(tmp_path / "tidak-ada.csv")]) is None
