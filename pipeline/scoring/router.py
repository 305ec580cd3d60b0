"""The router: texts in, scored rows out. ``Router.score`` is the batch scoring function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import LEVELS
from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.classifiers.contributions import Explainer
from pipeline.classifiers.evidence import EvidenceFinder, EvidenceRows
from pipeline.classifiers.evidence_features import feature_rows
from pipeline.classifiers.explanation import find_phrases
from pipeline.classifiers.features import Features
from pipeline.errors import InputError
from pipeline.intake.columns import resolve
from pipeline.routing import OUTPUT_COLUMNS, decide_actions
from pipeline.routing.completeness import CompletenessCheck
from pipeline.scoring.columns import own_columns
from pipeline.scoring.reasons import evidence_reasons, no_reason
from pipeline.settings import ColumnNames
from pipeline.text import Tokenizer, TokenRows, WordTable
from pipeline.text.repair import MAX_CHARS
from pipeline.tracking.artefact import read_artefact

TOP = 3
DIGITS = 6
"""Decimals of a probability."""
_AT_ONCE = 1000
"""Texts that are worked on at once: enough to make a text's share of each step small, few enough for the caches."""
_CHARS_AT_ONCE = 1_500_000
_TEXT = pd.StringDtype(na_value=np.nan)
"""What pandas means by ``str``; naming it by that word costs a look-up for each column of each frame."""
_NO_WORDS = "tidak ada kata yang menentukan"


