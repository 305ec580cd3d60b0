"""The speed benchmark's parts that can be wrong: memory of children, goals, tables, the programs it compares."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import joblib
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from speed_clock import Clock
from speed_models import Models
from speed_parts import Growth, Program, Starts, floor
from speed_process import PROC, first_row, run
from speed_report import Goal, goals_table, insert, number, table
from speed_sastrawi import NEW, StemmerTimes
from speed_stages import staged_pass, time_parts
from speed_tables import Results, blocks, goals
from speed_texts import Written

HERE = Path(__file__).resolve().parents[2] / "benchmarks"
needs_proc = pytest.mark.skipif(not PROC.is_dir(), reason="memory is read from /proc, which only Linux has")
HOLD = "import time; held = bytearray(b'x') * 80_000_000; time.sleep(1)"


@needs_proc
def test_the_memory_of_children_counts():
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}], check=True)"
    alone = run([sys.executable, "-c", HOLD], {}, memory=True).peak_mb
    with_child = run([sys.executable, "-c", parent], {}, memory=True).peak_mb
    assert alone is not None
    assert with_child is not None
    assert 80 < alone < with_child < 160


def test_a_run_gives_its_last_line_and_fails_without_repeating_the_output():
    assert run([sys.executable, "-c", "print('x'); print('{\"a\": 1}')"], {}).result() == {"a": 1}
    with pytest.raises(SystemExit) as failed:
        run([sys.executable, "-c", "print('rahasia' * 2); raise KeyError('rahasia' * 3)"], {})
    assert str(failed.value).startswith("exit code 1 (KeyError) from:")
    assert "rahasiarahasia" not in str(failed.value)


def test_a_run_without_a_first_row_is_no_figure():
    assert first_row([sys.executable, "-c", "print('head'); print('row')"], {}) > 0
    with pytest.raises(SystemExit, match="no row"):
        first_row([sys.executable, "-c", "print('head')"], {})
    with pytest.raises(SystemExit, match="no row"):
        first_row([sys.executable, "-c", "import sys; print('head'); print('row'); sys.exit(1)"], {})


def test_goals_say_reached_only_where_they_are():
    goals = [
        Goal("a", 2.0, 2.0, "x"),
        Goal("b", 2.004, 2.0, "x"),
        Goal("c", 3.999, 4, "x", at_most=False),
        Goal("d", None, 1000, "MB"),
    ]
    assert [goal.reached for goal in goals] == [True, False, False, None]
    assert goals_table(goals).splitlines()[2:] == [
        "| a | ≤ 2 x | 2 x | reached |",
        "| b | ≤ 2 x | 2 x | **not reached** |",
        "| c | ≥ 4 x | 4 x | **not reached** |",
        "| d | ≤ 1,000 MB | - | not measured |",
    ]


def test_tables_and_their_places_on_the_page():
    assert [number(n) for n in (3.0, 12345.6, 123.4, 12.34, 1.234, 0.01234)] == [
        "3", "12,346", "123", "12.3", "1.23", "0.0123",
    ]  # fmt: skip
    assert table(("a", "b"), [("x", None), ("y", 2)]) == "| a | b |\n|---|--:|\n| x | - |\n| y | 2 |"
    page = "top\n<!-- a -->\nold\n<!-- /a -->\nend"
    assert insert(insert(page, {"a": "new"}), {"a": "new"}) == "top\n<!-- a -->\nnew\n<!-- /a -->\nend"
    with pytest.raises(ValueError, match="no place marked b"):
        insert(page, {"b": "new"})


def results(stemmers: StemmerTimes | str) -> Results:
    """Invented figures with round ratios."""
    stage = {"reading": 1.0, "reasons": 3.0}
    return Results(
        written=Written(Path("a.csv"), 100_000, 320.4, 35_000_000),
        models=Models("starter", Path("store"), Path("a"), Path("b"), 8_000, 24),
        programs=[
            Program("floor", (9.0, 4.0, 5.0), 3.0, 500.0),
            Program("one", (10.5, 9.0, 10.0), None, 400.0),
            Program("two", (6.5, 7.0), None, 700.0),
        ],
        passes={
            "floor": {"rows": 100_000, "cold": 4.0, "warm": 4.0},
            "stemmed": {
                "rows": 100_000, "cold": 30.0, "warm": 20.0, "stemming_cold": 26.0, "stemming_warm": 5.0,
            },
            "router": {
                "rows": 100_000, "cold": 10.0, "warm": 8.0, "loading": 1.0, "single_ms": 2.0, "single_ms_95": 3.5,
            },
        },
        stages={
            "cold": {"rows": 100_000, "whole": 6.0, "seconds": stage, "peaks": {"reasons": 350.0}, "added": {}},
            "warm": {"rows": 100_000, "whole": 4.0, "seconds": stage, "peaks": {"reasons": 360.0}, "added": {}},
        },
        stemmers=stemmers,
        starts=Starts(0.15, 2.5, 2.9),
        growth=[Growth(100_000, 35.0, 7.0, 800.0), Growth(1_000_000, 350.0, 70.0, 900.0)],
    )  # fmt: skip


def test_goals_of_known_figures():
    every = goals(results(StemmerTimes(40, 500.0, 2.0, 0.4)))
    assert [round(goal.value, 3) for goal in every if goal.value is not None] == [
        2.0, 1.35, 3.0, 2.5, 5000.0, 900.0, 1.125, 2.5, 2.9, 0.15, 2.0,
    ]  # fmt: skip
    assert [goal.name for goal in every if not goal.reached] == [
        "csv → csv, 100,000 rows, both cores",
        "scoring, warm",
        "the same against 100,000 rows",
    ]
    assert sum(goal.reached is None for goal in goals(results("no registry"))) == 1


def test_every_table_has_a_place_on_the_page():
    page = (HERE.parent / "docs" / "performance.md").read_text(encoding="utf-8")
    found = blocks(results("no registry"))
    assert found["sastrawi"] == "Not measured: no registry."
    assert "260 µs a row on stemming when cold, 50 µs when warm" in found["passes"]
    assert "| reasons | 30 | 30 | 33,333 | 33,333 | 75 % | 360 | - |" in found["stages"]
    assert "| floor | 5 | 4.00–9.00 | 3 | 20,000 | 500 | 1 |" in found["end-to-end"]
    filled = insert(page, found)
    assert all(block in filled for block in found.values())


@pytest.mark.parametrize("options", [(), ("--stem",)])
def test_the_floor_adds_the_units_that_its_model_gives(tmp_path: Path, options: tuple[str, ...]):
    texts = ["lampu jalan padam", "jalan berlubang", "sampah menumpuk", "lampu mati"]
    model = make_pipeline(TfidfVectorizer(), LinearSVC()).fit(texts, ["pju", "pu", "dlh", "pju"])
    joblib.dump(model, tmp_path / "model")
    source = tmp_path / "a.csv"
    pd.DataFrame({"id": range(4), "isi": texts}).to_csv(source, index=False)
    done = run(floor(source, tmp_path / "model", *options, "--passes", "2"), {}).result()
    assert done["rows"] == 4
    assert len(done["passes"]) == 2
    assert done["inside"] >= done["reading"] + done["writing"] + sum(sum(one.values()) for one in done["passes"])
    scored = pd.read_csv(f"{source}.out.csv")
    assert list(scored.columns) == ["id", "isi", "unit"]
    assert scored["unit"].tolist() == ["pju", "pu", "dlh", "pju"]


TEXTS = [
    "Lampu jalan di depan pasar mati sudah seminggu, gelap dan rawan kecelakaan",
    "ktp el saya blm jadi pdhl sdh 3 bulan, tlg dibantu min",
    "",
    "terima kasih",
    "BPJS dinonaktifkan, ibu saya 71 th harus cuci darah besok",
]


def test_a_stage_inside_another_counts_for_itself_alone():
    clock = Clock()
    inner = clock.timing("inner", lambda n: sum(range(n)))
    began = time.perf_counter()
    with clock("outer"):
        assert inner(500_000) == sum(range(500_000))
        inner(500_000)
    whole = time.perf_counter() - began
    assert clock.seconds["inner"] > clock.seconds["outer"] > 0
    assert sum(clock.seconds.values()) <= whole
    clock.reset()
    assert clock.seconds == clock.peaks == clock.added == {}


@needs_proc
def test_the_peak_belongs_to_the_stage_that_held_it():
    clock = Clock()
    with clock("outer"):
        with clock("large"):
            held = bytearray(b"x") * 200_000_000
            del held
        with clock("small"):
            pass
    if not clock.peaks:
        pytest.skip("this system does not let a process reset its high-water mark")
    assert clock.peaks["large"] > clock.peaks["small"] + 150
    assert clock.added["large"] > 150 > 20 > clock.added["small"]
    assert clock.peaks["large"] > clock.peaks["outer"] + 150


def test_a_staged_pass_writes_the_file_that_the_command_writes(starter_store: Path, starter_router, tmp_path: Path):
    from pipeline import load_router
    from pipeline.intake import open_sources
    from pipeline.scoring.batch import OneProcess, score_source
    from pipeline.settings import ColumnNames

    source, staged, whole = (tmp_path / name for name in ("a.csv", "staged.csv", "whole.csv"))
    pd.DataFrame({"id": range(5), "isi": TEXTS}).to_csv(source, index=False)
    # A router of its own: the session's must not be timed in later tests.
    router, clock = load_router("starter", store=starter_store), Clock()
    time_parts(router, clock)
    found = staged_pass(open_sources([str(source)], ColumnNames(), chunk_rows=2), str(staged), router, clock)
    score_source(open_sources([str(source)], ColumnNames(), chunk_rows=2), str(whole), OneProcess(starter_router))
    assert staged.read_bytes() == whole.read_bytes()
    assert found["rows"] == 5
    assert {"reading", "evidence", "reasons, units", "decision rules", "writing"} < found["seconds"].keys()
    assert all(seconds > 0 for seconds in found["seconds"].values())
    assert found["whole"] >= sum(found["seconds"].values())
    assert not found["peaks"] or found["peaks"].keys() == found["seconds"].keys()


def test_the_options_are_checked():
    command = [sys.executable, str(HERE / "speed.py"), "--rows", "10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--rows and --growth must be 1000 or more" in done.stderr


def test_the_stemmers_script_times_the_sastrawi_it_finds(tmp_path: Path):
    (tmp_path / "texts.json").write_text(json.dumps(TEXTS), encoding="utf-8")
    done = run([sys.executable, str(HERE / "speed_stemmer.py"), str(tmp_path / "texts.json"), NEW], {}).result()
    assert (done["texts"], done["version"]) == (5, "1.2.1")
    assert done["seconds"] > 0
