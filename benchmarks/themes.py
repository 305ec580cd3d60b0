"""Themes on real complaints: against the hand-made topics, stability, false discoveries, speed.

    python benchmarks/themes.py                   # Surabaya, about six minutes
    python benchmarks/themes.py --fast            # without the other methods, about three
    python benchmarks/themes.py --rows 1000000    # only time and memory, on rows made of halves of two real texts each

``topik`` is read here to measure and nowhere else; it is no input of any method.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from real_rows import DATA
from scipy.sparse import csr_matrix
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans, MiniBatchKMeans
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from sklearn.preprocessing import normalize

from pipeline.reports.monev.themes import assign, find_themes, growth, match
from pipeline.reports.monev.themes.clustering import cluster, held, idf, vocabulary
from pipeline.reports.monev.themes.definition import Definition, weight_table
from pipeline.reports.monev.themes.words import is_telling
from pipeline.text import Tokenizer, WordTable

QUARTERS = ("2022Q1", "2022Q2", "2022Q3", "2022Q4", "2023Q1")
PERMUTED, RESAMPLES, HALVES, SPLITS = 5, 200, 3, 400


def surabaya() -> pd.DataFrame:
    rows = pd.read_csv(DATA / "surabaya.csv", dtype=str, keep_default_na=False)
    return rows.assign(received=pd.to_datetime(rows["tanggal"].str[:10]))


def stems_of(texts: list[str]) -> list[list[str]]:
    tokenize = Tokenizer(WordTable())
    found: list[list[str]] = []
    for start in range(0, len(texts), 2000):
        rows = tokenize(texts[start : start + 2000])
        found += [[stem for stem in rows.stems(row) if is_telling(stem)] for row in range(len(rows))]
    return found


def ami(topic: np.ndarray, of: np.ndarray) -> float:
    """Return the adjusted mutual information over the rows that have a topic."""
    known = topic != ""
    return float(adjusted_mutual_info_score(topic[known], of[known]))


def interval(topic: np.ndarray, of: np.ndarray) -> str:
    """Return the AMI with a 95 % interval by subsampling half the rows: repeated rows of a bootstrap would raise it."""
    random = np.random.default_rng(0)
    value = ami(topic, of)
    drawn = [ami(topic[rows], of[rows]) for rows in (random.permutation(len(of))[: len(of) // 2] for _ in range(50))]
    # Without replacement, half the rows spread as much as all rows would in a new draw (Politis & Romano 1994).
    half = 1.96 * float(np.std(drawn))
    return f"{value:.3f} ± {half:.3f}"


def other_methods(documents: list[list[str]], topic: np.ndarray) -> Iterator[str]:
    counts = held(documents, vocabulary(documents, 5))
    rows = normalize(counts.multiply(idf(counts)).tocsr())
    short = normalize(TruncatedSVD(100, random_state=0).fit_transform(rows))
    shorter = np.ascontiguousarray(short[:, :50])
    methods: dict[str, Callable[[], np.ndarray]] = {
        "TF-IDF, SVD 100, k-means 60": lambda: KMeans(60, n_init=1, random_state=0).fit_predict(short),
        "TF-IDF, SVD 100, MiniBatchKMeans 60": lambda: MiniBatchKMeans(60, n_init=3, random_state=0).fit_predict(short),
        "TF-IDF sparse, spherical k-means 60": lambda: KMeans(60, n_init=1, max_iter=50, random_state=0).fit_predict(
            rows
        ),
        "TF-IDF, SVD 100, Ward 60": lambda: AgglomerativeClustering(60).fit_predict(short),
        "TF-IDF, SVD 50, HDBSCAN (25)": lambda: HDBSCAN(min_cluster_size=25, min_samples=5, copy=True).fit_predict(
            shorter
        ),
        "NMF 60": lambda: NMF(60, init="nndsvda", max_iter=100, tol=1e-3, random_state=0).fit_transform(rows).argmax(1),
        "PPMI word vectors 200, k-means 60": lambda: cluster(counts, 60),
    }
    for name, method in methods.items():
        started = time.process_time()
        of = np.asarray(method())
        yield f"  {name:44s} AMI {interval(topic, of)}, {time.process_time() - started:5.1f} s of processor"


def exact(definitions: tuple[Definition, ...], texts: list[str]) -> np.ndarray:
    """Return what assigning by the full tokeniser (repair, masking) gives."""
    stems = sorted({stem for one in definitions for stem in one.weights})
    column = {stem: number for number, stem in enumerate(stems)}
    documents = [set(document) for document in stems_of(texts)]
    pairs = [(row, column[stem]) for row, document in enumerate(documents) for stem in document if stem in column]
    where = np.array(pairs).T
    table = csr_matrix((np.ones(len(pairs)), where), shape=(len(texts), len(stems)))
    length = np.sqrt(np.maximum([len(document) for document in documents], 1))
    scores = np.asarray(table @ weight_table(definitions, stems).T) / length[:, None]
    best = scores.argmax(axis=1)
    value = scores[np.arange(len(best)), best]
    limits = np.array([one.threshold for one in definitions])
    return np.where((value >= limits[best]) & (value > 0), best, -1)


def lines(fast: bool) -> Iterator[str]:
    rows = surabaya()
    texts, topic = rows["isi"].tolist(), rows["topik"].to_numpy(str)
    random = np.random.default_rng(0)
    yield f"Surabaya, {len(rows):,} rows, {np.unique(topic).size - 1} topics by hand"
    yield f"  random clusters (60): AMI {ami(topic, random.integers(0, 60, len(topic))):.3f}"
    yield f"  the unit as cluster (decided by people, and nearly by the topic): AMI {ami(topic, rows['instansi']):.3f}"
    if not fast:
        yield from other_methods(stems_of(texts), topic)
    themes = find_themes(texts)
    inside = themes.of >= 0
    yield (
        f"  find_themes: AMI {interval(topic, themes.of)} (-1 as a cluster), "
        f"{ami(topic[inside], themes.of[inside]):.3f} on the {inside.mean():.1%} of rows with a theme; "
        f"{len(themes.names)} themes"
    )
    shuffled = [ami(topic, random.permutation(themes.of)) for _ in range(PERMUTED)]
    yield f"  the same, permuted: AMI {np.mean(shuffled):.3f}"
    yield "  by seed: " + ", ".join(f"{ami(topic, find_themes(texts, seed=seed).of):.3f}" for seed in (1, 2, 3))
    for wanted in (20, 40, 80, 120):
        found = find_themes(texts, themes=wanted)
        yield f"  clusters {wanted}: AMI {ami(topic, found.of):.3f}, {len(found.names)} themes"
    quarter = rows["received"].dt.to_period("Q").astype(str).to_numpy()
    for name in QUARTERS:
        here = np.flatnonzero(quarter == name)
        found = find_themes([texts[row] for row in here])
        yield f"  {name} alone: {len(here):,} rows, {len(found.names)} themes, AMI {ami(topic[here], found.of):.3f}"
    yield from stability(texts, themes)
    fully = exact(themes.definitions, texts)
    yield f"Quick tokens against the full tokeniser: same theme for {(fully == themes.of).mean():.2%} of rows"
    yield from false_discoveries(rows, themes.of, len(themes.names))


def stability(texts: list[str], themes) -> Iterator[str]:
    random = np.random.default_rng(0)
    order = random.permutation(len(texts))
    again = find_themes([texts[row] for row in order])
    same = again.ids == themes.ids and again.names == themes.names and bool((again.of == themes.of[order]).all())
    yield f"Rows in another order: {'the same themes, row by row' if same else 'OTHER THEMES'}"
    between, kept = [], []
    for _ in range(HALVES):
        halves = []
        for _ in range(2):
            drawn = random.integers(0, len(texts), len(texts) // 2)
            halves.append(find_themes([texts[row] for row in drawn]).definitions)
        first, second = (assign(one, texts) for one in halves)
        both = (first >= 0) & (second >= 0)
        between.append((adjusted_rand_score(first, second), adjusted_rand_score(first[both], second[both])))
        kept.append(len(match(*halves)) / min(map(len, halves)))
    whole, common = np.mean(between, axis=0)
    yield (
        f"Themes of two bootstrap halves on all rows: ARI {whole:.3f}, {common:.3f} on rows with a theme in both; "
        f"{np.mean(kept):.0%} of themes matched ({HALVES} pairs)"
    )


def false_discoveries(rows: pd.DataFrame, of: np.ndarray, themes: int) -> Iterator[str]:
    period = np.flatnonzero((rows["received"] >= "2023-01-01").to_numpy())
    random = np.random.default_rng(0)
    alarms = 0
    for _ in range(SPLITS):
        now = np.zeros(len(rows), dtype=bool)
        now[random.permutation(period)[: len(period) // 2]] = True
        before = np.zeros(len(rows), dtype=bool)
        before[period] = ~now[period]
        alarms += any(one.q is not None and one.q < 0.05 for one in growth(of, now, before, themes))
    yield f"Random halves of 2023 Q1: some theme with q < .05 in {alarms} of {SPLITS} ({alarms / SPLITS:.3f})"
    now = (rows["received"] >= "2023-01-01").to_numpy()
    before = ((rows["received"] >= "2022-10-01") & (rows["received"] < "2023-01-01")).to_numpy()
    told = growth(of, now, before, themes)
    rising, falling = (sum(one.verdict == verdict for one in told) for verdict in ("naik", "turun"))
    yield f"2023 Q1 against 2022 Q4: {rising} rise, {falling} fall, of {themes}"


def speed(size: int) -> Iterator[str]:
    texts = surabaya()["isi"].to_numpy(object)
    random = np.random.default_rng(0)
    first, second = random.integers(0, len(texts), (2, size))
    words = [text.split(" ") for text in texts]
    halves = [(" ".join(text[: len(text) // 2]), " ".join(text[len(text) // 2 :])) for text in words]
    made = pd.Series([f"{halves[i][0]} {halves[j][1]}" for i, j in zip(first, second, strict=True)], dtype="str")
    del words, halves
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    started, used = time.perf_counter(), time.process_time()
    themes = find_themes(made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"{size:,} distinct rows of {made.str.len().mean():.0f} characters: {time.perf_counter() - started:.0f} s, "
        f"{time.process_time() - used:.0f} s of processor, peak {peak:.0f} MB, {before:.0f} MB of it before, "
        f"{len(themes.names)} themes, {(themes.of >= 0).mean():.0%} of rows"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--rows", type=int)
    chosen = parser.parse_args()
    for line in speed(chosen.rows) if chosen.rows else lines(chosen.fast):
        print(line, flush=True)
