"""Accuracy on real complaints, by the protocol of ../shared/data/README.md, beside two baselines.

    python benchmarks/accuracy.py            # all parts
    python benchmarks/accuracy.py a d        # some parts
    python benchmarks/accuracy.py --write    # and write the tables into docs/experiments.md

a  Surabaya 2022 → 2023 Q1             d  urgency, 5 x 5 folds over the 600 real texts
b  Kab. Bandung 2021 → 2022            e  urgency, starter corpus → the 600 real texts
c  the same with Surabaya's rows       f  deletion test of the explanations (Surabaya 2023 Q1)

Needs ../shared; figures go to MLflow (experiment `benchmark-accuracy` of the store) as well.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from baselines import bare_units, bare_urgency
from bootstrap import UnitResult, mean_of_repeats, unit_figures, urgency_figures
from deletion import deletion_test
from sklearn.model_selection import StratifiedKFold
from speed_report import insert

from pipeline.catalogue import LEVELS
from pipeline.catalogue.crosswalk import load_crosswalk
from pipeline.classifiers import UrgencyClassifier
from pipeline.classifiers.urgency import NO_EXAMPLES, Examples
from pipeline.intake import read_all
from pipeline.retraining.bootstrap import RESAMPLES, Figure, Ints
from pipeline.retraining.corpus import STARTER, starter_data, starter_functions
from pipeline.retraining.data import Rows, collect, distinct, of_labels, split_by_time
from pipeline.retraining.offices import Elsewhere, FunctionRows, functions_of
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.unit_half import Measured, UnitTrainer
from pipeline.retraining.urgency_half import examples_of
from pipeline.settings import ColumnNames, load_settings
from pipeline.tracking.store import mlflow, open_store

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
DOCUMENT = ROOT / "docs" / "experiments.md"
WANTED = (0.90, 0.95)
HIGH = LEVELS.index("tinggi")
Table = dict[str, dict[str, Figure]]


def surabaya() -> Rows:
    columns = ColumnNames(text="isi", unit="instansi", date="tanggal", id="id")
    return collect(read_all([str(DATA / "surabaya.csv")], columns, need={"text"}), pool_places=True).units


def bandung() -> Rows:
    file = str(DATA / "sp4n-kab-bandung-2021-2022.xlsx")
    return collect(read_all([file], ColumnNames(), need={"text"}), pool_places=True).units


def real_urgencies() -> Rows:
    columns = ColumnNames(text="isi", urgency="urgensi", id="id")
    return collect(read_all([str(DATA / "urgensi.csv")], columns, need={"text"})).urgencies


def elsewhere(office: str, others: dict[str, Rows]) -> Elsewhere:
    crosswalk = load_crosswalk()
    rows: dict[str, FunctionRows] = {name: functions_of(found, name, crosswalk) for name, found in others.items()}
    return Elsewhere(crosswalk, office, {**rows, STARTER: starter_functions()})


def measure(rows: Rows, start: str, min_rows: int, known: Elsewhere | None) -> tuple[Measured, UnitResult]:
    """Train on the rows before *start*, thresholds from them alone; return what it says of the later ones."""
    recipe = load_recipe("unit")
    measured = UnitTrainer(recipe, known, min_rows).measure_later(rows, np.datetime64(start, "us"))
    assert measured.classifier is not None
    return measured, UnitResult(
        truth=np.searchsorted(measured.classes, measured.truth),
        order=np.argsort(-measured.probabilities, axis=1, kind="stable"),
        confidence=measured.probabilities.max(axis=1),
        thresholds={wanted: measured.classifier.threshold_at(wanted)[0] for wanted in WANTED},
    )


def majority(measured: Measured) -> dict[str, Figure]:
    """Always the commonest training unit."""
    truth = np.searchsorted(measured.classes, measured.truth)
    commonest = Counter(measured.train.labels).most_common(3)
    order = np.tile(np.searchsorted(measured.classes, [name for name, _ in commonest]), (len(truth), 1))
    result = UnitResult(truth, order, np.ones(len(truth)), {})
    return unit_figures(result, calibrated=False)


def unit_part(rows: Rows, start: str, min_rows: int, models: dict[str, Elsewhere | None]) -> tuple[Table, str]:
    """Measure each of *models* and the baselines on the same rows."""
    table: Table = {}
    details = ""
    for name, known in models.items():
        began = time.perf_counter()
        measured, result = measure(rows, start, min_rows, known)
        print(f"    {name}: trained and scored in {time.perf_counter() - began:.0f} s", flush=True)
        table[name] = unit_figures(result)
        details = recall_lines(measured, result)
    test = later_rows(rows, start, measured)
    table["bare scikit-learn"] = unit_figures(bare_units(measured.train, test, measured.classes, WANTED))
    table["majority"] = majority(measured)
    print(f"    {len(measured.train):,} training rows, {len(test):,} test rows, {len(measured.classes)} units")
    return table, details


def later_rows(rows: Rows, start: str, measured: Measured) -> Rows:
    """Return the rows that *measured* was measured on."""
    _, after = split_by_time(rows, np.datetime64(start, "us"))
    return of_labels(distinct(after, without=measured.train), set(measured.train.labels))


def recall_lines(measured: Measured, result: UnitResult) -> str:
    lines = []
    for code, rows in Counter(result.truth.tolist()).most_common():
        found = float((result.order[:, 0] == code)[result.truth == code].mean())
        lines.append(f"{measured.classes[code]} {found:.2f} ({rows})")
    return "; ".join(lines)


def starter_examples(without: Rows) -> Examples:
    return examples_of(distinct(starter_data().urgencies, without=without))


def urgency_of(fit: Callable[[Ints], UrgencyClassifier], every: Examples, seeds: int) -> dict[str, Figure]:
    """Return the figures of *seeds* x 5 folds: the mean of the repeats, the interval of the first."""
    runs = []
    ranks = np.array([LEVELS.index(label) for label in every.labels])
    for seed in range(seeds):
        decided, chance = np.zeros(len(ranks), dtype=np.int64), np.zeros(len(ranks))
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(ranks, ranks):
            decided[test], chance[test] = decide(fit(train), every.take(test))
        runs.append(urgency_figures(ranks, decided, chance, HIGH, resamples=1 if seed else RESAMPLES))
    return mean_of_repeats(runs)


def decide(model: UrgencyClassifier, rows: Examples) -> tuple[Ints, np.ndarray]:
    probabilities = model.probabilities(model.vectorize(rows.docs, rows.evidence))
    own = np.array([LEVELS.index(level) for level in model.classes_])
    return own[model.decide(probabilities)], probabilities[:, own >= HIGH].sum(axis=1)


def part_a() -> tuple[Table, str]:
    models = {"own rows alone": None, "with the starter corpus (the product)": elsewhere("kota-surabaya", {})}
    return unit_part(surabaya(), "2023-01-01", 20, models)


def part_b() -> tuple[Table, str]:
    models = {"own rows alone": None, "with the starter corpus (the product)": elsewhere("kab-bandung", {})}
    return unit_part(bandung(), "2022-01-01", 10, models)


def part_c() -> tuple[Table, str]:
    known = elsewhere("kab-bandung", {"kota-surabaya": surabaya()})
    return unit_part(bandung(), "2022-01-01", 10, {"with Surabaya and the starter corpus": known})


def part_d() -> tuple[Table, str]:
    real = distinct(real_urgencies())
    every, lent = examples_of(real), starter_examples(real)
    recipe = load_recipe("urgency")
    table = {
        "own labels and the starter corpus (the product)": urgency_of(
            lambda train: UrgencyClassifier(recipe).fit(every.take(train), lent), every, 5
        ),
        "own labels alone": urgency_of(
            lambda train: UrgencyClassifier(recipe).fit(every.take(train), NO_EXAMPLES), every, 5
        ),
        "bare scikit-learn": bare_urgency(real, HIGH),
    }
    return table, f"{len(real)} texts: {dict(Counter(real.labels))}"


def part_e() -> tuple[Table, str]:
    real = distinct(real_urgencies())
    model = UrgencyClassifier(load_recipe("urgency")).fit(starter_examples(real))
    ranks = np.array([LEVELS.index(label) for label in real.labels])
    return {"starter corpus (the product)": urgency_figures(ranks, *decide(model, examples_of(real)), HIGH)}, ""


def part_f() -> tuple[Table, str]:
    rows, start = surabaya(), "2023-01-01"
    measured, _ = measure(rows, start, 20, elsewhere("kota-surabaya", {}))
    assert measured.classifier is not None
    test = later_rows(rows, start, measured)
    return {"named words against random ones": deletion_test(measured.classifier, test.texts)}, ""


PARTS: dict[str, tuple[str, Callable[[], tuple[Table, str]]]] = {
    "a": ("Surabaya 2022 → 2023 Q1", part_a),
    "b": ("Kab. Bandung 2021 → 2022", part_b),
    "c": ("Kab. Bandung 2021 → 2022 with Surabaya's rows", part_c),
    "d": ("Urgency, 5 x 5 folds over the 600 real texts", part_d),
    "e": ("Urgency, starter corpus → the 600 real texts", part_e),
    "f": ("Deletion test of the explanations, Surabaya 2023 Q1", part_f),
}


def markdown(title: str, table: Table, details: str) -> str:
    names = list(dict.fromkeys(name for row in table.values() for name in row))
    lines = [f"**{title}**", "", f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for model, figures in table.items():
        cells = " | ".join(str(figures[name]) if name in figures else "" for name in names)
        lines.append(f"| {model} | {cells} |")
    return "\n".join(lines + (["", details] if details else []))


def log(part: str, table: Table) -> None:
    """Log one run a model; figures only, no texts."""
    store = load_settings().store
    open_store(store)
    module = mlflow()
    module.set_experiment("benchmark-accuracy")
    for model, figures in table.items():
        with module.start_run(run_name=f"{part}: {model}"):
            for name, figure in figures.items():
                if not np.isnan(figure.value):
                    key = re.sub(r"[^0-9A-Za-z_./-]", "_", name)
                    module.log_metrics({key: figure.value, f"{key}.low": figure.low, f"{key}.high": figure.high})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=[], help="a b c d e f; all when none is given")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/experiments.md")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        return 2
    text = DOCUMENT.read_text(encoding="utf-8")
    for part in options.parts or PARTS:
        title, run = PARTS[part]
        print(f"{part}  {title}", flush=True)
        table, details = run()
        block = markdown(f"({part}) {title}", table, details)
        print(block, "\n", flush=True)
        log(part, table)
        text = insert(text, {part: block})
    if options.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
