"""How many labels `disposisi pick` saves: learning curves of picked and of random labels on real complaints.

    python benchmarks/picking.py                       # Surabaya 2022 → 2023 Q1: table, docs/gambar/kurva-belajar.png
    python benchmarks/picking.py --results runs.json   # keep each run's predictions; go on where they stop
    python benchmarks/picking.py --develop             # Jan-Sep 2022 → Oct-Dec 2022, where the strategy was chosen

Labels are revealed for chosen rows only: 200 rows without any model, then rounds of 200 with a model trained anew on
all labels so far. Both arms train alike (models/unit.toml, units with 3 labels or more). Needs ../shared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from bootstrap import Figure, Ints, macro_f1, with_intervals
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from scipy.stats import t as student

from pipeline.classifiers import UnitClassifier
from pipeline.classifiers.unit import NO_POOL
from pipeline.intake import read_all
from pipeline.retraining.data import Rows, collect, distinct, of_labels, with_enough
from pipeline.retraining.picking.choose import Pool, choose
from pipeline.retraining.picking.space import embed
from pipeline.retraining.picking.worth import Opinion
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.unit_half import UnitTrainer
from pipeline.settings import ColumnNames

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PICTURE = ROOT / "docs" / "gambar" / "kurva-belajar.png"
WINDOWS = {False: ("2022-01-01", "2023-01-01", "2023-04-01"), True: ("2022-01-01", "2022-10-01", "2023-01-01")}
STEP, PICKED_LABELS, GOAL = 200, 1200, 2000
RANDOM_SIZES = (200, 400, 800, 1200, 1600, GOAL)
UNIT_ROWS = 20
"""Rows of the pool that a unit needs to be measured (the protocol of ../shared/data/README.md)."""
MIN_ROWS = 3
"""Labels that a unit needs to be trained on, in both arms; the default of `train` (10 or 20) leaves rare units out."""


@dataclass
class Trial:
    """One pool and one later test set; *found*: run → predicted class number of each test row."""

    pool: Rows
    test: Rows
    trainer: UnitTrainer
    path: Path | None
    found: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = np.unique(self.pool.labels)
        self.truth: Ints = np.searchsorted(self.names, self.test.labels)
        self.labels = np.array(self.pool.labels)

    def fit(self, rows: Ints, min_rows: int | None = MIN_ROWS) -> UnitClassifier:
        self.trainer.min_rows = min_rows
        return self.trainer.fit(self.trainer.trainable(self.pool.take(rows.tolist())), NO_POOL)

    def record(self, run: str, model: UnitClassifier) -> None:
        stems = self.trainer.stems(self.test.texts)
        predicted = model.classes_[model.probabilities(model.vectorize(stems)).argmax(axis=1)]
        self.found[run] = np.searchsorted(self.names, predicted).tolist()
        right = np.asarray(self.found[run]) == self.truth
        print(f"    {run}: {right.mean():.3f}", flush=True)
        if self.path is not None:
            self.path.write_text(json.dumps(self.found), encoding="utf-8")

    def runs(self, arm: str, size: int) -> list[Ints]:
        return [np.array(v) for run, v in self.found.items() if run.startswith(f"{arm}/") and run.endswith(f"/{size}")]


def prepare(develop: bool, path: Path | None) -> Trial:
    columns = ColumnNames(text="isi", unit="instansi", date="tanggal", id="id")
    rows = collect(read_all([str(DATA / "surabaya.csv")], columns, need={"text"}), pool_places=True).units
    start, middle, end = (np.datetime64(day, "us") for day in WINDOWS[develop])
    pool = with_enough(distinct(rows.take(np.flatnonzero((rows.times >= start) & (rows.times < middle)))), UNIT_ROWS)
    later = rows.take(np.flatnonzero((rows.times >= middle) & (rows.times < end)))
    test = of_labels(distinct(later, without=pool), set(pool.labels))
    trainer = UnitTrainer(load_recipe("unit"), None, MIN_ROWS)
    trainer.stems([*pool.texts, *test.texts])
    found = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.exists() else {}
    return Trial(pool, test, trainer, path, found)


def random_runs(trial: Trial, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(trial.pool))
    for size in RANDOM_SIZES:
        if (run := f"random/{seed}/{size}") not in trial.found:
            trial.record(run, trial.fit(np.sort(order[:size])))
    if (run := f"random-default/{seed}/{GOAL}") not in trial.found:
        trial.record(run, trial.fit(np.sort(order[:GOAL]), None))


def picked_runs(trial: Trial, seed: int) -> None:
    """The real loop: what is chosen depends on labels of chosen rows alone."""
    if f"picked-default/{seed}/{PICKED_LABELS}" in trial.found:
        return
    docs = trial.trainer.stems(trial.pool.texts)
    # The command's seed is fixed; here it varies, to show how far chance moves the curve.
    points = embed(docs, seed)
    has = np.zeros(len(docs), dtype=bool)
    model: UnitClassifier | None = None
    while (size := int(has.sum())) < PICKED_LABELS:
        rest = np.flatnonzero(~has)
        opinion = None if model is None else _opinion(trial, model, rest, has)
        nothing = np.zeros(len(rest), dtype=bool)
        chosen = choose(Pool(points[rest], points[has], opinion, nothing), STEP, seed)
        has[rest[chosen.rows]] = True
        model = trial.fit(np.flatnonzero(has))
        trial.record(f"picked/{seed}/{size + STEP}", model)
    trial.record(f"picked-default/{seed}/{PICKED_LABELS}", trial.fit(np.flatnonzero(has), None))


def _opinion(trial: Trial, model: UnitClassifier, rest: Ints, has: np.ndarray) -> Opinion:
    labelled = Counter(trial.labels[has].tolist())
    stems = trial.trainer.stems([trial.pool.texts[i] for i in rest])
    counts = np.array([labelled[str(name)] for name in model.classes_], dtype=float)
    return Opinion(model.classes_, model.probabilities(model.vectorize(stems)), counts)


def over_draws(trial: Trial, arm: str, size: int) -> dict[str, Figure]:
    """Return the mean over the runs with its 95 % t interval: how far another draw of labels would move it."""
    runs = trial.runs(arm, size)
    values = {
        "accuracy": [float((run == trial.truth).mean()) for run in runs],
        "macro_f1": [macro_f1(trial.truth, run) for run in runs],
    }
    return {name: _mean_with_t(found) for name, found in values.items()}


def _mean_with_t(values: list[float]) -> Figure:
    mean = float(np.mean(values))
    if len(values) < 2:
        return Figure(mean, mean, mean)
    half = float(student.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return Figure(mean, mean - half, mean + half)


def difference(trial: Trial, picked: tuple[str, int], other: tuple[str, int]) -> dict[str, Figure]:
    """Return *picked* minus *other*, means over runs, with the bootstrap interval over the same test rows."""
    sides = [trial.runs(*picked), trial.runs(*other)]

    def accuracy(rows: Ints) -> float:
        first, second = (np.mean([(run == trial.truth)[rows].mean() for run in runs]) for runs in sides)
        return float(first - second)

    def f1(rows: Ints) -> float:
        first, second = (np.mean([macro_f1(trial.truth[rows], run[rows]) for run in runs]) for runs in sides)
        return float(first - second)

    return with_intervals({"accuracy": accuracy, "macro_f1": f1}, len(trial.truth))


def report(trial: Trial) -> None:
    commonest = np.searchsorted(trial.names, Counter(trial.pool.labels).most_common(1)[0][0])
    always = np.full(len(trial.truth), commonest)
    print(f"pool {len(trial.pool):,} texts, {len(trial.names)} units; {len(trial.test):,} later test rows")
    print("\n| labels | random: accuracy | macro-F1 | picked: accuracy | macro-F1 |\n|---|---|---|---|---|")
    base = f"{(always == trial.truth).mean():.3f} | {macro_f1(trial.truth, always):.3f}"
    print(f"| majority baseline | {base} | | |")
    for size in sorted({*RANDOM_SIZES, *range(STEP, PICKED_LABELS + 1, STEP)}):
        cells = []
        for arm in ("random", "picked"):
            figures = over_draws(trial, arm, size) if trial.runs(arm, size) else {"accuracy": "", "macro_f1": ""}
            cells += [str(figures["accuracy"]), str(figures["macro_f1"])]
        print(f"| {size:,} | {' | '.join(cells)} |")
    for title, default in (("units with 3 labels or more", ""), ("train's own --min-rows", "-default")):
        found = difference(trial, (f"picked{default}", PICKED_LABELS), (f"random{default}", GOAL))
        sides = [
            over_draws(trial, f"{arm}{default}", size) for arm, size in (("picked", PICKED_LABELS), ("random", GOAL))
        ]
        print(f"\n{PICKED_LABELS:,} picked minus {GOAL:,} random labels, {title} (bootstrap over the test rows):")
        for name, figure in found.items():
            print(f"  {name}: {sides[0][name].value:.3f} - {sides[1][name].value:.3f} = {figure}")


def draw(trial: Trial, path: Path) -> None:
    picture = Picture(figsize=(10, 4.2), layout="constrained")
    FigureCanvasAgg(picture)
    arms = (
        ("picked", "dipilih disposisi pick", "#0b6e4f", range(STEP, PICKED_LABELS + 1, STEP)),
        ("random", "dipilih acak", "#8a6d3b", RANDOM_SIZES),
    )
    titles = (("accuracy", "Ketepatan"), ("macro_f1", "F1 makro"))
    for axes, (measure, title) in zip(picture.subplots(1, 2), titles, strict=True):
        for arm, label, colour, sizes in arms:
            figures = [over_draws(trial, arm, size)[measure] for size in sizes]
            axes.plot(sizes, [f.value for f in figures], marker="o", ms=4, color=colour, label=label)
            axes.fill_between(
                sizes, [f.low for f in figures], [f.high for f in figures], color=colour, alpha=0.18, linewidth=0
            )
        goal = over_draws(trial, "random", GOAL)[measure].value
        axes.axhline(goal, color="#444444", linewidth=1, linestyle="--", label=f"{GOAL:,} label acak".replace(",", "."))
        axes.set(title=title, xlabel="jumlah label", xticks=range(0, GOAL + 1, 400), xlim=(100, GOAL + 100))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", "."))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.2f}".replace(".", ","))
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    picture.axes[0].legend(loc="lower right", frameon=False, title="pita: selang 95 %", alignment="left")
    picture.savefig(path, dpi=130)
    print(f"\n{path.relative_to(ROOT)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, help="JSON of each run's predictions (class numbers, no texts)")
    parser.add_argument("--random", type=int, default=5, help="draws of random labels")
    parser.add_argument("--picked", type=int, default=3, help="runs of the loop with picked labels")
    parser.add_argument("--develop", action="store_true", help="inside 2022; draws no picture")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        return 2
    trial = prepare(options.develop, options.results)
    for seed in range(options.random):
        random_runs(trial, seed)
    for seed in range(options.picked):
        picked_runs(trial, seed)
    report(trial)
    if not options.develop:
        draw(trial, PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
