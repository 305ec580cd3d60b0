"""How many planted label errors `disposisi audit` finds early in its list, on Surabaya 2022.

    python benchmarks/label_audit.py            # three seeds
    python benchmarks/label_audit.py --seeds 1

5 % of the different texts of 2022 get another unit: any other unit of the data (small ones, too), or a neighbour,
drawn by how often a plain TF-IDF + LinearSVC confuses the two. Measured: the share of the planted errors in the first
5 % and 10 % of the rows, in the audit's order and in others on the same held-out probabilities; 95 % Wilson intervals
over the planted errors of all seeds. cleanlab is measured where it is installed. Needs ../shared.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections import defaultdict

import numpy as np
from accuracy import surabaya
from real_rows import wilson_counts
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

from pipeline.retraining.audit.judging import Judged, judge, text_groups, unit_probabilities
from pipeline.retraining.data import Rows, distinct, split_by_time
from pipeline.retraining.recipes import load_recipe

PLANTED = 0.05
SHARES = (0.05, 0.10)
KINDS = ("random", "neighbour")
_FEW = 20


def confusions(rows: Rows, classes: np.ndarray) -> np.ndarray:
    """Return how often a plain model takes one unit for another, shape (units, units), zeros on the diagonal."""
    truth = np.searchsorted(classes, rows.labels)
    counts = np.zeros((len(classes), len(classes)))
    enough = np.flatnonzero(np.bincount(truth)[truth] >= _FEW)
    matrix = TfidfVectorizer(sublinear_tf=True).fit_transform([rows.texts[i] for i in enough])
    predicted = cross_val_predict(LinearSVC(), matrix, truth[enough], cv=3)
    np.add.at(counts, (truth[enough], predicted), 1)
    np.fill_diagonal(counts, 0)
    return counts


def plant(rows: Rows, classes: np.ndarray, weights: np.ndarray, seed: int) -> tuple[list[str], np.ndarray]:
    """Return labels of which 5 % are wrong, and which; *weights* (units, units): how likely one stands for another."""
    rng = np.random.default_rng(seed)
    truth = np.searchsorted(classes, rows.labels)
    labels = list(rows.labels)
    wrong = np.zeros(len(labels), dtype=bool)
    for row in rng.choice(len(labels), round(PLANTED * len(labels)), replace=False):
        chances = weights[truth[row]].copy()
        if not chances.any():
            chances += 1
        chances[truth[row]] = 0
        labels[row] = str(rng.choice(classes, p=chances / chances.sum()))
        wrong[row] = True
    return labels, wrong


def orders(
    judged: dict[int, Judged], by_cleanlab: dict[int, Judged] | None, rows: int, seed: int
) -> dict[str, np.ndarray]:
    """Return the doubt of each row (the higher, the earlier) by each way of ranking."""
    every = [judged[row] for row in range(rows)]
    found = {
        "audit (odds of the best other label)": np.array([one.score for one in every]),
        "self-confidence": -np.array([one.p_given for one in every]),
        "normalised margin": np.array([one.p_other - one.p_given for one in every]),
        "the model's verdict first, then margin": np.array(
            [one.wrong * 2 + one.p_other - one.p_given for one in every]
        ),
        "random order": np.random.default_rng(seed + 100).random(rows),
    }
    if by_cleanlab is not None:
        found["cleanlab: issues first, then its self-confidence"] = np.array(
            [by_cleanlab[row].wrong * 2 + by_cleanlab[row].score for row in range(rows)]
        )
        found["cleanlab: its self-confidence"] = np.array([by_cleanlab[row].score for row in range(rows)])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    cleanlab = importlib.util.find_spec("cleanlab") is not None
    before, _ = split_by_time(surabaya(), np.datetime64("2023-01-01", "us"))
    rows = distinct(before)
    classes = np.unique(rows.labels)
    weights = {"random": np.ones((len(classes), len(classes))), "neighbour": confusions(rows, classes)}
    print(f"Surabaya 2022: {len(rows):,} different texts, {len(classes)} units; {PLANTED:.0%} planted, {seeds} seeds")
    for kind in KINDS:
        hits: dict[tuple[str, float], int] = defaultdict(int)
        planted = called = called_wrong = 0
        started = time.monotonic()
        for seed in range(seeds):
            labels, wrong = plant(rows, classes, weights[kind], seed)
            groups = text_groups(rows.texts, labels)
            held_out = unit_probabilities(rows.texts, labels, groups, load_recipe("unit"))
            assert held_out is not None
            judged = judge(rows.texts, labels, groups, held_out)
            theirs = judge(rows.texts, labels, groups, held_out, with_cleanlab=True) if cleanlab else None
            # A text without letters is judged by nobody: last in the list.
            nothing = Judged("", 0.0, 1.0, 0.0, False)
            every = {row: judged.get(row, nothing) for row in range(len(rows))}
            others = None if theirs is None else {row: theirs.get(row, nothing) for row in range(len(rows))}
            for name, doubt in orders(every, others, len(rows), seed).items():
                first = np.argsort(-doubt, kind="stable")
                for share in SHARES:
                    hits[name, share] += int(wrong[first[: int(share * len(rows))]].sum())
            verdict = np.array([every[row].wrong for row in range(len(rows))])
            planted, called = planted + int(wrong.sum()), called + int(verdict.sum())
            called_wrong += int((verdict & wrong).sum())
        print(f"\n{kind} ({time.monotonic() - started:.0f} s)")
        for name in dict.fromkeys(name for name, _ in hits):
            found = "   ".join(f"first {share:.0%}: {wilson_counts(hits[name, share], planted)}" for share in SHARES)
            print(f"  {name:<50} {found}")
        print(f"  called label_meragukan: {called / seeds / len(rows):.3f} of the rows, among them "
              f"{wilson_counts(called_wrong, planted)} of the planted errors")  # fmt: skip


if __name__ == "__main__":
    main()
