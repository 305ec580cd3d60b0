"""Scoring on Apache Spark: the same columns and values as :meth:`pipeline.scoring.router.Router.score`.

:func:`score` adds the results to a Spark DataFrame; :func:`score_files` scores files into a folder of parquet parts.
Both need the extra ``spark`` and Java 17 (docs/spark.md); importing this package does not.
"""

from pipeline.scoring.spark.files import score_files
from pipeline.scoring.spark.frames import score

__all__ = ["score", "score_files"]
