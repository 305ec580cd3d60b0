"""What a Spark worker runs: load the model once a process, score Arrow batches.

Arrow batches and not pandas frames: the columns that are not read go through untouched, so whole numbers beside
nulls, timestamps and nested values keep their exact types.
"""

from __future__ import annotations

import datetime as dt
import gc
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.intake import LAYOUT_TABLE, Batch
from pipeline.intake.batch import Columns
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.scoring.finish import RunOptions
from pipeline.scoring.router import Router

RESULTS = pa.schema([(c, pa.float64() if column_kind(c) == "double" else pa.string()) for c in OUTPUT_COLUMNS])
"""The results' columns as Arrow types."""

_TEXT = "__teks"
_loaded: dict[str, Router] = {}


@dataclass(frozen=True)
class SharedModel:
    """A model on its way to the workers: its artefact's files (name → bytes) as a Spark broadcast.

    A broadcast reaches executors that share no file system with the driver; ``digest`` is the manifest's sha256.
    """

    digest: str
    files: Any

    def router(self) -> Router:
        """Return the router, loaded once a worker process. Raises :class:`pipeline.errors.ArtefactError`."""
        if self.digest not in _loaded:
            with tempfile.TemporaryDirectory(prefix="disposisi-") as folder:
                for name, content in self.files.value.items():
                    path = Path(folder, name)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                _loaded[self.digest] = Router.load(Path(folder))
            # Spark collects garbage after every task; going through the model's objects takes longer than many tasks.
            gc.freeze()
        return _loaded[self.digest]


@dataclass(frozen=True)
class Inputs:
    """Which columns of an Arrow batch a row's decision takes, by place.

    ``others``: name → place of the date's and the regions' columns; ``date`` is one of those names.
    """

    text: int
    others: Mapping[str, int]
    date: str | None
    today: dt.date

    def batch(self, arrow: pa.RecordBatch) -> Batch:
        """Return the rows of *arrow* with these columns."""
        frame = pd.DataFrame(
            {_TEXT: pd.Series(arrow.column(self.text).to_pylist(), dtype=object)}
            | {name: pd.Series(arrow.column(place).to_pylist(), dtype=object) for name, place in self.others.items()}
        )
        columns = Columns(text=_TEXT, id=None, date=self.date, unit=None, urgency=None)
        return Batch(frame, np.arange(1, len(frame) + 1), "Spark", columns, LAYOUT_TABLE)


def score_batches(
    batches: Iterator[pa.RecordBatch], model: SharedModel, inputs: Inputs, keep: Mapping[int, str], problem: str | None
) -> Iterator[pa.RecordBatch]:
    """Score *batches*: the columns of *keep* (place → name), then ``OUTPUT_COLUMNS``, then *problem* if it has a name.

    A row whose scoring raises has null results, and *problem* holds the error's class; the other rows of its batch
    are not lost. Rows are not compared with each other.
    """
    router = model.router()
    options = RunOptions(today=inputs.today, groups=False, whole=False)
    for batch in batches:
        if not batch.num_rows:
            continue
        results, problems = _score(router, inputs.batch(batch), options)
        arrays = [*(batch.column(place) for place in keep), *(column.combine_chunks() for column in results.columns)]
        names = [*keep.values(), *results.schema.names]
        if problem is not None:
            arrays.append(pa.array(problems, pa.string()))
            names.append(problem)
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def _score(router: Router, batch: Batch, options: RunOptions) -> tuple[pa.Table, list[str | None]]:
    """Return results and problems; where scoring raises, halves are tried down to the rows that raise."""
    try:
        scored = router.score_batch(batch, options)
        return pa.Table.from_pandas(scored, schema=RESULTS, preserve_index=False), [None] * len(batch)
    except Exception as error:
        if len(batch) == 1:
            # The class only: a message may quote the complaint.
            return pa.Table.from_pylist([{}], schema=RESULTS), [type(error).__name__]
    first = np.arange(len(batch)) < len(batch) // 2
    parts = [_score(router, batch.keep(half, ()), options) for half in (first, ~first)]
    return pa.concat_tables([table for table, _ in parts]), [problem for _, found in parts for problem in found]
