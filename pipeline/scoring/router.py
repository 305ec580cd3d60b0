"""The router: texts in, scored rows out. ``Router.score`` is the batch scoring function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.classifiers import UnitClassifier, UrgencyClassifier
from pipeline.classifiers.contributions import Contributions
from pipeline.classifiers.evidence import EvidenceFinder, feature_row
from pipeline.classifiers.explanation import phrases
from pipeline.errors import InputError
from pipeline.intake.columns import resolve
from pipeline.routing import OUTPUT_COLUMNS, CompletenessCheck, decide_action
from pipeline.scoring.reasons import urgency_reasons
from pipeline.settings import ColumnNames
from pipeline.text import Analyzer, Token
from pipeline.tracking.artefact import read_artefact

TOP = 3


class Router:
    """Both classifiers, the preprocessor and the rules, loaded once; safe to call from one thread at a time."""

    def __init__(self, unit: UnitClassifier, urgency: UrgencyClassifier, manifest: dict[str, Any]) -> None:
        self.unit = unit
        self.urgency = urgency
        self.manifest = manifest
        self.threshold: float = unit.threshold_
        self._analyzer = Analyzer()
        self._evidence = EvidenceFinder()
        self._unit_parts = Contributions(unit.vectorizer_)
        self._urgency_parts = Contributions(urgency.vectorizer_)
        # One column a class: a text's weights are then read from one stretch of memory.
        self._unit_weights = np.asfortranarray(unit.coef_)
        self._urgency_weights = np.asfortranarray(urgency.coef_)
        self._completeness = CompletenessCheck(lambda stem: stem in unit.vectorizer_)

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
        analysed = [self._analyzer.tokenize(text if isinstance(text, str) else "") for text in texts]
        docs = [[token.stem for token in tokens] for _, tokens in analysed]
        evidence = [self._evidence.find(tokens, clean) for clean, tokens in analysed]
        if not docs:
            return _frame([])
        unit_matrix = self.unit.vectorize(docs)
        probabilities = self.unit.probabilities(unit_matrix)
        levels_matrix = self.urgency.vectorize(
            docs, np.stack([feature_row(e, clean) for e, (clean, _) in zip(evidence, analysed, strict=True)])
        )
        level_probabilities = self.urgency.probabilities(levels_matrix)
        levels = self.urgency.decide(level_probabilities)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :TOP]
        rows = []
        for i, (clean, tokens) in enumerate(analysed):
            row = self._unit_part(probabilities[i], order[i])
            level = self.urgency.classes_[levels[i]]
            row["urgensi"] = level
            row["keyakinan_urgensi"] = float(level_probabilities[i, levels[i]])
            row["tindakan"] = decide_action(row["keyakinan"], self.threshold)
            row["alasan"] = self._why_unit(unit_matrix, i, order[i], clean, tokens, docs[i])
            row["alasan_urgensi"] = urgency_reasons(
                level, clean, tokens, evidence[i], self._level_contributions(levels_matrix, i, levels[i], docs[i])
            )
            problem = self._completeness(clean, tokens)
            if problem is not None:
                row["tindakan"], row["alasan"] = problem.action, problem.reason
            row["versi_model"] = self.version
            rows.append(row)
        return _frame(rows)

    def _unit_part(self, probabilities: np.ndarray, order: np.ndarray) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for place in range(TOP):
            suffix = "" if place == 0 else f"_{place + 1}"
            has = place < len(order)
            row[f"unit{suffix}"] = str(self.unit.classes_[order[place]]) if has else ""
            row[f"keyakinan{suffix}"] = float(probabilities[order[place]]) if has else 0.0
        return row

    def _why_unit(
        self, matrix: Any, row: int, order: np.ndarray, text: str, tokens: list[Token], stems: list[str]
    ) -> str:
        best, second = self._unit_weights[:, order[0]], self._unit_weights[:, order[1]]
        found = phrases(text, tokens, self._unit_parts(matrix, row, best, second, stems))
        return "; ".join(found) if found else "tidak ada kata yang menentukan"

    def _level_contributions(self, matrix: Any, row: int, level: int, stems: list[str]) -> dict[str, float]:
        """Contributions to "at least this level", or for the lowest level to staying below the next."""
        weights = self._urgency_weights[:, max(level - 1, 0)]
        found = self._urgency_parts(matrix, row, weights, None, stems)
        return found if level > 0 else {feature: -part for feature, part in found.items()}


def own_columns(names: Sequence[str]) -> dict[str, str]:
    """Return input column → its name in the output.

    An input that was scored before (it has ``versi_model``) loses its old results. Any other column that is named
    like a result, such as the label ``unit``, comes back as ``unit_asal``.
    """
    scored_before = OUTPUT_COLUMNS[-1] in names
    if scored_before:
        return {name: name for name in names if name not in OUTPUT_COLUMNS}
    return {name: f"{name}_asal" if name in OUTPUT_COLUMNS else name for name in names}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(OUTPUT_COLUMNS))
    kinds = {c: "float64" if c.startswith("keyakinan") else "str" for c in OUTPUT_COLUMNS}
    return frame.astype(kinds)
