"""Batch scoring of files: batches in, scored rows out, in flat memory and the input's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.catalogue import LEVELS
from pipeline.intake import Batch, Source
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.output import open_output
from pipeline.scoring.rejects import RejectFile
from pipeline.scoring.router import Router, own_columns
from pipeline.text import mask, repair

EXAMPLES = 3
_EXAMPLE_CHARS = 160


@dataclass
class Example:
    """One row to show: its text masked and shortened."""

    text: str
    row: dict[str, Any]


@dataclass
class Summary:
    """Counts over a scored batch and a few example rows."""

    rows: int = 0
    rejected: int = 0
    units: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    def add(self, texts: Sequence[str], scored: pd.DataFrame) -> None:
        """Count the rows of one scored batch; the most urgent ones are kept as examples, of different units."""
        self.rows += len(scored)
        self.levels.update(scored["urgensi"])
        self.actions.update(scored["tindakan"])
        routed = scored["tindakan"].isin(["teruskan", "tinjau"])
        self.units.update(scored.loc[routed, "unit"])
        ranks = scored["urgensi"].map(LEVELS.index)
        candidates = scored[routed].assign(_rank=ranks).sort_values("_rank", ascending=False, kind="stable").head(20)
        for place, row in candidates.drop(columns="_rank").iterrows():
            if any(example.row["unit"] == row["unit"] for example in self.examples):
                continue
            self.examples.append(
                Example(_shorten(texts[int(str(place))]), {str(key): value for key, value in row.items()})
            )
        self.examples.sort(key=lambda e: -LEVELS.index(e.row["urgensi"]))
        del self.examples[EXAMPLES:]


def score_source(
    source: Source, out: str, router: Router, *, progress: Callable[[int], object] = lambda _: None
) -> Summary:
    """Score every row of *source* into *out* and return the summary.

    All input columns come back in their order, then ``OUTPUT_COLUMNS``; unreadable rows go to OUT's
    ``.ditolak.csv``. The output appears under its name only when it is whole. *progress* gets each batch's rows.
    """
    summary = Summary()
    names = own_columns(source.output_columns)
    columns = [*names.values(), *OUTPUT_COLUMNS]
    dates = [names[name] for name in source.date_columns if name in names]
    with open_output(out, columns, date_columns=dates) as output, RejectFile(out) as rejects:
        for batch in source:
            scored = score_batch(batch, router, names)
            rejects.add(batch.rejects)
            summary.rejected += len(batch.rejects)
            if len(batch):
                summary.add(batch.texts(), scored)
                output.write(scored)
            progress(len(batch) + len(batch.rejects))
    return summary


def score_batch(batch: Batch, router: Router, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the batch's own columns under their output *names* (missing ones empty), then the scored ones."""
    scored = router.score_texts(batch.texts())
    own = batch.frame.reindex(columns=list(names)).rename(columns=dict(names))
    return pd.concat([own, scored], axis=1)


def _shorten(text: str) -> str:
    masked = " ".join(mask(repair(text)).split())
    return masked if len(masked) <= _EXAMPLE_CHARS else masked[: _EXAMPLE_CHARS - 1].rsplit(" ", 1)[0] + " …"
