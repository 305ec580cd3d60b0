"""Score parts of files into scratch folders so that a part that brings its task down loses itself only.

Rows that cannot be read or scored are dealt with inside the task (:mod:`pipeline.scoring.spark.inputs`,
:mod:`pipeline.scoring.spark.worker`). What is left is a task that dies: a worker killed for its memory, a crash in
compiled code. Spark then fails the whole job, so the job is tried again with half the parts, down to the single one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.errors import DisposisiError
from pipeline.intake import Reject
from pipeline.scoring.spark.frames import add_scores
from pipeline.scoring.spark.inputs import HIDDEN, TEXT, Part, read_parts
from pipeline.scoring.spark.worker import SharedModel

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FAILED = "__gagal"
"""Column with the class of the error that a row's scoring raised."""

#: So many single parts fail and nothing succeeds: it is not the parts.
_GIVE_UP = 3
_TASKS_A_CORE = 4


@dataclass
class Stages:
    """Scores parts into folders below *scratch*: ``written`` lists them, ``lost`` the parts whose task died.

    *schema* holds the own columns, *text* each file's text column, *names* the own columns' names in the output,
    *date* the column of the date.
    """

    spark: SparkSession
    model: SharedModel
    scratch: Path
    schema: pa.Schema
    text: Mapping[str, str]
    names: Mapping[str, str]
    date: str | None = None
    written: list[str] = field(default_factory=list)
    lost: list[Reject] = field(default_factory=list)

    def score(self, parts: Sequence[Part]) -> None:
        """Score *parts*. Raises :class:`DisposisiError` when Spark fails for every one of the first parts."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        folder = str(self.scratch / f"bagian-{len(self.written) + len(self.lost)}")
        try:
            self._frame(parts).write.mode("overwrite").option("compression", "zstd").parquet(folder)
        except (PySparkException, Py4JError) as error:
            if len(parts) > 1:
                half = len(parts) // 2
                self.score(parts[:half])
                self.score(parts[half:])
                return
            name = type(error).__name__
            reason = f"bagian mulai baris ini tidak dinilai: pekerja Spark berhenti ({name})"
            self.lost += [Reject(part.file, part.first, reason) for part in parts]
            if not self.written and len(self.lost) >= _GIVE_UP:
                raise DisposisiError(
                    f"Spark failed on each of the first {len(self.lost)} parts ({name}). Look into Spark's log; "
                    "the workers need disposisi, its packages and memory."
                ) from error
        else:
            self.written.append(folder)

    def _frame(self, parts: Sequence[Part]) -> DataFrame:
        from pyspark.sql.pandas.types import from_arrow_schema

        context, schema, text = self.spark.sparkContext, self.schema, dict(self.text)
        cores = context.defaultParallelism
        rows = context.parallelize([astuple(part) for part in parts], max(1, len(parts)))
        listed = self.spark.createDataFrame(rows, "file string, `group` int, first long")
        full = pa.schema([*schema, *HIDDEN])

        def run(batches: Iterator[pa.RecordBatch]) -> Iterator[Any]:
            return read_parts(batches, schema, text)

        read = listed.mapInArrow(run, from_arrow_schema(full, prefer_timestamp_ntz=True))
        if len(parts) < _TASKS_A_CORE * cores:
            # Reading a file is one task, scoring it is many: it takes by far the longest.
            read = read.repartition(_TASKS_A_CORE * cores)
        return add_scores(
            read, self.model, TEXT, {**self.names, **{name: name for name in HIDDEN.names}}, FAILED, self.date
        )
