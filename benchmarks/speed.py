"""How fast disposisi is, beside a floor, PySastrawi and Sastrawi, in one run on one machine; ratios are the result.

    python benchmarks/speed.py               # the whole
    python benchmarks/speed.py --quick       # 10,000 rows, one round, a minute or two
    python benchmarks/speed.py --write       # and write the tables into docs/performance.md

(a) the floor: TfidfVectorizer + LinearSVC, no preprocessing    (b) PySastrawi's cached stemmer before it
(c) Sastrawi 1.0.1, stemming alone, a few texts

Texts are Surabaya's complaints where ../shared is there, else the starter corpus; repeated, with seeded changes of
words.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from speed_models import prepare
from speed_parts import end_to_end, growth, in_process, router_process, starts
from speed_report import insert
from speed_sastrawi import compare
from speed_tables import Results, blocks
from speed_texts import corpus, grow, write_csv

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SAMPLE = 40


def measure(work: Path, scratch: Path, rows: int, most: int, rounds: int) -> Results:
    """Run everything; texts are only ever in *scratch*."""
    texts = corpus()
    say("models")
    models = prepare(work)
    written = write_csv(scratch / "texts.csv", grow(texts, rows))
    few = write_csv(scratch / "few.csv", grow(texts, min(rows, SIZES[1]))).path
    say("start")
    begun = starts(scratch, few, texts, models, rounds)
    say("end to end")
    programs = end_to_end(written.path, models, rounds)
    say("scoring alone, cold and warm")
    passes = in_process(written.path, models)
    say("stages")
    stages = router_process("stages", written.path, models)
    say("Sastrawi 1.0.1")
    stemmers = compare(work, [row.text for row in grow(texts, SAMPLE)], models)
    say("growth")
    sizes = growth(scratch, texts, [size for size in SIZES if size <= most], models)
    return Results(written, models, programs, passes, stages, stemmers, begun, sizes)


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=SIZES[2], help="rows of the comparisons (default 100,000)")
    parser.add_argument("--growth", type=int, default=SIZES[3], help="largest file of the growth run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each short command; the median counts")
    parser.add_argument("--quick", action="store_true", help="10,000 rows, one round")
    parser.add_argument(
        "--work", type=Path, help="folder that keeps models and Sastrawi's environment for the next run"
    )
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    options = parser.parse_args()
    if min(options.rows, options.growth) < SIZES[0] or options.rounds < 1:
        parser.error("--rows and --growth must be 1000 or more, --rounds 1 or more")
    rows, most, rounds = (SIZES[1], SIZES[1], 1) if options.quick else (options.rows, options.growth, options.rounds)
    with tempfile.TemporaryDirectory(prefix="disposisi-speed-") as scratch:
        work = Path(scratch) if options.work is None else options.work.expanduser().resolve()
        work.mkdir(parents=True, exist_ok=True)
        found = blocks(measure(work, Path(scratch), rows, most, rounds))
    for name, block in found.items():
        print(f"\n{name}\n\n{block}")
    if options.write:
        DOCUMENT.write_text(insert(DOCUMENT.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
