"""Score a Spark DataFrame."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.errors import InputError, OptionError
from pipeline.intake.columns import resolve
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.scoring.columns import own_columns
from pipeline.scoring.regions import region_columns
from pipeline.scoring.spark.worker import Inputs, SharedModel, score_batches
from pipeline.settings import ColumnNames, load_settings
from pipeline.tracking.artefact import MANIFEST, read_manifest
from pipeline.tracking.locate import find_folder

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def score(
    df: DataFrame,
    model: str | Path = "starter",
    *,
    text: str | None = None,
    problem: str | None = None,
    store: Path | None = None,
) -> DataFrame:
    """Return *df* with the columns that :meth:`Router.score` adds, as a lazy DataFrame.

    Args:
        df: A DataFrame with a text column, found by its usual names unless *text* names it.
        model: ``NAME``, ``NAME@alias`` or ``NAME/version`` in *store*, or the folder of a router's artefact.
        text: The text column.
        problem: The name of a further column that tells why a row has no results: the class of the error that its
            scoring raised, else null. Such rows have null results in any case.
        store: The MLflow store that *model* is in; default: the settings'.

    The own columns keep their names (one named like a result gets ``_asal``) and types; then come
    ``OUTPUT_COLUMNS``: ``keyakinan*`` double in 0-1, the rest string. The driver reads the model now and sends it
    to the workers, which need disposisi installed and load it once a process.

    Raises:
        InputError: *df* is no Spark DataFrame; :class:`MissingColumnError` when it has no text column.
        OptionError: A Spark Connect session, or two columns of one name.
        ModelError: There is no such model, or it cannot be read.
    """
    from pyspark.sql import DataFrame

    if not isinstance(df, DataFrame):
        raise InputError(f"score takes a Spark DataFrame, not {type(df).__name__}")
    columns = resolve(df.columns, ColumnNames(text=text), ["text"], file="data", layout="tabel")
    assert columns.text is not None
    shared = share_model(df.sparkSession, _folder(model, store))
    return add_scores(df, shared, columns.text, own_columns(df.columns), problem, columns.date)


def share_model(spark: SparkSession, folder: Path) -> SharedModel:
    """Send the artefact in *folder* to the workers of *spark*. Raises :class:`ArtefactError`, :class:`OptionError`."""
    read_manifest(folder)
    try:
        context = spark.sparkContext
    except Exception as error:
        raise OptionError(
            "A Spark Connect session cannot send a model to the workers. Use a classic session (spark-submit, "
            "or SparkSession.builder.master(...))."
        ) from error
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return SharedModel(hashlib.sha256(files[MANIFEST]).hexdigest(), context.broadcast(files))


def add_scores(
    df: DataFrame, model: SharedModel, text: str, names: Mapping[str, str], problem: str | None, date: str | None
) -> DataFrame:
    """Return the columns *names* (in the input → in the output) of *df*, the results, and *problem* if named.

    *text* and *date* are columns of *df*; those of regions are found by their usual names.
    """
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    places = {place: names[name] for place, name in enumerate(df.columns) if name in names}
    extra = [] if problem is None else [problem]
    _refuse_same_names(df, [*places.values(), *OUTPUT_COLUMNS, *extra])
    own = [
        StructField(name, df.schema[place].dataType, metadata=df.schema[place].metadata)
        for place, name in places.items()
    ]
    results = [StructField(c, DoubleType() if column_kind(c) == "double" else StringType()) for c in OUTPUT_COLUMNS]
    schema = StructType([*own, *results, *(StructField(name, StringType()) for name in extra)])
    others = [*region_columns(df.columns).values(), *([] if date is None else [date])]
    inputs = Inputs(df.columns.index(text), {name: df.columns.index(name) for name in others}, date, dt.date.today())

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[Any]:
        return score_batches(batches, model, inputs, places, problem)

    # Plain names on the way in: mapInArrow takes a dot in a column's name for a path, and *schema* has the names.
    return df.toDF(*(f"c{place}" for place in range(len(df.columns)))).mapInArrow(run, schema)


def _folder(model: str | Path, store: Path | None) -> Path:
    if isinstance(model, Path) or Path(model, MANIFEST).is_file():
        return Path(model)
    return find_folder(store or load_settings().store, model)


def _refuse_same_names(df: DataFrame, names: list[str]) -> None:
    duplicates = sorted({name for name in df.columns if df.columns.count(name) > 1})
    if duplicates:
        raise OptionError(f"The DataFrame has two columns named {duplicates[0]!r}. Rename one.")
    sensitive = df.sparkSession.conf.get("spark.sql.caseSensitive") == "true"
    seen: dict[str, str] = {}
    for name in names:
        key = name if sensitive else name.lower()
        if key in seen:
            raise OptionError(
                f"Columns {seen[key]!r} and {name!r} would be one to Spark. Rename the one of the input"
                + ("." if name == seen[key] else ", or set spark.sql.caseSensitive to true.")
            )
        seen[key] = name
