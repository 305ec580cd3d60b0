"""Spark's Python daemon with the router's packages imported (``spark.python.daemon.module``).

Spark forks its Python workers from this process: they start with the packages instead of importing them one by one,
and share that memory.
"""

from __future__ import annotations

from pyspark.daemon import manager

import pipeline.scoring.spark.inputs
import pipeline.scoring.spark.worker  # noqa: F401

if __name__ == "__main__":
    manager()
