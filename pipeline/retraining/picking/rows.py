"""The rows to choose from: read once, in an order of their own, so that the order of the files changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.crosswalk import pool_place
from pipeline.classifiers.calibration import Floats
from pipeline.intake import Batch
from pipeline.intake.batch import cell_text
from pipeline.retraining.data import MIN_CHARS, letters
from pipeline.retraining.picking.clusters import Ints
from pipeline.routing.completeness import CompletenessCheck
from pipeline.scoring.router import Router
from pipeline.text import Tokenizer, WordTable

_Key = bytes
_DIGEST = 16


@dataclass
class Labelled:
    """Rows that have a label: the stems of each different text by its key, and how many rows each unit has."""

    by_key: dict[_Key, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def docs(self) -> list[list[str]]:
        """The stems of each text, in the order of the keys."""
        return [self.by_key[key] for key in sorted(self.by_key)]


@dataclass(frozen=True)
class Candidates:
    """Different texts without a label, in the order of their keys.

    ``places`` (int64): each row's place among all rows read; ``empty``: rows that no unit could act on;
    ``probabilities``: the model's (rows, units), where there is one. ``read``: rows read; ``labelled``, ``repeated``:
    how many were left out because their text has a label, or stands in the files already; ``rejected``: unreadable.
    """

    docs: list[list[str]]
    places: Ints
    empty: NDArray[np.bool_]
    probabilities: Floats | None
    read: int
    labelled: int
    repeated: int
    rejected: int

    def __len__(self) -> int:
        return len(self.docs)


class RowReader:
    """Reads rows as their stems and, with a *router*, what its unit half says; keeps no text."""

    def __init__(self, router: Router | None) -> None:
        table = WordTable() if router is None else router.table
        self._tokenize = Tokenizer(table) if router is None else router.tokenize
        self._unit = None if router is None else router.unit
        self._pool_places = router is not None and bool(router.manifest.get("pool_places"))
        known = (lambda _: True) if router is None else router.unit.vectorizer_.__contains__
        self._check = CompletenessCheck(table, known)

    def labelled(self, batches: Iterable[Batch]) -> Labelled:
        """Return what *batches* say, all of it taken for labelled; units are counted where a column has them."""
        found = Labelled()
        for batch in batches:
            new: dict[_Key, str] = {}
            for text, unit in zip(batch.texts(), batch.units(), strict=True):
                key = _text_key(text)
                if key in found.by_key or key in new or len(text) < MIN_CHARS:
                    continue
                new[key] = text
                if unit:
                    found.counts[pool_place(unit) if self._pool_places else unit] += 1
            rows = self._tokenize(list(new.values()))
            found.by_key.update((key, rows.stems(row)) for row, key in enumerate(new))
        return found

    def candidates(self, batches: Iterable[Batch], labelled: Labelled) -> Candidates:
        """Return the rows of *batches* that may be chosen.

        Of rows with the same letters the one is taken whose cells have the smallest hash, wherever it stands.
        """
        best: dict[_Key, tuple[_Key, int]] = {}
        docs: dict[_Key, list[str]] = {}
        said: dict[_Key, NDArray[np.float32]] = {}
        empty: set[_Key] = set()
        read = known = rejected = filled = 0
        for batch in batches:
            rejected += len(batch.rejects)
            taken: dict[_Key, str] = {}
            for place, (text, cells) in enumerate(zip(batch.texts(), _row_keys(batch), strict=True), start=read):
                key = _text_key(text)
                if key in labelled.by_key:
                    known += 1
                    continue
                filled += 1
                if key not in best or cells < best[key][0]:
                    best[key] = (cells, place)
                    taken[key] = text
            read += len(batch)
            self._look(taken, docs, said, empty)
        keys = sorted(best)
        probabilities = np.array([said[key] for key in keys], dtype=np.float64) if said else None
        return Candidates(
            docs=[docs[key] for key in keys],
            places=np.array([best[key][1] for key in keys], dtype=np.int64),
            empty=np.array([key in empty for key in keys], dtype=bool),
            probabilities=probabilities,
            read=read,
            labelled=known,
            repeated=filled - len(keys),
            rejected=rejected,
        )

    def _look(
        self,
        texts: dict[_Key, str],
        docs: dict[_Key, list[str]],
        said: dict[_Key, NDArray[np.float32]],
        empty: set[_Key],
    ) -> None:
        """Note what the rows of one batch say."""
        rows = self._tokenize(list(texts.values()))
        nothing = self._check(rows)
        for row, key in enumerate(texts):
            docs[key] = rows.stems(row)
            empty.discard(key)
            if row in nothing or len(texts[key]) < MIN_CHARS:
                empty.add(key)
        if self._unit is not None and texts:
            probabilities = self._unit.probabilities(self._unit.vectorize(rows)).astype(np.float32)
            said.update(zip(texts, probabilities, strict=True))


def _text_key(text: str) -> _Key:
    return hashlib.blake2b(letters(text).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def _row_keys(batch: Batch) -> Iterable[_Key]:
    for cells in batch.frame.itertuples(index=False, name=None):
        joined = "\x1f".join(map(cell_text, cells))
        yield hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
