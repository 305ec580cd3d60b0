"""Fits the weights of the guard for berkadar pengawasan: ``python benchmarks/guard_fit.py`` rewrites their table.

A logistic regression on words (only stems that the project's own starter corpus holds and that name no place, so that
no name out of a real complaint gets in) and on the kinds of breach that the rules found. Learned on the labels in
``benchmarks/labels`` (real rows, by id) and on the starter corpus, which counts less; never on ``keputusan.csv`` nor on
the texts for measuring (``data/starter/uji*.csv``).
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from real_rows import DATA, texts_by_id
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.catalogue.rules import load_rules
from pipeline.classifiers.sentences import SentenceFinder
from pipeline.routing.guard import Guard
from pipeline.routing.guard.rules import PRIVATE
from pipeline.routing.guard.weights import CODE, CONSTANT, WORD, features
from pipeline.text import WordTable
from pipeline.text.lexicons import read_table
from pipeline.text.tokens import Tokenizer
from pipeline.text.words import WordStemmer

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "benchmarks" / "labels"
TABLE = ROOT / "data" / "rules" / "pengawasan_bobot.tsv"
SINCE = "2020-01-01"
STRENGTH, STARTER_WEIGHT, LEAST_TEXTS = 1.0, 0.2, 5
"""Inverse regularisation, weight of a starter text, texts that a word must stand in: chosen by cross-validation."""
_LEAST = 0.02
_UNCLEAR = ("ditjen_pemdes", "ditjen_otda", "setjen", "bpsdm", "ipdn")
"""Units whose letters may accuse an official too: no negatives unless they were read."""
_UNSURE = "ragu"
"""Label of a starter text that the reader could not decide: left out."""


@dataclass(frozen=True)
class Described:
    """What the regression sees of texts: distinct stems and the rules' features, one entry a text."""

    stems: list[frozenset[str]]
    charges: list[dict[str, float]]

    def take(self, rows: NDArray[np.int64]) -> Described:
        """Return a selection."""
        return Described([self.stems[i] for i in rows], [self.charges[i] for i in rows])

    def __add__(self, other: Described) -> Described:
        return Described(self.stems + other.stems, self.charges + other.charges)


@dataclass(frozen=True)
class Model:
    """Weights of words and features and the constant."""

    words: dict[str, float]
    codes: dict[str, float]
    constant: float

    def decision(self, described: Described) -> NDArray[np.float64]:
        """Return the weighted sums, as :class:`~pipeline.routing.guard.weights.Weights` makes them."""
        found = []
        for stems, charges in zip(described.stems, described.charges, strict=True):
            known = [self.words[stem] for stem in stems if stem in self.words]
            value = self.constant + sum(known) / max(len(known), 1) ** 0.5
            found.append(value + sum(self.codes.get(name, 0.0) * x for name, x in charges.items()))
        return np.array(found)


def labelled() -> pd.DataFrame:
    """Return the labelled rows (``id, isi, ya, asal``), one of each text, none of ``keputusan.csv``."""
    texts = texts_by_id()
    test = pd.read_csv(DATA / "keputusan.csv", dtype=str, usecols=["id", "isi"])
    parts = [pd.read_csv(path, dtype=str).assign(asal="dev") for path in sorted(LABELS.glob("dev_?.csv"))]
    rows = pd.concat([*parts, pd.read_csv(LABELS / "pengawasan.csv", dtype=str)])
    rows = rows[rows["id"].isin(list(texts)) & ~rows["id"].isin(test["id"])]
    rows = rows.assign(isi=rows["id"].map(texts), ya=(rows["berkadar_pengawasan"] == "ya").astype(int))
    rows = rows[~rows["isi"].isin(test["isi"])].drop_duplicates("id").drop_duplicates("isi")
    return rows[["id", "isi", "ya", "asal"]].reset_index(drop=True)


def starter(names: tuple[str, ...] = ("korpus", "daerah")) -> pd.DataFrame:
    """Return the starter corpus's texts (``isi, ya``).

    A text that was read for the guard has its label (``labels/korpus.csv``); of the others those of unit itjen accuse,
    mere questions left out.
    """
    rows = pd.concat([pd.read_csv(ROOT / "data" / "starter" / f"{name}.csv", dtype=str) for name in names])
    labels = pd.read_csv(LABELS / "korpus.csv", dtype=str).set_index("id")["berkadar_pengawasan"]
    read = rows["id"].map(labels)
    accused = rows["unit"] == "itjen"
    left_out = read.isna() & ((accused & (rows["urgensi"] == "rendah")) | rows["unit"].isin(_UNCLEAR))
    rows = rows.assign(ya=((read == "ya") | (read.isna() & accused)).astype(int))
    return rows[~left_out & (read != _UNSURE)][["isi", "ya"]].reset_index(drop=True)


