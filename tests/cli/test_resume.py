"""An interrupted ``disposisi score``: nothing half, nothing left running, and --resume gives the same bytes."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.scoring.finish import Finisher
from pipeline.scoring.writer import claim
from pipeline.settings import data_dir
from tests import command

COMMAND = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())", "score", "besar.csv"]
ROWS, CHUNK = 1200, 10
KILLS = 5
PATIENCE = 120.0

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


@pytest.fixture
def folder(use_store: Path, tmp_path: Path) -> Path:
    """An empty working folder with small chunks and a table of invented complaints."""
    (tmp_path / "disposisi.toml").write_text(f"[scoring]\nchunk_rows = {CHUNK}\n", encoding="utf-8")
    write_rows(tmp_path, ROWS)
    return tmp_path


def write_rows(folder: Path, rows: int) -> None:
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file)]
    with (folder / "besar.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "isi"])
        # The number makes every row another one, so that each chunk has a digest of its own.
        writer.writerows([i, f"{texts[i % len(texts)]} Laporan ke-{i}."] for i in range(rows))


def start(*options: str) -> subprocess.Popen[str]:
    # Its own session, so that a signal to the group is what a terminal sends on Ctrl-C; and Ctrl-C means something to
    # it, as in a terminal: where these tests run in a shell's background, SIGINT is ignored, which children inherit.
    return subprocess.Popen(
        [*COMMAND, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def until(what: Callable[[], object], process: subprocess.Popen[str] | None = None) -> bool:
    """Wait until *what* is true; tell whether it came true before *process* ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if what():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.002)
    raise AssertionError("waited in vain")


def session(leader: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return found


def journal_size(folder: Path) -> int:
    path = folder / ".hasil.csv.lanjutan"
    return path.stat().st_size if path.exists() else 0


def hidden(folder: Path) -> set[str]:
    return {path.name for path in folder.glob(".*")}


def test_killed_at_random_moments_it_gives_the_same_bytes(folder: Path):
    dice = random.Random(20261127)
    kills = grown = 0
    for _ in range(KILLS * 3):
        if kills == KILLS:
            break
        before = journal_size(folder)
        process = start("-o", "hasil.csv", "--workers", "2", "--resume")
        more = dice.randrange(1, 5_000)
        if kills % 2:
            # Somewhere amid the scoring: after that many more bytes were journalled.
            until(lambda before=before, more=more: journal_size(folder) > before + more, process)
        else:
            # Anywhere: start-up, model loading, scoring.
            time.sleep(dice.uniform(0.1, 1.5))
        process.kill()
        _, err = process.communicate()
        if process.returncode == 0:  # it was faster; the next run starts from the beginning
            continue
        assert "Traceback" not in err
        kills += 1
        grown += journal_size(folder) > before
        assert not (folder / "hasil.csv").exists() or kills > 1
        until(lambda leader=process.pid: not session(leader))  # the workers follow
    assert kills == KILLS
    assert grown >= 2
    process = start("-o", "hasil.csv", "--workers", "2", "--resume")
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "by the run that was interrupted" in out
    process = start("-o", "sekali.csv", "--workers", "1")
    assert process.communicate()[1] == ""
    assert (folder / "hasil.csv").read_bytes() == (folder / "sekali.csv").read_bytes()
    assert hidden(folder) == set()


def test_ctrl_c_leaves_no_half_output_and_no_process(folder: Path):
    # Many times the rows: however late this process gets its turn, the run is not over by then.
    write_rows(folder, 20 * ROWS)
    process = start("-o", "hasil.csv", "--workers", "2")
    assert until(lambda: journal_size(folder) > 1000, process)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "--resume goes on" in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    until(lambda: not session(process.pid))
    assert hidden(folder) == {".hasil.csv.lanjutan"}
    assert not (folder / "hasil.csv").exists()


def run(*args: str) -> int:
    return command.run("score", "besar.csv", *args)


def test_options_that_do_not_fit(folder: Path, capsys: pytest.CaptureFixture[str]):
    for args, said in {
        ("-o", "-", "--resume"): "needs a file",
        ("-o", "a.csv", "--engine", "spark", "--resume"): "--engine spark decides row by row",
        ("-o", "a.csv", "--engine", "spark", "--workers", "2"): "--engine spark decides row by row",
    }.items():
        assert run(*args) == 2
        assert said in capsys.readouterr().err
    with claim("a.csv"):
        assert run("-o", "a.csv") == 2
    assert "another disposisi is writing it" in capsys.readouterr().err
    assert {path.name for path in folder.iterdir()} == {"besar.csv", "disposisi.toml"}


def test_resume_without_a_journal_starts_from_the_beginning(folder: Path, capsys: pytest.CaptureFixture[str]):
    with (folder / "besar.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[:30]
    with (folder / "besar.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert run("-o", "a.csv", "--resume") == 0
    shown = capsys.readouterr()
    assert "starting from the beginning" in shown.err
    assert "interrupted" not in shown.out
    (folder / ".a.csv.lanjutan").write_text("x", encoding="utf-8")
    assert run("-o", "a.csv") == 0
    assert "is overwritten" in capsys.readouterr().err
    assert hidden(folder) == set()


def test_an_interrupt_after_the_last_row_does_not_call_out_lost(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def interrupted(_: Finisher) -> None:
        raise KeyboardInterrupt

    write_rows(folder, 30)
    monkeypatch.setattr(Finisher, "close", interrupted)
    assert run("-o", "a.csv") == 1
    error = capsys.readouterr().err
    assert "a.csv was whole" in error
    assert "--resume" not in error
    assert len((folder / "a.csv").read_text(encoding="utf-8").splitlines()) == 31


def test_groups_can_be_left_out(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert run("-o", "a.csv", "--no-groups", "--index", "indeks") == 2
    assert "--no-groups does not group" in capsys.readouterr().err
