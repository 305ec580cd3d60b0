"""Whether complaints on a theme fell after an office changed something (``Apa yang kami ubah`` in the triage pages)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.reports.monev.cohort import cohort, covered_until
from pipeline.reports.monev.reading import Reports
from pipeline.reports.monev.series.counting import count_periods
from pipeline.reports.monev.series.interrupted import Effect, TooFew, effect
from pipeline.reports.monev.themes.definition import Definition, assign
from pipeline.review.monev import Change


@dataclass(frozen=True)
class Changed:
    """A change and what became of the complaints on its theme."""

    change: Change
    result: Effect | TooFew


def judge_changes(reports: Reports, changes: Sequence[Change], as_of: dt.date) -> tuple[Changed, ...]:
    """Return what followed each of *changes*, by the complaints of all periods received up to *as_of*."""
    if not changes:
        return ()
    rows = cohort(reports, None, as_of).rows
    received = reports.frame["received"].iloc[rows].reset_index(drop=True)
    everything = pd.Series(np.full(len(rows), "aduan"))
    last = covered_until(reports, as_of, slack=7)
    exposure = count_periods(received, everything, "month", last)
    texts = reports.frame["text"].iloc[rows]
    of = [assign([Definition.from_json(change.theme_id, change.definition)], texts) >= 0 for change in changes]
    return tuple(
        Changed(change, _judge(received, on_theme, exposure, change, last))
        for change, on_theme in zip(changes, of, strict=True)
    )


def _judge(
    received: pd.Series, on_theme: np.ndarray, exposure: pd.DataFrame, change: Change, last: dt.date
) -> Effect | TooFew:
    if exposure.empty:
        return TooFew("belum satu bulan utuh")
    labels = pd.Series(np.where(on_theme, "tema", "lain"))
    first = exposure.index[0].date()
    counts = count_periods(received, labels, "month", last, first)
    if "tema" not in counts:
        return TooFew("tidak ada aduan pada tema ini dalam data")
    return effect(counts["tema"], change.changed_on, exposure["aduan"])
