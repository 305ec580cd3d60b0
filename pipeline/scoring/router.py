"""The router: texts in, scored rows out. ``Router.score`` is the batch scoring function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.classifiers.evidence import EvidenceFinder
from pipeline.classifiers.evidence_features import feature_rows
from pipeline.classifiers.sentences import SentenceFinder
from pipeline.errors import InputError
from pipeline.intake import LAYOUT_SP4N, LAYOUT_TABLE, Batch
from pipeline.intake.columns import resolve
from pipeline.intake.sp4n import is_export
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.routing.curve import RiskCurve
from pipeline.routing.findings import FindingFinder, settle
from pipeline.routing.policy import decide, load_policy
from pipeline.scoring.columns import own_columns
from pipeline.scoring.finish import Finisher, RunOptions
from pipeline.scoring.reasons import Reasons
from pipeline.settings import ColumnNames
from pipeline.text import Tokenizer, WordTable
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
_TYPES = {name: np.float64 if column_kind(name) == "double" else _TEXT for name in OUTPUT_COLUMNS}
_TEXTS = "isi"


class Router:
    """Both classifiers, the preprocessor and the rules, loaded once; safe to call from one thread at a time."""

    def __init__(self, unit: UnitClassifier, urgency: UrgencyClassifier, manifest: dict[str, Any]) -> None:
        self.unit = unit
        self.urgency = urgency
        self.manifest = manifest
        self.threshold: float = unit.threshold_
        self.curve = RiskCurve.of(unit)
        self.table = table = WordTable()
        self.tokenize = Tokenizer(table)
        self.sentences = SentenceFinder(table)
        self.evidence = EvidenceFinder(table)
        self._units = np.array([str(name) for name in unit.classes_], dtype=object)
        self.findings = FindingFinder(table, unit.vectorizer_.__contains__, self._units.tolist())
        self._policy = replace(load_policy(), capacity=None, margin=0.0)  # those take a whole run
        self._levels = np.array(urgency.classes_, dtype=object)
        self.reasons = Reasons(unit, urgency)

    @classmethod
    def load(cls, folder: Path) -> Router:
        """Load a router's artefact folder; raises :class:`pipeline.errors.ArtefactError`."""
        return cls(*read_artefact(folder))

    @property
    def version(self) -> str:
        """``NAME/VERSION`` of this model."""
        return str(self.manifest["version"])

    def score(
        self,
        data: pd.DataFrame | pd.Series | Sequence[str],
        *,
        text: str | None = None,
        options: RunOptions | None = None,
    ) -> pd.DataFrame:
        """Score complaints: the batch scoring function.

        *data*: a list or Series of texts, or a DataFrame with a text column (*text*, else found by its usual
        names; a SP4N-LAPOR export's is ``Isi Laporan Awal``). A missing text is an empty one. The date and the region
        columns of a DataFrame are used where they have their usual names. *options*: wanted precision, capacity,
        holidays and so on. Returns one row for each row given, same order and index: a DataFrame's own columns
        first, then ``OUTPUT_COLUMNS`` (``keyakinan*`` float64 in 0-1, the rest ``str``). Raises
        :class:`InputError` for other types, :class:`MissingColumnError` when no text column is found.
        """
        if isinstance(data, pd.DataFrame):
            own = data.set_axis([str(c) for c in data.columns], axis=1)
        elif isinstance(data, str) or not isinstance(data, pd.Series | Sequence | np.ndarray):
            raise InputError(f"score takes a DataFrame, a Series or a list of texts, not {type(data).__name__}")
        else:
            own, text = pd.DataFrame({_TEXTS: pd.Series(list(data), dtype=object)}), _TEXTS
        layout = LAYOUT_SP4N if is_export(list(own.columns)) else LAYOUT_TABLE
        columns = resolve(list(own.columns), ColumnNames(text=text), ["text"], file="data", layout=layout)
        numbers = np.arange(1, len(own) + 1)
        batch = Batch(own.reset_index(drop=True), numbers, "data", columns, layout)
        scored = self.score_batch(batch, options or RunOptions())
        if not isinstance(data, pd.DataFrame):
            return scored.set_axis(data.index) if isinstance(data, pd.Series) else scored
        scored.index = data.index
        names = own_columns(list(own.columns))
        return pd.concat([own[list(names)].rename(columns=names), scored], axis=1)

    def score_batch(self, batch: Batch, options: RunOptions) -> pd.DataFrame:
        """Return the ``OUTPUT_COLUMNS`` of *batch*, taken for a whole run (index 0..n-1)."""
        alone = len(batch) < 2 and options.index is None
        finisher = Finisher(replace(options, groups=False) if alone else options, self.curve, self.table)
        try:
            texts = batch.texts()
            scored = finisher.take(batch, texts, self.score_texts(texts))
            finisher.settle()
            done = finisher.finish(scored).astype(_TYPES)
            finisher.save()
        finally:
            finisher.close()
        return done

    def score_texts(self, texts: Sequence[Any]) -> pd.DataFrame:
        """Return what the texts alone decide, in all ``OUTPUT_COLUMNS`` (those of the whole batch stay ``""``).

        Anything that is not a ``str`` counts as an empty text. :class:`Finisher` completes the rows.
        """
        clean = [text if isinstance(text, str) else "" for text in texts]
        parts = [self._score(part) for part in _portions(clean)]
        if len(parts) == 1:
            return parts[0]
        return pd.concat(parts, ignore_index=True) if parts else _frame({name: [] for name in OUTPUT_COLUMNS})

    def _score(self, texts: list[str]) -> pd.DataFrame:
        rows = self.tokenize(texts)
        sentences = self.sentences(rows)
        evidence = self.evidence.find(rows, sentences)
        features = self.unit.vectorize(rows)
        probabilities = self.unit.probabilities(features)
        level_features = self.urgency.vectorize(rows, feature_rows(evidence, rows).astype(np.float64))
        level_probabilities = self.urgency.probabilities(level_features)
        levels = self.urgency.decide(level_probabilities)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :TOP]
        sure = np.take_along_axis(probabilities, order, axis=1).round(DIGITS)
        reasons = self.reasons.units(rows, features, order)
        columns: dict[str, Any] = {}
        for place in range(TOP):
            suffix = "" if place == 0 else f"_{place + 1}"
            has = place < order.shape[1]
            columns[f"unit{suffix}"] = self._units[order[:, place]] if has else [""] * len(rows)
            columns[f"keyakinan{suffix}"] = sure[:, place] if has else np.zeros(len(rows))
            columns[f"alasan{suffix}"] = reasons[place] if has else [""] * len(rows)
        level_sure = level_probabilities[np.arange(len(rows)), levels]
        columns["urgensi"], columns["keyakinan_urgensi"] = self._levels[levels], level_sure.round(DIGITS)
        columns["alasan_urgensi"] = self.reasons.level(rows, evidence, level_features[0], levels)
        columns["versi_model"] = [self.version] * len(rows)
        found = self.findings.find(sentences, columns["unit"], columns["urgensi"])
        decision = decide(self._policy, self.curve, columns["unit"], columns["keyakinan"], forced=found.watched)
        return _frame(columns | found.columns | settle(decision, found, columns["alasan"]))


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
    none = [""] * len(columns["unit"])
    arrays = {
        name: np.asarray(columns[name], dtype=np.float64) if kind is np.float64
        else pd.array(columns.get(name, none), dtype=_TEXT)
        for name, kind in _TYPES.items()
    }  # fmt: skip
    return pd.DataFrame(arrays, copy=False)
