"""Score files on Spark into a folder of parquet parts."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.catalogue import LEVELS
from pipeline.errors import InputError
from pipeline.intake import LAYOUT_SP4N, LAYOUT_TABLE, Reject
from pipeline.intake.columns import resolve
from pipeline.routing import OUTPUT_COLUMNS, ROUTED
from pipeline.scoring.batch import Summary
from pipeline.scoring.columns import own_columns
from pipeline.scoring.examples import shorten
from pipeline.scoring.rejects import RejectFile
from pipeline.scoring.spark.columns import widest
from pipeline.scoring.spark.folder import NewFolder
from pipeline.scoring.spark.frames import share_model
from pipeline.scoring.spark.inputs import FILE, REFUSED, ROW, TEXT, Found, Part, list_files, look_into_files
from pipeline.scoring.spark.session import spark_session
from pipeline.scoring.spark.stages import FAILED, Stages
from pipeline.settings import ColumnNames

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_EXAMPLES_FROM = 20


def score_files(
    inputs: Sequence[str],
    output: str,
    router_folder: Path,
    *,
    text: str | None = None,
    id: str | None = None,
    date: str | None = None,
    master: str | None = None,
) -> Summary:
    """Score *inputs* on Spark into *output*, a folder of parquet parts, and return the summary.

    Args:
        inputs: csv, tsv, parquet or jsonl files, or folders of them, that driver and workers see under one path.
        output: A folder ending in ``.parquet``; it appears when it is whole, its rows in no order.
        router_folder: The router's artefact.
        text, id, date: The user's column names; each must be in every file.
        master: Spark's master (:func:`pipeline.scoring.spark.session.spark_session`).

    The rows and columns are those of the local engine: all columns of all files, then ``OUTPUT_COLUMNS``. What
    fails loses itself only and is listed in ``.ditolak.csv`` (file, row, reason): a damaged file, a row group, an
    unreadable row, a part whose worker died. A row whose scoring raises stays, with null results.

    Raises:
        InputError: A file is missing or lacks a needed column, or no file can be read.
        OptionError: A wrong name, or Spark cannot start.
        DisposisiError: Spark fails whatever it is given.
    """
    files = list_files(inputs)
    wanted = ColumnNames(text=text, id=id, date=date)
    summary = Summary()
    with NewFolder(output, files) as folder, RejectFile(output) as rejects, spark_session(master) as spark:
        model = share_model(spark, router_folder)
        found = _look_into(spark, files)
        readable = [f for f in found if f.problem is None]
        if not readable:
            raise InputError(
                f"none of the {len(found)} input files can be read; {found[0].problem}", file=found[0].file
            )
        rejects.add(Reject(f.file, 1, f.problem) for f in found if f.problem is not None)
        schema = _schema(readable)
        names = own_columns(schema.names)
        stages = Stages(
            spark, model, folder.scratch, schema, _text_columns(readable, wanted), names, _date(schema.names, wanted)
        )
        stages.score([part for f in readable for part in f.parts] or [Part(readable[0].file, -1, 1)])
        rejects.add(stages.lost)
        if not stages.written:
            raise InputError(f"no part of the input could be scored; {stages.lost[0].reason}", file=stages.lost[0].file)
        rows = spark.read.parquet(*stages.written)
        rejects.add(_rejects(rows))
        scored = rows.filter(rows[REFUSED].isNull())
        kept = [*names.values(), *OUTPUT_COLUMNS]
        scored.select([_quoted(name) for name in kept]).write.option("compression", "zstd").parquet(str(folder.result))
        _summarise(scored.filter(scored["versi_model"].isNotNull()), summary)
    summary.rejected = rejects.count
    return summary


def _look_into(spark: SparkSession, files: Sequence[str]) -> list[Found]:
    context = spark.sparkContext
    tasks = min(len(files), 16 * context.defaultParallelism)
    listed = spark.createDataFrame(context.parallelize([(file,) for file in files], tasks), "file string")
    return [pickle.loads(row.found) for row in listed.mapInArrow(look_into_files, "found binary").collect()]


def _schema(found: Sequence[Found]) -> pa.Schema:
    """Return the union of the files' columns in first-seen order, each with a type that holds all its values."""
    kinds: dict[str, set[pa.DataType]] = {}
    for file in found:
        for column in file.schema:
            kinds.setdefault(column.name, set()).add(column.type)
    return pa.schema([(name, widest(of_name)) for name, of_name in kinds.items()])


def _text_columns(found: Sequence[Found], wanted: ColumnNames) -> dict[str, str]:
    need = {"text", *wanted.model_dump(exclude_none=True)}
    columns = {}
    for f in found:
        layout = LAYOUT_SP4N if f.is_export else LAYOUT_TABLE
        columns[f.file] = str(resolve(f.schema.names, wanted, need, file=f.file, layout=layout).text)
    return columns


def _date(names: Sequence[str], wanted: ColumnNames) -> str | None:
    """Return the column of the date among all files' columns, ``None`` where there is none."""
    return resolve(names, wanted, (), file="", layout=LAYOUT_TABLE).date


def _rejects(rows: DataFrame) -> Iterator[Reject]:
    bad = rows.filter(rows[REFUSED].isNotNull() | rows[FAILED].isNotNull())
    for file, row, refused, failed in bad.select(FILE, ROW, REFUSED, FAILED).orderBy(FILE, ROW).toLocalIterator():
        yield Reject(file, row, refused or f"penilaian gagal ({failed}); barisnya ada di hasil, tanpa saran")


def _summarise(scored: DataFrame, summary: Summary) -> None:
    """Count the rows of *scored*; the most urgent ones of each level become the examples."""
    routed = scored.filter(scored["tindakan"].isin(*sorted(ROUTED)))
    for level in reversed(LEVELS):
        few = routed.filter(routed["urgensi"] == level).limit(_EXAMPLES_FROM).select(TEXT, *OUTPUT_COLUMNS).toArrow()
        frame = few.to_pandas()
        summary.add(frame[TEXT].fillna("").tolist(), frame[list(OUTPUT_COLUMNS)])
    summary.show_examples(shorten)
    # The counts are those of all rows, not of the few that were looked at for examples.
    summary.rows = 0
    for counter in (summary.units, summary.levels, summary.actions):
        counter.clear()
    for unit, level, action, count in scored.groupBy("unit", "urgensi", "tindakan").count().collect():
        summary.rows += count
        summary.levels[level] += count
        summary.actions[action] += count
        if action in ROUTED:
            summary.units[unit] += count


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