class Router:
    """Both classifiers, the preprocessor and the rules, loaded once; safe to call from one thread at a time."""

    def __init__(self, unit: UnitClassifier, urgency: UrgencyClassifier, manifest: dict[str, Any]) -> None:
        self.unit = unit
        self.urgency = urgency
        self.manifest = manifest
        self.threshold: float = unit.threshold_
        table = WordTable()
        self._tokenize = Tokenizer(table)
        self._evidence = EvidenceFinder(table)
        self._explain_unit = Explainer(unit.vectorizer_, unit.coef_)
        self._explain_level = Explainer(urgency.vectorizer_, urgency.coef_)
        self._completeness = CompletenessCheck(table, unit.vectorizer_.__contains__)
        self._units = np.array([str(name) for name in unit.classes_], dtype=object)
        self._levels = np.array(urgency.classes_, dtype=object)

    @classmethod
    def load(cls, folder: Path) -> Router:
        """Load a router's artefact folder; raises :class:`pipeline.errors.ArtefactError`."""
        return cls(*read_artefact(folder))

    @property
    def version(self) -> str:
        """``NAME/VERSION`` of this model."""
        return str(self.manifest["version"])

    def score(self, data: pd.DataFrame | pd.Series | Sequence[str], *, text: str | None = None) -> pd.DataFrame:
        """Score complaints: the batch scoring function.

        *data*: a list or Series of texts, or a DataFrame with a text column (*text*, else found by its usual
        names; a SP4N-LAPOR export's is ``Isi Laporan Awal``). A missing text is an empty one. Returns one row for
        each row given, same order and index: a DataFrame's own columns first, then ``OUTPUT_COLUMNS``
        (``keyakinan*`` float64 in 0-1, the rest ``str``). Raises :class:`InputError` for other types,
        :class:`MissingColumnError` when no text column is found.
        """
        if isinstance(data, pd.DataFrame):
            columns = resolve(
                [str(c) for c in data.columns], ColumnNames(text=text), ["text"], file="data", layout="tabel"
            )
            scored = self.score_texts(data[columns.text].tolist())
            scored.index = data.index
            names = own_columns([str(c) for c in data.columns])
            own = data.set_axis([str(c) for c in data.columns], axis=1)[list(names)].rename(columns=names)
            return pd.concat([own, scored], axis=1)
        if isinstance(data, pd.Series):
            scored = self.score_texts(data.tolist())
            scored.index = data.index
            return scored
        if isinstance(data, str) or not isinstance(data, Sequence | np.ndarray):
            raise InputError(f"score takes a DataFrame, a Series or a list of texts, not {type(data).__name__}")
        return self.score_texts(list(data))

    def score_texts(self, texts: Sequence[Any]) -> pd.DataFrame:
        """Score a list of texts; anything that is not a ``str`` counts as an empty text."""
        clean = [text if isinstance(text, str) else "" for text in texts]
        parts = [self._score(part) for part in _portions(clean)]
        if len(parts) == 1:
            return parts[0]
        return pd.concat(parts, ignore_index=True) if parts else _frame({name: [] for name in OUTPUT_COLUMNS})

    def _score(self, texts: list[str]) -> pd.DataFrame:
        rows = self._tokenize(texts)
        evidence = self._evidence.find(rows)
        features = self.unit.vectorize(rows)
        probabilities = self.unit.probabilities(features)
        level_features = self.urgency.vectorize(rows, feature_rows(evidence, rows).astype(np.float64))
        level_probabilities = self.urgency.probabilities(level_features)
        levels = self.urgency.decide(level_probabilities)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :TOP]
        why_level = self._why_level(rows, evidence, level_features[0], levels)
        sure = np.take_along_axis(probabilities, order, axis=1)
        action = decide_actions(sure[:, 0], self.threshold)
        why_unit = self._why_unit(rows, features, order)
        for number, problem in self._completeness(rows).items():
            action[number], why_unit[number] = problem.action, problem.reason
        columns: dict[str, Any] = {}
        for place in range(TOP):
            suffix = "" if place == 0 else f"_{place + 1}"
            has = place < order.shape[1]
            columns[f"unit{suffix}"] = self._units[order[:, place]] if has else [""] * len(rows)
            columns[f"keyakinan{suffix}"] = sure[:, place].round(DIGITS) if has else np.zeros(len(rows))
        level_sure = level_probabilities[np.arange(len(rows)), levels]
        return _frame(
            columns
            | {
                "urgensi": self._levels[levels],
                "keyakinan_urgensi": level_sure.round(DIGITS),
                "tindakan": action,
                "alasan": why_unit,
                "alasan_urgensi": why_level,
                "versi_model": [self.version] * len(rows),
            }
        )

    def _why_unit(self, rows: TokenRows, features: Features, order: NDArray[np.int64]) -> list[str]:
        """Return the words that speak for the first unit against the second."""
        parts = self._explain_unit(rows, features, order[:, 0], order[:, 1] if order.shape[1] > 1 else None)
        found = find_phrases(rows, parts, np.ones(len(rows), dtype=bool))
        return ["; ".join(found[row]) if row in found else _NO_WORDS for row in range(len(rows))]

    def _why_level(
        self, rows: TokenRows, evidence: EvidenceRows, features: Features, levels: NDArray[np.int64]
    ) -> list[str]:
        """Return the evidence for each level above the lowest; else the words that spoke most for the level.

        Those speak for "at least this level", or for the lowest level against the next.
        """
        found = evidence_reasons(evidence, rows, self._levels[levels] != LEVELS[0])
        bare = np.ones(len(rows), dtype=bool)
        bare[list(found)] = False
        parts = self._explain_level(rows, features, np.maximum(levels - 1, 0), sign=np.where(levels == 0, -1.0, 1.0))
        words = find_phrases(rows, parts, bare)
        return [found[row] if row in found else no_reason(words.get(row, [])) for row in range(len(rows))]


def _portions(texts: list[str]) -> Iterator[list[str]]:
    """Yield *texts* in portions of at most :data:`_AT_ONCE` texts and about :data:`_CHARS_AT_ONCE` characters."""
    start = size = 0
    for number, text in enumerate(texts):
        if number > start and (number - start == _AT_ONCE or size + len(text) > _CHARS_AT_ONCE):
            yield texts[start:number]
            start, size = number, 0
        size += min(len(text), MAX_CHARS)
    if texts:
        yield texts[start:]


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    arrays = {
        name: np.asarray(columns[name], dtype=np.float64)
        if name.startswith("keyakinan")
        else pd.array(columns[name], dtype=_TEXT)
        for name in OUTPUT_COLUMNS
    }
    return pd.DataFrame(arrays, copy=False)
