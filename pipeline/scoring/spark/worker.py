"""What a Spark worker runs: load the model once a process, score Arrow batches.

Arrow batches and not pandas frames: the columns that are not read go through untouched, so whole numbers beside
nulls, timestamps and nested values keep their exact types.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.router import Router

RESULTS = pa.schema([(c, pa.float64() if c.startswith("keyakinan") else pa.string()) for c in OUTPUT_COLUMNS])
"""The results' columns as Arrow types."""

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


def score_batches(
    batches: Iterator[pa.RecordBatch], model: SharedModel, text: int, keep: Mapping[int, str], problem: str | None
) -> Iterator[pa.RecordBatch]:
    """Score *batches*: the columns of *keep* (place → name), then ``OUTPUT_COLUMNS``, then *problem* if it has a name.

    *text* is the place of the text column. A row whose scoring raises has null results, and *problem* holds the
    error's class; the other rows of its batch are not lost.
    """
    router = model.router()
    for batch in batches:
        if not batch.num_rows:
            continue
        results, problems = _score(router, batch.column(text).to_pylist())
        arrays = [*(batch.column(place) for place in keep), *(column.combine_chunks() for column in results.columns)]
        names = [*keep.values(), *results.schema.names]
        if problem is not None:
            arrays.append(pa.array(problems, pa.string()))
            names.append(problem)
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def _score(router: Router, texts: Sequence[Any]) -> tuple[pa.Table, list[str | None]]:
    """Return results and problems; where scoring raises, halves are tried down to the rows that raise."""
    try:
        return _arrow(router, texts), [None] * len(texts)
    except Exception as error:
        if len(texts) == 1:
            # The class only: a message may quote the complaint.
            return pa.Table.from_pylist([{}], schema=RESULTS), [type(error).__name__]
    half = len(texts) // 2
    parts = [_score(router, texts[:half]), _score(router, texts[half:])]
    return pa.concat_tables([table for table, _ in parts]), [problem for _, found in parts for problem in found]


def _arrow(router: Router, texts: Sequence[Any]) -> pa.Table:
    return pa.Table.from_pandas(router.score_texts(texts), schema=RESULTS, preserve_index=False)