def describe(guard: Guard, table: WordTable, texts: list[str]) -> Described:
    """Return what the regression sees of *texts*."""
    tokenizer, sentences = Tokenizer(table), SentenceFinder(table)
    stems, charges = list[frozenset[str]](), list[dict[str, float]]()
    for start in range(0, len(texts), 1000):
        rows = tokenizer(texts[start : start + 1000])
        judged = guard.judged(sentences(rows))
        for row in range(len(rows)):
            stems.append(frozenset(token.stem for token in rows.tokens(row) if not token.masked))
            charges.append(features(judged[row].hits, judged[row].told) if row in judged else {})
    return Described(stems, charges)


def vocabulary(corpus: Described) -> frozenset[str]:
    """Return the stems that the weights may use: of three starter texts or more, no numbers, no places."""
    count = Counter(stem for stems in corpus.stems for stem in stems)
    protected = read_table(ROOT / "data" / "lexicons" / "dilindungi.tsv")
    places = {row["bentuk"] for row in protected if row["jenis"] == "tempat"}
    return frozenset(
        stem for stem, n in count.items() if n >= 3 and stem.isalpha() and len(stem) > 1 and stem not in places
    )


@cache
def private_words() -> frozenset[str]:
    """Return the stems that alone name somebody without office (*tetangga*): they never speak for an accusation."""
    stem = WordStemmer()
    patterns = [rule.values["pola"] for rule in load_rules("pengawasan_pelaku") if rule.values["sifat"] == PRIVATE]
    alone = [phrase.strip() for pattern in patterns for phrase in pattern.split(";") if " " not in phrase.strip()]
    words = (word.removeprefix("=") for phrase in alone for word in phrase.split("|"))
    # Derived words (*penjual*) share their stem with a deed.
    return frozenset(word for word in words if tuple(stem(word)) == (word,))


def fit(real: Described, ya: NDArray[np.int64], corpus: Described, corpus_ya: NDArray[np.int64]) -> Model:
    """Return the regression's weights."""
    allowed = vocabulary(corpus)
    count = Counter(stem for stems in (real + corpus).stems for stem in stems if stem in allowed)
    words = sorted(stem for stem, n in count.items() if n >= LEAST_TEXTS)
    codes = sorted({name for charges in (real + corpus).charges for name in charges})
    both, truth = real + corpus, np.concatenate([ya, corpus_ya])
    weight = np.where(np.arange(len(truth)) < len(ya), 1.0, STARTER_WEIGHT)
    weight *= np.where(truth == 1, weight[truth == 0].sum() / weight[truth == 1].sum(), 1.0)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(_matrix(both, words, codes), truth, sample_weight=weight)
    values = model.coef_[0]
    without_office = private_words()
    return Model(
        {
            word: min(value, 0.0) if word in without_office else value
            for word, value in zip(words, values.tolist(), strict=False)
        },
        dict(zip(codes, values[len(words) :].tolist(), strict=True)),
        float(model.intercept_[0]),
    )


def _matrix(described: Described, words: list[str], codes: list[str]) -> csr_matrix:
    number = {word: i for i, word in enumerate(words)}
    rows, columns, values = list[int](), list[int](), list[float]()
    for row, stems in enumerate(described.stems):
        known = [number[stem] for stem in stems if stem in number]
        rows += [row] * len(known)
        columns += known
        values += [max(len(known), 1) ** -0.5] * len(known)
    first = csr_matrix((values, (rows, columns)), shape=(len(described.stems), len(words)))
    second = [[charges.get(code, 0.0) for code in codes] for charges in described.charges]
    return hstack([first, csr_matrix(np.array(second))]).tocsr()


def write(model: Model) -> None:
    """Write the weights' table."""
    source = "benchmarks/guard_fit.py: regresi atas label benchmarks/labels dan korpus awal"
    lines = [
        "# Guard for berkadar pengawasan: weights of the sum that decides (pipeline/routing/guard/weights.py).",
        "# Written by benchmarks/guard_fit.py, not by hand. jenis: kata = a stem, tetap = constant, kode = a kind of",
        "# breach that the rules found, or a figure of the rules (jumlah, logit, macam, bukan).",
        "id\tberlaku_dari\tberlaku_sampai\tsumber\tjenis\tnama\tbobot",
    ]
    entries = [(CONSTANT, "tetap", model.constant)]
    entries += [(CODE, name, value) for name, value in model.codes.items()]
    entries += [(WORD, name, value) for name, value in model.words.items() if abs(value) >= _LEAST]
    for number, (kind, name, value) in enumerate(entries):
        lines.append(f"bobot-{number:04d}\t{SINCE}\t\t{source}\t{kind}\t{name}\t{value:.3f}")
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Fit and write."""
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        raise SystemExit(1)
    table = WordTable()
    guard = Guard(table)
    rows, corpus = labelled(), starter()
    model = fit(
        describe(guard, table, rows["isi"].tolist()), rows["ya"].to_numpy(),
        describe(guard, table, corpus["isi"].tolist()), corpus["ya"].to_numpy(),
    )  # fmt: skip
    write(model)
    print(f"{len(rows)} real rows ({rows['ya'].sum()} ya), {len(corpus)} starter texts: {len(model.words)} words")


if __name__ == "__main__":
    main()
