"""Start Spark, or use the session that is running."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OptionError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_INSTALL = "Install it: pip install 'disposisi[spark]', and Java 17 (Debian: openjdk-17-jre-headless)."

DAEMON = "pipeline.scoring.spark.daemon"
"""What ``spark.python.daemon.module`` should be: Python workers then start with the packages imported."""

_SETTINGS = {
    # Columns "Unit" (the office's) and "unit" (the result) are two.
    "spark.sql.caseSensitive": "true",
    # Rows that go to a Python worker at a time: the local engine's, so that memory stays what it is there.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "5000",
}


@contextmanager
def spark_session(master: str | None = None) -> Iterator[SparkSession]:
    """Give a session with the settings that scoring files needs, and leave Spark as it was found.

    Spark is stopped at the end if it was started here; a session that was running gets its settings back.

    *master* is Spark's (``local[4]``, ``spark://host:7077``, ``yarn``); default: what spark-submit or
    spark-defaults.conf say, else all cores of this machine. It has no effect where Spark is running already.

    Raises:
        OptionError: PySpark or Java is missing, or Spark does not start.
    """
    try:
        from pyspark import SparkContext
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise OptionError(f"PySpark is not installed. {_INSTALL}") from error
    running = SparkContext._active_spark_context is not None
    session = SparkSession.builder.getOrCreate() if running else _start(master)
    before = {name: session.conf.get(name) for name in _SETTINGS}
    try:
        _configure(session, _SETTINGS)
        yield session
    finally:
        if running:
            _configure(session, before)
        else:
            session.stop()


def _start(master: str | None) -> SparkSession:
    from pyspark.sql import SparkSession

    # Under spark-submit the Java side runs already.
    if "PYSPARK_GATEWAY_PORT" not in os.environ and not _has_java():
        raise OptionError(f"Java is not found (on PATH or under JAVA_HOME), and Spark needs it. {_INSTALL}")
    # The workers must have the packages of this Python, not those of the first python3 on PATH.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.appName("disposisi")
        .config("spark.ui.showConsoleProgress", sys.stderr.isatty())
        .config("spark.python.daemon.module", DAEMON)
    )
    if master is not None:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        # Many kinds: the gateway's exit, a wrong master, a cluster that cannot be reached.
        asked = "" if master is None else f" with master {master!r}"
        raise OptionError(
            f"Spark did not start{asked} ({type(error).__name__}). It needs Java 17 or newer (see: java -version) "
            "and a master that can be reached, such as local[4] or spark://HOST:7077."
        ) from error
    # What fails is reported row by row or file by file; Spark's stack traces would bury that.
    session.sparkContext.setLogLevel("FATAL")
    return session


def _configure(session: SparkSession, settings: Mapping[str, str | None]) -> None:
    for name, value in settings.items():
        session.conf.set(name, str(value))


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None if not home else (Path(home) / "bin" / "java").exists()
