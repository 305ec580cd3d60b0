"""Speed of scoring on Apache Spark with one and with two workers, and what 100 million rows would take.

    python benchmarks/spark.py                # measure and print (under five minutes)
    python benchmarks/spark.py --write        # and write the table into docs/spark.md
    python benchmarks/spark.py --rows 4000    # with so many rows instead of those of about 45 s for one worker

The rows are the starter corpus over and over, each time with one word in eight replaced by another word of the
corpus (seeded): no text comes twice, and the words keep their frequencies. Each number of workers runs in a process
of its own, on one machine. Needs the extra `spark` and Java 17.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.retraining.corpus import STARTER, starter_data
from pipeline.retraining.starter import has_starter, train_starter
from pipeline.scoring.router import Router
from pipeline.scoring.spark.frames import add_scores, share_model
from pipeline.scoring.spark.session import DAEMON
from pipeline.settings import load_settings
from pipeline.tracking.locate import find_folder

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "spark.md"
WORKERS = (1, 2)
PARTS = 16
SECONDS, LEAST, MOST = 45, 4000, 300_000
TARGET = 100_000_000
CORES = (16, 64)


def texts(rows: int) -> list[str]:
    corpus = starter_data().urgencies.texts
    words = [word for text in corpus for word in text.split()]
    random_ = random.Random(0)
    made = (
        " ".join(random_.choice(words) if random_.random() < 1 / 8 else word for word in text.split())
        for text in cycle(corpus)
    )
    return list(islice(made, rows))


def model_folder() -> Path:
    store = load_settings().store
    if not has_starter(store):
        train_starter(store)
    return find_folder(store, STARTER)


def alone(folder: Path, sample: list[str]) -> float:
    """Return the router's rows a second in one process without Spark, after a warm-up."""
    router = Router.load(folder)
    half = len(sample) // 2
    router.score_texts(sample[:half])
    began = time.perf_counter()
    router.score_texts(sample[half:])
    return half / (time.perf_counter() - began)


def write_parts(folder: Path, rows: list[str]) -> None:
    size = -(-len(rows) // PARTS)
    for part in range(PARTS):
        pq.write_table(pa.table({"isi": rows[part * size : (part + 1) * size]}), folder / f"bagian-{part:02}.parquet")


def child(workers: int, data: Path, folder: Path) -> dict[str, float]:
    """Score *data* on ``local[workers]``; return seconds of each step and the largest worker's memory in MB."""
    from pyspark.sql import SparkSession

    began = time.perf_counter()
    spark = (
        SparkSession.builder.master(f"local[{workers}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "5000")
        .config("spark.python.daemon.module", DAEMON)
        .config("spark.sql.files.openCostInBytes", str(1 << 27))  # each file is a task
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    model = share_model(spark, folder)
    rows = spark.read.parquet(str(data))
    started = time.perf_counter()
    some = rows.limit(200 * workers).repartition(4 * workers)
    add_scores(some, model, "isi", {"isi": "isi"}, "gagal").write.parquet(str(data.parent / f"pemanasan-{workers}"))
    warm = time.perf_counter()
    out = str(data.parent / f"hasil-{workers}")
    add_scores(rows, model, "isi", {"isi": "isi"}, "gagal").write.parquet(out)
    done = time.perf_counter()
    written = spark.read.parquet(out)
    failed = written.filter(written["gagal"].isNotNull())
    if failed.count():
        raise SystemExit(f"{failed.count():,} rows could not be scored: {failed.first().gagal}")

    def memory(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        model.router()
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for _ in batches:
            yield pa.RecordBatch.from_pydict({"used": [used]})

    figures = {
        "rows": float(written.count()),
        "start": started - began,
        "warm": warm - started,
        "score": done - warm,
        "memory": max(
            row.used for row in spark.range(PARTS, numPartitions=PARTS).mapInArrow(memory, "used double").collect()
        ),
    }
    spark.stop()
    return figures


def run_child(workers: int, data: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", str(workers), str(data), str(folder)]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{workers} worker(s): {figures}", flush=True)
    return figures


def report(rows: int, bare: float, runs: dict[int, dict[str, float]], load: float) -> str:
    """Return the table and the estimate as Markdown; *load* is the machine's load average before the first run."""
    speeds = {workers: run["rows"] / run["score"] for workers, run in runs.items()}
    first, last = min(runs), max(runs)
    lines = [
        f"Measured by `python benchmarks/spark.py --write` on one machine with {os.cpu_count()} cores: {rows:,} rows",
        f"of the starter corpus (one word in eight replaced), {PARTS} parquet parts in, parquet out, starter model.",
        f"Load average before: {load:.1f} (what others compute at the same time makes the figures worse).",
        "",
        "| workers | Spark's start, s | first rows (imports, model), s | scoring, s | rows/s | × "
        "| rows/s with all that | MB a worker |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for workers, run in runs.items():
        whole = run["rows"] / (run["start"] + run["warm"] + run["score"])
        lines.append(
            f"| {workers} | {run['start']:.1f} | {run['warm']:.1f} | {run['score']:.1f} | {speeds[workers]:,.0f} "
            f"| {speeds[workers] / speeds[first]:.2f} | {whole:,.0f} | {run['memory']:,.0f} |"
        )
    one = speeds[last] / last
    hours = TARGET / one / 3600
    lines += [
        f"| the router in one process, no Spark | | | | {bare:,.0f} | | | |",
        "",
        f"**{TARGET / 1e6:.0f} million rows.** With {last} workers one core scores {speeds[last]:,.0f} / {last} ="
        f" {one:,.0f} rows/s, so",
        f"{TARGET:,} / {one:,.0f} / 3,600 = **{hours:,.1f} core hours**: "
        + ", ".join(f"{hours / cores:,.2f} h on {cores} cores" for cores in CORES)
        + ".",
        "The parts do not wait for each other (nothing is shuffled), so this is an estimate by division; more than",
        f"{last} workers were not measured, and neither the network nor the cluster's disks are in it.",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, help="rows to score; default: about 45 s of one worker")
    parser.add_argument("--write", action="store_true", help="write the table into docs/spark.md")
    parser.add_argument("--child", nargs=3, metavar=("WORKERS", "DATA", "MODEL"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        workers, data, folder = options.child
        print(json.dumps(child(int(workers), Path(data), Path(folder))))
        return 0
    folder = model_folder()
    load = os.getloadavg()[0]
    bare = alone(folder, texts(4000))
    rows = options.rows or min(MOST, max(LEAST, round(bare * SECONDS, -3)))
    print(f"the router alone: {bare:,.0f} rows/s; scoring {rows:,.0f} rows", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch, "masuk")
        data.mkdir()
        write_parts(data, texts(int(rows)))
        runs = {workers: run_child(workers, data, folder) for workers in WORKERS}
    block = report(int(rows), bare, runs, load)
    print(block)
    if options.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        mark = re.compile(r"<!-- skala -->.*<!-- /skala -->", re.DOTALL)
        DOCUMENT.write_text(mark.sub(lambda _: f"<!-- skala -->\n{block}\n<!-- /skala -->", text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
