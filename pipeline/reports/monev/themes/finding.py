"""Themes of a pile of complaints: found in a sample, named, defined, then counted in every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.reports.monev.themes.clustering import centres, cluster, held, idf, rarest, vocabulary, weights_of
from pipeline.reports.monev.themes.definition import (
    Definition,
    assign,
    assign_with_scores,
    define,
    match,
    weight_table,
)  # fmt: skip
from pipeline.reports.monev.themes.located import LocatedWords
from pipeline.reports.monev.themes.naming import PhraseCounts, is_persons_name
from pipeline.reports.monev.themes.rapid import CHUNK
from pipeline.reports.monev.themes.words import courtesy_stems, is_known, is_telling
from pipeline.text import Tokenizer, WordTable

SAMPLE = 12_000
"""Distinct texts that themes are found in; all other rows are only counted."""
LEAST_TEXTS = 100
"""Distinct texts below which no themes are looked for."""
LEAST_SIZE = 8
"""Distinct texts of the sample that make a theme."""
FEWEST, MOST = 4, 60
_LEAST_UNKNOWN = 25
"""Texts that must hold a word which no dictionary or table of the project knows."""
_BATCH = 2_000
_NULL_TEXTS = 4_000
_NULL_SHARE = 0.5
"""A text belongs to a theme when its score beats that of half the texts of as many words drawn at random."""


@dataclass(frozen=True)
class Themes:
    """Themes and each row's.

    ``of``: each row's theme (int32, its place in ``definitions``; -1 none). ``score``: how near the row is to it
    (float32). ``definitions``: the largest theme first. ``phrases``: up to three telling phrases a theme. ``courtesy``:
    the share of greetings and thanks among its words (float64). ``note``: why there are no themes, else "".
    """

    of: NDArray[np.int32]
    score: NDArray[np.float32]
    definitions: tuple[Definition, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    courtesy: tuple[float, ...] = ()
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The themes' names."""
        return tuple(one.name for one in self.definitions)

    @property
    def ids(self) -> tuple[str, ...]:
        """The themes' ids."""
        return tuple(one.id for one in self.definitions)

    def sizes(self, rows: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return how many rows (all, or those where *rows* is True) each theme has."""
        of = self.of if rows is None else self.of[rows]
        return np.bincount(of[of >= 0], minlength=len(self.definitions)).astype(np.int64)

    def with_ids_of(self, old: Sequence[Definition]) -> Themes:
        """Return the same themes, each that is one of *old* (:func:`~.definition.match`) under its old id."""
        known = match(old, self.definitions)
        return replace(self, definitions=tuple(replace(one, id=known.get(one.id, one.id)) for one in self.definitions))


def find_themes(
    texts: Any,
    *,
    fit_on: NDArray[np.bool_] | None = None,
    themes: int | None = None,
    sample: int = SAMPLE,
    seed: int = 0,
) -> Themes:
    """Return the themes of *texts* (a sequence or pandas Series of str; missing ones count as empty).

    The order of rows, other processes and repeated texts change nothing: the sample is the *sample* distinct texts
    with the smallest hashes, in their order. Where *fit_on* (bool per row) is given, themes are looked for in those
    rows only (say, this period and the last) and counted in all. *themes* is how many clusters are sought; by default
    the root of a third of the sampled texts, 4 to 60; too small ones are dropped, like ones merged.
    """
    chosen = _sample(texts, fit_on, sample)
    if len(chosen) < LEAST_TEXTS:
        few = f"hanya {len(chosen)} aduan dengan teks berbeda, paling sedikit {LEAST_TEXTS}"
        return _none(len(texts), f"Tema tidak dicari: {few}.")
    tokenize = Tokenizer(WordTable())
    documents: list[list[str]] = []
    courtesy: list[float] = []
    located = LocatedWords()
    for start in range(0, len(chosen), _BATCH):
        rows = tokenize(chosen[start : start + _BATCH])
        located.add(rows)
        for row in range(len(rows)):
            stems = rows.stems(row)
            documents.append([stem for stem in stems if is_telling(stem)])
            courtesy.append(sum(stem in courtesy_stems() for stem in stems) / max(len(stems), 1))
    least = rarest(len(documents))
    left_out = located.stems() | _maybe_names(documents, least)
    stems = [stem for stem in vocabulary(documents, least) if stem not in left_out]
    counts = held(documents, stems)
    wanted = themes or int(np.clip(np.sqrt(len(chosen) / 3), FEWEST, MOST))
    if len(stems) <= wanted:
        return _none(len(texts), "Tema tidak dicari: kata yang berulang terlalu sedikit.")
    found = centres(counts, cluster(counts, wanted, seed), LEAST_SIZE)
    if not len(found):
        return _none(len(texts), "Tema tidak ditemukan: tidak ada kelompok aduan yang cukup besar.")
    stem_idf = idf(counts)
    weights = [{stems[column]: weight for column, weight in weights_of(row, stem_idf).items()} for row in found]
    limits = _limits(weights, stems, counts, np.array([len(set(document)) for document in documents]), seed)
    definitions = [define("", one, limit) for one, limit in zip(weights, limits, strict=True)]
    own = assign(definitions, chosen)
    sizes = np.bincount(own[own >= 0], minlength=len(definitions))
    definitions = [definitions[i] for i in np.lexsort((np.arange(len(sizes)), -sizes)) if sizes[i] >= LEAST_SIZE]
    own = assign(definitions, chosen)
    phrases = _phrases(tokenize, chosen, own, PhraseCounts(len(definitions), left_out))
    definitions = [
        replace(one, name="; ".join(told) or "tanpa nama") for one, told in zip(definitions, phrases, strict=True)
    ]
    of, score = assign_with_scores(definitions, texts)
    polite = np.array(courtesy)
    shares = tuple(float(polite[own == theme].mean()) if (own == theme).any() else 0.0 for theme in range(len(phrases)))
    return Themes(of, score, tuple(definitions), tuple(phrases), shares)


def _none(rows: int, note: str) -> Themes:
    return Themes(np.full(rows, -1, dtype=np.int32), np.zeros(rows, dtype=np.float32), note=note)


def _sample(texts: Any, fit_on: NDArray[np.bool_] | None, size: int) -> list[str]:
    """Return the *size* distinct texts with the smallest hashes, in the order of their hashes."""
    hashes = np.empty(len(texts), dtype=np.uint64)
    for start in range(0, len(texts), CHUNK):
        part = texts.iloc[start : start + CHUNK] if isinstance(texts, pd.Series) else texts[start : start + CHUNK]
        plain = np.array([text if isinstance(text, str) else "" for text in part], dtype=object)
        hashes[start : start + len(plain)] = pd.util.hash_array(plain, categorize=False)
    rows = np.arange(len(texts)) if fit_on is None else np.flatnonzero(fit_on)
    _, first = np.unique(hashes[rows], return_index=True)
    rows = rows[first[: size + 1]]
    found = [texts.iloc[row] if isinstance(texts, pd.Series) else texts[row] for row in rows.tolist()]
    return [text for text in found if isinstance(text, str) and text.strip()][:size]


def _maybe_names(documents: Sequence[Sequence[str]], least: int) -> frozenset[str]:
    """Return stems that may be somebody's name: rare unknown words, and listed names in *least* documents or more.

    Neither a theme's name nor its definition, which reports and the store keep, may hold one.
    """
    counts = Counter(stem for document in documents for stem in set(document))
    return frozenset(
        stem
        for stem, count in counts.items()
        if (count < _LEAST_UNKNOWN and not is_known(stem)) or (count >= least and is_persons_name(stem))
    )


def _limits(
    weights: Sequence[dict[str, float]], stems: Sequence[str], counts: Any, lengths: NDArray[np.int64], seed: int
) -> NDArray[np.float64]:
    """Return each theme's least score: what half the random texts stay below with their best theme.

    Random texts have as many telling stems as real ones, drawn by how many texts hold them.
    """
    random = np.random.default_rng(seed)
    share = np.asarray(counts.sum(axis=0)).ravel()
    table = weight_table([Definition("", "", one, 0.0) for one in weights], stems)
    size = np.maximum(random.choice(lengths, _NULL_TEXTS), 1)
    drawn = random.choice(len(stems), int(size.sum()), p=share / share.sum())
    row = np.repeat(np.arange(_NULL_TEXTS), size)
    scores = np.zeros((_NULL_TEXTS, len(weights)))
    np.add.at(scores, row, table.T[drawn])
    best = (scores / np.sqrt(size)[:, None]).max(axis=1)
    return np.full(len(weights), np.quantile(best, _NULL_SHARE))


def _phrases(
    tokenize: Tokenizer, texts: list[str], of: NDArray[np.int32], counts: PhraseCounts
) -> list[tuple[str, ...]]:
    for start in range(0, len(texts), _BATCH):
        part = slice(start, start + _BATCH)
        counts.add(tokenize(texts[part]), of[part].astype(np.int64))
    return counts.names()
